package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestThePlanCanBeRead(t *testing.T) {
	p, err := readPlan(planText)
	require.NoError(t, err)
	require.NotEmpty(t, p.skips)
	for _, s := range p.skips {
		require.NotRegexp(t, `^[A-Z]|\.$`, s.Reason, "%s %s: the reason is part of a sentence", s.Package, s.Test)
	}
}

func TestALineOfThePlanIsASkipOrFiles(t *testing.T) {
	p, err := readPlan("# comment\nskip a/b TestX|TestY/sub  no a  # why\nskip? a/b TestZ newer\n\nskip c * none\nfiles a/b x y\nfiles a/b z\nunix c etc/hosts\n")
	require.NoError(t, err)
	require.Equal(t, []skip{
		{Package: "a/b", Test: "TestX|TestY/sub", Reason: "no a"},
		{Package: "a/b", Test: "TestZ", Reason: "newer", maybe: true},
		{Package: "c", Test: "*", Reason: "none"},
	}, p.skips)
	require.Equal(t, map[string][]string{"a/b": {"x", "y", "z"}}, p.files)
	require.Equal(t, map[string][]string{"c": {"etc/hosts"}}, p.unix)
	for _, text := range []string{"skip a TestX", "skip a Test( why", "files a", "unix a", "run a"} {
		_, err := readPlan("\n" + text)
		require.ErrorContains(t, err, "plan.txt:2: ", text)
	}
}

func TestThePatternsOfAPackageAreJoined(t *testing.T) {
	p, err := readPlan("skip a TestX|TestY why\nskip b TestB why\nskip a TestZ/some_case why")
	require.NoError(t, err)
	require.Equal(t, "^(TestX|TestY)$|^(TestZ)$/^(some_case)$", p.skipFlag("a"))
	require.Empty(t, p.skipFlag("c"))
}

// source is a GOROOT/src with one package, of which one file is not for the
// machine.
func source(t *testing.T) string {
	t.Helper()
	src := t.TempDir()
	for name, text := range map[string]string{
		"p/p.go":          "package p",
		"p/p_test.go":     "package p\nfunc TestA() {}\nfunc TestAB() {}\nfunc Testing() {}\nfunc (x) TestM() {}\nfunc helper() {}",
		"p/x_test.go":     "package p_test\nfunc ExampleB() {}\nfunc (x T) generic[P any]() {}\nfunc FuzzC() {}\nfunc BenchmarkD() {}",
		"p/p_js_test.go":  "package p\nfunc TestJS() {}",
		"p/unix_test.go":  "//go:build unix\n\npackage p\nfunc TestUnix() {}",
		"left/out/l.go":   "package out",
		"left/out_test.x": "",
	} {
		file := filepath.Join(src, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o777))
		require.NoError(t, os.WriteFile(file, []byte(text+"\n"), 0o666))
	}
	return src
}

func TestWhatThePlanLeavesOutIsTold(t *testing.T) {
	p, err := readPlan("skip p TestA.*/sub why\nskip? p TestNew why\nskip left/out * so\n")
	require.NoError(t, err)
	r := newResults("go1.0")
	runnable, err := p.split(source(t), []string{"p", "left/out"}, r)
	require.NoError(t, err)
	require.Equal(t, []string{"p"}, runnable)
	require.Equal(t, []skip{
		{Package: "p", Test: "TestA/sub", Reason: "why"},
		{Package: "p", Test: "TestAB/sub", Reason: "why"},
	}, r.Packages["p"].Skips)
	require.True(t, r.Packages["left/out"].leftOut())
	var out strings.Builder
	r.tellLeftOut(&out)
	require.Regexp(t, `^--    left/out +left out: so\n$`, out.String())
}

func TestAPackageWithoutTestsIsRefused(t *testing.T) {
	p, err := readPlan("skip left/out * so\nskip p TestA why\n")
	require.NoError(t, err)
	require.NoError(t, p.known([]string{"p", "left/out", "p"}, []string{"o", "p"}))
	for _, name := range []string{"q", "p/...", "./p", "unsafe"} {
		require.ErrorContains(t, p.known([]string{"p", name}, []string{"o", "p"}), "no package "+name+" with tests")
	}
}

func TestTestsAreFoundBesideWhatTheParserDoesNotKnow(t *testing.T) {
	names, err := testNames(filepath.Join(source(t), "p"))
	require.NoError(t, err)
	require.Equal(t, []string{"ExampleB", "FuzzC", "TestA", "TestAB"}, names)
}

func TestALineThatMatchesNoTestIsAnError(t *testing.T) {
	for _, pattern := range []string{"TestB", "TestUnix", "TestJS", "Testing", "TestM", "BenchmarkD", "estA", "TestA.+."} {
		p, err := readPlan("skip p " + pattern + " why")
		require.NoError(t, err)
		_, err = p.split(source(t), []string{"p"}, newResults("go1.0"))
		require.ErrorContains(t, err, "p has no test "+pattern)
	}
}
