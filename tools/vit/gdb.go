package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// gdbInit is the script that teaches GDB about the kernel.
const gdbInit = "scripts/gdb/init.py"

// errNoGDB is the error for a host without GDB.
var errNoGDB = errors.New("GDB is not installed: no gdb in PATH\n" +
	"  Debian, Ubuntu:  apt-get install gdb\n" +
	"  Fedora:          dnf install gdb\n" +
	"  Arch:            pacman -S gdb\n" +
	"or let 'scripts/setup.sh debug' do it")

// findGDB returns the path of GDB's program.
func findGDB(name string) (string, error) {
	if name != "" {
		path, err := exec.LookPath(name)
		if err != nil {
			return "", fmt.Errorf("no GDB at %s: %w", name, err)
		}
		return path, nil
	}
	path, err := exec.LookPath("gdb")
	if err != nil {
		return "", errNoGDB
	}
	return path, nil
}

// debugContext returns a context that ends when somebody wants vit to end. A
// Ctrl-C is not that: it reaches GDB as well, which stops the machine.
func debugContext() (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(context.Background())
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
	go func() {
		for {
			select {
			case sig := <-c:
				if sig != syscall.SIGINT {
					cancel(signalError{sig.(syscall.Signal)})
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	return ctx, func() { signal.Stop(c); cancel(nil) }
}

// gdbWord writes a text as one word of those that GDB cuts a command into.
var gdbWord = strings.NewReplacer(" ", `\ `, "\t", "\\\t", `\`, `\\`, `'`, `\'`, `"`, `\"`)

// runGDB runs GDB at path on the user's terminal, and returns its exit code.
// It ends when ctx does. The kernel of the host ends it when vit dies: that is
// tied to the thread that forks, so this one is kept.
func runGDB(ctx context.Context, s streams, path string, o *debugOptions, args []string) (int, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	debugELF, err := filepath.Abs(o.debug)
	if err != nil {
		return exitVit, err
	}
	attach := "vit attach " + gdbWord.Replace(o.socket)
	if o.at != "" {
		attach += " " + gdbWord.Replace(o.at)
	}
	gdb := exec.CommandContext(ctx, path, append([]string{"-q", "-x", gdbInit, "-ex", attach}, args...)...)
	gdb.Env = append(os.Environ(), "VITRINE_DEBUG_ELF="+debugELF)
	if o.at != "" {
		gdb.Env = append(gdb.Env, "VITRINE_AT="+o.at) // GDB ends if there is no such place
	}
	if !o.attach {
		gdb.Env = append(gdb.Env, "VITRINE_MACHINE=own") // it ends with GDB
	}
	gdb.Stdin, gdb.Stdout, gdb.Stderr = s.in, s.out, s.err
	gdb.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	gdb.Cancel = func() error { return gdb.Process.Signal(syscall.SIGTERM) } // it tidies up the terminal
	gdb.WaitDelay = 2 * time.Second
	err = gdb.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return exitOK, nil
	case errors.As(err, &exit) && exit.ExitCode() >= 0:
		return exit.ExitCode(), nil
	}
	return exitVit, fmt.Errorf("GDB: %w", err)
}
