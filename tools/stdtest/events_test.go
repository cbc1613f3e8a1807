package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// replay has results take the events of a run.
func replay(packages []string, events ...string) (*results, string) {
	r := newResults("go1.0")
	for _, p := range packages {
		r.Packages[p] = &outcome{output: map[string]string{}}
	}
	var out strings.Builder
	r.read(strings.NewReader(strings.Join(events, "\n")+"\n"), &out, false)
	return r, out.String()
}

func TestTestsAreCountedAndSubtestsAreNot(t *testing.T) {
	r, out := replay([]string{"p"},
		`{"Action":"run","Package":"p","Test":"TestA"}`,
		`{"Action":"pass","Package":"p","Test":"TestA/sub"}`,
		`{"Action":"pass","Package":"p","Test":"TestA"}`,
		`{"Action":"output","Package":"p","Test":"TestB","Output":"    b_test.go:12: no b here\n"}`,
		`{"Action":"output","Package":"p","Test":"TestB","Output":"--- SKIP: TestB (0.00s)\n"}`,
		`{"Action":"skip","Package":"p","Test":"TestB"}`,
		`{"Action":"skip","Package":"p","Test":"TestC/sub"}`,
		`{"Action":"pass","Package":"p","Elapsed":1.5}`)
	require.False(t, r.failed())
	require.Equal(t, count{ok: 1, passed: 1, skipped: 1}, r.count())
	require.Equal(t, []skip{{Package: "p", Test: "TestB", Reason: "no b here"}}, r.Packages["p"].Skips)
	require.Contains(t, out, "ok    p")
}

func TestWhatAFailedTestHasSaidIsShown(t *testing.T) {
	r, out := replay([]string{"p"},
		`{"Action":"output","Package":"p","Test":"TestA","Output":"fine\n"}`,
		`{"Action":"pass","Package":"p","Test":"TestA"}`,
		`{"Action":"output","Package":"p","Test":"TestB","Output":"wrong\n"}`,
		`{"Action":"fail","Package":"p","Test":"TestB"}`,
		`{"Action":"fail","Package":"p"}`)
	require.True(t, r.failed())
	require.Equal(t, count{bad: 1, passed: 1, failed: 1}, r.count())
	require.Contains(t, out, "wrong")
	require.NotContains(t, out, "fine")
}

func TestAPackageThatDoesNotEndHasFailed(t *testing.T) {
	for what, events := range map[string][]string{
		"go test said nothing": nil,
		"the machine stopped":  {`{"Action":"pass","Package":"p","Test":"TestA"}`},
		"it does not compile": {
			`{"ImportPath":"p [p.test]","Action":"build-output","Output":"undefined: x\n"}`,
			`{"Action":"fail","Package":"p","FailedBuild":"p [p.test]"}`,
		},
	} {
		r, out := replay([]string{"p"}, events...)
		require.True(t, r.failed(), what)
		require.Equal(t, 1, r.count().bad, what)
		if len(events) == 2 {
			require.Contains(t, out, "undefined: x")
		}
	}
}

func TestTheReasonOfASkipIsWhatTheTestSaidLast(t *testing.T) {
	for output, want := range map[string]string{
		"=== RUN   TestA\n    a_test.go:7: first\n    a_test.go:8: second\n--- SKIP: TestA (0.00s)\n": "second",
		"=== RUN   TestA\n    exec.go:92: cannot exec\n--- SKIP: TestA (0.00s)\n":                     "cannot exec",
		"=== RUN   TestA\nno place, no\nprefix\n--- SKIP: TestA (0.00s)\n":                            "no place, no prefix",
		"": "",
	} {
		require.Equal(t, want, skipReason(output))
	}
}

func TestResultsOfOneGoAreKeptTogether(t *testing.T) {
	file := filepath.Join(t.TempDir(), "work", "results.json")
	first, _ := replay([]string{"a", "b"}, `{"Action":"pass","Package":"a"}`)
	require.NoError(t, first.save(file, false))
	second, _ := replay([]string{"b"}, `{"Action":"pass","Package":"b"}`)
	require.NoError(t, second.save(file, false))
	all, err := load(file)
	require.NoError(t, err)
	require.False(t, all.failed(), "b was mended")
	require.Len(t, all.Packages, 2)

	other, _ := replay([]string{"c"}, `{"Action":"pass","Package":"c"}`)
	other.Go = "go2.0"
	require.NoError(t, other.save(file, false))
	all, err = load(file)
	require.NoError(t, err)
	require.Len(t, all.Packages, 1, "another Go begins anew")

	whole, _ := replay([]string{"d", "e"}, `{"Action":"pass","Package":"d"}`)
	whole.Go = "go2.0"
	require.NoError(t, whole.save(file, true))
	all, err = load(file)
	require.NoError(t, err)
	require.Len(t, all.Packages, 2, "a run of all packages leaves nothing of older ones")
}
