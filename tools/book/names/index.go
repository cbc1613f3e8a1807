package names

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
)

// Index knows the names of the repository.
type Index struct {
	Root string
	// Commands are vit's commands; GDB's are read from its scripts.
	Commands []string

	files, base map[string]bool // by path; by the path's last part
	packages    map[string][]*goPackage
	selectors   map[string]bool // x.Name, where x is a variable
	text        string          // sources that are not Go
	tool        string          // the sources of vit
	words       map[string]bool // of all sources, exercises too
	makefile    string
	std         *library
	marked      map[string]string // files with regions for the book
	headings    sync.Map          // path -> map[string]bool
}

// goPackage is one package of Go.
type goPackage struct {
	dir   string
	ours  bool                // not the library's, of which there are many
	names map[string]bool     // Name, Type.Method, Type.field
	more  map[string][]string // a type or variable -> types whose members it has, too
}

func newPackage(dir string, ours bool) *goPackage {
	return &goPackage{dir: dir, ours: ours, names: map[string]bool{}, more: map[string][]string{}}
}

// New reads the repository at root.
func New(root string, commands []string) (*Index, error) {
	x := &Index{
		Root: root, Commands: commands,
		files: map[string]bool{}, base: map[string]bool{},
		packages: map[string][]*goPackage{}, selectors: map[string]bool{}, marked: map[string]string{},
		words: map[string]bool{},
	}
	x.std = newLibrary(root)
	byDir := map[string]*goPackage{}
	var others, tool strings.Builder
	err := x.walk(func(name string, text func() string) {
		if t := readable[path.Ext(name)]; t || name == "Makefile" {
			if text := text(); strings.Contains(text, "book:") && !ofTheBook(name) {
				x.marked[name] = text
			}
		}
		if ext := path.Ext(name); readable[ext] || ext == ".txtar" || ext == ".patch" {
			for _, word := range camelWords.FindAllString(text(), -1) {
				x.words[word] = true
			}
		}
		switch path.Ext(name) {
		case ".go":
			x.goFile(name, text(), byDir)
			if strings.HasPrefix(name, "tools/vit/") {
				tool.WriteString(text())
			}
		case ".s", ".S", ".ld", ".py", ".sh", ".mk", ".json":
			others.WriteString(text())
		}
		if name == "Makefile" || path.Ext(name) == ".mk" {
			x.makefile += text() + "\n"
		}
		if path.Ext(name) == ".s" {
			for _, m := range asmName.FindAllStringSubmatch(text(), -1) {
				inDir(byDir, path.Dir(name)).names[m[1]] = true
			}
		}
	})
	x.text, x.tool = others.String(), tool.String()
	for _, p := range byDir {
		last := path.Base(p.dir)
		x.packages[last] = append(x.packages[last], p)
	}
	return x, err
}

// ofTheBook tells whether a source is of the book's tool, which speaks of
// markers.
func ofTheBook(name string) bool {
	return strings.HasPrefix(name, "tools/book/") || strings.HasPrefix(name, "tools/vit/book")
}

// readable are the extensions of sources.
var readable = map[string]bool{".go": true, ".s": true, ".S": true, ".ld": true, ".py": true, ".sh": true, ".mk": true}

// Sources returns the texts of the sources in which regions may be marked, by
// their paths.
func (x *Index) Sources() map[string]string { return x.marked }

// asmName is a function of Go's assembler.
var asmName = regexp.MustCompile(`(?m)^TEXT\s+(?:\w+)?·(\w+)`)

// walk goes through the repository's files, but for what is built.
func (x *Index) walk(visit func(name string, text func() string)) error {
	return filepath.WalkDir(x.Root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(x.Root, file)
		name = filepath.ToSlash(name)
		if d.IsDir() && (name == "build" || name == ".git") {
			return fs.SkipDir
		}
		x.files[name] = true
		if d.IsDir() {
			return nil
		}
		x.base[path.Base(name)] = true
		if strings.Contains(name, "testdata/") {
			return nil
		}
		visit(name, func() string { b, _ := os.ReadFile(file); return string(b) })
		return nil
	})
}

// goFile takes the names out of a file.
func (x *Index) goFile(name, text string, byDir map[string]*goPackage) {
	f, err := parser.ParseFile(token.NewFileSet(), "", text, parser.SkipObjectResolution)
	if err != nil {
		return // the compiler says so
	}
	imports := map[string]bool{}
	for _, spec := range f.Imports {
		imports[path.Base(strings.Trim(spec.Path.Value, `"`))] = true
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := s.X.(*ast.Ident); ok && !imports[id.Name] {
				x.selectors[id.Name+"."+s.Sel.Name] = true
			}
		}
		return true
	})
	inDir(byDir, path.Dir(name)).declare(f)
}

func inDir(byDir map[string]*goPackage, dir string) *goPackage {
	if byDir[dir] == nil {
		byDir[dir] = newPackage(dir, true)
	}
	return byDir[dir]
}
