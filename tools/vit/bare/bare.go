// Package bare calls the derived Go toolchain, which compiles for the bare
// machine, in the way the Makefile does.
package bare

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// LDFlags are the linker's flags for a program on the bare machine: linked at
// 0xffffffff80201000, with 4 KiB pages.
const LDFlags = "-T -0x7fdff000 -R 0x1000"

// Goroot is the link to the derived GOROOT, below the repository's top folder.
const Goroot = "build/goroot"

// Command returns a go command for the bare machine: verb is build, test, ...,
// root is the repository's top folder, in which it runs.
//
// Errors: the toolchain has not been derived yet.
func Command(root, verb string, args ...string) (*exec.Cmd, error) {
	program := filepath.Join(root, Goroot, "bin/go")
	if _, err := os.Stat(program); errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("no %s: 'make build' makes it", program)
	}
	c := exec.Command(program, append([]string{verb, "-tags", "derived", "-ldflags", LDFlags}, args...)...)
	c.Dir = root
	c.Env = append(os.Environ(), "GOOS=tamago", "GOARCH=amd64", "GOOSPKG="+filepath.Join(root, "boot"),
		"GOFLAGS=", "GOWORK=off", "CGO_ENABLED=0")
	return c, nil
}
