package qemutest

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu"
	"vitrine/tools/qemu/guest"
)

// bootGuest boots a small guest in place of Vitrine.
func bootGuest(t *testing.T, file []byte) *Machine {
	name := t.TempDir() + "/guest"
	require.NoError(t, os.WriteFile(name, file, 0o644))
	t.Setenv("VITRINE_IMAGE", name)
	return Boot(t, func(c *qemu.Config) { c.Icount = "" })
}

func TestTheMachineIsTypedAtAndAnswers(t *testing.T) {
	m := bootGuest(t, guest.Echo())
	m.Expect("^>$")
	m.Send("\x1b[1mvitrine> \x1b[0m")
	m.Expect("vitrine> ")
	m.Send("42.")
	require.Equal(t, 7, m.End().Code)
}

func TestTheScreenIsWaitedFor(t *testing.T) {
	m := bootGuest(t, guest.Letters("vitrine> 42"))
	require.Equal(t, []string{"> 42", "42"}, m.WaitScreen(`> (\d+)`))
	require.Equal(t, 720, m.Screen().Bounds().Dx())
}

func TestPlainTextHasNoControls(t *testing.T) {
	require.Equal(t, "a b\tc", Plain("\x1b[1;31ma\x1b[0m \x1b[2Kb\t\x1b[?25hc\x1b[J\x1bM"))
}

func TestTheRootIsWhereGoModIs(t *testing.T) {
	require.FileExists(t, Root(t)+"/go.mod")
}
