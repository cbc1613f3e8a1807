package commands

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/kernel/shell"
	"vitrine/kernel/tty"
)

// TestASessionOnATerminal joins the parts as the kernel does: bytes of a serial
// line go in, bytes for a screen come out.
func TestASessionOnATerminal(t *testing.T) {
	d := newDesk(t)
	out := new(screen)
	terminal := tty.NewTerminal(out, 80, 25)
	session := &shell.Session{Shell: d.shell, Terminal: terminal, Prompt: "vitrine> ", Symbols: d.m.Symbol}
	terminal.SetCompleter(session.Complete)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- session.Run(ctx) }()

	var decoder tty.Decoder
	send := func(s string) {
		for _, b := range []byte(s) {
			decoder.Feed(b, terminal.Type)
		}
		decoder.Flush(terminal.Type)
	}
	for _, c := range []struct{ keys, shows string }{
		{"upt\t\r", "up 2 days"},
		{"pagewalk vitrine/kernel/shell/commands.newD\t\r", "commands.newDesk\r\n"},
		{"lay\tf\t\r", "French"},
		{"\x1b[A\x1b[A\x1b[A\r", "up 2 days"},
		{"no\x03echo yes\r", "yes\n"},
		{"sleep 100\r", "sleep 100\r\n"},
		{"\x03echo typed ahead\r", "typed ahead\n"},
		{"me\t\t", "em "},
		{"\x15log -\t\t", "-c  -f  -l  -n  -s"},
		{"\x15history | tail 1\r", "history | tail 1\n"},
		{"\x04", "There is nothing to go back to"},
	} {
		out.Lock()
		out.b.Reset()
		out.Unlock()
		send(c.keys)
		out.shows(t, c.shows)
	}
	stop()
	require.ErrorIs(t, <-ended, context.Canceled)
	require.True(t, strings.HasPrefix(strings.Join(terminal.History(), "\n"), "uptime \n"))
}
