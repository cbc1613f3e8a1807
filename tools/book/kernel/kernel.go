// Package kernel builds kernels that differ from the repository's: with a
// line missing, so that the book can show what happens, or with an exercise
// solved. The sources stay as they are: the go command reads the changed files
// from elsewhere (-overlay).
package kernel

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"

	"vitrine/tools/book/patch"
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

// Overlay is a set of files that stand in for those of the repository.
type Overlay struct {
	dir     string
	replace map[string]string // absolute names
}

// NewOverlay makes an empty one, with its files in dir.
func NewOverlay(dir string) *Overlay { return &Overlay{dir: dir, replace: map[string]string{}} }

// Add puts a file in place of the one called name, from the top folder.
func (o *Overlay) Add(root, name, text string) error {
	if !filepath.IsLocal(name) {
		return fmt.Errorf("%q is not a file in the repository", name)
	}
	file := filepath.Join(o.dir, "files", name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	o.replace[filepath.Join(root, name)] = file
	return os.WriteFile(file, []byte(text), 0o644)
}

// Apply adds the files that a diff changes.
//
// Errors: it does not fit the sources.
func (o *Overlay) Apply(root, diff string) error {
	files, err := patch.Parse(diff)
	if err != nil {
		return err
	}
	for _, f := range files {
		was, err := os.ReadFile(o.name(root, f.Name))
		if err != nil && !f.New {
			return fmt.Errorf("there is no %s", f.Name)
		}
		now, err := f.Apply(string(was))
		if err != nil {
			return err
		}
		if err := o.Add(root, f.Name, now); err != nil {
			return err
		}
	}
	return nil
}

// name returns the file that is read as name.
func (o *Overlay) name(root, name string) string {
	if other, ok := o.replace[filepath.Join(root, name)]; ok {
		return other
	}
	return filepath.Join(root, name)
}

// File writes the overlay as the go command reads it, and returns its name.
func (o *Overlay) File() (string, error) {
	text, err := json.Marshal(map[string]any{"Replace": o.replace})
	if err != nil {
		return "", err
	}
	file := filepath.Join(o.dir, "overlay.json")
	return file, os.WriteFile(file, text, 0o644)
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

// Hash returns a short name for texts: another one if any of them differs.
func Hash(texts ...string) string {
	h := sha256.New()
	for _, t := range texts {
		fmt.Fprintf(h, "%d:%s", len(t), t)
	}
	return hex.EncodeToString(h.Sum(nil))[:24]
}

// HashSources is Hash of everything that is compiled, and of what says how.
func HashSources(root string) string {
	var texts []string
	filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(root, file)
		if d.IsDir() && (name == "build" || name == ".git" || name == "docs") {
			return fs.SkipDir
		}
		switch filepath.Ext(name) {
		case ".go", ".s", ".S", ".ld", ".mod", ".sum", ".gdb", ".py":
			text, _ := os.ReadFile(file)
			texts = append(texts, name, string(text))
		}
		return nil
	})
	return Hash(texts...)
}

// HashFiles is Hash of the texts of files. One that is not there is empty.
func HashFiles(files ...string) string {
	var texts []string
	for _, f := range files {
		text, _ := os.ReadFile(f)
		texts = append(texts, path.Base(f), string(text))
	}
	return Hash(texts...)
}
