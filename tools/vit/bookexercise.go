package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"vitrine/tools/book"
	"vitrine/tools/book/exercise"
)

// exercises verifies the book's exercises, or, with mine, tells a reader
// whether one is solved in the sources as they are.
func exercises(s streams, root string, names []string, mine, again bool, args []string) (int, error) {
	ctx, stop := signalContext()
	defer stop()
	if mine {
		if len(args) != 1 {
			return exitUsage, fmt.Errorf("which exercise? There are %s", strings.Join(exercise.List(root), ", "))
		}
		e, err := exercise.Load(root, args[0])
		if err != nil {
			return exitUsage, fmt.Errorf("%w; there are %s", err, strings.Join(exercise.List(root), ", "))
		}
		passed, said, err := e.Run(ctx, root, false)
		if err != nil {
			return exitFailed, err
		}
		fmt.Fprint(s.out, said)
		if !passed {
			return exitFailed, fmt.Errorf("exercise %s is not solved yet; its tests are in %s/%s/check.txtar", e.ID, exercise.Dir, e.ID)
		}
		fmt.Fprintf(s.out, "exercise %s is solved\n", e.ID)
		return exitOK, nil
	}
	start := time.Now()
	b, err := book.Open(root, names)
	if err != nil {
		return exitFailed, err
	}
	problems := b.Exercises(ctx, args, again, func(place string) { fmt.Fprintln(s.err, "running", place) })
	for _, p := range problems {
		fmt.Fprintln(s.err, p)
	}
	if len(problems) > 0 {
		return exitFailed, errors.New("exercises are not as they should be")
	}
	fmt.Fprintf(s.out, "the exercises are as they should be (%.1f s)\n", time.Since(start).Seconds())
	return exitOK, nil
}
