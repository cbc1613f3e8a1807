package qemu

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// entry returns the log's lines for one exception or interrupt.
func entry(n int, vector, code uint64, pc, sp, rbp uint64) string {
	return fmt.Sprintf("%6d: v=%02x e=%04x i=0 cpl=0 IP=0008:%016x pc=%016x SP=0010:%016x CR2=%016x\n"+
		"RAX=0000000000000000 RBX=0000000000000001 RCX=0000000000000002 RDX=0000000000000003\n"+
		"RSI=0000000000000004 RDI=0000000000000005 RBP=%016x RSP=%016x\n", n, vector, code, pc, pc, sp, 0x1234, rbp, sp)
}

// check returns the log's line about an exception.
func check(old, new uint32) string {
	return fmt.Sprintf("check_exception old: %#x new %#x\n", old, new)
}

func TestTheChainIsFoundInARealLog(t *testing.T) {
	log, err := os.ReadFile("testdata/pagefault.log")
	require.NoError(t, err)
	f := parseTriple(string(log))
	require.NotNil(t, f)
	require.Equal(t, []Exception{{Vector: 14}, {Vector: 13, Double: true}, {Vector: 13}}, f.Chain)
	require.Equal(t, uint64(0xffffffff802cb16d), f.PC)
	require.Equal(t, uint64(0xffffff8040440ce0), f.SP)
	require.EqualValues(t, 0x10, f.CR2)
	require.Equal(t, uint64(0xffffff8040440cf0), f.registers["RBP"])
	require.EqualValues(t, 0x476000, f.registers["CR3"])
	require.Equal(t, -1, f.During, "the interrupt before was somewhere else")
}

func TestWhatTheFirstExceptionInterruptedIsFound(t *testing.T) {
	const pc, sp = 0xffffffff80200100, 0xffffff8040001000
	for _, c := range []struct {
		name, log string
		want      []Exception
		during    int
	}{
		{
			name: "an interrupt without a gate",
			log: entry(1, 0x20, 0, pc, sp, 0) + check(noneBefore, 13) + entry(2, 13, 0x103, pc, sp, 0) +
				check(13, 13) + entry(3, 8, 0, pc, sp, 0) + check(8, 13) + tripleLine,
			want:   []Exception{{Vector: 13, Code: 0x103}, {Vector: 13, Double: true}, {Vector: 13}},
			during: 0x20,
		},
		{
			name: "a served page fault before",
			log: check(noneBefore, 14) + entry(1, 14, 2, pc-8, sp, 0) + check(noneBefore, 14) + entry(2, 14, 2, pc, sp, 7) +
				check(14, 14) + entry(3, 8, 0, pc, sp, 0) + check(8, 14) + tripleLine,
			want:   []Exception{{Vector: 14, Code: 2}, {Vector: 14, Double: true}, {Vector: 14}},
			during: -1,
		},
		{
			name: "an invalid opcode, which is benign",
			log: check(noneBefore, 6) + entry(1, 6, 0, pc, sp, 0) + check(noneBefore, 13) + entry(2, 13, 0x32, pc, sp, 0) +
				check(13, 13) + entry(3, 8, 0, pc, sp, 0) + check(8, 13) + tripleLine,
			want:   []Exception{{Vector: 6}, {Vector: 13, Code: 0x32}, {Vector: 13, Double: true}, {Vector: 13}},
			during: -1,
		},
		{
			name:   "a log that begins in the middle",
			log:    "RSI=0000000000000004 RDI=5\n" + check(noneBefore, 14) + entry(1, 14, 3, pc, sp, 0) + check(14, 14) + tripleLine,
			want:   []Exception{{Vector: 14, Code: 3}, {Vector: 14}},
			during: -1,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := parseTriple(c.log)
			require.NotNil(t, f)
			require.Equal(t, c.want, f.Chain)
			require.Equal(t, c.during, f.During)
			require.Equal(t, uint64(pc), f.PC)
		})
	}
}

// The lines of several processors are mixed; here those of a second one, which
// takes interrupts, with those of a triple fault on the first.
func TestTheOthersAreLeftOut(t *testing.T) {
	const pc, sp, idle, other = 0xffffffff80200100, 0xffffff8040001000, 0xffffffff80300000, 0xffffff8040002000
	head := func(vector, code uint64, pc, sp uint64) string {
		return fmt.Sprintf(" 12: v=%02x e=%04x i=0 cpl=0 IP=0008:%016x pc=%016x SP=0010:%016x", vector, code, pc, pc, sp)
	}
	registers := func(cpu int, pc, sp uint64) string {
		return fmt.Sprintf("RAX=0000000000000000 RBX=%016x RCX=0000000000000002 RDX=0000000000000003\n"+
			"RSI=0000000000000004 RDI=0000000000000005 RBP=0000000000000006 RSP=%016x\n"+
			"RIP=%016x RFL=00000086\nTR =0028 ffffffff8060%04x 00000067 00008900 DPL=0 TSS64-avl\n"+
			"CR0=80010033 CR2=%016x CR3=0000000001000000 CR4=000006a0\n", cpu, sp, pc, cpu, 0x1230+cpu)
	}
	interrupt := head(0xf1, 0, idle, other) + " env->regs[R_EAX]=0000000000000001\n" + registers(2, idle, other)
	for name, log := range map[string]string{
		"between": interrupt + check(noneBefore, 14) + interrupt + head(14, 2, pc, sp) + " CR2=0000000000001231\n" +
			registers(1, pc, sp) + interrupt + check(14, 13) + interrupt + head(8, 0, pc, sp) + "\n" + registers(1, pc, sp) +
			interrupt + check(8, 13) + interrupt,
		"within a line": check(noneBefore, 14) + head(14, 2, pc, sp) + head(0xf1, 0, idle, other) + " CR2=0000000000001231\n" +
			" env->regs[R_EAX]=0000000000000001\n" + registers(2, idle, other) + registers(1, pc, sp) +
			check(14, 13) + head(8, 0, pc, sp) + "\n" + registers(1, pc, sp) + check(8, 13),
		"both fault": check(noneBefore, 14) + head(14, 2, pc, sp) + " CR2=0000000000001231\n" + registers(1, pc, sp) +
			check(noneBefore, 14) + head(14, 3, idle, other) + " CR2=0000000000001232\n" + registers(2, idle, other) +
			check(14, 13) + head(8, 0, pc, sp) + "\n" + registers(1, pc, sp) + check(8, 13),
	} {
		f := parseTriple(log + tripleLine)
		require.NotNil(t, f, name)
		require.Equal(t, []Exception{{Vector: 14, Code: 2}, {Vector: 13, Double: true}, {Vector: 13}}, f.Chain, name)
		require.Equal(t, []uint64{pc, sp, 0x1231, 1}, []uint64{f.PC, f.SP, f.CR2, f.registers["RBX"]}, name)
		require.Equal(t, -1, f.During, name)
	}
}

// The log is emptied at a reset, which may be in the middle of what led to it.
func TestTheFirmwaresTripleFaultIsKnownByWhatIsLeftOfIt(t *testing.T) {
	const firmware, guest = 0xefaad, 0x100028
	for pc, want := range map[uint64]bool{firmware: true, guest: false} {
		rest := check(13, 13) + entry(5, 8, 0, pc, 0xfc8, 0) + check(8, 13) + tripleLine + "\n"
		require.Nil(t, parseTriple(rest))
		require.Equal(t, want, inFirmware(rest))
		require.Equal(t, want, inFirmware(tripleLine+fmt.Sprintf("\nCPU Reset (CPU 0)\nEAX=00000006\nEIP=%08x EFL=00000046\n", pc)))
	}
	require.False(t, inFirmware(tripleLine))
}

func TestALogWithoutATripleFaultHasNone(t *testing.T) {
	require.Nil(t, parseTriple(""))
	require.Nil(t, parseTriple(check(noneBefore, 14)+entry(1, 14, 0, 1, 2, 3)))
	require.Nil(t, parseTriple(tripleLine), "nothing is known about it")
	require.Nil(t, parseTriple(check(14, 14)+tripleLine), "its start is lost")
}

func TestTheReportNamesThePlaceAndTheReason(t *testing.T) {
	f := &Fault{
		Chain: []Exception{{Vector: 14, Code: 2}, {Vector: 14, Code: 2, Double: true}, {Vector: 13}},
		PC:    0xffffffff80200100, SP: 0xffffff8040001000, CR2: 0xffffff8040000ff8, During: 0x21,
		Callers:   []uint64{0xffffffff80200205},
		Registers: "\r\nCPU#0\r\nRAX=1\r\nFCW=037f\r\nXMM00=0\r\n",
	}
	var b strings.Builder
	f.Report(&b, func(pc uint64) string {
		return map[uint64]string{0xffffffff80200100: "a.f+0x10  a.go:5", 0xffffffff80200204: "b.g  b.go:7"}[pc]
	})
	require.Equal(t, `triple fault: the processor gave up and asked for a reset
  1. #PF page fault at address 0xffffff8040000ff8 (write, page not present) while delivering interrupt 33 (0x21)
  2. #PF page fault while delivering that: #DF double fault
  3. #GP general protection while delivering that: triple fault
  at      0xffffffff80200100  a.f+0x10  a.go:5
  called  0xffffffff80200204  b.g  b.go:7
  stack   0xffffff8040001000, privilege level 0
  CPU#0
  RAX=1
`, b.String())

	b.Reset()
	(&Fault{During: -1}).Report(&b, nil)
	require.Contains(t, b.String(), "KVM does not say")
}

func TestPageFaultCodesAreDecoded(t *testing.T) {
	for code, want := range map[uint64]string{
		0: "read, page not present", 2: "write, page not present", 3: "write, rights violated",
		0x11: "instruction fetch, rights violated", 4: "user read, page not present", 9: "read, reserved bit set",
	} {
		require.Equal(t, want, pageFaultText(code))
	}
}

func TestEveryExceptionHasAName(t *testing.T) {
	require.Equal(t, "#DE divide error", Exception{}.String())
	require.Equal(t, "exception 9", Exception{Vector: 9}.String())
	require.Equal(t, "exception 200", Exception{Vector: 200}.String())
}

func FuzzParseTriple(f *testing.F) {
	log, err := os.ReadFile("testdata/pagefault.log")
	require.NoError(f, err)
	f.Add(string(log))
	f.Add(check(noneBefore, 6) + entry(1, 6, 0, 1, 2, 3) + tripleLine)
	f.Fuzz(func(t *testing.T, log string) {
		if fault := parseTriple(log); fault != nil {
			require.NotEmpty(t, fault.Chain)
			fault.Report(&strings.Builder{}, nil)
		}
	})
}
