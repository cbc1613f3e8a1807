package archtest

import (
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// floors reads the table: the floor of each package that runs on the machine.
func floors(t *testing.T) map[string]int {
	floor := map[string]int{}
	for _, row := range table(t, architecture, "floors") {
		n, err := strconv.Atoi(row[0])
		require.NoError(t, err, "floor of %s", row[1])
		names := code(row[1])
		require.NotEmpty(t, names, "a row of floor %d names no package", n)
		require.NotEmpty(t, row[2], "what does %v own?", names)
		for _, name := range names {
			require.NotContains(t, floor, name, "the table has it twice")
			floor[name] = n
		}
	}
	return floor
}

// exceptions reads which imports are allowed although the floors forbid them.
func exceptions(t *testing.T) map[[2]string]bool {
	allowed := map[[2]string]bool{}
	for _, row := range table(t, architecture, "exceptions") {
		for _, from := range code(row[0]) {
			for _, to := range code(row[1]) {
				allowed[[2]string{from, to}] = false
			}
		}
		require.NotEmpty(t, row[2], "the exception of %s has no reason", row[0])
	}
	return allowed
}

func TestEveryPackageImportsLowerFloorsOnly(t *testing.T) {
	floor, allowed, fakes := floors(t), exceptions(t), column(t, "fakes")
	for _, s := range sources(t) {
		if s.test || !kernelCode(s.dir) || slices.Contains(fakes, s.dir) {
			continue
		}
		from, known := floor[s.dir]
		if !known {
			continue // TestThePictureIsComplete says so
		}
		own, _ := s.imports()
		for _, path := range own {
			to, known := floor[path]
			if _, ok := allowed[[2]string{s.dir, path}]; ok {
				allowed[[2]string{s.dir, path}] = true
				continue
			}
			switch {
			case slices.Contains(fakes, path): // TestFakesAreImportedByTestsOnly says so
			case !known:
				t.Errorf("%s imports %s, which stands on no floor", s.path, path)
			case to >= from:
				t.Errorf("%s (floor %d) imports %s (floor %d)", s.path, from, path, to)
			}
		}
	}
	for pair, used := range allowed {
		require.True(t, used, "nobody needs the exception %s -> %s", pair[0], pair[1])
	}
}

func TestThePictureIsComplete(t *testing.T) {
	have := map[string]bool{}
	for _, s := range sources(t) {
		have[s.dir] = true
	}
	want := map[string]bool{}
	for name := range floors(t) {
		want[name] = true
	}
	for _, name := range append(column(t, "fakes"), column(t, "tools")...) {
		want[name] = true
	}
	for name := range have {
		if !want[name] {
			t.Errorf("%s has no row in %s", name, architecture)
		}
	}
	for name := range want {
		if !have[name] {
			t.Errorf("%s has a row for %s, which is not there", architecture, name)
		}
	}
}

// Tests of a package may use the fakes, and for the bare machine they bring it
// up; apart from that they, too, look down only.
func TestFakesAreImportedByTestsOnly(t *testing.T) {
	fakes := column(t, "fakes")
	for _, s := range sources(t) {
		if s.test || slices.Contains(fakes, s.dir) {
			continue
		}
		own, _ := s.imports()
		for _, path := range own {
			if slices.Contains(fakes, path) {
				t.Errorf("%s imports %s, which is for tests", s.path, path)
			}
		}
	}
}

func TestTheKernelAndTheHostProgramsDoNotImportEachOther(t *testing.T) {
	for _, s := range sources(t) {
		own, _ := s.imports()
		for _, path := range own {
			require.Equal(t, kernelCode(s.dir), kernelCode(path), "%s imports %s", s.path, path)
		}
	}
}
