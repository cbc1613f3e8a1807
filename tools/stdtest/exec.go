package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/u-root/u-root/pkg/cpio"
)

// Where the machine finds GOROOT.
const machineRoot = "/go"

// machineMemory is the machine's memory in MiB. The heap of some tests grows to
// hundreds.
const machineMemory = "1024"

// hostLimit is how long a machine may run by the host's clock, however slow the
// host is. The tests have a time limit of their own by the machine's clock.
const hostLimit = "15m"

// boot replaces this process by vit, which boots args[0] with the flags
// args[1:]. It is run in the package's folder.
func boot(o options, args []string) error {
	if len(args) == 0 {
		return errors.New("no program given")
	}
	here, err := os.Getwd()
	if err != nil {
		return err
	}
	pkg, err := filepath.Rel(filepath.Join(o.derived, "src"), here)
	if err != nil {
		return err
	}
	plan, err := readPlan(planText)
	if err != nil {
		return err
	}
	files := append([]string{filepath.Join("src", pkg)}, plan.files[pkg]...)
	module, err := archive(o.stock, files, plan.unix[pkg])
	if err != nil {
		return err
	}
	words := fmt.Sprintf("dir=%s/src/%s env=GOROOT=%s env=HOME=/tmp env=PATH=/bin", machineRoot, pkg, machineRoot)
	command := []string{
		o.vit, "exec", "--cpu", "max", "--memory", machineMemory, "--timeout", hostLimit,
		"--module", module, "--append", words, args[0],
	}
	command = append(command, args[1:]...)
	if skip := plan.skipFlag(pkg); skip != "" {
		command = append(command, "-test.skip="+skip)
	}
	return fmt.Errorf("%s: %w", o.vit, syscall.Exec(o.vit, command, os.Environ()))
}

// archive writes an archive of files and folders below root (a GOROOT), and of
// files as Unix has them, and returns the name by which other processes find it
// as long as this one, or what it becomes, lives. Nothing is left behind afterwards.
func archive(root string, names, unix []string) (string, error) {
	f, err := os.CreateTemp("", "stdtest-")
	if err != nil {
		return "", err
	}
	os.Remove(f.Name())
	if err := writeArchive(f, root, names, unix); err != nil {
		return "", err
	}
	fd, err := syscall.Dup(int(f.Fd())) // unlike f's, it stays open in vit
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), fd), nil
}

// writeArchive writes the files and folders below root to f. Of a folder with a
// package it takes the package's files and testdata, no further packages. Each of
// the files named in unix has a line that says what it is.
func writeArchive(f *os.File, root string, names, unix []string) error {
	w := cpio.Newc.Writer(f)
	recorder := cpio.NewRecorder()
	for _, name := range names {
		top := filepath.Join(root, name)
		err := filepath.WalkDir(top, func(p string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && p != top && isPackage(p) && !strings.Contains(p, "/testdata") {
				return filepath.SkipDir
			}
			rel, err := filepath.Rel(root, p)
			if err != nil {
				return err
			}
			record, err := recorder.GetRecord(p)
			if err != nil {
				return err
			}
			record.Name = filepath.Join(machineRoot, rel)
			return w.WriteRecord(record)
		})
		if err != nil {
			return err
		}
	}
	for _, name := range unix {
		if err := w.WriteRecord(cpio.StaticFile(name, name+", for the tests of the library\n", 0o644)); err != nil {
			return err
		}
	}
	return cpio.WriteTrailer(w)
}

// isPackage tells whether a folder has Go sources.
func isPackage(dir string) bool {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	return err == nil && len(files) > 0
}
