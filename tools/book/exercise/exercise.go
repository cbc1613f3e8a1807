// Package exercise runs the checks of the book's exercises: tests that fail
// until the reader has solved the exercise.
//
// An exercise is a folder docs/book/exercises/7.2 with
//
//	check.txtar      the tests, as files that are put beside the reader's sources;
//	                 its first line says where they run: "host ./mm/frame",
//	                 "machine ./mm/frame" or "system"
//	solution.patch   a diff that solves it
//
// Nothing is written into the sources: the go command reads the tests from
// elsewhere (-overlay). Where to start reading: Exercise.Run.
package exercise

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/tools/txtar"

	"vitrine/tools/book/kernel"
	"vitrine/tools/vit/bare"
)

// Dir is the folder of the exercises.
const Dir = "docs/book/exercises"

// limit bounds one run of a check.
const limit = 5 * time.Minute

// Exercise is one exercise.
type Exercise struct {
	ID       string // "7.2"
	Where    string // host, machine or system
	Packages []string
	Tests    []string // the tests' names
	Files    []txtar.File
	Solution string
}

var (
	id       = regexp.MustCompile(`^([1-9]\d*|[A-Z])\.[1-9]\d*$`)
	testName = regexp.MustCompile(`(?m)^func (Test\w+)\(`)
)

// Load reads an exercise.
//
// Errors: it is not there, or it is not as the package's comment says.
func Load(root, name string) (*Exercise, error) {
	if !id.MatchString(name) {
		return nil, fmt.Errorf("%q is no exercise: they are called like 7.2", name)
	}
	dir := filepath.Join(Dir, name)
	check, err := os.ReadFile(filepath.Join(root, dir, "check.txtar"))
	if err != nil {
		return nil, fmt.Errorf("there is no %s/check.txtar", dir)
	}
	solution, err := os.ReadFile(filepath.Join(root, dir, "solution.patch"))
	if err != nil {
		return nil, fmt.Errorf("there is no %s/solution.patch", dir)
	}
	e := &Exercise{ID: name, Solution: string(solution)}
	if err := e.read(check); err != nil {
		return nil, fmt.Errorf("%s/check.txtar: %w", dir, err)
	}
	return e, nil
}

// read reads the check.
func (e *Exercise) read(check []byte) error {
	archive := txtar.Parse(check)
	first, _, _ := strings.Cut(strings.TrimSpace(string(archive.Comment)), "\n")
	words := strings.Fields(strings.TrimLeft(first, "#/ "))
	if len(words) == 0 {
		return errors.New("the first line says where it runs: host PACKAGE, machine PACKAGE, or system")
	}
	e.Where, e.Packages, e.Files = words[0], words[1:], archive.Files
	switch {
	case e.Where == "system" && len(e.Packages) == 0:
		e.Packages = []string{"./tools/systest"}
	case e.Where != "host" && e.Where != "machine" || len(e.Packages) == 0:
		return fmt.Errorf("%q: the first line is host PACKAGE, machine PACKAGE, or system", first)
	}
	for _, f := range e.Files {
		for _, m := range testName.FindAllSubmatch(f.Data, -1) {
			if name := string(m[1]); name != "TestMain" {
				e.Tests = append(e.Tests, name)
			}
		}
	}
	if len(e.Tests) == 0 {
		return errors.New("it has no test")
	}
	return nil
}

// List returns the names of all exercises, in order.
func List(root string) (names []string) {
	entries, _ := os.ReadDir(filepath.Join(root, Dir))
	for _, entry := range entries {
		if entry.IsDir() {
			names = append(names, entry.Name())
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		chapter := func(s string) (int, string, int) {
			c, n, _ := strings.Cut(s, ".")
			number, err := strconv.Atoi(c)
			if err != nil {
				number = 1000 // the appendices
			}
			m, _ := strconv.Atoi(n)
			return number, c, m
		}
		ca, la, na := chapter(a)
		cb, lb, nb := chapter(b)
		if ca != cb {
			return ca - cb
		}
		if c := strings.Compare(la, lb); c != 0 {
			return c
		}
		return na - nb
	})
	return names
}

// Run runs the check on the sources as they are, or, if solved, with the
// solution in them. It returns whether the check has passed, and what the tests
// said.
//
// Errors: the check could not be run.
func (e *Exercise) Run(ctx context.Context, root string, solved bool) (passed bool, said string, err error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	dir := filepath.Join(root, "build/.book/exercises", e.ID+map[bool]string{true: "-solved"}[solved])
	if err := os.RemoveAll(filepath.Join(dir, "files")); err != nil {
		return false, "", err
	}
	overlay := kernel.NewOverlay(dir)
	if solved {
		if err := overlay.Apply(root, e.Solution); err != nil {
			return false, "", fmt.Errorf("%s/%s/solution.patch: %w", Dir, e.ID, err)
		}
	}
	for _, f := range e.Files {
		if err := overlay.Add(root, f.Name, string(f.Data)); err != nil {
			return false, "", err
		}
	}
	command, refused, err := e.command(ctx, root, dir, overlay)
	if err != nil || refused != "" {
		return false, refused, err
	}
	var out bytes.Buffer
	command.Stdout, command.Stderr, command.WaitDelay = &out, &out, time.Second
	err = command.Run()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return false, out.String(), fmt.Errorf("exercise %s takes longer than %v", e.ID, limit)
	case errors.As(err, &exit):
		return false, out.String(), nil
	case err != nil:
		return false, out.String(), err
	}
	if strings.Contains(out.String(), "no tests to run") {
		return false, out.String(), fmt.Errorf("exercise %s: none of its tests is in %s", e.ID, strings.Join(e.Packages, " "))
	}
	return true, out.String(), nil
}

// command returns what runs the check. Refused is what the compiler says of a
// kernel that cannot be built.
func (e *Exercise) command(ctx context.Context, root, dir string, overlay *kernel.Overlay) (c *exec.Cmd, refused string, err error) {
	file, err := overlay.File()
	if err != nil {
		return nil, "", err
	}
	args := []string{"-overlay", file, "-vet=off", "-timeout", "4m", "-run", "^(" + strings.Join(e.Tests, "|") + ")$"}
	if e.Where == "machine" {
		args = append(args, "-exec", filepath.Join(root, "build/vit")+" exec")
		c, err = bare.Command(root, "test", append(args, e.Packages...)...)
		if err != nil {
			return nil, "", err
		}
		bound := exec.CommandContext(ctx, c.Path, c.Args[1:]...)
		bound.Dir, bound.Env = c.Dir, c.Env
		return bound, "", nil
	}
	c = exec.CommandContext(ctx, "go", append(append([]string{"test"}, args...), e.Packages...)...)
	c.Dir, c.Env = root, os.Environ()
	if e.Where == "system" {
		k, err := kernel.Build(root, "", overlay)
		if err != nil {
			return nil, err.Error(), nil
		}
		c.Args = slices.Insert(c.Args, 2, "-count=1") // the image is no source that go test knows
		c.Env = append(c.Env, "VITRINE_TEST_SYSTEM=1", "VITRINE_IMAGE="+k.Image)
	}
	return c, "", nil
}
