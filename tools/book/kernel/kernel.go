// Package kernel builds kernels that differ from the repository's: with a
// line missing, so that the book can show what happens, or with an exercise
// solved. The sources stay as they are: the go command reads the changed files
// from elsewhere (-overlay).
//
// Where to start reading: Overlay.Apply in overlay.go, then Build. Hash names
// what is kept until something changes.
package kernel

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"vitrine/tools/book/session"
	"vitrine/tools/image"
	"vitrine/tools/vit/bare"
)

// Cache is the folder for what this package builds, from the top folder.
const Cache = "build/.book/kernels"

// Ours is the kernel that make has built.
//
// Errors: it is not there.
func Ours(root string) (session.Kernel, error) {
	dir := filepath.Join(root, "build")
	k := in(root, dir)
	if _, err := os.Stat(k.Image); err != nil {
		return k, fmt.Errorf("no %s: 'make build' makes it", k.Image)
	}
	return k, nil
}

// in is the kernel whose files lie in a folder.
func in(root, dir string) session.Kernel {
	k := session.Kernel{
		Image:  filepath.Join(dir, "vitrine.elf"),
		Debug:  filepath.Join(dir, "vitrine.debug.elf"),
		Stub:   filepath.Join(dir, "boot.elf"),
		Places: []string{root},
	}
	if goroot, err := filepath.EvalSymlinks(filepath.Join(root, bare.Goroot)); err == nil {
		k.Places = append(k.Places, goroot)
	}
	return k
}

// Build builds the kernel with the overlay's files, unless it has done so for the
// same key, which says what the sources and the overlay are. With "" it builds it.
//
// Errors: the compiler's words.
func Build(root, key string, o *Overlay) (session.Kernel, error) {
	k := in(root, o.dir)
	done := filepath.Join(o.dir, "key")
	if have, err := os.ReadFile(done); err == nil && key != "" && string(have) == key {
		return k, nil
	}
	os.Remove(done)
	overlay, err := o.File()
	if err != nil {
		return k, err
	}
	if err := o.stub(root, k.Stub); err != nil {
		return k, err
	}
	command, err := bare.Command(root, "build", "-overlay", overlay, "-o", k.Debug, "./boot")
	if err != nil {
		return k, err
	}
	if out, err := command.CombinedOutput(); err != nil {
		return k, fmt.Errorf("the kernel with it cannot be built:\n%s", strings.TrimSpace(string(out)))
	}
	stub, err := os.ReadFile(k.Stub)
	if err != nil {
		return k, err
	}
	elf, err := os.ReadFile(k.Debug)
	if err != nil {
		return k, err
	}
	merged, _, err := image.Build(stub, elf)
	if err != nil {
		return k, err
	}
	if err := os.WriteFile(k.Image, merged, 0o644); err != nil {
		return k, err
	}
	return k, os.WriteFile(done, []byte(key), 0o644)
}

// stub assembles and links the boot stub, as the Makefile does.
func (o *Overlay) stub(root, out string) error {
	if err := os.MkdirAll(o.dir, 0o755); err != nil {
		return err
	}
	var objects []string
	for _, name := range []string{"boot", "trampoline"} {
		object := filepath.Join(o.dir, name+".o")
		objects = append(objects, object)
		if err := run(root, "as", "--32", "-g", "-o", object, o.name(root, "boot/"+name+".S")); err != nil {
			return err
		}
	}
	return run(root, "ld", append([]string{
		"-m", "elf_i386", "-T", o.name(root, "boot/boot.ld"), "-z", "noexecstack", "-o", out,
	}, objects...)...)
}

func run(dir, name string, args ...string) error {
	command := exec.Command(name, args...)
	command.Dir = dir
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, strings.TrimSpace(string(out)))
	}
	return nil
}
