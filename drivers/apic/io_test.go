package apic

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/mmio"
	"vitrine/mm"
)

// ioChip is an I/O APIC.
type ioChip struct {
	mmio.Space
	selected uint32
	regs     [0x100]uint32
	writes   []uint32 // register numbers
	inverted bool     // an entry has changed while its line was on
}

func newIOChip(id uint8, pins int) *ioChip {
	c := &ioChip{}
	c.regs[ioID] = uint32(id) << 24
	c.regs[ioVersion] = uint32(pins-1)<<16 | 0x20
	for p := range pins {
		c.regs[int(ioTable)+2*p] = 0xdead_4fff // as firmware may leave it
	}
	return c
}

func (c *ioChip) Load32(offset uint64) uint32 {
	if offset != ioWindow {
		return 0
	}
	return c.regs[c.selected&0xff]
}

func (c *ioChip) Store32(offset uint64, v uint32) {
	if offset == ioSelect {
		c.selected = v
		return
	}
	r := c.selected & 0xff
	if r > ioTable && r&1 == 1 && Entry(c.regs[r-1])&entryMasked == 0 {
		c.inverted = true
	}
	c.regs[r] = v
	c.writes = append(c.writes, r)
}

func (c *ioChip) entry(pin int) Entry {
	return Entry(c.regs[int(ioTable)+2*pin+1])<<32 | Entry(c.regs[int(ioTable)+2*pin])
}

func TestAnEntryIsTakenApart(t *testing.T) {
	e := NewEntry(NMI, 0x42, 0x1a5, true, true)
	require.Equal(t, Entry(0xa500_0000_0001_a442), e)
	require.Equal(t, []any{uint8(0x42), NMI, uint32(0xa5), true, true, true}, []any{e.Vector(), e.Delivery(), e.Destination(), e.Low(), e.Level(), e.Masked()})
	require.False(t, e.WithMask(false).Masked())
	require.Equal(t, e, e.WithMask(false).WithMask(true))
	require.Equal(t, uint32(7), e.WithDestination(7).Destination())
	require.True(t, Entry(1<<12).Pending())
	require.True(t, Entry(1<<14).InService())
}

func TestNewIOAsksHowManyPinsThereAre(t *testing.T) {
	io, err := NewIO(newIOChip(2, 24), 16)
	require.NoError(t, err)
	require.Equal(t, []any{24, uint32(16), uint8(2), uint8(0x20)}, []any{io.Pins(), io.Base(), io.ID(), io.Version()})
	for gsi, pin := range map[uint32]int{15: -1, 16: 0, 39: 23, 40: -1, 0xffff_ffff: -1} {
		p, ok := io.pin(gsi)
		require.Equal(t, pin >= 0, ok)
		if ok {
			require.Equal(t, uint32(pin), p)
		}
	}
}

func TestWhatDoesNotAnswerIsNoController(t *testing.T) {
	for _, version := range []uint32{0, 0xffff_ffff, 0x00ff_0011} {
		c := newIOChip(0, 24)
		c.regs[ioVersion] = version
		_, err := NewIO(c, 0)
		require.ErrorIs(t, err, ErrAbsent, "%08x", version)
	}
	_, err := NewIO(newIOChip(0, 24), 0xffff_fff0)
	require.ErrorIs(t, err, ErrAbsent, "interrupts beyond the last number")
}

// machine returns the lines of a machine, and its chips.
func machine(t *testing.T, w Wiring, pins ...int) (*Lines, []*ioChip, *chip) {
	local, _ := newChip(), 0
	l, err := NewLocal(all, local, local, false)
	require.NoError(t, err)
	chips := map[mm.PhysAddr]*ioChip{}
	var list []*ioChip
	for i, n := range pins {
		a := mm.PhysAddr(0xfec0_0000 + i<<12)
		chips[a] = newIOChip(uint8(i), n)
		list = append(list, chips[a])
	}
	lines, err := NewLines(&w, &l, func(a mm.PhysAddr) (mmio.Space, error) {
		if c := chips[a]; c != nil {
			return c, nil
		}
		return nil, ErrAbsent
	}, nil)
	require.NoError(t, err)
	return lines, list, local
}

// qemu is what QEMU's firmware says.
var qemu = Wiring{
	IO: []Chip{{Addr: 0xfec0_0000}},
	Overrides: []Override{
		{0, Line{GSI: 2}}, {5, Line{5, 1, 3}}, {9, Line{9, 1, 3}}, {10, Line{10, 1, 3}}, {11, Line{11, 1, 3}},
	},
	LocalNMIs: []LocalLine{{AllProcessors, 1, 0, 0}},
}

func TestStartConnectsTheOldLinesAndMasksThem(t *testing.T) {
	lines, chips, _ := machine(t, qemu, 24)
	lines.Start(0x20, 3)
	c := chips[0]
	require.Equal(t, NewEntry(Fixed, 0x20, 3, false, false), c.entry(2), "the timer")
	require.Equal(t, NewEntry(Fixed, 0x21, 3, false, false), c.entry(1), "the keyboard")
	require.Equal(t, NewEntry(Fixed, 0x29, 3, false, true), c.entry(9), "ACPI: high, level")
	require.Equal(t, entryMasked, c.entry(0), "nobody's")
	require.Equal(t, entryMasked, c.entry(23))
	require.False(t, c.inverted)

	_, ok := lines.Route(2)
	require.False(t, ok, "the cascade has no pin")
	require.True(t, lines.Masked(2))
	lines.SetMask(2, false)
	require.True(t, c.entry(2).Masked(), "and does not touch the timer's")
	_, ok = lines.Route(16)
	require.False(t, ok)
}

func TestLinesAreMaskedAndMoved(t *testing.T) {
	lines, chips, local := machine(t, qemu, 24)
	lines.Start(0x20, 0)
	c := chips[0]
	require.True(t, lines.Masked(0))
	c.regs[ioTable+4] |= uint32(entryReadOnly)
	lines.SetMask(0, false)
	require.False(t, lines.Masked(0))
	require.Zero(t, c.entry(2)&entryReadOnly, "what can only be read is written as 0")
	require.NoError(t, lines.SetDestination(0, 2))
	r, ok := lines.Route(0)
	require.True(t, ok)
	require.Equal(t, Route{GSI: 2, Pin: 2, Entry: NewEntry(Fixed, 0x20, 2, false, false).WithMask(false)}, r)
	require.False(t, c.inverted, "no message goes out that is half old and half new")
	require.ErrorIs(t, lines.SetDestination(2, 1), ErrPin)
	require.ErrorIs(t, lines.SetDestination(1, 255), ErrDestination)
	lines.SetMask(0, true)
	require.True(t, lines.Masked(0))
	require.False(t, lines.Spurious(7))
	local.log = nil
	lines.EndOfInterrupt(0)
	require.Equal(t, []string{"0b0<-00000000"}, local.log)
}

func TestOtherInterruptsAreConnectedByNumber(t *testing.T) {
	w := qemu
	w.IO = append(w.IO, Chip{Addr: 0xfec0_1000, Base: 24}, Chip{Addr: 0xfec0_9000, Base: 56})
	lines, chips, _ := machine(t, w, 24, 32)
	lines.Start(0x20, 0)
	e := NewEntry(Fixed, 0x40, 1, true, true).WithMask(false)
	require.NoError(t, lines.SetEntry(25, e))
	require.Equal(t, e, chips[1].entry(1))
	r, ok := lines.RouteGSI(25)
	require.True(t, ok)
	require.Equal(t, Route{GSI: 25, Chip: 1, Pin: 1, Entry: e}, r)
	require.ErrorIs(t, lines.SetEntry(56, e), ErrPin, "the third chip does not answer")
	_, ok = lines.RouteGSI(1000)
	require.False(t, ok)
	require.Equal(t, []ChipInfo{{0, 0x20, 0, 24}, {1, 0x20, 24, 32}}, lines.Chips())
}

func TestLinesThatRaiseNMIsAreConnected(t *testing.T) {
	w := qemu
	w.NMIs = []Line{{GSI: 20, Polarity: 3, Trigger: 3}, {GSI: 99}}
	lines, chips, _ := machine(t, w, 24)
	lines.Start(0x20, 1)
	require.Equal(t, NewEntry(NMI, 0, 1, true, false).WithMask(false), chips[0].entry(20))
}

func TestOddTablesDoNoHarm(t *testing.T) {
	for name, test := range map[string]struct {
		overrides []Override
		pins      int
		want      map[uint8]int // GSI of a line, -1 for none
	}{
		"no overrides":                  {nil, 24, map[uint8]int{0: 0, 2: 2, 15: 15}},
		"a line that is not of ISA":     {[]Override{{IRQ: 16, Line: Line{GSI: 3}}, {IRQ: 255, Line: Line{GSI: 4}}}, 24, map[uint8]int{3: 3, 4: 4}},
		"a GSI that nobody has":         {[]Override{{IRQ: 1, Line: Line{GSI: 99}}}, 24, map[uint8]int{1: -1, 2: 2}},
		"two lines for one GSI":         {[]Override{{IRQ: 3, Line: Line{GSI: 20}}, {IRQ: 4, Line: Line{GSI: 20}}}, 24, map[uint8]int{3: 20, 4: -1}},
		"the same line twice":           {[]Override{{IRQ: 3, Line: Line{GSI: 20}}, {IRQ: 3, Line: Line{GSI: 21}}}, 24, map[uint8]int{3: 21}},
		"lines that change places":      {[]Override{{IRQ: 3, Line: Line{GSI: 4}}, {IRQ: 4, Line: Line{GSI: 3}}}, 24, map[uint8]int{3: 4, 4: 3}},
		"few pins":                      {nil, 8, map[uint8]int{7: 7, 8: -1, 15: -1}},
		"the timer where it always was": {[]Override{{IRQ: 0, Line: Line{GSI: 0}}}, 24, map[uint8]int{0: 0, 2: 2}},
	} {
		t.Run(name, func(t *testing.T) {
			lines, chips, _ := machine(t, Wiring{IO: qemu.IO, Overrides: test.overrides}, test.pins)
			lines.Start(0x20, 0)
			for irq, gsi := range test.want {
				r, ok := lines.Route(irq)
				require.Equal(t, gsi >= 0, ok, "IRQ %d", irq)
				if ok {
					require.Equal(t, uint32(gsi), r.GSI, "IRQ %d", irq)
					require.Equal(t, 0x20+irq, chips[0].entry(gsi).Vector())
				}
				lines.SetMask(irq, false)
				require.Equal(t, !ok, lines.Masked(irq))
			}
		})
	}
}

func TestAMachineWithoutIOAPICIsAnError(t *testing.T) {
	_, err := NewLines(&Wiring{}, nil, nil, nil)
	require.ErrorIs(t, err, ErrAbsent)
	w := Wiring{IO: make([]Chip, 40)}
	c := newIOChip(0, 1)
	lines, err := NewLines(&w, nil, func(mm.PhysAddr) (mmio.Space, error) { return c, nil }, nil)
	require.NoError(t, err)
	require.Len(t, lines.Chips(), maxChips, "more are not used")
}

func TestInputsOfAProcessorAreAsTheFirmwareSays(t *testing.T) {
	nmi := NewLVT(NMI, 0, false, false)
	require.Equal(t, [2]LVT{MaskedLVT, nmi}, qemu.Inputs(5, false))
	require.Equal(t, [2]LVT{NewLVT(ExtINT, 0, false, false), nmi}, qemu.Inputs(5, true))
	w := Wiring{LocalNMIs: []LocalLine{{1, 0, 3, 3}, {2, 1, 1, 1}, {AllProcessors, 9, 0, 0}}}
	require.Equal(t, [2]LVT{NewLVT(NMI, 0, true, false), MaskedLVT}, w.Inputs(1, true), "an NMI goes before the 8259")
	require.Equal(t, [2]LVT{MaskedLVT, nmi}, w.Inputs(2, false))
	require.Equal(t, [2]LVT{MaskedLVT, MaskedLVT}, w.Inputs(3, false))
}

// locker counts.
type locker struct{ locked, total int }

func (l *locker) Lock() uint64        { l.locked++; l.total++; return 0x202 }
func (l *locker) Unlock(flags uint64) { l.locked -= int(flags / 0x202) }

func TestLinesAreLockedAndDoNotAllocate(t *testing.T) {
	lines, chips, _ := machine(t, qemu, 24)
	k := &locker{}
	lines.locker = k
	chips[0].writes = make([]uint32, 0, 1<<20)
	require.Zero(t, testing.AllocsPerRun(10, func() {
		lines.Start(0x20, 0)
		lines.SetMask(1, false)
		_ = lines.Masked(1)
		_ = lines.SetDestination(1, 2)
		_ = lines.SetEntry(17, entryMasked)
		_, _ = lines.Route(1)
	}))
	lines.Chips()
	require.Equal(t, 11*6+1, k.total)
	require.Zero(t, k.locked)
}

// FuzzRoute feeds arbitrary overrides: each line that is known has a pin of its
// own.
func FuzzRoute(f *testing.F) {
	f.Add([]byte{0, 2, 5, 5, 9, 9})
	f.Fuzz(func(t *testing.T, b []byte) {
		var o []Override
		for i := 0; i+1 < len(b); i += 2 {
			o = append(o, Override{IRQ: b[i], Line: Line{GSI: uint32(b[i+1])}})
		}
		lines, _, _ := machine(t, Wiring{IO: qemu.IO, Overrides: o}, 24)
		lines.Start(0x20, 0)
		whose := map[uint32]uint8{}
		for irq := range uint8(IRQs) {
			r, ok := lines.Route(irq)
			if !ok {
				continue
			}
			other, taken := whose[r.GSI]
			require.False(t, taken, "IRQ %d and %d", irq, other)
			whose[r.GSI] = irq
			require.Equal(t, 0x20+irq, r.Entry.Vector())
		}
	})
}
