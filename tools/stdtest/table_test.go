package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestThePageTellsOfEveryPackageAndEverySkip(t *testing.T) {
	old := &results{Go: "go1.0", Packages: map[string]*outcome{
		"a": {Passed: 3, Ok: true, Skips: []skip{{Package: "a", Test: "TestX", Reason: "no | x"}, {Package: "a", Test: "TestW", Reason: "no | x"}}},
		"b": {Skips: []skip{{Package: "b", Test: "*", Reason: "needs b"}}},
		"c": {Passed: 1, Failed: 2},
	}}
	young := &results{Go: "go1.1", Packages: map[string]*outcome{
		"a": {Passed: 4, Ok: true, Skips: []skip{{Package: "a", Test: "TestX", Reason: "no | x"}}},
		"b": {Skips: []skip{{Package: "b", Test: "*", Reason: "needs b"}}},
		"d": {Passed: 5, Ok: true},
		"e": {Ok: true},
	}}
	text := page([]*results{old, young})
	for _, row := range []string{
		"| go1.0 | 1 | 1 | 1 | 4 | 2 | 2 |\n",
		"| go1.1 | 2 | 0 | 1 | 9 | 0 | 1 |\n",
		"| a | 3 passed, 2 skipped | 4 passed, 1 skipped |\n",
		"| c | 1 passed, 2 FAILED | not run |\n",
		"| d | not run | 5 passed |\n",
		"| b | \\* | needs b |  |\n",
		"| a | TestX | no \\| x |  |\n",
		"| a | TestW | no \\| x | go1.0 |\n",
	} {
		require.Contains(t, text, row)
	}
	require.NotContains(t, text, "| b | left out")
	require.NotContains(t, text, "| e |", "it has benchmarks only")
}
