package names

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"sync"
)

// library is the standard library: of the derived Go if there is one, which
// has the runtime's part for the bare machine, or of the installed one.
type library struct {
	root   string // of the repository
	src    string
	once   sync.Once
	dirs   map[string][]string // package name -> folders
	mu     sync.Mutex
	parsed map[string]*goPackage
}

func newLibrary(root string) *library {
	return &library{root: root, parsed: map[string]*goPackage{}}
}

// find returns where the library's sources are.
func (l *library) find() string {
	derived := filepath.Join(l.root, "build", "goroot", "src")
	if _, err := os.Stat(derived); err == nil {
		return derived
	}
	out, _ := exec.Command("go", "env", "GOROOT").Output()
	return filepath.Join(strings.TrimSpace(string(out)), "src")
}

// packages returns the packages called name.
func (l *library) packages(name string) (all []*goPackage) {
	l.list()
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, dir := range l.dirs[name] {
		if l.parsed[dir] == nil {
			l.parsed[dir] = l.parse(dir)
		}
		all = append(all, l.parsed[dir])
	}
	return all
}

// has tells whether there is a package with an import path.
func (l *library) has(importPath string) bool {
	l.list()
	for _, dir := range l.dirs[path.Base(importPath)] {
		if dir == importPath {
			return true
		}
	}
	return false
}

// list finds the packages' folders.
func (l *library) list() {
	l.once.Do(func() {
		l.dirs = map[string][]string{}
		root, err := filepath.EvalSymlinks(l.find())
		if err != nil {
			return
		}
		l.src = root
		filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
			if err != nil {
				return nil
			}
			info, err := os.Stat(file) // a derived tree has links to folders
			if err != nil || !info.IsDir() {
				return nil
			}
			dir, _ := filepath.Rel(root, file)
			dir = filepath.ToSlash(dir)
			switch path.Base(dir) {
			case "testdata", "vendor", "cmd":
				return fs.SkipDir
			}
			name := path.Base(dir)
			l.dirs[name] = append(l.dirs[name], dir)
			if name == "v2" {
				above := path.Base(path.Dir(dir))
				l.dirs[above] = append(l.dirs[above], dir)
			}
			if d.Type()&fs.ModeSymlink != 0 {
				l.below(dir)
			}
			return nil
		})
	})
}

// below adds the folders below a link, where WalkDir does not go.
func (l *library) below(dir string) {
	entries, _ := os.ReadDir(filepath.Join(l.src, dir))
	for _, e := range entries {
		if e.IsDir() && e.Name() != "testdata" && e.Name() != "vendor" {
			l.dirs[e.Name()] = append(l.dirs[e.Name()], path.Join(dir, e.Name()))
			l.below(path.Join(dir, e.Name()))
		}
	}
}

// parse reads the package in dir, whatever its files' build constraints.
func (l *library) parse(dir string) *goPackage {
	p := newPackage(dir, false)
	entries, _ := os.ReadDir(filepath.Join(l.src, dir))
	for _, e := range entries {
		file := filepath.Join(l.src, dir, e.Name())
		switch {
		case strings.HasSuffix(file, "_test.go"):
		case strings.HasSuffix(file, ".go"):
			if f, _ := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution); f != nil {
				p.declare(f)
			}
		case strings.HasSuffix(file, ".s"):
			text, _ := os.ReadFile(file)
			for _, m := range asmName.FindAllStringSubmatch(string(text), -1) {
				p.names[m[1]] = true
			}
		}
	}
	return p
}
