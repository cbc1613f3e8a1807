package iso

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheMenuOffersThreeWays(t *testing.T) {
	menu := Menu{Append: "layout=de", Timeout: 3, Entry: ByFirmware}.text()
	require.Contains(t, menu, "set timeout=3\nset default=1\nif [ \"$grub_platform\" = efi ]; then set default=0; fi\n")
	require.Equal(t, 3, strings.Count(menu, "menuentry"))
	require.Equal(t, 2, strings.Count(menu, "\tmultiboot2 /boot/vitrine.elf layout=de\n"))
	require.Equal(t, 1, strings.Count(menu, "\tmultiboot /boot/vitrine.elf layout=de\n"))
	require.Contains(t, Menu{Entry: Old}.text(), "set timeout=0\nset default=2\n")
}

func TestWhatGRUBWouldNotUnderstandIsRefused(t *testing.T) {
	require.NoError(t, Menu{Append: `run="fault text"`, Timeout: 2, Entry: ByFirmware}.Check())
	require.ErrorContains(t, Menu{Append: "it's"}.Check(), "no kernel command line with '")
	require.ErrorContains(t, Menu{Append: "a\nb"}.Check(), "a newline")
	require.ErrorContains(t, Menu{Entry: 3}.Check(), "no entry 3")
	require.ErrorContains(t, Menu{Timeout: -1}.Check(), "less than 0 seconds")
	require.ErrorContains(t, Make("no.elf", "no.iso", Menu{Entry: 3}), "no entry 3", "Make checks it, too")
}
