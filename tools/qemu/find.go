package qemu

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
)

// ErrNotInstalled is the error for a host without QEMU.
var ErrNotInstalled = errors.New("QEMU is not installed: no " + DefaultBinary + " in PATH\n" +
	"  Debian, Ubuntu:  apt-get install qemu-system-x86\n" +
	"  Fedora:          dnf install qemu-system-x86\n" +
	"  Arch:            pacman -S qemu-system-x86\n" +
	"or let 'vit doctor --install --for run' do it")

// ErrNoOVMF is the error for a host without UEFI firmware.
var ErrNoOVMF = errors.New("no UEFI firmware (OVMF) found\n" +
	"  Debian, Ubuntu:  apt-get install ovmf\n" +
	"  Fedora:          dnf install edk2-ovmf\n" +
	"  Arch:            pacman -S edk2-ovmf\n" +
	"or let 'vit doctor --install --for iso' do it")

// find returns the path of QEMU's program.
func (c *Config) find() (string, error) {
	if c.Binary != "" {
		path, err := exec.LookPath(c.Binary)
		if err != nil {
			return "", fmt.Errorf("no QEMU at %s: %w", c.Binary, err)
		}
		return path, nil
	}
	path, err := exec.LookPath(DefaultBinary)
	if err != nil {
		return "", ErrNotInstalled
	}
	return path, nil
}

// firmware lists where distributions keep OVMF: code and variables. Both files
// of a pair have the same flash size.
var firmware = [][2]string{
	{"/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"},         // Debian, Ubuntu
	{"/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd"},               // older Debian
	{"/usr/share/edk2/ovmf/OVMF_CODE.fd", "/usr/share/edk2/ovmf/OVMF_VARS.fd"},     // Fedora
	{"/usr/share/edk2/x64/OVMF_CODE.4m.fd", "/usr/share/edk2/x64/OVMF_VARS.4m.fd"}, // Arch
	{"/usr/share/edk2/x64/OVMF_CODE.fd", "/usr/share/edk2/x64/OVMF_VARS.fd"},       // older Arch
}

// findOVMF returns the files of the UEFI firmware.
func findOVMF() (code, vars string, err error) {
	for _, pair := range firmware {
		if readable(pair[0]) && readable(pair[1]) {
			return pair[0], pair[1], nil
		}
	}
	return "", "", ErrNoOVMF
}

// FindOVMF returns the name of the UEFI firmware's file.
//
// Errors: ErrNoOVMF.
func FindOVMF() (string, error) {
	code, _, err := findOVMF()
	return code, err
}

// readable tells whether name is a file that can be opened.
func readable(name string) bool {
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	f.Close()
	return true
}
