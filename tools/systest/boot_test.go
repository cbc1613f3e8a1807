package systest

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu"
	"vitrine/tools/qemu/qemutest"
)

// TestBootsOnEveryMachine boots with each amount of memory on each kind of
// machine with each processor, and counts through the number of processors.
// Time is the host's, as when a person boots it: processors run side by side.
func TestBootsOnEveryMachine(t *testing.T) {
	smp := 0
	for _, machine := range []string{"pc", "q35"} {
		for _, cpu := range []string{"qemu64", "Nehalem", "max"} {
			for _, memory := range []int{16, 64, 512, 4096, 8192} {
				n := smp%8 + 1
				smp++
				t.Run(fmt.Sprintf("%s/%s/%dMiB/%dCPUs", machine, cpu, memory, n), func(t *testing.T) {
					t.Parallel()
					m := boot(t, realTime, func(c *qemu.Config) {
						c.Machine, c.CPU, c.Memory, c.SMP = machine, cpu, memory, n
					})
					requireHealthy(t, m)
					requireMemory(t, m, memory)
				})
			}
		}
	}
}

// TestBootsThroughGRUB boots as each entry of the ISO's menu does it.
func TestBootsThroughGRUB(t *testing.T) {
	for _, c := range []struct {
		entry  int
		uefi   bool
		loader string // as the kernel's log has it
		screen string
	}{
		{entry: 0, loader: "multiboot 2", screen: "framebuffer"},
		{entry: 1, loader: "multiboot 2", screen: "text"},
		{entry: 2, loader: "multiboot 1", screen: "text"},
		{entry: 0, uefi: true, loader: "multiboot 2", screen: "framebuffer"},
	} {
		firmware := map[bool]string{false: "BIOS", true: "UEFI"}[c.uefi]
		for _, machine := range []string{"pc", "q35"} {
			t.Run(fmt.Sprintf("%s/%s/%s/%s", machine, firmware, c.loader, c.screen), func(t *testing.T) {
				t.Parallel()
				iso := makeISO(t, c.entry)
				m := bootISO(t, iso, func(q *qemu.Config) {
					q.Machine, q.UEFI, q.Memory = machine, c.uefi, 256
				})
				requireHealthy(t, m)
				out := m.Run("boot")
				require.Regexp(t, `(?i)GRUB`, out)
				require.Regexp(t, `(?i)`+c.loader, out)
			})
		}
	}
}

// requireHealthy makes sure that the kernel answers and has nothing to
// complain of.
func requireHealthy(t *testing.T, m *qemutest.Machine) {
	t.Helper()
	require.Equal(t, "hello\n", m.Run("echo hello"))
	require.Empty(t, m.Run("log -l warn"), "the kernel's log has warnings")
}

// ramLine is the first line of the command mem.
var ramLine = regexp.MustCompile(`RAM .* (\d+) frames of 4 KiB`)

// requireMemory makes sure that the kernel uses all the memory that there is:
// what is missing is the hole below 1 MiB and firmware's tables.
func requireMemory(t *testing.T, m *qemutest.Machine, mib int) {
	t.Helper()
	out := m.Run("mem")
	found := ramLine.FindStringSubmatch(out)
	require.NotNil(t, found, "%s", out)
	frames, err := strconv.Atoi(found[1])
	require.NoError(t, err)
	require.LessOrEqual(t, frames, mib<<8)
	require.Greater(t, frames, mib<<8-256, "more than 1 MiB is missing")
}

// The serial line of a machine that starts throws away what has arrived before.
func TestInputFromAPipeWaitsForThePrompt(t *testing.T) {
	t.Parallel()
	command := exec.Command(filepath.Join(qemutest.Root(t), "build", "vit"), "run", "-icount", "3", "-kvm", "off",
		"-qmp", "", "-timeout", fmt.Sprint(qemutest.Limit), qemutest.Image(t))
	var lines, want string
	for n := range 100 { // more than fits in a FIFO, or a ring
		lines += fmt.Sprintf("echo this is line number %d of them all\n", n)
		want += fmt.Sprintf("\nthis is line number %d of them all", n)
	}
	command.Stdin = strings.NewReader(lines + "poweroff\n")
	out, err := command.CombinedOutput()
	require.NoError(t, err, "%s", out)
	said := regexp.MustCompile(`(?m)^this is line .* all$`).FindAllString(strings.ReplaceAll(string(out), "\r", ""), -1)
	require.Equal(t, strings.TrimPrefix(want, "\n"), strings.Join(said, "\n"))
}
