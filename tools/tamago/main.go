// Tamago derives, from a stock Go distribution, one that knows
// GOOS=tamago GOARCH=amd64: bare metal, with the board support package
// runtime/goos supplied by the application (GOOSPKG).
//
//	tamago [-goroot dir] [-cache dir] [-link path] [-v]
//
// It prints the derived GOROOT. The stock one is not touched.
package main

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"go/build/constraint"
	"io/fs"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

//go:embed _port
var port embed.FS

//go:embed *.go
var self embed.FS

var verbose = flag.Bool("v", false, "say what is done")

func main() {
	log.SetFlags(0)
	log.SetPrefix("tamago: ")
	goroot := flag.String("goroot", "", "stock GOROOT (default: that of the go command)")
	cache := flag.String("cache", "", "cache directory (default: user cache dir/vitrine/goroots)")
	link := flag.String("link", "", "symbolic link to keep pointing at the derived GOROOT")
	flag.Parse()
	if *goroot == "" {
		out, err := exec.Command("go", "env", "GOROOT").Output()
		if err != nil {
			log.Fatal("go env GOROOT: ", err)
		}
		*goroot = strings.TrimSpace(string(out))
	}
	if *cache == "" {
		d, err := os.UserCacheDir()
		if err != nil {
			log.Fatal(err)
		}
		*cache = filepath.Join(d, "vitrine", "goroots")
	}
	dir, err := derive(*goroot, *cache)
	if err != nil {
		log.Fatal(err)
	}
	if *link != "" {
		tmp := fmt.Sprintf("%s.%d", *link, os.Getpid())
		if err := os.MkdirAll(filepath.Dir(*link), 0o777); err != nil {
			log.Fatal(err)
		}
		if err := os.Symlink(dir, tmp); err != nil {
			log.Fatal(err)
		}
		if err := os.Rename(tmp, *link); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println(dir)
}

func derive(stock, cache string) (string, error) {
	version, err := os.ReadFile(filepath.Join(stock, "VERSION"))
	if err != nil {
		return "", err
	}
	v, _, _ := strings.Cut(string(version), "\n")
	if !strings.HasPrefix(v, "go1.26") {
		return "", fmt.Errorf("%s is %s; the edits are for go1.26", stock, v)
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n%s\n", stock, version, runtime.GOARCH)
	for _, fsys := range []fs.FS{self, port} {
		fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				b, _ := fs.ReadFile(fsys, p)
				fmt.Fprintf(h, "%s %d\n%s", p, len(b), b)
			}
			return err
		})
	}
	dst := filepath.Join(cache, v+"-"+hex.EncodeToString(h.Sum(nil))[:12])
	if _, err := os.Stat(filepath.Join(dst, "bin", "go")); err == nil {
		return dst, nil
	}
	if err := os.MkdirAll(cache, 0o777); err != nil {
		return "", err
	}
	tmp, err := os.MkdirTemp(cache, "tmp-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(tmp)
	steps := []struct {
		name string
		f    func(stock, tmp string) error
	}{
		{"copy", copyTree}, {"edit", editSrc}, {"constraints", editConstraints},
		{"new files", newFiles}, {"build cmd/go", buildGo},
	}
	for _, s := range steps {
		t := time.Now()
		if err := s.f(stock, tmp); err != nil {
			return "", fmt.Errorf("%s: %w", s.name, err)
		}
		if *verbose {
			log.Printf("%-14s %v", s.name, time.Since(t).Round(time.Millisecond))
		}
	}
	os.RemoveAll(dst)
	return dst, os.Rename(tmp, dst)
}

// copyTree copies src without cmd, tests and test data, and links the rest.
func copyTree(stock, tmp string) error {
	for _, d := range []string{"bin", "src", "pkg"} {
		if err := os.MkdirAll(filepath.Join(tmp, d), 0o777); err != nil {
			return err
		}
	}
	for _, f := range []string{"pkg/tool", "pkg/include", "lib", "bin/gofmt"} {
		if err := os.Symlink(filepath.Join(stock, f), filepath.Join(tmp, f)); err != nil {
			return err
		}
	}
	for _, f := range []string{"VERSION", "go.env"} {
		b, err := os.ReadFile(filepath.Join(stock, f))
		if err == nil {
			err = os.WriteFile(filepath.Join(tmp, f), b, 0o666)
		}
		if err != nil {
			return err
		}
	}
	src := filepath.Join(stock, "src")
	var files []string
	err := filepath.WalkDir(src, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(src, p)
		switch {
		case d.IsDir():
			if rel == "cmd" || d.Name() == "testdata" {
				return filepath.SkipDir
			}
			return os.MkdirAll(filepath.Join(tmp, "src", rel), 0o777)
		case strings.HasSuffix(rel, "_test.go"):
		case d.Type().IsRegular():
			files = append(files, rel)
		}
		return nil
	})
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	errs := make(chan error, 8)
	for i := range 8 {
		wg.Go(func() {
			for j := i; j < len(files); j += 8 {
				b, err := os.ReadFile(filepath.Join(src, files[j]))
				if err == nil {
					err = os.WriteFile(filepath.Join(tmp, "src", files[j]), b, 0o666)
				}
				if err != nil {
					errs <- err
					return
				}
			}
		})
	}
	wg.Wait()
	close(errs)
	return <-errs
}

func apply(b []byte, e edit) ([]byte, error) {
	if n := bytes.Count(b, []byte(e.old)); n != 1 {
		return nil, fmt.Errorf("%s: %d matches (want 1) for %.60q", e.file, n, e.old)
	}
	return bytes.Replace(b, []byte(e.old), []byte(e.new), 1), nil
}

func editSrc(stock, tmp string) error {
	for _, e := range srcEdits {
		f := filepath.Join(tmp, "src", e.file)
		b, err := os.ReadFile(f)
		if err == nil {
			b, err = apply(b, e)
		}
		if err == nil {
			err = os.WriteFile(f, b, 0o666)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// constrain rewrites the //go:build line of b with f (old is nil if none).
func constrain(b []byte, f func(old constraint.Expr) string) ([]byte, error) {
	lines := strings.SplitAfter(string(b), "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, "package ") || strings.HasPrefix(l, "#include") || strings.HasPrefix(l, "TEXT") {
			break
		}
		if constraint.IsGoBuild(l) {
			x, err := constraint.Parse(strings.TrimSpace(l))
			if err != nil {
				return nil, err
			}
			if s := f(x); s != "" {
				lines[i] = "//go:build " + s + "\n"
			}
			return []byte(strings.Join(lines, "")), nil
		}
	}
	if s := f(nil); s != "" {
		return append([]byte("//go:build "+s+"\n\n"), b...), nil
	}
	return b, nil
}

func tags(goos, goarch string) func(string) bool {
	return func(t string) bool {
		return t == goos || t == goarch || t == "gc" || strings.HasPrefix(t, "go1.")
	}
}

func editConstraints(stock, tmp string) error {
	rewrite := func(file string, f func(constraint.Expr) string) error {
		p := filepath.Join(tmp, "src", file)
		b, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		b2, err := constrain(b, f)
		if err != nil || bytes.Equal(b, b2) {
			return err
		}
		if *verbose {
			log.Print("constraint: ", file)
		}
		return os.WriteFile(p, b2, 0o666)
	}
	or := func(x constraint.Expr) string { return "(" + x.String() + ") || tamago" }
	not := func(x constraint.Expr) string {
		if x == nil {
			return "!tamago"
		}
		return "(" + x.String() + ") && !tamago"
	}
	for _, f := range include {
		if err := rewrite(f, or); err != nil {
			return err
		}
	}
	for _, f := range exclude {
		if err := rewrite(f, not); err != nil {
			return err
		}
	}
	for _, pkg := range likeJS {
		names, err := filepath.Glob(filepath.Join(tmp, "src", pkg, "*.go"))
		if err != nil {
			return err
		}
		for _, n := range names {
			f := pkg + "/" + filepath.Base(n)
			if slices.Contains(keep, f) {
				continue
			}
			base, ok := strings.CutSuffix(f, "_js.go")
			if !ok {
				base, ok = strings.CutSuffix(f, "_wasm.go")
			}
			if ok {
				// The name says js or wasm: give tamago a copy.
				b, err := os.ReadFile(n)
				if err == nil {
					b, err = constrain(b, func(constraint.Expr) string { return "tamago" })
				}
				if err == nil {
					err = os.WriteFile(filepath.Join(tmp, "src", base+"_fromjs_tamago.go"), b, 0o666)
				}
				if err != nil {
					return err
				}
				continue
			}
			err := rewrite(f, func(x constraint.Expr) string {
				if x == nil {
					return ""
				}
				js := false
				walk(x, func(t string) { js = js || t == "js" })
				if !js {
					return ""
				}
				want, have := x.Eval(tags("js", "wasm")), x.Eval(tags("tamago", "amd64"))
				switch {
				case want && !have:
					return or(x)
				case have && !want:
					return not(x)
				}
				return ""
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func walk(x constraint.Expr, f func(tag string)) {
	switch x := x.(type) {
	case *constraint.TagExpr:
		f(x.Tag)
	case *constraint.NotExpr:
		walk(x.X, f)
	case *constraint.AndExpr:
		walk(x.X, f)
		walk(x.Y, f)
	case *constraint.OrExpr:
		walk(x.X, f)
		walk(x.Y, f)
	}
}

func newFiles(stock, tmp string) error {
	err := fs.WalkDir(port, "_port", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		dst := filepath.Join(tmp, "src", strings.TrimPrefix(p, "_port"))
		if d.IsDir() {
			return os.MkdirAll(dst, 0o777)
		}
		if _, err := os.Stat(dst); err == nil {
			return fmt.Errorf("%s exists in the stock tree", dst)
		}
		b, err := port.ReadFile(p)
		if err == nil {
			err = os.WriteFile(dst, b, 0o666)
		}
		return err
	})
	if err != nil {
		return err
	}
	// internal/goos: one constant per known system.
	b, err := os.ReadFile(filepath.Join(tmp, "src/internal/goos/zgoos_wasip1.go"))
	if err != nil {
		return err
	}
	s := strings.NewReplacer("//go:build wasip1", "//go:build tamago", "`wasip1`", "`tamago`",
		"IsWasip1 = 1", "IsWasip1 = 0").Replace(string(b)) + "const IsTamago = 1\n"
	return os.WriteFile(filepath.Join(tmp, "src/internal/goos/zgoos_tamago.go"), []byte(s), 0o666)
}

// buildGo builds the edited cmd/go with the stock one, through an overlay.
func buildGo(stock, tmp string) error {
	work, err := os.MkdirTemp("", "tamago-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	replace := map[string]string{}
	src := func(f string) string { return filepath.Join(stock, "src", f) }
	put := func(f string, b []byte) error {
		p := filepath.Join(work, strings.ReplaceAll(f, "/", "!"))
		replace[src(f)] = p
		return os.WriteFile(p, b, 0o666)
	}
	text := map[string][]byte{}
	edits := slices.Clone(goEdits)
	for _, e := range srcEdits {
		if strings.HasPrefix(e.file, "internal/syslist/") || strings.HasPrefix(e.file, "internal/platform/") {
			edits = append(edits, e)
		}
	}
	for _, e := range edits {
		b, ok := text[e.file]
		if !ok {
			if b, err = os.ReadFile(src(e.file)); err != nil {
				return err
			}
		}
		if text[e.file], err = apply(b, e); err != nil {
			return err
		}
	}
	for f, s := range goNew {
		text[f] = []byte(s)
	}
	for f, b := range text {
		if err := put(f, b); err != nil {
			return err
		}
	}
	js, _ := json.Marshal(map[string]any{"Replace": replace})
	ov := filepath.Join(work, "overlay.json")
	if err := os.WriteFile(ov, js, 0o666); err != nil {
		return err
	}
	cmd := exec.Command(filepath.Join(stock, "bin", "go"), "build", "-ldflags=-s -w",
		"-overlay", ov, "-o", filepath.Join(tmp, "bin", "go"), "cmd/go")
	cmd.Dir = filepath.Join(stock, "src")
	cmd.Env = append(os.Environ(), "GOROOT="+stock, "GOOS=", "GOARCH=", "GOFLAGS=", "CGO_ENABLED=0",
		"GOTOOLCHAIN=local", "GOOSPKG=", "GOWORK=off")
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	return cmd.Run()
}
