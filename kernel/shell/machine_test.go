//go:build tamago

package shell

// The test binary is a kernel of its own: this brings the machine up.
import _ "vitrine/kernel/start"
