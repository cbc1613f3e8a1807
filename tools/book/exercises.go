package book

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"vitrine/tools/book/exercise"
	"vitrine/tools/book/kernel"
	"vitrine/tools/book/patch"
)

var (
	// exerciseHeading is the heading of an exercise: ### Exercise 7.2: title.
	exerciseHeading = regexp.MustCompile(`(?m)^### Exercise ([\w.]+): +\S.*$`)
	likeExercise    = regexp.MustCompile(`(?im)^#+ *exercise +\w*[\d.].*$`)
)

// exerciseFolders makes sure that each exercise on the pages has a folder with
// its check, and that each folder has its exercise.
func (b *Book) exerciseFolders(pages []string) (problems []Problem) {
	told := map[string]bool{}
	for _, page := range pages {
		text, err := os.ReadFile(filepath.Join(b.Root, page))
		if err != nil {
			continue
		}
		for _, at := range likeExercise.FindAllStringIndex(string(text), -1) {
			if heading := string(text[at[0]:at[1]]); !exerciseHeading.MatchString(heading) {
				line := 1 + strings.Count(string(text[:at[0]]), "\n")
				problems = append(problems, Problem{page, line, fmt.Sprintf("%q: an exercise's heading is '### Exercise 7.2: title'", heading)})
			}
		}
		for _, m := range exerciseHeading.FindAllStringSubmatchIndex(string(text), -1) {
			name := string(text[m[2]:m[3]])
			line := 1 + strings.Count(string(text[:m[0]]), "\n")
			if told[name] {
				problems = append(problems, Problem{page, line, "exercise " + name + " is there twice"})
			}
			told[name] = true
			if e, err := exercise.Load(b.Root, name); err != nil {
				problems = append(problems, Problem{page, line, err.Error()})
			} else if _, err := patch.Changes(e.Solution, b.read); err != nil {
				problems = append(problems, Problem{path.Join(exercise.Dir, name, "solution.patch"), 1, err.Error()})
			}
			chapter, _, _ := strings.Cut(name, ".")
			number, _, _ := strings.Cut(path.Base(page), "-")
			if !strings.EqualFold(strings.TrimLeft(number, "0"), chapter) {
				problems = append(problems, Problem{page, line, "exercise " + name + " belongs to another chapter, by its number"})
			}
		}
	}
	for _, name := range exercise.List(b.Root) {
		if !told[name] {
			problems = append(problems, Problem{path.Join(exercise.Dir, name), 1, fmt.Sprintf("no chapter has a heading '### Exercise %s: title'", name)})
		}
	}
	return problems
}

// Exercises verifies exercises, all if names is empty: each check fails on the
// sources as they are, and passes with the solution. What has not changed since
// it was verified is left out, unless again.
func (b *Book) Exercises(ctx context.Context, names []string, again bool, at func(place string)) (problems []Problem) {
	if len(names) == 0 {
		names = exercise.List(b.Root)
	}
	sources := kernel.HashSources(b.Root)
	results := make([][]Problem, len(names))
	next := make(chan int)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for i := range next {
				dir := filepath.Join(b.Root, exercise.Dir, names[i])
				key := kernel.Hash("exercise", b.version, sources, kernel.HashFiles(filepath.Join(dir, "check.txtar"), filepath.Join(dir, "solution.patch")))
				if !again && b.known(key) {
					continue
				}
				at("exercise " + names[i])
				if results[i] = b.verify(ctx, names[i]); results[i] == nil {
					b.remember(key)
				}
			}
		})
	}
	for i := range names {
		next <- i
	}
	close(next)
	group.Wait()
	for _, found := range results {
		problems = append(problems, found...)
	}
	return problems
}

// verify verifies one exercise.
func (b *Book) verify(ctx context.Context, name string) []Problem {
	fail := func(file, format string, args ...any) []Problem {
		return []Problem{{path.Join(exercise.Dir, name, file), 1, fmt.Sprintf(format, args...)}}
	}
	e, err := exercise.Load(b.Root, name)
	if err != nil {
		return fail("", "%v", err)
	}
	passed, said, err := e.Run(ctx, b.Root, false)
	switch {
	case err != nil:
		return fail("check.txtar", "%v", err)
	case passed:
		return fail("check.txtar", "the check passes although nothing is solved: %s\n%s", strings.Join(e.Tests, ", "), said)
	}
	passed, said, err = e.Run(ctx, b.Root, true)
	switch {
	case err != nil:
		return fail("solution.patch", "%v", err)
	case !passed:
		return fail("solution.patch", "the check fails although it is solved:\n%s", said)
	}
	return nil
}
