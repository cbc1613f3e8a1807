// Package doctor finds out what a host lacks for building, running and testing
// Vitrine, and installs it with the package manager of the system.
//
// What is needed is a table (needs.go); looking is examine.go, and installing
// install.go.
package doctor

import (
	"fmt"
	"slices"

	"vitrine/tools/book/browser"
	"vitrine/tools/qemu"
)

// Need is something that the host must have.
type Need struct {
	Name     string
	For      []string          // purposes
	Packages map[string]string // by package manager; "" or absent: not to be had there
	Hint     string            // what to do where no package helps
	Find     func() (file string, err error)
}

// The purposes. A need for building is one for everything else, too.
const (
	Build = "build"
	Run   = "run"
	Debug = "debug"
	ISO   = "iso"
	Book  = "book"
	Test  = "test"
	All   = "all"
)

// same names a package that is called the same everywhere.
func same(name string) map[string]string {
	return map[string]string{apt: name, dnf: name, pacman: name}
}

// needs lists everything.
func needs() []Need {
	return []Need{
		{
			Name: "go 1.21 or newer", For: []string{Build, Run, Debug, ISO, Book, Test},
			Hint: "install Go from https://go.dev/dl/", Find: findGo,
		},
		{Name: "make", For: []string{Build, Run, Debug, ISO, Book, Test}, Packages: same("make"), Find: program("make")},
		{Name: "as (GNU assembler)", For: []string{Build, Run, Debug, ISO, Test}, Packages: same("binutils"), Find: program("as")},
		{Name: "ld (GNU linker)", For: []string{Build, Run, Debug, ISO, Test}, Packages: same("binutils"), Find: program("ld")},
		{
			Name: qemu.DefaultBinary, For: []string{Run, Debug, Test},
			Packages: map[string]string{apt: "qemu-system-x86", dnf: "qemu-system-x86-core", pacman: "qemu-system-x86"},
			Find:     program(qemu.DefaultBinary),
		},
		{Name: "gdb", For: []string{Debug, Test}, Packages: same("gdb"), Find: program("gdb")},
		{
			Name: "grub-mkrescue", For: []string{ISO, Test},
			Packages: map[string]string{apt: "grub-common", dnf: "grub2-tools-extra", pacman: "grub"},
			Find:     program("grub-mkrescue", "grub2-mkrescue"),
		},
		{
			Name: "GRUB for BIOS", For: []string{ISO, Test},
			Packages: map[string]string{apt: "grub-pc-bin", dnf: "grub2-pc-modules", pacman: "grub"},
			Find:     anyFile("/usr/lib/grub/i386-pc/multiboot2.mod"),
		},
		{
			Name: "GRUB for UEFI", For: []string{ISO, Test},
			Packages: map[string]string{apt: "grub-efi-amd64-bin", dnf: "grub2-efi-x64-modules", pacman: "grub"},
			Find:     anyFile("/usr/lib/grub/x86_64-efi/multiboot2.mod"),
		},
		{
			Name: "xorriso", For: []string{ISO, Test},
			Packages: map[string]string{apt: "xorriso", dnf: "xorriso", pacman: "libisoburn"},
			Find:     program("xorriso"),
		},
		{Name: "mtools", For: []string{ISO, Test}, Packages: same("mtools"), Find: program("mformat")},
		// The race detector is linked by the C compiler.
		{Name: "gcc", For: []string{Test}, Packages: same("gcc"), Find: program("gcc")},
		{
			Name: "C library's headers", For: []string{Test},
			Packages: map[string]string{apt: "libc6-dev", dnf: "glibc-devel", pacman: "glibc"},
			Find:     anyFile("/usr/include/stdlib.h"),
		},
		{
			Name: "UEFI firmware (OVMF)", For: []string{Test},
			Packages: map[string]string{apt: "ovmf", dnf: "edk2-ovmf", pacman: "edk2-ovmf"},
			Find:     qemu.FindOVMF,
		},
		{Name: "chromium", For: []string{Book, Test}, Packages: same("chromium"), Find: browser.Find},
	}
}

// For returns what a purpose needs.
func For(purpose string) ([]Need, error) {
	var out []Need
	for _, n := range needs() {
		if purpose == All || slices.Contains(n.For, purpose) {
			out = append(out, n)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no purpose %q: it is build, run, debug, iso, book, test or all", purpose)
	}
	return out, nil
}
