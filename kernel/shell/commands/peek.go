package commands

import (
	"context"
	"fmt"
	"strings"

	"vitrine/kernel/shell"
	"vitrine/mm"
	"vitrine/mm/paging"
)

// access is what a command wants to do with memory.
type access struct {
	write bool
	force bool // do not ask
}

// check tells whether the size bytes at v may be used so.
//
// Errors: what is in the way, and what to do about it.
func (m *Machine) check(v mm.VirtAddr, size uint64, a access) error {
	if a.force {
		return nil
	}
	if m.Space == nil {
		return errAbsent("address space")
	}
	if size == 0 || v+mm.VirtAddr(size-1) < v {
		return fmt.Errorf("%d bytes from %s on are no memory", size, hex(uint64(v)))
	}
	last := v + mm.VirtAddr(size-1)
	for at := v; ; at = (at + mm.PageSize).AlignDown(mm.PageSize) {
		if _, err := m.Space.Translate(at); err != nil {
			return notMapped(at, err)
		}
		steps, n := m.Space.Walk(at)
		leaf := steps[n-1]
		switch {
		case leaf.Entry.Has(paging.CacheDisable):
			return fmt.Errorf("%s belongs to a device, where even reading may do something; -f does it anyway", hex(uint64(at)))
		case a.write && !leaf.Rights.Has(paging.Writable):
			return fmt.Errorf("%s is read-only (%s); -f tries anyway, and shows the page fault", hex(uint64(at)), rights(leaf.Rights))
		}
		if last-at < mm.PageSize-at&(mm.PageSize-1) {
			return nil
		}
	}
}

func (m *Machine) peek(_ context.Context, sh *shell.Env, args []string) error {
	a := sh.Arguments(args)
	force := a.Flag("-f")
	v := mm.VirtAddr(a.Number("ADDR"))
	size := operandSize(a)
	if err := a.Done(); err != nil {
		return err
	}
	if err := m.check(v, size, access{force: force}); err != nil {
		return err
	}
	value := load(v, size)
	sh.Printf("%s: %0*x", hex(uint64(v)), 2*size, value)
	sh.Printf("  %s\n", sh.Paint(shell.Dim, m.meaning(value, size)))
	return nil
}

// meaning says what else a number is: decimal, and what it points to.
func (m *Machine) meaning(value, size uint64) string {
	s := fmt.Sprint(value)
	if size == 8 {
		if f, ok := m.symbols.at(value); ok {
			s += ", " + f
		} else if p, ok := mm.VirtAddr(value).InDirectMap(); ok {
			s += fmt.Sprintf(", physical %#x in the direct map", uint64(p))
		}
	}
	return s
}

func (m *Machine) poke(_ context.Context, sh *shell.Env, args []string) error {
	a := sh.Arguments(args)
	force := a.Flag("-f")
	v := mm.VirtAddr(a.Number("ADDR"))
	value := a.Number("VALUE")
	size := operandSize(a)
	if err := a.Done(); err != nil {
		return err
	}
	if size < 8 && value>>(8*size) != 0 {
		return shell.Usagef("%#x does not fit in %d bytes", value, size)
	}
	if err := m.check(v, size, access{write: true, force: force}); err != nil {
		return err
	}
	before := load(v, size)
	store(v, size, value)
	sh.Printf("%s: %0*x -> %0*x\n", hex(uint64(v)), 2*size, before, 2*size, value)
	return nil
}

// operandSize takes the argument that says how many bytes.
func operandSize(a *shell.Arguments) uint64 {
	if a.Len() == 0 {
		return 8
	}
	w := a.OneOf("the size", "1", "2", "4", "8")
	return uint64(len(w)) * uint64(w[0]-'0')
}

// load reads size bytes at v in one access.
func load(v mm.VirtAddr, size uint64) uint64 {
	switch p := v.Pointer(); size {
	case 1:
		return uint64(*(*uint8)(p))
	case 2:
		return uint64(*(*uint16)(p))
	case 4:
		return uint64(*(*uint32)(p))
	default:
		return *(*uint64)(p)
	}
}

// store writes size bytes at v in one access.
func store(v mm.VirtAddr, size, value uint64) {
	switch p := v.Pointer(); size {
	case 1:
		*(*uint8)(p) = uint8(value)
	case 2:
		*(*uint16)(p) = uint16(value)
	case 4:
		*(*uint32)(p) = uint32(value)
	default:
		*(*uint64)(p) = value
	}
}

// hexdump shows memory, 16 bytes a line. It stops where a page is missing.
func (m *Machine) hexdump(ctx context.Context, sh *shell.Env, args []string) error {
	a := sh.Arguments(args)
	force := a.Flag("-f")
	v := mm.VirtAddr(a.Number("ADDR"))
	length := a.NumberOr("LENGTH", 256)
	if err := a.Done(); err != nil {
		return err
	}
	if length == 0 {
		return shell.Usagef("LENGTH must not be 0")
	}
	before, same := "", false
	for done := uint64(0); done < length && ctx.Err() == nil; done += 16 {
		at := v + mm.VirtAddr(done)
		n := min(16, length-done)
		if err := m.check(at, n, access{force: force}); err != nil {
			return err
		}
		row := string(at.Bytes(n))
		switch {
		case row != before || done+n >= length:
			sh.Printf("%s: %s\n", hex(uint64(at)), dumpLine([]byte(row)))
			same = false
		case !same:
			sh.Println("*")
			same = true
		}
		before = row
	}
	return ctx.Err()
}

// dumpLine returns up to 16 bytes as hexadecimal digits and as characters.
func dumpLine(row []byte) string {
	var digits, text strings.Builder
	for i := range 16 {
		if i%4 == 0 && i > 0 {
			digits.WriteByte(' ')
		}
		if i >= len(row) {
			digits.WriteString("  ")
			continue
		}
		fmt.Fprintf(&digits, "%02x", row[i])
		if row[i] >= ' ' && row[i] < 0x7f {
			text.WriteByte(row[i])
		} else {
			text.WriteByte('.')
		}
	}
	return digits.String() + "  " + text.String()
}
