//go:build tamago

package cpio_test

// The test binary is a kernel of its own: this brings the machine up.
import _ "vitrine/kernel/start"
