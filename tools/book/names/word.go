package names

import (
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"vitrine/tools/book/source"
)

var (
	fileName  = regexp.MustCompile(`^[\w-]+\.(go|s|S|ld|md|sh|py|mk|mod|patch)$`)
	pathName  = regexp.MustCompile(`^(\./)?[\w.*@-]+(/[\w.*@-]*)+$`)
	inPackage = regexp.MustCompile(`^([\w/]+/\w+)\.(\(?\*?[A-Za-z]\w*.*)$`)
	goName    = regexp.MustCompile(`^([a-z]\w*)\.(?:\(?\*?(\w+)\)?\.)?(\w+)(?:\.\w+)*(?:\(.*\))?$`)
	method    = regexp.MustCompile(`^\(?\*?([A-Z]\w*)\)?\.(\w+)(?:\(.*\))?$`)
	vitWords  = regexp.MustCompile(`^(?:build/)?vit ([a-z][\w-]*)`)
	pointer   = regexp.MustCompile(`\(\*?(\w+)\)`)
	camelCase = regexp.MustCompile(`^` + camelWords.String() + `$`)
	position  = regexp.MustCompile(`^(.*\.\w+):(\d+)$`)
)

// Word checks a word in backticks on a page, and says what is wrong with it.
// page is the page's path: files may be named from its folder.
func (x *Index) Word(page, word string) error {
	word = strings.TrimSpace(word)
	for _, prompt := range []string{"(gdb) ", "vitrine> ", "$ "} {
		word = strings.TrimPrefix(word, prompt)
	}
	if target, ok := strings.CutPrefix(word, "make "); ok {
		return x.makeTargets(target)
	}
	if m := vitWords.FindStringSubmatch(word); m != nil {
		return x.vit(m[1], strings.Fields(word[len(m[0]):]))
	}
	if strings.ContainsAny(word, " \t") {
		return x.command(page, word)
	}
	if m := position.FindStringSubmatch(word); m != nil {
		word = m[1]
		if err := x.position(page, word, m[2]); err != nil {
			return err
		}
	}
	word, name, _ := strings.Cut(word, "#")
	switch m := inPackage.FindStringSubmatch(word); {
	case strings.Contains(word, "://"):
		return nil
	case name != "":
		if err := x.path(page, word); err != nil || !x.files[word] {
			return err
		}
		_, err := source.Read(x.Root, word+"#"+name, true)
		return err
	case m != nil && x.ownPath(m[1]) && x.files[m[1]] && !x.files[word]:
		return x.qualified(m[2], path.Base(m[1]), m[1])
	case pathName.MatchString(word):
		return x.path(page, word)
	case fileName.MatchString(word):
		if !x.base[word] {
			return fmt.Errorf("no file is called %s (write another system's as a path that begins with its name)", word)
		}
		return nil
	}
	if m := goName.FindStringSubmatch(word); m != nil && !x.selectors[m[1]+"."+first(m[2], m[3])] {
		rest := strings.TrimPrefix(word, m[1]+".")
		return x.qualified(rest, m[1], "")
	}
	if m := method.FindStringSubmatch(word); m != nil {
		return x.method(m[1], m[2])
	}
	if camelCase.MatchString(strings.TrimSuffix(word, "()")) {
		return x.camel(strings.TrimSuffix(word, "()"))
	}
	return nil
}

// deep is how far types are followed that have the members of others.
const deep = 8

// camelWords are words that can only be names in a program: a capital comes
// after a small letter.
var camelWords = regexp.MustCompile(`[A-Za-z]\w*[a-z0-9][A-Z]\w*`)

// camel checks such a word: some source has it. What only the runtime has may
// stand without its package, too.
func (x *Index) camel(word string) error {
	if x.words[word] {
		return nil
	}
	for _, p := range x.std.packages("runtime") {
		if p.names[word] {
			return nil
		}
	}
	return fmt.Errorf("no source has the word %s (write another package's with the package's name in front)", word)
}

// ownPath tells whether a path begins with one of our folders.
func (x *Index) ownPath(name string) bool {
	first, _, found := strings.Cut(name, "/")
	return found && x.files[first]
}

// path checks a path: one that begins with a folder of ours exists.
func (x *Index) path(page, name string) error {
	name = strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(name, "./"), "/..."), "/")
	switch path.Ext(name) {
	case ".c", ".h", ".rs":
		return nil // another system's
	}
	if !x.ownPath(name) || x.files[name] || strings.HasPrefix(name, "build/") || x.std.has(name) {
		return nil
	}
	if strings.Contains(name, "*") {
		for have := range x.files {
			if ok, _ := path.Match(name, have); ok {
				return nil
			}
		}
	}
	if x.files[path.Join(path.Dir(filepath.ToSlash(page)), name)] {
		return nil
	}
	return fmt.Errorf("there is no %s (write another system's file as a path that begins with its name, such as linux/...)", name)
}

// qualified checks pkg.Name, pkg.Type.Method and pkg.(*Type).Method. With dir,
// it is the package there.
func (x *Index) qualified(name, pkg, dir string) error {
	name, _, _ = strings.Cut(pointer.ReplaceAllString(name, "$1"), "(")
	parts := strings.Split(name, ".")
	var candidates []*goPackage
	for _, p := range x.packages[pkg] {
		if dir == "" || p.dir == dir {
			candidates = append(candidates, p)
		}
	}
	if dir == "" {
		candidates = append(candidates, x.std.packages(pkg)...)
	}
	if len(candidates) == 0 {
		if pkg == "main" {
			return nil // every program's
		}
		if strings.Contains(x.text, pkg+"."+parts[0]) {
			return nil
		}
		return fmt.Errorf("no package is called %s, and no code says %s.%s", pkg, pkg, parts[0])
	}
	for _, p := range candidates {
		if !p.names[parts[0]] {
			continue
		}
		if len(parts) == 1 || x.member(p, parts[0], parts[1], deep) {
			return nil
		}
	}
	return fmt.Errorf("package %s declares no %s", pkg, strings.Join(parts[:min(2, len(parts))], "."))
}

// method checks Type.Method, if one of our packages has such a type.
func (x *Index) method(typ, name string) error {
	known := false
	for _, all := range x.packages {
		for _, p := range all {
			if p.names[typ] && x.member(p, typ, name, deep) {
				return nil
			}
			known = known || p.names[typ]
		}
	}
	if known {
		return fmt.Errorf("no type %s of ours has a %s", typ, name)
	}
	return nil
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
