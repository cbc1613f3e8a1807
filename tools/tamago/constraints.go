package main

import (
	"fmt"
	"go/build/constraint"
	"io/fs"
	"path"
	"strings"
)

// constrainAll rewrites build constraints as stdfiles.go says.
func constrainAll(t *tree) error {
	for _, p := range participations {
		if err := t.constrain(p.File, p.Purpose, func(x constraint.Expr) string { return participate(x, p.Take) }); err != nil {
			return err
		}
	}
	for _, pkg := range likeJS {
		if err := constrainPackage(t, pkg); err != nil {
			return err
		}
	}
	return nil
}

// constrainPackage makes tamago take part in pkg where js does.
func constrainPackage(t *tree, pkg string) error {
	files, err := fs.ReadDir(t.stock, pkg)
	if err != nil {
		return fmt.Errorf("this Go has no package %s, which tools/tamago/stdfiles.go lists: %w", pkg, err)
	}
	for _, f := range files {
		name := path.Join(pkg, f.Name())
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || notLikeJS[name] {
			continue
		}
		if to, ok := copyName(name); ok {
			err = t.copyFile(name, to)
		} else {
			err = t.constrain(name, "be for tamago what it is for js", likeJSConstraint)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// copyName is where to copy a file whose name ties it to js or wasm: the name
// counts as a constraint, too, and cannot be rewritten.
func copyName(name string) (to string, ok bool) {
	for _, suffix := range []string{"_js.go", "_wasm.go"} {
		if base, ok := strings.CutSuffix(name, suffix); ok {
			return base + "_fromjs_tamago.go", true
		}
	}
	return "", false
}

// copyFile gives tamago a copy of a file of js.
func (t *tree) copyFile(from, to string) error {
	b, err := t.read(from)
	if err != nil {
		return err
	}
	if t.exists(to) {
		return fmt.Errorf("%s: there would be two copies of that name", to)
	}
	b, err = constrain(b, func(constraint.Expr) string { return "tamago" })
	if err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	t.write(to, b, Copied, "be for tamago what "+path.Base(from)+" is for js")
	return nil
}

// constrain rewrites the constraint of a file.
func (t *tree) constrain(name, purpose string, rewrite func(constraint.Expr) string) error {
	old, err := t.read(name)
	if err != nil {
		return fmt.Errorf("this Go has no file %s, which tools/tamago/stdfiles.go lists: %w", name, err)
	}
	b, err := constrain(old, rewrite)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if string(b) != string(old) {
		t.write(name, b, Constrained, purpose)
	}
	return nil
}

// likeJSConstraint rewrites x if it names js and differs for js and tamago.
func likeJSConstraint(x constraint.Expr) string {
	if x == nil || !mentions(x, "js") {
		return ""
	}
	js, tamago := x.Eval(tags("js", "wasm")), x.Eval(tags("tamago", "amd64"))
	if js == tamago {
		return ""
	}
	return participate(x, js)
}

// participate is the constraint x with tamago taking part, or not.
func participate(x constraint.Expr, take bool) string {
	switch {
	case take && x == nil:
		return ""
	case take:
		return "(" + x.String() + ") || tamago"
	case x == nil:
		return "!tamago"
	}
	return "(" + x.String() + ") && !tamago"
}

// tags is what the go command takes for true when it builds for goos/goarch.
func tags(goos, goarch string) func(string) bool {
	return func(tag string) bool {
		return tag == goos || tag == goarch || tag == "gc" || strings.HasPrefix(tag, "go1.")
	}
}

// mentions reports whether tag is anywhere in x.
func mentions(x constraint.Expr, tag string) bool {
	switch x := x.(type) {
	case *constraint.TagExpr:
		return x.Tag == tag
	case *constraint.NotExpr:
		return mentions(x.X, tag)
	case *constraint.AndExpr:
		return mentions(x.X, tag) || mentions(x.Y, tag)
	case *constraint.OrExpr:
		return mentions(x.X, tag) || mentions(x.Y, tag)
	}
	return false
}

// constrain replaces the //go:build line of the Go source b by what rewrite
// makes of it: rewrite gets nil if there is none, and returns "" to leave
// things as they are. A new line goes on top.
func constrain(b []byte, rewrite func(constraint.Expr) string) ([]byte, error) {
	lines := strings.SplitAfter(string(b), "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, "package ") {
			break
		}
		if !constraint.IsGoBuild(line) {
			continue
		}
		x, err := constraint.Parse(strings.TrimSpace(line))
		if err != nil {
			return nil, err
		}
		if s := rewrite(x); s != "" {
			lines[i] = "//go:build " + s + "\n"
		}
		return []byte(strings.Join(lines, "")), nil
	}
	if s := rewrite(nil); s != "" {
		return append([]byte("//go:build "+s+"\n\n"), b...), nil
	}
	return b, nil
}
