package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// start starts the command as a process.
func start(t *testing.T, args ...string) (cmd *exec.Cmd, stdout, stderr *bytes.Buffer) {
	t.Helper()
	stdout, stderr = new(bytes.Buffer), new(bytes.Buffer)
	cmd = exec.Command(program, args...)
	cmd.Stdout, cmd.Stderr = stdout, stderr
	require.NoError(t, cmd.Start())
	return cmd, stdout, stderr
}

// startedTree waits until a derivation in cache has put something into its
// temporary tree, and returns that.
func startedTree(t *testing.T, cache string) (tmp string) {
	t.Helper()
	require.Eventually(t, func() bool {
		found, _ := filepath.Glob(filepath.Join(cache, "*.tmp*", "src", "runtime"))
		if len(found) == 1 {
			tmp = filepath.Dir(filepath.Dir(found[0]))
		}
		return tmp != ""
	}, time.Minute, time.Millisecond)
	return tmp
}

// trees lists what is in cache besides locks.
func trees(t *testing.T, cache string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(cache)
	require.NoError(t, err)
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".lock") {
			names = append(names, e.Name())
		}
	}
	return names
}

// One test for three things, as each derivation takes seconds: the trees that
// come out of the first two are compared in the third.
func TestDerivationIsSafeAndReproducible(t *testing.T) {
	derived(t) // from here on, the packages of cmd/go are in Go's build cache
	cache1, cache2 := t.TempDir(), t.TempDir()

	t.Run("killed in the middle, it leaves nothing that counts", func(t *testing.T) {
		cmd, _, _ := start(t, "-cache", cache1)
		tmp := startedTree(t, cache1)
		require.NoError(t, cmd.Process.Signal(syscall.SIGKILL))
		require.Error(t, cmd.Wait())
		require.Equal(t, []string{filepath.Base(tmp)}, trees(t, cache1))

		root := derived(t, "-cache", cache1)
		require.Equal(t, []string{filepath.Base(root)}, trees(t, cache1))
	})

	t.Run("interrupted, it cleans up", func(t *testing.T) {
		cmd, stdout, stderr := start(t, "-cache", cache2)
		startedTree(t, cache2)
		require.NoError(t, cmd.Process.Signal(syscall.SIGINT))
		require.Error(t, cmd.Wait())
		require.Equal(t, exitInterrupted, cmd.ProcessState.ExitCode())
		require.Empty(t, stdout.String())
		require.Contains(t, stderr.String(), "interrupted")
		require.Empty(t, trees(t, cache2))
	})

	t.Run("started twice at once, it works once", func(t *testing.T) {
		first, out1, errs1 := start(t, "-json", "-cache", cache2)
		startedTree(t, cache2)
		second, out2, errs2 := start(t, "-json", "-cache", cache2)
		require.NoError(t, first.Wait(), errs1)
		require.NoError(t, second.Wait(), errs2)
		require.Contains(t, out1.String(), `"cached": false`)
		require.Contains(t, out2.String(), `"cached": true`)
		require.Contains(t, errs2.String(), "waiting")
		require.Len(t, trees(t, cache2), 1)
	})

	t.Run("twice derived, it is the same to the byte", func(t *testing.T) {
		out, err := exec.Command("diff", "-r", "--no-dereference", cache1, cache2).CombinedOutput()
		require.NoError(t, err, string(out))
		root := derived(t, "-cache", cache1)
		for _, file := range []string{"bin/go", "pkg/tool/" + runtime.GOOS + "_" + runtime.GOARCH + "/compile", "src/runtime/os_tamago.go"} {
			require.FileExists(t, filepath.Join(root, file))
		}
		require.NoDirExists(t, filepath.Join(root, "src/cmd"))
	})
}

func TestRubbishOfOtherVersionsIsRemovedUnlessInUse(t *testing.T) {
	cache := t.TempDir()
	for _, name := range []string{"go1.26.1-aa.tmp1", "go1.26.1-bb.tmp2", "go1.26.2-cc.tmp3"} {
		require.NoError(t, os.Mkdir(filepath.Join(cache, name), 0o777))
	}
	unlock, err := lock(t.Context(), filepath.Join(cache, "go1.26.1-bb"), func() { t.Error("nobody to wait for") })
	require.NoError(t, err)
	defer unlock()
	sweep(cache, filepath.Join(cache, "go1.26.2-cc"))
	require.Equal(t, []string{"go1.26.1-bb.tmp2"}, trees(t, cache))
}

func TestTreesThatNobodyAsksForAreRemovedAfterAMonth(t *testing.T) {
	cache := t.TempDir()
	long := time.Now().Add(-unused - time.Hour)
	for _, name := range []string{"go1.26.1-old", "go1.26.2-used", "go1.26.3-own"} {
		tree := filepath.Join(cache, name)
		require.NoError(t, os.Mkdir(tree, 0o777))
		require.NoError(t, os.WriteFile(tree+".lock", nil, 0o666))
		require.NoError(t, os.Chtimes(tree+".lock", long, long))
	}
	touch(filepath.Join(cache, "go1.26.2-used"))
	prune(cache, filepath.Join(cache, "go1.26.3-own"))
	require.Equal(t, []string{"go1.26.2-used", "go1.26.3-own"}, trees(t, cache))
}

func TestATreeThatSomebodyElseInstalledFirstIsUsed(t *testing.T) {
	dir := t.TempDir()
	tmp, tree := filepath.Join(dir, "x.tmp1"), filepath.Join(dir, "x")
	for _, d := range []string{tmp, tree} {
		require.NoError(t, os.MkdirAll(filepath.Join(d, "bin"), 0o777))
		require.NoError(t, os.WriteFile(filepath.Join(d, "bin", "go"), []byte(d), 0o777))
	}
	require.NoError(t, install(tmp, tree))
	b, err := os.ReadFile(filepath.Join(tree, "bin", "go"))
	require.NoError(t, err)
	require.Equal(t, tree, string(b))

	// A damaged one is replaced.
	require.NoError(t, os.Remove(filepath.Join(tree, "bin", "go")))
	require.NoError(t, install(tmp, tree))
	require.True(t, complete(tree))
}

func TestACacheThatCannotBeUsedIsExplained(t *testing.T) {
	status, _, errs := call("-cache", "/dev/null/cache")
	require.Equal(t, exitFailure, status)
	require.Contains(t, errs, "XDG_CACHE_HOME")

	gocache, err := command(t, ".", nil, "go", "env", "GOCACHE")
	require.NoError(t, err)
	for _, v := range []string{"HOME", "XDG_CACHE_HOME"} {
		t.Setenv(v, "")
	}
	t.Setenv("GOCACHE", strings.TrimSpace(gocache))
	status, _, errs = call()
	require.Equal(t, exitFailure, status)
	require.Contains(t, errs, "-cache")
	require.Contains(t, errs, "$HOME")
}

func TestWithoutAHomeTheBuildCacheIsInOurs(t *testing.T) {
	stock, err := findStock(t.Context(), "")
	require.NoError(t, err)
	require.NotEqual(t, "/c/go-build", buildCache(t.Context(), stock, "/c"))
	for _, v := range []string{"HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "GOCACHE"} {
		t.Setenv(v, "")
	}
	require.Equal(t, "/c/go-build", buildCache(t.Context(), stock, "/c"))
}
