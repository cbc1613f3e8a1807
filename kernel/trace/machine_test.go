//go:build tamago

package trace

// The test binary is a kernel of its own: this brings the machine up.
import _ "vitrine/kernel/start"
