package doctor

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
)

// The package managers.
const (
	apt    = "apt-get"
	dnf    = "dnf"
	pacman = "pacman"
)

// packageManager returns the one that this host has, or "".
func packageManager() string {
	for _, m := range []string{apt, dnf, pacman} {
		if _, err := exec.LookPath(m); err == nil {
			return m
		}
	}
	return ""
}

// commands returns what installs packages with a package manager.
func commands(manager string, packages []string) [][]string {
	switch manager {
	case apt: // the lists of a fresh image are empty
		return [][]string{
			{"apt-get", "update", "-q"},
			append([]string{"apt-get", "install", "-q", "-y", "--no-install-recommends"}, packages...),
		}
	case dnf:
		return [][]string{append([]string{"dnf", "install", "-y"}, packages...)}
	case pacman:
		return [][]string{append([]string{"pacman", "-Sy", "--needed", "--noconfirm"}, packages...)}
	}
	return nil
}

// InstallCommand returns the commands that install what is missing.
//
// Errors: something that no package provides; a host without a package manager
// that is known here, or without the means to become root.
func (r Report) InstallCommand() ([][]string, error) {
	var packages []string
	for _, f := range r.Findings {
		switch {
		case f.OK || slices.Contains(packages, f.Package):
		case f.Package != "":
			packages = append(packages, f.Package)
		case f.Hint != "":
			return nil, fmt.Errorf("%s: %s", f.Name, f.Hint)
		default:
			return nil, fmt.Errorf("%s is missing, and this host has neither apt-get nor dnf nor pacman", f.Name)
		}
	}
	if len(packages) == 0 {
		return nil, errors.New("nothing is missing")
	}
	out := commands(r.manager, packages)
	if os.Geteuid() != 0 {
		for i := range out {
			out[i] = append([]string{"sudo"}, out[i]...)
		}
	}
	return out, nil
}

// Install runs commands, with in to ask for a password and out for what they
// say. Package lists that cannot be renewed may be good enough: that step may
// fail.
func Install(commands [][]string, in *os.File, out io.Writer) error {
	for _, c := range commands {
		path, err := exec.LookPath(c[0])
		if err != nil {
			return fmt.Errorf("%s is not here: run the commands as root", c[0])
		}
		x := exec.Command(path, c[1:]...)
		x.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
		x.Stdin, x.Stdout, x.Stderr = in, out, out
		if err := x.Run(); err != nil && !slices.Contains(c, "update") {
			return fmt.Errorf("%s: %w", c[0], err)
		}
	}
	return nil
}
