//go:build tamago

package vga_test

// The test binary is a kernel of its own: this brings the machine up.
import _ "vitrine/kernel/start"
