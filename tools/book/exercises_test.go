package book

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAnExerciseHasItsFormItsCheckAndASolutionThatFits(t *testing.T) {
	const heading = "### Exercise 1.1: more\n"
	whole := func() map[string]string {
		files := small()
		files["docs/book/01-one.md"] += "\n## Exercises\n\n" + heading
		files["docs/book/exercises/1.1/check.txtar"] = "host ./mm\n-- mm/x_test.go --\nfunc TestX(t *testing.T) {}\n"
		files["docs/book/exercises/1.1/solution.patch"] = "--- a/mm/addr.go\n+++ b/mm/addr.go\n@@ -8 +8 @@\n-\tprintln(1)\n+\tprintln(2)\n"
		return files
	}
	b := open(t, whole())
	_, found, err := b.Do(t.Context(), Work{Write: true})
	require.NoError(t, err)
	require.Empty(t, found)
	for _, c := range []change{
		{"no check", "docs/book/01-one.md", "1.1:", "1.2:", "docs/book/01-one.md:18: there is no docs/book/exercises/1.2/check.txtar"},
		{"no exercise for a check", "docs/book/01-one.md", heading, "", "docs/book/exercises/1.1:1: no chapter has a heading"},
		{"another level", "docs/book/01-one.md", "### Exercise 1", "## Exercise 1", `docs/book/01-one.md:18: "## Exercise 1.1: more": an exercise's heading is`},
		{"no title", "docs/book/01-one.md", ": more", "", "an exercise's heading is"},
		{"small letters", "docs/book/01-one.md", "Exercise 1.1", "exercise 1.1", "an exercise's heading is"},
		{"another chapter's", "docs/book/01-one.md", "1.1", "2.1", "belongs to another chapter"},
		{"twice", "docs/book/01-one.md", heading, heading + "\n" + heading, "exercise 1.1 is there twice"},
		{"nothing to run", "docs/book/exercises/1.1/check.txtar", "host", "hose", "docs/book/01-one.md:18: docs/book/exercises/1.1/check.txtar"},
		{"a solution that no longer fits", "mm/addr.go", "println(1)", "println(3)", "docs/book/exercises/1.1/solution.patch:1: piece 1 no longer fits mm/addr.go"},
		{"a solution that is no diff", "docs/book/exercises/1.1/solution.patch", "---", "", "docs/book/exercises/1.1/solution.patch:1: it is no unified diff"},
	} {
		t.Run(c.name, func(t *testing.T) { requireFound(t, whole(), c) })
	}
}
