package symbol

import (
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLookupFindsThisLine(t *testing.T) {
	pc, _, line, _ := runtime.Caller(0)
	p, ok := Lookup(pc)
	require.True(t, ok)
	require.True(t, strings.HasSuffix(p.Function, "symbol.TestLookupFindsThisLine"), p.Function)
	require.True(t, strings.HasSuffix(p.File, "symbol_test.go"), p.File)
	require.Equal(t, line, p.Line)
	require.NotZero(t, p.Offset)

	name, start, ok := Function(pc)
	require.True(t, ok)
	require.Equal(t, p.Function, name)
	require.Equal(t, pc-p.Offset, start)
}

func TestLookupRefusesWhatIsNotCode(t *testing.T) {
	for _, pc := range []uintptr{0, 1, 1 << 30, ^uintptr(0)} {
		_, ok := Lookup(pc)
		require.False(t, ok, "%#x", pc)
		_, _, ok = Function(pc)
		require.False(t, ok, "%#x", pc)
	}
}

func TestLookupSurvivesTheBytesBetweenFunctions(t *testing.T) {
	pc, _, _, _ := runtime.Caller(0)
	for end := pc + 8<<10; pc < end; pc++ {
		p, ok := Lookup(pc)
		require.True(t, ok)
		require.NotEmpty(t, p.Function)
	}
}
