package names

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// vit checks a command of vit, or of the GDB scripts, with its arguments.
func (x *Index) vit(name string, args []string) error {
	ofGDB := regexp.MustCompile(`(?m)^    name(?:, \w+)* = "` + regexp.QuoteMeta(name) + `"`)
	if !slices.Contains(x.Commands, name) && name != "help" && !ofGDB.MatchString(x.text) {
		return fmt.Errorf("neither vit nor GDB has a command 'vit %s'", name)
	}
	for i, arg := range args {
		flag, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		switch {
		case arg == "--": // what follows belongs to the kernel
			return nil
		case strings.HasPrefix(arg, "--") && !strings.Contains(x.tool, `"`+flag+`"`):
			return fmt.Errorf("vit has no flag --%s", flag)
		case name == "book" && i == 0 && !strings.Contains(x.tool, `"`+arg+`"`):
			return fmt.Errorf("'vit book %s' is nothing that it does", arg)
		}
	}
	return nil
}

// command checks the files that a command of some other program names: paths
// that begin with a folder of ours.
func (x *Index) command(page, words string) error {
	for word := range strings.FieldsSeq(words) {
		word = strings.Trim(word, `"'()<>[],;`)
		if !pathName.MatchString(word) || !strings.Contains(word, ".") || !x.ownPath(strings.TrimPrefix(word, "./")) {
			continue
		}
		if m := inPackage.FindStringSubmatch(word); m != nil && x.files[m[1]] {
			continue
		}
		if err := x.path(page, word); err != nil {
			return err
		}
	}
	// What follows && is a command, too.
	if _, next, more := strings.Cut(words, "&& "); more {
		return x.Word(page, next)
	}
	return nil
}

// position checks the line of file.go:12. Of a file without its path, any of
// that name may have it.
func (x *Index) position(page, name, digits string) (err error) {
	name = strings.TrimPrefix(name, "./")
	for have := range x.files {
		if have != name && have != path.Join(path.Dir(page), name) && (strings.Contains(name, "/") || path.Base(have) != name) {
			continue
		}
		text, e := os.ReadFile(filepath.Join(x.Root, have))
		if e != nil {
			continue
		}
		if err = line(have, string(text), digits); err == nil {
			return nil
		}
	}
	return err
}

var (
	targetName = regexp.MustCompile(`^[a-z][\w-]*$`)
	variable   = regexp.MustCompile(`^([A-Z_]+)=(.*)$`)
)

// makeTargets checks the words after make.
func (x *Index) makeTargets(words string) error {
	for word := range strings.FieldsSeq(words) {
		if strings.HasPrefix(word, "-") {
			continue
		}
		if m := variable.FindStringSubmatch(word); m != nil {
			if err := x.makeVariable(m[1], strings.Trim(m[2], `"'`)); err != nil {
				return err
			}
			continue
		}
		if !targetName.MatchString(word) {
			break
		}
		rule := regexp.MustCompile(`(?m)^([\w-]+ )*` + regexp.QuoteMeta(word) + `( [\w-]+)*:`)
		stage := strings.HasPrefix(word, "test-") && slices.Contains(strings.Fields(x.stages()), strings.TrimPrefix(word, "test-"))
		if !rule.MatchString(x.makefile) && !stage {
			return fmt.Errorf("make has no target %s", word)
		}
	}
	return nil
}

// makeVariable checks NAME=VALUE after make.
func (x *Index) makeVariable(name, value string) error {
	known := regexp.MustCompile(`(?m)\$[({]` + name + `\b|^` + name + `\s*[:?]?=`)
	if !known.MatchString(x.makefile) && name != "GOTOOLCHAIN" {
		return fmt.Errorf("make has no variable %s", name)
	}
	chapter, isChapter := strings.CutPrefix(value, "chapter:")
	switch {
	case name == "AT" && isChapter:
		if !strings.Contains(x.text, `"`+chapter+`"`) {
			return fmt.Errorf("AT=%s: GDB knows no such chapter", value)
		}
	case name == "AT" && !strings.ContainsAny(value, ":*"):
		return x.Word("", value)
	case name == "N" && !x.files["docs/book/exercises/"+value]:
		return fmt.Errorf("there is no exercise %s", value)
	}
	return nil
}

var stagesLine = regexp.MustCompile(`(?m)^STAGES\s*:=\s*(.*)$`)

func (x *Index) stages() string {
	if m := stagesLine.FindStringSubmatch(x.makefile); m != nil {
		return m[1]
	}
	return ""
}
