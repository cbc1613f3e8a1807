package archtest

import (
	"go/ast"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// documents returns the pages that are checked here: all but the book, which
// has a checker of its own.
func documents(t *testing.T) []string {
	return files(t, func(p string) bool {
		return path.Ext(p) == ".md" && !strings.HasPrefix(p, "docs/book/")
	})
}

// prose returns a page without its blocks of code.
func prose(text string) string {
	var out strings.Builder
	fenced := false
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "```") {
			fenced = !fenced
			continue
		}
		if !fenced {
			out.WriteString(line)
		}
	}
	return out.String()
}

var (
	markdownLink = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	notSlug      = regexp.MustCompile(`[^\p{L}\p{N} _-]`)

	filePath   = regexp.MustCompile(`^[\w./*-]+\.(go|s|S|ld|md|sh|py|mod|png|json)$`)
	folderPath = regexp.MustCompile(`^(boot|docs|drivers|interrupts|kernel|mm|scripts|tools)(/[\w.]+)*/?$`)
	goName     = regexp.MustCompile(`^([a-z]\w*)\.(?:\(?\*?(\w+)\)?\.)?(\w+)(?:\(\))?$`)
	makeTarget = regexp.MustCompile(`^make ([a-z][\w-]*)`)
)

// slug is the anchor that a code-hosting site makes of a heading.
func slug(heading string) string {
	h := strings.ToLower(strings.TrimSpace(strings.TrimLeft(heading, "#")))
	return strings.ReplaceAll(notSlug.ReplaceAllString(h, ""), " ", "-")
}

func TestLinksBetweenDocumentsLeadSomewhere(t *testing.T) {
	for _, p := range documents(t) {
		for _, m := range markdownLink.FindAllStringSubmatch(prose(read(t, p)), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			target, anchor, _ := strings.Cut(m[1], "#")
			to := p
			if target != "" {
				to = path.Join(path.Dir(p), target)
			}
			if _, err := os.Stat(filepath.Join(root, to)); err != nil {
				t.Errorf("%s: no such file: %s", p, m[1])
				continue
			}
			if anchor == "" {
				continue
			}
			require.True(t, hasHeading(read(t, to), anchor), "%s: no such heading: %s", p, m[1])
		}
	}
}

var documentPath = regexp.MustCompile(`\bdocs/[\w/-]+\.md(#[\w-]+)?`)

func TestPlacesInDocumentsThatTheSourcesNameAreThere(t *testing.T) {
	for _, p := range files(t, func(p string) bool {
		switch path.Ext(p) {
		case ".go", ".s", ".S", ".py", ".sh", ".mk":
			return !strings.HasPrefix(p, "tools/archtest/") && !strings.HasPrefix(p, "tools/book/")
		}
		return p == "Makefile"
	}) {
		for _, place := range documentPath.FindAllString(read(t, p), -1) {
			to, anchor, _ := strings.Cut(place, "#")
			if _, err := os.Stat(filepath.Join(root, to)); err != nil {
				t.Errorf("%s: there is no %s", p, to)
			} else if anchor != "" {
				require.True(t, hasHeading(read(t, to), anchor), "%s: no such heading: %s", p, place)
			}
		}
	}
}

// hasHeading tells whether a page has a heading with an anchor.
func hasHeading(page, anchor string) bool {
	for line := range strings.Lines(prose(page)) {
		if strings.HasPrefix(line, "#") && slug(line) == anchor {
			return true
		}
	}
	return false
}

// declared is what a package declares: Name, Type.Method, Type.field.
func declared(t *testing.T) map[string]map[string]bool {
	names := map[string]map[string]bool{}
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		pkg := s.file.Name.Name
		if names[pkg] == nil {
			names[pkg] = map[string]bool{}
		}
		for _, d := range s.file.Decls {
			declare(names[pkg], d)
		}
	}
	return names
}

func declare(names map[string]bool, d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv != nil {
			names[receiver(d.Recv.List[0].Type)+"."+d.Name.Name] = true
		} else {
			names[d.Name.Name] = true
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.ValueSpec:
				for _, n := range spec.Names {
					names[n.Name] = true
					members(names, n.Name, spec.Type)
				}
			case *ast.TypeSpec:
				names[spec.Name.Name] = true
				members(names, spec.Name.Name, spec.Type)
			}
		}
	}
}

// members declares the fields and methods of a type that stands in place.
func members(names map[string]bool, of string, typ ast.Expr) {
	var list *ast.FieldList
	switch typ := typ.(type) {
	case *ast.StructType:
		list = typ.Fields
	case *ast.InterfaceType:
		list = typ.Methods
	default:
		return
	}
	for _, field := range list.List {
		for _, n := range field.Names {
			names[of+"."+n.Name] = true
		}
	}
}

func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}

// What stands in backticks and looks like a file, a folder, a name in Go or a
// target of make, is one.
func TestNamesInTheDocumentsExist(t *testing.T) {
	names := declared(t)
	base := map[string]bool{}
	for _, p := range files(t, func(string) bool { return true }) {
		base[path.Base(p)] = true
	}
	assembly := ""
	for _, p := range files(t, func(p string) bool { return path.Ext(p) == ".s" }) {
		assembly += read(t, p)
	}
	makefile := ""
	for _, p := range files(t, func(p string) bool { return p == "Makefile" || path.Ext(p) == ".mk" }) {
		makefile += read(t, p) + "\n"
	}
	for _, p := range documents(t) {
		for _, word := range code(prose(read(t, p))) {
			word = strings.TrimSuffix(word, "/...")
			switch m := goName.FindStringSubmatch(word); {
			case strings.HasPrefix(word, "build/"):
			case filePath.MatchString(word) || folderPath.MatchString(word):
				found, _ := filepath.Glob(filepath.Join(root, word))
				beside, _ := filepath.Glob(filepath.Join(root, path.Dir(p), word))
				if len(found) == 0 && len(beside) == 0 && (strings.Contains(word, "/") || !base[word]) {
					t.Errorf("%s: there is no %s", p, word)
				}
			case makeTarget.MatchString(word):
				target := makeTarget.FindStringSubmatch(word)[1]
				if !regexp.MustCompile(`(?m)^([\w-]+ )*` + target + `( [\w-]+)*:`).MatchString(makefile) {
					t.Errorf("%s: make has no target %s", p, target)
				}
			case m != nil && names[m[1]] != nil:
				name := m[3]
				if m[2] != "" {
					name = m[2] + "." + m[3]
				}
				if !names[m[1]][name] && !strings.Contains(assembly, "·"+m[3]+"(SB)") {
					t.Errorf("%s: package %s declares no %s", p, m[1], name)
				}
			}
		}
	}
}
