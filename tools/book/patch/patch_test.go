package patch

import (
	"testing"

	"github.com/stretchr/testify/require"
)

const diff = `diff --git a/x.go b/x.go
index 1..2 100644
--- a/x.go
+++ b/x.go
@@ -2,3 +2,2 @@ func f
 b
-c
 d
@@ -6 +5,2 @@
 f
+g
diff --git a/new.go b/new.go
new file mode 100644
--- /dev/null
+++ b/new.go
@@ -0,0 +1 @@
+package x

`

func TestADiffIsAppliedWhereItsLinesAre(t *testing.T) {
	files, err := Parse(diff)
	require.NoError(t, err)
	require.Len(t, files, 2)
	for was, want := range map[string]string{
		"a\nb\nc\nd\ne\nf\n":          "a\nb\nd\ne\nf\ng\n",
		"0\n1\na\nb\nc\nd\ne\nf\nz\n": "0\n1\na\nb\nd\ne\nf\ng\nz\n",
	} {
		now, err := files[0].Apply(was)
		require.NoError(t, err)
		require.Equal(t, want, now)
	}
	now, err := files[1].Apply("")
	require.NoError(t, err)
	require.True(t, files[1].New)
	require.Equal(t, "package x\n", now)
}

func TestWhatDoesNotFitIsRefused(t *testing.T) {
	files, err := Parse(diff)
	require.NoError(t, err)
	_, err = files[0].Apply("a\nb\nd\n")
	require.ErrorContains(t, err, "piece 1 no longer fits x.go: its lines are not there")
	_, err = files[0].Apply("0\n0\n0\nb\nc\nd\nb\nc\nd\nf\n")
	require.ErrorContains(t, err, "2 times")
	_, err = files[1].Apply("there\n")
	require.ErrorContains(t, err, "already")
	for text, says := range map[string]string{
		"":                                 "no unified diff",
		"--- a/x\n+++ b/x\n":               "without changes",
		"--- a/x\n+++ /dev/null\n":         "deletes a file",
		"--- a/x\n+++ b/x\n@@ -1 +1 @@\nx": "neither a blank",
	} {
		_, err := Parse(text)
		require.ErrorContains(t, err, says)
	}
}

func TestAReaderSeesTheDiffWithoutGitsLines(t *testing.T) {
	require.Equal(t, []string{"--- a/x.go", "+++ b/x.go", "@@ -2,3 +2,2 @@ func f", " b", "-c", " d"}, Text(diff)[:6])
	require.NotContains(t, Text(diff), "new file mode 100644")
}

func FuzzParse(f *testing.F) {
	f.Add(diff, "a\nb\nc\nd\ne\nf\n")
	f.Fuzz(func(t *testing.T, text, file string) {
		files, err := Parse(text)
		if err != nil {
			return
		}
		for _, p := range files {
			p.Apply(file)
		}
	})
}
