package main

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu"
	"vitrine/tools/qemu/qemutest"
)

func TestTheISOBootsInEveryWay(t *testing.T) {
	if os.Getenv("VITRINE_IMAGE") == "" {
		t.Skip("VITRINE_IMAGE names no image; 'make test' sets it")
	}
	for entry, loaded := range []string{"Multiboot 2", "Multiboot 2", "Multiboot 1"} {
		iso := filepath.Join(t.TempDir(), "vitrine.iso")
		out, err := vit("iso", "-o", iso, "--timeout", "0", "--default", strconv.Itoa(entry),
			"--append", "hello=world", qemutest.Image(t)).CombinedOutput()
		require.NoError(t, err, "%s", out)
		for _, uefi := range []bool{false, true} {
			firmware := "BIOS"
			if uefi {
				firmware = "UEFI"
			}
			t.Run("entry "+strconv.Itoa(entry)+", "+firmware, func(t *testing.T) {
				m := qemutest.BootISO(t, iso, func(c *qemu.Config) { c.UEFI, c.Memory = uefi, 256 })
				m.WaitPrompt()
				said := m.Run("boot")
				require.Contains(t, said, loaded)
				require.Contains(t, said, "hello=world")
				width := m.Screen().Bounds().Dx()
				switch {
				case entry == 0:
					require.Equal(t, 1024, width, "the framebuffer that the menu asks for")
				case !uefi:
					require.Equal(t, 720, width, "text mode")
				}
			})
		}
	}
}
