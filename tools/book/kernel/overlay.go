package kernel

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"vitrine/tools/book/patch"
)

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
	files, err := patch.Changes(diff, func(name string) ([]byte, error) { return os.ReadFile(o.name(root, name)) })
	if err != nil {
		return err
	}
	for name, text := range files {
		if err := o.Add(root, name, text); err != nil {
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
