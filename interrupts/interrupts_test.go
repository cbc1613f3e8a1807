package interrupts

import (
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
	"golang.org/x/arch/x86/x86asm"

	"vitrine/drivers/ioport/porttest"
	"vitrine/mm"
)

func TestGateSplitsTheAddressIntoThree(t *testing.T) {
	g := NewGate(0x1122_3344_5566_7788, 5)
	require.Equal(t, Gate{lo: 0x5566_8e05_0008_7788, hi: 0x1122_3344}, g)
	require.Equal(t, mm.VirtAddr(0x1122_3344_5566_7788), g.Handler())
	require.Equal(t, 5, g.IST())
	require.Equal(t, KernelCode, g.Selector())
	require.Zero(t, g.DPL())
	require.True(t, g.Present())
	require.False(t, Gate{}.Present())
}

func TestTSSDescriptorSplitsTheBaseIntoFour(t *testing.T) {
	lo, hi := tssDescriptor(0x1122_3344_5566_7788)
	require.Equal(t, uint64(0x55_00_89_667788_0067), lo)
	require.Equal(t, uint64(0x1122_3344), hi)
}

func TestTSSHasTheProcessorsLayout(t *testing.T) {
	var s TSS
	require.EqualValues(t, 104, unsafe.Sizeof(s))
	require.EqualValues(t, 4, unsafe.Offsetof(s.rsp))
	require.EqualValues(t, 36, unsafe.Offsetof(s.ist))
	require.EqualValues(t, 102, unsafe.Offsetof(s.iomap))
	s.SetStack(2, 0x1122_3344_5566_7788)
	require.Equal(t, mm.VirtAddr(0x1122_3344_5566_7788), s.Stack(2))
	require.Zero(t, s.Stack(1))
	s.SetStack(0, 1)
	s.SetStack(8, 1)
	require.Zero(t, s.Stack(0))
	require.Zero(t, s.Stack(8))
}

func TestFrameHasTheProcessorsLayout(t *testing.T) {
	var f Frame
	require.EqualValues(t, 120, unsafe.Offsetof(f.Vector))
	require.EqualValues(t, 136, unsafe.Offsetof(f.IP))
	require.EqualValues(t, 176, unsafe.Sizeof(f))
}

func TestTableOperand(t *testing.T) {
	op := tableOperand(mm.VirtAddr(0x1122_3344_5566_7788).Pointer(), 0x1000)
	require.Equal(t, [10]byte{0xff, 0x0f, 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11}, op)
}

// Each stub pushes an error code unless the processor does, and its vector.
func TestEveryVectorHasAStub(t *testing.T) {
	for v := range Vectors {
		at := mm.VirtAddr(vectorsAddress()) + mm.VirtAddr(v*stubSize)
		code := at.Bytes(stubSize)
		next := func() x86asm.Inst {
			i, err := x86asm.Decode(code, 64)
			require.NoError(t, err)
			code = code[i.Len:]
			return i
		}
		i := next()
		if e, ok := ExceptionOf(uint8(v)); !ok || !e.HasError {
			require.Equal(t, "PUSH 0x0", i.String(), "vector %d", v)
			i = next()
		}
		require.Equal(t, x86asm.PUSH, i.Op)
		require.Equal(t, x86asm.Imm(v), i.Args[0], "vector %d", v)
		require.Equal(t, x86asm.JMP, next().Op)
	}
}

func TestVectorsThatBreakIntoHandlersHaveStacksOfTheirOwn(t *testing.T) {
	require.Equal(t, StackException, stackFor(PageFault))
	require.Equal(t, StackInterrupt, stackFor(32))
	require.Equal(t, StackInterrupt, stackFor(255))
	seen := map[int]bool{StackException: true, StackInterrupt: true}
	for _, v := range []int{NMI, DoubleFault, MachineCheck} {
		require.False(t, seen[stackFor(v)], "vector %d", v)
		seen[stackFor(v)] = true
	}
}

func TestSelectorErrorNamesTableAndIndex(t *testing.T) {
	require.Equal(t, "no selector involved", SelectorError(0).String())
	require.Equal(t, "GDT entry 5", SelectorError(5<<3).String())
	require.Equal(t, "LDT entry 1", SelectorError(1<<3|4).String())
	require.Equal(t, "IDT entry 33, while an external event was delivered", SelectorError(33<<3|3).String())
}

func TestOnlyExceptionsOfGoCodeBecomePanics(t *testing.T) {
	for v := range Vectors {
		_, _, ok := signalOf(uint8(v))
		switch v {
		case DivideError, Overflow, FloatingPoint, SIMDFloatingPoint, PageFault, GeneralProtection, StackFault, AlignmentCheck:
			require.True(t, ok, "vector %d", v)
		default:
			require.False(t, ok, "vector %d", v)
		}
	}
}

func TestPICIsMovedAndMasked(t *testing.T) {
	bus := &porttest.Space{}
	p := NewPIC(bus)
	p.Init(32)
	require.Equal(t, []string{
		"20<-11", "a0<-11", "21<-20", "a1<-28", "21<-04", "a1<-02", "21<-01", "a1<-01", "21<-fb", "a1<-ff",
	}, bus.Log)
}

func TestPICMasksOneLine(t *testing.T) {
	bus := &porttest.Space{}
	p := NewPIC(bus)
	p.SetMask(1, false)
	p.SetMask(12, false)
	p.SetMask(1, true)
	require.Equal(t, []string{"21<-f9", "a1<-ef", "21<-fb"}, bus.Log)
	require.True(t, p.Masked(1))
	require.False(t, p.Masked(12))
}

func TestSpuriousInterruptsAreNotEnded(t *testing.T) {
	bus := &porttest.Space{Reads: map[uint16][]uint32{0x20: {0x00}, 0xa0: {0x00}}}
	p := NewPIC(bus)
	require.True(t, p.Spurious(7))
	require.Equal(t, []string{"20<-0b"}, bus.Log)
	bus.Log = nil
	require.True(t, p.Spurious(15))
	require.Equal(t, []string{"a0<-0b", "20<-20"}, bus.Log, "the master has seen the cascade")
}

func TestRealInterruptsOfLine7AreNot(t *testing.T) {
	bus := &porttest.Space{Reads: map[uint16][]uint32{0x20: {0x80}, 0xa0: {0x80}}}
	p := NewPIC(bus)
	require.False(t, p.Spurious(7))
	require.False(t, p.Spurious(15))
	require.False(t, p.Spurious(1))
}

func TestEndOfInterruptReachesBothControllers(t *testing.T) {
	bus := &porttest.Space{}
	p := NewPIC(bus)
	p.EndOfInterrupt(3)
	require.Equal(t, []string{"20<-20"}, bus.Log)
	bus.Log = nil
	p.EndOfInterrupt(8)
	require.Equal(t, []string{"a0<-20", "20<-20"}, bus.Log)
}
