//go:build tamago

package vfs_test

// The test binary is a kernel of its own: this brings the machine up.
import _ "vitrine/kernel/start"
