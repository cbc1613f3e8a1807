package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// These tests take minutes on a machine that has compiled nothing yet, so
// they run only if this is set. "make test" does.
const toolchainsVariable = "VITRINE_TEST_TOOLCHAINS"

// toolchains are the ends of the range that is promised to work: the oldest
// Go, and the newest patch of each version. The go command fetches them.
var toolchains = []string{"go1.26.0", "go1.26.11", "go1.27.4"}

// fetch returns the GOROOT of a toolchain. It lies in the module cache,
// where everything is read-only.
func fetch(t *testing.T, version string) string {
	t.Helper()
	out, err := command(t, t.TempDir(), []string{"GOTOOLCHAIN=" + version}, "go", "env", "GOROOT")
	require.NoError(t, err, "%s cannot be fetched: %s", version, out)
	lines := strings.Split(strings.TrimSpace(out), "\n") // it says what it downloads, too
	return lines[len(lines)-1]
}

// Package tools/systest boots kernels that these build.
func TestEveryPromisedGoRunsPrograms(t *testing.T) {
	if os.Getenv(toolchainsVariable) == "" {
		t.Skipf("takes minutes; %s=1 runs it", toolchainsVariable)
	}
	for _, version := range toolchains {
		t.Run(version, func(t *testing.T) {
			root := derived(t, "-goroot", fetch(t, version))
			require.Contains(t, filepath.Base(root), version+"-")
			testUserspace(t, buildCheck(t, root))
		})
	}
}

// An older go command fetches the version that go.mod asks for, and that one
// is derived from.
func TestTheGoThatGoModAsksForIsTaken(t *testing.T) {
	if os.Getenv(toolchainsVariable) == "" {
		t.Skipf("derives from another Go; %s=1 runs it", toolchainsVariable)
	}
	newer := toolchains[len(toolchains)-1]
	dir := t.TempDir()
	mod := "module example.org/newer\n\ngo " + strings.TrimPrefix(newer, "go") + "\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), []byte(mod), 0o666))
	out, err := command(t, dir, []string{"GOTOOLCHAIN=auto"}, program, "-json")
	require.NoError(t, err, out)
	require.Contains(t, out, `"version": "`+newer+`"`)
}

func TestTheWholeLibraryBuildsAndPassesVet(t *testing.T) {
	if os.Getenv(toolchainsVariable) == "" {
		t.Skipf("takes a minute; %s=1 runs it", toolchainsVariable)
	}
	command := func(env []string, args ...string) {
		out, err := command(t, repository(t), env, filepath.Join(derived(t), "bin", "go"), args...)
		require.NoError(t, err, out)
	}
	machine := []string{"GOOS=tamago", "GOARCH=amd64", "GOOSPKG=vitrine/boot"}
	command(machine, "build", "std")
	command(machine, "vet", "runtime", "syscall", "crypto/internal/sysrand", "time", "vitrine/mm/...")

	// Editors have the derived Go look at the programs for the host, too.
	command(nil, "build", "-o", os.DevNull, "./tools/tamago")
}
