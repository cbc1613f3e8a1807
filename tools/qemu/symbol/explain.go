package symbol

import (
	"os"
	"path/filepath"
)

// kernelBase is where the stub, linked at its physical address, appears once
// paging is on.
const kernelBase uint64 = 0xffffffff80000000

// Explainer returns a function that turns code addresses into text, with the
// help of the named ELF files: "" for one that none of them knows. Files that
// cannot be read are left out. Source files below the working directory are
// named relative to it.
func Explainer(files ...string) func(pc uint64) string {
	var tables []*Table
	for _, name := range files {
		if t, err := Open(name); err == nil {
			tables = append(tables, t)
		}
	}
	wd, _ := os.Getwd()
	return func(pc uint64) string {
		for _, address := range []uint64{pc, pc - kernelBase} {
			for _, t := range tables {
				if p, ok := t.Lookup(address); ok {
					p.File = relative(wd, p.File)
					return p.String()
				}
			}
		}
		return ""
	}
}

// relative shortens file if it lies in the folder wd.
func relative(wd, file string) string {
	if r, err := filepath.Rel(wd, file); err == nil && filepath.IsLocal(r) {
		return r
	}
	return file
}
