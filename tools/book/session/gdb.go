package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"vitrine/tools/qemu"
)

// ready is the prompt that GDB is given, so that nothing it prints is taken
// for one.
const ready = "\x01vitrine-ready\x01\n"

// GDB is a conversation with GDB, which is attached to a machine.
type GDB struct {
	Start []string // what came before the first prompt: where it has stopped

	kernel  Kernel
	machine *qemu.Machine
	process *exec.Cmd
	input   io.WriteCloser
	tape    *tape
	at      int
	ended   chan struct{}
	folder  string
}

// Debug boots a kernel under GDB and lets it run to at, a location; "" is the
// first instruction. It is what make debug does, but for the serial line, whose
// text appears at any place between GDB's.
func Debug(ctx context.Context, root string, k Kernel, c qemu.Config, at string) (*GDB, error) {
	path, err := exec.LookPath("gdb")
	if err != nil {
		return nil, errors.New("GDB is not installed: 'scripts/setup.sh debug' does it")
	}
	folder, err := os.MkdirTemp("", "book")
	if err != nil {
		return nil, err
	}
	g := &GDB{kernel: k, tape: newTape(), ended: make(chan struct{}), folder: folder}
	socket := filepath.Join(folder, "gdb.sock")
	c.GDBSocket, c.Frozen, c.SerialOut = socket, true, io.Discard
	if g.machine, err = start(ctx, k, c); err != nil {
		os.RemoveAll(folder)
		return nil, err
	}
	if err := g.start(path, root, socket, at); err != nil {
		g.Close()
		return nil, err
	}
	return g, nil
}

// start starts GDB itself.
func (g *GDB) start(path, root, socket, at string) error {
	g.process = exec.Command(path, "-q", "-nx",
		"-ex", "set pagination off", "-ex", "set width 0", "-ex", "set confirm off", "-ex", "set style enabled off",
		"-x", "scripts/gdb/init.py", "-ex", "set prompt "+strings.TrimSuffix(ready, "\n")+`\n`,
		"-ex", strings.TrimSpace("vit attach "+socket+" "+at))
	g.process.Dir, g.process.WaitDelay = root, time.Second
	g.process.Env = append(os.Environ(), "VITRINE_DEBUG_ELF="+g.kernel.Debug, "LC_ALL=C.UTF-8", "DEBUGINFOD_URLS=", "TERM=dumb")
	g.process.Stdout, g.process.Stderr = g.tape, g.tape
	var err error
	if g.input, err = g.process.StdinPipe(); err != nil {
		return err
	}
	if err := g.process.Start(); err != nil {
		return err
	}
	go func() {
		g.process.Wait()
		close(g.ended)
	}()
	g.Start, err = g.listen()
	return err
}

// Do types lines, all but the last of which GDB only takes in, and returns
// what it says.
func (g *GDB) Do(typed []string) ([]string, error) {
	var b strings.Builder
	for i, line := range typed {
		if i > 0 {
			line = strings.TrimPrefix(strings.TrimPrefix(line, ">"), " ")
		}
		b.WriteString(line + "\n")
	}
	if typed[0] == "" {
		return nil, errors.New("an empty line repeats the command before: write it out")
	}
	if _, err := io.WriteString(g.input, b.String()); err != nil {
		return nil, err
	}
	return g.listen()
}

// listen returns what GDB says up to its next prompt, or to its end.
func (g *GDB) listen() ([]string, error) {
	over := time.After(limit)
	for {
		text, more := g.tape.since(g.at)
		if said, _, found := strings.Cut(text, ready); found {
			g.at += len(said) + len(ready)
			said = strings.TrimLeft(said, ">")
			if strings.Contains(said, "Traceback (most recent call last)") {
				return nil, fmt.Errorf("a script of GDB's has failed:\n%s", said)
			}
			return Clean(said, g.kernel.Places...), nil
		}
		select {
		case <-more:
		case <-g.ended:
			text, _ := g.tape.since(g.at)
			if strings.Contains(text, ready) {
				continue
			}
			g.at += len(text)
			return Clean(text, g.kernel.Places...), nil
		case <-over:
			return nil, fmt.Errorf("GDB has no answer within %v; it said:\n%s", limit, text)
		}
	}
}

// Close ends GDB and the machine.
func (g *GDB) Close() {
	if g.process != nil && g.process.Process != nil {
		g.input.Close()
		select {
		case <-g.ended:
		case <-time.After(2 * time.Second):
			g.process.Process.Kill()
			<-g.ended
		}
	}
	g.machine.Close()
	os.RemoveAll(g.folder)
}
