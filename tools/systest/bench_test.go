package systest

import (
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu"
)

// TestWhatTheProjectHasPromisedIsCheap counts instructions, which are the same in
// every run; another compiler may need some more. (make bench compares with the
// targets themselves.)
func TestWhatTheProjectHasPromisedIsCheap(t *testing.T) {
	t.Parallel()
	const nsPerInstruction = 8
	m := boot(t, func(c *qemu.Config) { c.Icount = "3" })
	for name, most := range map[string]float64{
		"frame.allocfree": 150 + 20,
		"fault.zero":      3000,
		"irq.goroutine":   5000,
	} {
		out := m.Run("bench -json " + name)
		found := regexp.MustCompile(`"name":"` + regexp.QuoteMeta(name) + `".*?"ns":([0-9.]+)`).FindStringSubmatch(out)
		require.NotNil(t, found, out)
		ns, err := strconv.ParseFloat(found[1], 64)
		require.NoError(t, err)
		t.Logf("%s: %.0f instructions", name, ns/nsPerInstruction)
		require.LessOrEqual(t, ns/nsPerInstruction, most, name)
	}
}
