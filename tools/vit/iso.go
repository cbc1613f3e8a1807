package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// isoCommand is 'vit iso'.
func isoCommand() command {
	return command{
		name:    "iso",
		args:    "[image]",
		summary: "make an ISO that boots on BIOS and UEFI, with GRUB",
		help: `
The ISO starts image (default ` + defaultImage + `) in one of three ways, which its
menu offers:

	0  Multiboot 2, framebuffer   graphics set up by the boot loader
	1  Multiboot 2, text          the VGA text screen
	2  Multiboot 1, text          as QEMU's -kernel does it

Without a choice it starts 0 on UEFI, which has no text screen, and 1 on BIOS.

Exit codes: 0 done; 1 GRUB's tools are missing or failed; 2 wrong command line.`,
		setup: func(f *flag.FlagSet) func(streams, []string) int {
			o := isoOptions{}
			f.StringVar(&o.out, "o", defaultISO, "write the ISO to `file`")
			f.StringVar(&o.append, "append", "", "the kernel command line: `words`")
			f.IntVar(&o.timeout, "timeout", 2, "how long the menu waits, in `seconds`; 0: no menu")
			f.IntVar(&o.entry, "default", -1, "what is started without a choice: 0, 1 or 2 (`entry`)")
			return func(s streams, args []string) int {
				image := defaultImage
				switch {
				case len(args) > 1:
					return fail(s, "iso", exitUsage, errors.New("more than one image given"))
				case len(args) == 1:
					image = args[0]
				}
				if o.entry > 2 || o.timeout < 0 || strings.ContainsAny(o.append, "\n'") {
					return fail(s, "iso", exitUsage, errors.New("--default is 0, 1 or 2, --timeout is not negative, --append is without ' and newlines"))
				}
				if err := o.make(image); err != nil {
					return fail(s, "iso", exitFailed, err)
				}
				return exitOK
			}
		},
	}
}

// isoOptions are the flags of 'vit iso'.
type isoOptions struct {
	out, append    string
	timeout, entry int
}

// grubModules are those that the menu and grub-mkrescue's own start-up script
// use; all others are left out, which makes the ISO small.
const grubModules = "multiboot multiboot2 normal configfile iso9660 fat " +
	"part_acorn part_amiga part_apple part_bsd part_dfly part_dvh part_gpt part_msdos part_plan part_sun part_sunpc " +
	"all_video gfxterm font serial terminal test echo ls cat reboot halt boot"

// make makes the ISO.
func (o *isoOptions) make(image string) error {
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
	if err := os.WriteFile(filepath.Join(root, "boot/grub/grub.cfg"), []byte(o.menu()), 0o644); err != nil {
		return err
	}
	temp := o.out + ".new"
	defer os.Remove(temp)
	command := exec.Command(rescue, "-o", temp, "--install-modules="+grubModules,
		"--fonts=", "--locales=", "--themes=", "--compress=no", root, "--", "-volid", "VITRINE")
	var said bytes.Buffer
	command.Stdout, command.Stderr = &said, &said
	if err := command.Run(); err != nil {
		return fmt.Errorf("%s: %w\n%s", rescue, err, bytes.TrimSpace(said.Bytes()))
	}
	return os.Rename(temp, o.out)
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

// menu returns GRUB's configuration.
func (o *isoOptions) menu() string {
	chosen := fmt.Sprint(o.entry)
	if o.entry < 0 {
		chosen = "1\nif [ \"$grub_platform\" = efi ]; then set default=0; fi"
	}
	words := ""
	if o.append != "" {
		words = " " + o.append
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
`, o.timeout, chosen, words)
}
