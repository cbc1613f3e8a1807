// Package iso makes an ISO that boots the kernel on BIOS and UEFI, with GRUB.
//
// grub-mkrescue does the work: it puts GRUB for both kinds of firmware, our
// image and a menu into one file. Where to start reading: Menu.text, which is
// what GRUB is told.
package iso

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// The entries of the menu: how GRUB starts the kernel.
const (
	Framebuffer = 0 // Multiboot 2, graphics set up by GRUB
	Text        = 1 // Multiboot 2, the VGA text screen
	Old         = 2 // Multiboot 1, text, as QEMU's -kernel does it
	// ByFirmware is Framebuffer on UEFI, which has no text screen, and Text
	// on BIOS.
	ByFirmware = -1
)

// Menu says what GRUB does.
type Menu struct {
	Append  string // the kernel command line
	Timeout int    // how long the menu waits, in seconds; 0: no menu
	Entry   int    // what is started without a choice
}

// Check refuses a menu that cannot be written.
func (m Menu) Check() error {
	switch {
	case m.Entry < ByFirmware || m.Entry > Old:
		return fmt.Errorf("there is no entry %d in the menu: it has 0, 1 and 2", m.Entry)
	case m.Timeout < 0:
		return errors.New("the menu cannot wait for less than 0 seconds")
	case strings.ContainsAny(m.Append, "\n'"):
		return errors.New("GRUB takes no kernel command line with ' or a newline")
	}
	return nil
}

// grubModules are those that the menu and grub-mkrescue's own start-up script
// use; all others are left out, which makes the ISO small.
const grubModules = "multiboot multiboot2 normal configfile iso9660 fat " +
	"part_acorn part_amiga part_apple part_bsd part_dfly part_dvh part_gpt part_msdos part_plan part_sun part_sunpc " +
	"all_video gfxterm font serial terminal test echo ls cat reboot halt boot"

// Make makes the ISO file out, with the kernel in the file image.
//
// Errors: the menu's; there is no image; GRUB's tools are missing or failed.
func Make(image, out string, m Menu) error {
	if err := m.Check(); err != nil {
		return err
	}
	file, err := os.ReadFile(image)
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("no image %s: 'make build' makes it", image)
	}
	if err != nil {
		return err
	}
	rescue, err := findRescue()
	if err != nil {
		return err
	}
	root, err := os.MkdirTemp("", "vit-iso-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(root)
	if err := os.MkdirAll(filepath.Join(root, "boot/grub"), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(root, "boot/vitrine.elf"), file, 0o644); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(root, "boot/grub/grub.cfg"), []byte(m.text()), 0o644); err != nil {
		return err
	}
	temp := out + ".new"
	defer os.Remove(temp)
	command := exec.Command(rescue, "-o", temp, "--install-modules="+grubModules,
		"--fonts=", "--locales=", "--themes=", "--compress=no", root, "--", "-volid", "VITRINE")
	var said bytes.Buffer
	command.Stdout, command.Stderr = &said, &said
	if err := command.Run(); err != nil {
		return fmt.Errorf("%s: %w\n%s", rescue, err, bytes.TrimSpace(said.Bytes()))
	}
	return os.Rename(temp, out)
}

// findRescue finds GRUB's program, which has two names.
func findRescue() (string, error) {
	for _, name := range []string{"grub-mkrescue", "grub2-mkrescue"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("no grub-mkrescue here: 'vit doctor --install --for iso' installs it")
}

// text returns GRUB's configuration.
func (m Menu) text() string {
	chosen := fmt.Sprint(m.Entry)
	if m.Entry == ByFirmware {
		chosen = "1\nif [ \"$grub_platform\" = efi ]; then set default=0; fi"
	}
	words := ""
	if m.Append != "" {
		words = " " + m.Append
	}
	return fmt.Sprintf(`set timeout=%d
set default=%s
insmod all_video

menuentry 'Vitrine: Multiboot 2, framebuffer' {
	multiboot2 /boot/vitrine.elf%[3]s
	set gfxpayload=1024x768x32,auto
}
menuentry 'Vitrine: Multiboot 2, text' {
	multiboot2 /boot/vitrine.elf%[3]s
	set gfxpayload=text
}
menuentry 'Vitrine: Multiboot 1, text' {
	multiboot /boot/vitrine.elf%[3]s
	set gfxpayload=text
}
`, m.Timeout, chosen, words)
}
