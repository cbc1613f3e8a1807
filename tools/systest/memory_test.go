package systest

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu"
)

// oomCounts finds how many frames are free before and after the command fault oom,
// and how many are used by others than the heap.
var oomCounts = regexp.MustCompile(`frames free before: (\d+), after: (\d+); used without the heap's, before: (\d+), after: (\d+)\n`)

// TestOutOfMemoryIsAnEvent and afterwards all is as before, to the frame, once the
// heap has found its shape: the first time it takes of its reserve.
func TestOutOfMemoryIsAnEvent(t *testing.T) {
	for name, change := range map[string]func(*qemu.Config){
		"1CPU":  func(*qemu.Config) {},
		"4CPUs": func(c *qemu.Config) { c.SMP, c.Icount = 4, "" },
		"8CPUs": func(c *qemu.Config) { c.SMP, c.Icount = 8, "" }, // the heap grows by an arena
		"24MiB": func(c *qemu.Config) { c.Memory = 24 },           // the reserve is smaller
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, tries := boot(t, change), 0
			var last []string
			for same := false; !same; {
				require.Less(t, tries, 20, "never as before")
				tries++
				out := m.Run("fault oom")
				for _, who := range []string{"one more frame", "page table, by mapping a page", "touching a page of a demand-zero region"} {
					require.Regexp(t, who+` +the error 'out of physical memory'\n`, out)
				}
				require.Regexp(t, `for a MiB of the Go heap +it,`, out)
				last = oomCounts.FindStringSubmatch(out)
				require.NotNil(t, last, out)
				t.Log(last[0])
				same = last[1] == last[2] && last[3] == last[4]
			}
			require.Regexp(t, `(?m)^  reserve +(10|2) MiB`, m.Run("mem"))
			require.Equal(t, "hello\n", m.Run("echo hello"))
		})
	}
}

// TestTheHeapsLimitIsOfWhatModulesLeave and not of all RAM.
func TestTheHeapsLimitIsOfWhatModulesLeave(t *testing.T) {
	t.Parallel()
	module := filepath.Join(t.TempDir(), "module")
	require.NoError(t, os.WriteFile(module, nil, 0o600))
	require.NoError(t, os.Truncate(module, 40<<20))
	m := boot(t, func(c *qemu.Config) { c.Memory, c.Modules = 96, []string{module} })
	limit := regexp.MustCompile(`(?m)^  limit +(\d+)\.\d MiB`).FindStringSubmatch(m.Run("mem"))
	require.NotNil(t, limit)
	require.Equal(t, "41", limit[1], "three quarters of 56 MiB, less a little that the firmware has")
}
