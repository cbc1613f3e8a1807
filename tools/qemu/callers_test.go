package qemu

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheCallerOfAFunctionWithoutAFrameIsFound(t *testing.T) {
	const (
		direct = "0: 0xe8 0xfb 0x00 0x00 0x00" // from ...ff0, returns to ...ff5, calls 0xffffffff802000f0
		other  = "0: 0xe8 0xfb 0x10 0x00 0x00"
	)
	for _, c := range []struct {
		name, call, code string
		found            bool
	}{
		{"nothing pushed yet", direct, "0: 0x48 0x8b 0x44 0x24 0x08 0x48 0x89 0xc4 0x0f 0x1f 0x80 0x00 0x00 0x00 0x00 0x90", true},
		{"a frame", direct, "0: 0x55 0x48 0x89 0xe5 0x0f 0x1f 0x80 0x00 0x00 0x00 0x00 0x0f 0x1f 0x44 0x00 0x00", false},
		{"another function", other, "", false},
		{"what is on the stack is no return address", "0: 0x00 0x00 0x00 0x00 0x00", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, ask := frozen(t, map[string]string{
				"x/1gx 0xffffff8040000ff0":  "0: 0xffffffff801ffff5",
				"x/5bx 0xffffffff801ffff0":  c.call,
				"x/16bx 0xffffffff802000f0": c.code,
				"x/2gx 0xffffff8040001000":  "0: 0x0000000000000000 0xffffffff80300000",
			})
			f.SP, f.registers["RBP"] = 0xffffff8040000ff0, 0xffffff8040001000
			f.findCallers(ask)
			if c.found {
				require.Equal(t, []uint64{0xffffffff801ffff5, 0xffffffff80300000}, f.Callers)
			} else {
				require.Equal(t, []uint64{0xffffffff80300000}, f.Callers)
			}
		})
	}
}

func TestTheFirstInstructionOfAFunctionHasACaller(t *testing.T) {
	f, ask := frozen(t, map[string]string{
		"x/1gx 0x8":                "0: 0xffffffff802000fb",
		"x/5bx 0xffffffff802000f6": "0: 0xe8 0x05 0x00 0x00 0x00",
	})
	f.SP = 8
	f.findCallers(ask)
	require.Equal(t, []uint64{0xffffffff802000fb}, f.Callers)
}

func TestAStackThatGoesDownEndsTheWalk(t *testing.T) {
	f, ask := frozen(t, map[string]string{"x/2gx 0x1000": "0: 0x0000000000000800 0xffffffff80300000"})
	f.registers["RBP"] = 0x1000
	f.findCallers(ask)
	require.Equal(t, []uint64{0xffffffff80300000}, f.Callers)
}

func TestCodeIsDecodedAsTheProcessorWouldHave(t *testing.T) {
	for cr0, want := range map[uint64]string{
		0x80000011: "48 c7 00 01 00 00 00  mov qword ptr [rax], 0x1",
		0x11:       "48  dec eax",
		0x10:       "48  dec ax",
	} {
		f, _ := frozen(t, nil)
		f.registers["CR0"] = cr0
		f.Code = []byte("\x48\xc7\x00\x01\x00\x00\x00")
		require.Equal(t, want, f.instruction())
	}
	f, ask := frozen(t, nil)
	f.registers = nil // the log has lost them
	f.Code = []byte("\x48\x8b\x00")
	require.Equal(t, "48 8b 00  mov rax, qword ptr [rax]", f.instruction())
	f.findCallers(ask)
	var b strings.Builder
	f.Report(&b, nil)
	require.Contains(t, b.String(), "mov rax, qword ptr [rax]")
}
