package qemu

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/arch/x86/x86asm"
)

func TestTheProbeIsTheInstructionsThatTheCommentsName(t *testing.T) {
	listing := func(from, to, mode int) string {
		var lines []string
		for at := from; at < to; {
			i, err := x86asm.Decode(probeCode[at:to], mode)
			require.NoError(t, err, "at %#x", at)
			lines = append(lines, x86asm.GNUSyntax(i, uint64(0x100000+at), nil))
			at += i.Len
		}
		return strings.Join(lines, "\n")
	}
	require.Equal(t, `movl $0x102003,0x101000
movl $0x103003,0x102000
movl $0x83,0x103000
mov $0x620,%eax
mov %eax,%cr4
mov $0x101000,%eax
mov %eax,%cr3
mov $0xc0000080,%ecx
rdmsr
or $0x100,%eax
wrmsr
mov $0x80000033,%eax
mov %eax,%cr0
lgdtl 0x1000a8
ljmp $0x8,$0x100072`, listing(probeStart, probeLong, 32))
	require.Equal(t, `mov $0x105000,%esp
mov $0x2a55667788,%rax
xorps %xmm15,%xmm15
movss %xmm15,-0x8(%rsp)
shr $0x20,%rax
out %al,$0xf4
hlt
jmp 0x100092`, listing(probeLong, probeData, 64))
}

func TestTheProbeRunsInEmulation(t *testing.T) {
	m := boot(t, probeCode)
	r := m.Wait()
	require.Equal(t, Exited, r.Outcome)
	require.Equal(t, probeValue, r.Code)
}

func TestTheAnswerOfTheProbeIsRemembered(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	_, known := recallProbe("qemu")
	require.False(t, known)
	rememberProbe("qemu", "too slow")
	why, known := recallProbe("qemu")
	require.True(t, known)
	require.Equal(t, "too slow", why)
	_, known = recallProbe("another")
	require.False(t, known)
	rememberProbe("qemu", "")
	why, known = recallProbe("qemu")
	require.True(t, known)
	require.Empty(t, why)
}

func TestTheProbeHasAnAnswer(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	works, why := ProbeKVM(t.Context(), "")
	require.Equal(t, works, why == "", why)
	if _, err := os.Stat("/dev/kvm"); err != nil {
		require.Equal(t, NoKVM, why)
	}
}
