//go:build tamago

package kernel

import "vitrine/kernel/shell"

// startShell makes the shell and its commands.
func (m *machine) startShell() error {
	m.shell = shell.New()
	m.session = &shell.Session{Shell: m.shell, Terminal: m.terminal, Prompt: "vitrine> "}
	m.terminal.SetCompleter(m.session.Complete)
	return nil
}
