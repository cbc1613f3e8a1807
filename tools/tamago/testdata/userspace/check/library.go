package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"
)

func poke(addr uintptr)

func unsupported() error {
	signal.Notify(make(chan os.Signal, 1), os.Interrupt)
	for name, f := range map[string]func() error{
		"StartProcess": func() error {
			_, err := os.StartProcess("/bin/true", []string{"true"}, &os.ProcAttr{})
			return err
		},
		"Command": func() error { return (&exec.Cmd{Path: "/bin/true"}).Run() },
		"Exec":    func() error { return syscall.Exec("/bin/true", nil, nil) },
		"Pipe":    func() error { _, _, err := os.Pipe(); return err },
		"Kill":    func() error { return syscall.Kill(1, syscall.SIGTERM) },
		"Signal": func() error {
			p, err := os.FindProcess(2)
			if err != nil {
				return err
			}
			return p.Signal(syscall.SIGTERM)
		},
		"Listen TCP":  func() error { _, err := net.Listen("tcp", "127.0.0.1:0"); return err },
		"Listen unix": func() error { _, err := net.Listen("unix", "/tmp/x"); return err },
		"Dial TCP":    func() error { _, err := net.Dial("tcp", "127.0.0.1:80"); return err },
		"Dial UDP":    func() error { _, err := net.DialTimeout("udp", "127.0.0.1:53", time.Second); return err },
		"Syscall":     func() error { _, _, err := syscall.Syscall(1, 2, 3, 4); return err },
		"Symlink":     func() error { return os.Symlink("a", "b") },
		"Read":        func() error { _, err := os.Stdin.Read(make([]byte, 1)); return err },
		"Open":        func() error { _, err := os.Open("/etc/passwd"); return err },
	} {
		if err := f(); !errors.Is(err, errors.ErrUnsupported) {
			return fmt.Errorf("%s: %v (%T)", name, err, err)
		}
	}
	return nil
}

func noFiles() error {
	_, err := os.ReadFile("/motd")
	var path *fs.PathError
	if !errors.As(err, &path) || path.Err != syscall.ENOSYS {
		return fmt.Errorf("ReadFile: %v", err)
	}
	if dir, err := os.Getwd(); dir != "/" || err != nil {
		return fmt.Errorf("Getwd: %s, %v", dir, err)
	}
	return nil
}

// files gives the library one file.
func files() error {
	text, at := "hello\n", 0
	syscall.VFS.Open = func(path string, mode int, perm uint32) (int, error) {
		if path != "/motd" {
			return -1, syscall.ENOENT
		}
		return 3, nil
	}
	syscall.VFS.Fstat = func(fd int, st *syscall.Stat_t) error {
		st.Mode, st.Size = syscall.S_IFREG|0o444, int64(len(text))
		return nil
	}
	syscall.VFS.Read = func(fd int, b []byte) (int, error) {
		n := copy(b, text[at:])
		at += n
		return n, nil
	}
	syscall.VFS.Close = func(fd int) error { return nil }
	if b, err := os.ReadFile("/motd"); string(b) != text || err != nil {
		return fmt.Errorf("ReadFile: %q, %v", b, err)
	}
	if _, err := os.ReadFile("/none"); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("ReadFile of what is not there: %v", err)
	}
	return nil
}
