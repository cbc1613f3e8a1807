package apic

import (
	"fmt"

	"vitrine/drivers/mmio"
)

// chip is a local APIC: the same registers in memory and as MSRs.
type chip struct {
	mmio.Space // nil: accesses of other widths than 32 bits panic
	regs       map[register]uint32
	base       uint64
	entries    int
	errors     uint32 // gathered, not yet in the register
	busy       int    // how often the delivery status is still 1
	stuck      bool
	log        []string

	now  int64  // ns
	took int64  // ns that each access takes
	hz   uint64 // of the timer
	set  int64  // when the timer was set
}

func newChip() *chip {
	return &chip{regs: map[register]uint32{}, base: 0xfee0_0000 | baseEnable | baseBoot, entries: 6, took: 100, hz: 1_000_000_000}
}

func (c *chip) Load32(offset uint64) uint32 {
	c.now += c.took
	switch r := register(offset); r {
	case regID:
		return 3 << 24
	case regVersion:
		return 1<<24 | uint32(c.entries-1)<<16 | 0x14
	case regCommand:
		if c.busy > 0 || c.stuck {
			c.busy--
			return c.regs[r] | uint32(commandSent)
		}
		return c.regs[r]
	case regTimerCurrent:
		divide := uint64(division(c.regs[regTimerDivide]))
		gone := uint64(c.now-c.set) * (c.hz / 1000 / divide) / 1_000_000
		return uint32(max(int64(c.regs[regTimerInitial])-int64(gone), 0))
	default:
		return c.regs[r]
	}
}

func (c *chip) Store32(offset uint64, v uint32) {
	c.now += c.took
	r := register(offset)
	c.log = append(c.log, fmt.Sprintf("%03x<-%08x", offset, v))
	c.regs[r] = v
	switch r {
	case regError:
		c.regs[r], c.errors = c.errors, 0
	case regTimerInitial:
		c.set = c.now
	}
}

func (c *chip) Read(msr uint32) uint64 {
	if msr == msrBase {
		return c.base
	}
	r := register(msr-msrX2APIC) << 4
	if r == regID {
		return 0x1_0003
	}
	return uint64(c.Load32(uint64(r)))
}

func (c *chip) Write(msr uint32, v uint64) {
	switch {
	case msr == msrBase:
		c.base = v
		c.log = append(c.log, fmt.Sprintf("base<-%x", v))
	case msr < msrX2APIC || msr == msrX2APIC+uint32(regCommand>>4):
		c.log = append(c.log, fmt.Sprintf("msr %x<-%016x", msr, v))
	default:
		c.Store32(uint64(msr-msrX2APIC)<<4, uint32(v))
	}
}

func (c *chip) Fence() { c.log = append(c.log, "fence") }

// clock tells the time and takes some.
func (c *chip) clock() int64 { c.now += 20; return c.now }

// drain returns the log and empties it.
func (c *chip) drain() []string {
	l := c.log
	c.log = nil
	return l
}
