package kernel

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

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
