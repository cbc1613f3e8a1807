package commands

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"vitrine/drivers/ps2"
	"vitrine/kernel/keymap"
	"vitrine/kernel/shell"
)

func (m *Machine) deviceCommands() []*shell.Command {
	return []*shell.Command{
		{
			Name: "layout", Args: "[NAME]", Short: "show or change the keyboard's layout",
			Long: "The boot parameter layout=NAME does the same.",
			Run:  m.layout, Complete: words(keymap.Names()...),
		},
		{
			Name: "kbd", Args: "[BYTE...]", Short: "the keyboard, stage by stage ('trace kbd' shows it live)",
			Long: "With bytes, two hexadecimal digits each: makes the controller say that the keyboard\n" +
				"has sent them, in scan code set 1. 'kbd 1e 9e' presses A.",
			Run: m.kbd,
		},
		{
			Name: "mouse", Args: "[-s]", Short: "show what the mouse does, until Ctrl-C (-s: its state only)",
			Run: m.mouse,
		},
		{Name: "serial", Short: "the serial line's counters", Run: none(m.serial)},
		{Name: "acpi", Short: "the tables in which the firmware describes the machine", Run: none(m.acpi)},
	}
}

func (m *Machine) layout(_ context.Context, sh *shell.Env, args []string) error {
	a := sh.Arguments(args)
	name := a.WordOr("NAME", "")
	if err := a.Done(); err != nil {
		return err
	}
	if m.Layout == nil {
		return errAbsent("keyboard")
	}
	if name != "" {
		l, err := keymap.Lookup(name)
		if err != nil {
			return err
		}
		m.Layout.SetLayout(l)
	}
	t := sh.Table("", "", "")
	for _, n := range keymap.Names() {
		l, err := keymap.Lookup(n)
		if err != nil {
			continue
		}
		mark := " "
		if n == m.Layout.Layout().Name {
			mark = sh.Paint(shell.Green, "*")
		}
		t.Row(mark, n, l.Title)
	}
	t.Print()
	return nil
}

// feignTime is for bytes to go all the way before the prompt comes.
const feignTime = 100 * time.Millisecond

// kbd shows what each stage of the keyboard's pipeline holds, or puts bytes into
// the first of them.
func (m *Machine) kbd(_ context.Context, sh *shell.Env, args []string) error {
	a := sh.Arguments(args)
	var bytes []uint8
	for _, word := range a.Rest() {
		b, err := strconv.ParseUint(strings.TrimPrefix(word, "0x"), 16, 8)
		if err != nil {
			return shell.Usagef("'%s' is not a byte in hexadecimal", word)
		}
		bytes = append(bytes, uint8(b))
	}
	switch err := a.Done(); {
	case err != nil:
		return err
	case m.Keyboard == nil:
		return errAbsent("PS/2 keyboard")
	case len(bytes) == 0:
		m.keyboardState(sh)
		return nil
	}
	defer time.Sleep(feignTime)
	for _, b := range bytes {
		if err := m.Keyboard.Feign(b); err != nil {
			return err
		}
	}
	return nil
}

// keyboardState prints what each stage holds.
func (m *Machine) keyboardState(sh *shell.Env) {
	k := m.Keyboard.State()
	t := sh.Table("STAGE", "HOLDS")
	t.Row("device", fmt.Sprintf("identity %02x %02x, scan code set %d, repeats after %v each %v", k.ID[0], k.ID[1], k.Set, k.Typematic.Delay, k.Typematic.Period.Round(time.Millisecond)))
	t.Row("lights", orNone(k.LEDs.String()))
	t.Row("ring", fmt.Sprintf("%d of %d bytes; %d commands on their way", k.Ring, k.RingSize, k.Queued))
	t.Row("decoder", "waits after: "+orNone(k.Waiting))
	var held []string
	for _, c := range k.Held {
		held = append(held, c.String())
	}
	t.Row("keys held", orNone(strings.Join(held, " ")))
	if m.Layout != nil {
		s := m.Layout.Snapshot()
		accent := "no"
		if s.Accent != 0 {
			accent = string(s.Accent)
		}
		t.Row("layout", fmt.Sprintf("%s, locks: %s, %s accent waits", s.Layout, orNone(s.Locks.String()), accent))
	}
	t.Print()
	portStats(sh, k.Stats)
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// portStats prints what happened at a port, troubles only if there were any.
func portStats(sh *shell.Env, s ps2.Stats) {
	line := fmt.Sprintf("%d bytes received", s.Bytes)
	for _, c := range []struct {
		n    uint64
		what string
	}{
		{s.Overruns, "lost"},
		{s.Damaged, "damaged"},
		{s.Timeouts, "cut off"},
		{s.Resends, "sent again"},
		{s.Abandoned, "commands given up"},
		{s.Resyncs, "senseless sequences"},
		{s.Errors, "errors"},
		{s.Unknown, "unknown codes"},
		{s.Replugs, "times plugged in"},
	} {
		if c.n > 0 {
			line += fmt.Sprintf(", %d %s", c.n, c.what)
		}
	}
	sh.Println(line)
}

// mouse shows movements as they come, and where a pointer would be.
func (m *Machine) mouse(ctx context.Context, sh *shell.Env, args []string) error {
	a := sh.Arguments(args)
	stateOnly := a.Flag("-s")
	if err := a.Done(); err != nil {
		return err
	}
	if m.Mouse == nil {
		return errAbsent("PS/2 mouse")
	}
	s := m.Mouse.State()
	sh.Printf("%v; ring %d of %d bytes, %d bytes of a packet\n", s.Protocol, s.Ring, s.RingSize, s.Waiting)
	portStats(sh, s.Stats)
	if stateOnly || m.Moves == nil {
		return nil
	}
	sh.Println(sh.Paint(shell.Dim, "Move it. Ctrl-C stops."))
	sh.Println(sh.Paint(shell.Bold, "    DX    DY  WHEEL  BUTTONS                  POSITION"))
	x, y := 0, 0
	m.Moves.Listen(ctx, func(e ps2.MouseEvent) {
		x, y = x+int(e.DX), y+int(e.DY)
		sh.Printf("%6d%6d%7d  %-23s  %d, %d\n", e.DX, e.DY, e.Wheel, buttons(e.Buttons), x, y)
	})
	return ctx.Err()
}

func buttons(b ps2.Buttons) string {
	var list []string
	for _, n := range []struct {
		button ps2.Buttons
		name   string
	}{{ps2.LeftButton, "left"}, {ps2.MiddleButton, "middle"}, {ps2.RightButton, "right"}, {ps2.BackButton, "back"}, {ps2.ForwardButton, "forward"}} {
		if b&n.button != 0 {
			list = append(list, n.name)
		}
	}
	return orNone(strings.Join(list, " "))
}

func (m *Machine) serial(sh *shell.Env) error {
	if m.Serial == nil {
		return errAbsent("serial line")
	}
	s := m.Serial.Stats()
	t := sh.Table("", ">")
	t.Row("interrupts", s.Interrupts)
	t.Row("bytes received", s.Received)
	t.Row("bytes sent", s.Sent)
	t.Row("bytes waiting to be sent", m.Serial.Unsent())
	t.Row("lost, ring full", s.Dropped)
	t.Row("lost by the chip", s.Overruns)
	t.Row("parity errors", s.Parity)
	t.Row("framing errors", s.Framing)
	t.Row("breaks", s.Breaks)
	t.Print()
	return nil
}

func (m *Machine) acpi(sh *shell.Env) error {
	if m.ACPI == nil {
		return errAbsent("ACPI")
	}
	t := sh.Table("TABLE", ">AT", ">BYTES", ">REV", "MADE BY", "")
	for _, table := range m.ACPI.All() {
		trouble := ""
		if table.Err != nil {
			trouble = sh.Paint(shell.Red, table.Err.Error())
		}
		t.Row(table.Signature, fmt.Sprintf("%x", uint64(table.Addr)), table.Length, table.Revision, strings.TrimSpace(table.OEM)+" "+strings.TrimSpace(table.OEMTable), trouble)
	}
	t.Print()
	return nil
}
