package exercise

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// repository is a module with an exercise, that a test on the host checks.
func repository(t *testing.T, check, solution string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":                 "module vitrine\n\ngo 1.26\n",
		"mm/double.go":           "package mm\n\nfunc Double(n int) int {\n\treturn n\n}\n",
		Dir + "/7.2/check.txtar": check, Dir + "/7.2/solution.patch": solution,
	} {
		file := filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	}
	return root
}

const (
	check = `host ./mm
-- mm/double_test.go --
package mm

import "testing"

func TestDouble(t *testing.T) {
	if Double(2) != 4 {
		t.Fatal("no")
	}
}
`
	solution = `--- a/mm/double.go
+++ b/mm/double.go
@@ -3,3 +3,3 @@
 func Double(n int) int {
-	return n
+	return 2 * n
 }
`
)

func TestACheckFailsUntilItIsSolved(t *testing.T) {
	root := repository(t, check, solution)
	e, err := Load(root, "7.2")
	require.NoError(t, err)
	require.Equal(t, []string{"TestDouble"}, e.Tests)
	passed, said, err := e.Run(t.Context(), root, false)
	require.NoError(t, err)
	require.False(t, passed)
	require.Contains(t, said, "--- FAIL: TestDouble")
	passed, said, err = e.Run(t.Context(), root, true)
	require.NoError(t, err)
	require.True(t, passed, said)
	require.NoFileExists(t, filepath.Join(root, "mm/double_test.go"), "the sources stay as they are")
}

func TestAnExerciseThatIsNotOneIsRefused(t *testing.T) {
	for _, c := range []struct{ check, says string }{
		{"", "the first line says where it runs"},
		{"moon ./mm\n", `"moon ./mm": the first line is host PACKAGE`},
		{"host\n", "the first line is host PACKAGE"},
		{"host ./mm\n-- mm/x_test.go --\npackage mm\n", "it has no test"},
	} {
		_, err := Load(repository(t, c.check, solution), "7.2")
		require.ErrorContains(t, err, c.says)
	}
	_, err := Load(t.TempDir(), "7.2")
	require.ErrorContains(t, err, "there is no docs/book/exercises/7.2/check.txtar")
	_, err = Load(t.TempDir(), "../x")
	require.ErrorContains(t, err, "called like 7.2")
}

func TestASolutionThatNoLongerFitsIsAnError(t *testing.T) {
	root := repository(t, check, "--- a/mm/double.go\n+++ b/mm/double.go\n@@ -3 +3 @@\n-gone\n+new\n")
	e, err := Load(root, "7.2")
	require.NoError(t, err)
	_, _, err = e.Run(t.Context(), root, true)
	require.ErrorContains(t, err, "solution.patch: piece 1 no longer fits mm/double.go")
}

func TestExercisesAreInTheOrderOfTheChapters(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{"10.1", "2.10", "2.9", "A.1"} {
		require.NoError(t, os.MkdirAll(filepath.Join(root, Dir, name), 0o755))
	}
	require.Equal(t, []string{"2.9", "2.10", "10.1", "A.1"}, List(root))
}
