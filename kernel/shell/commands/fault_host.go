//go:build !tamago

package commands

// processorFaults: a hosted program cannot raise the processor's exceptions.
func processorFaults() []fault { return nil }

// cleanUp: and has left nothing.
func (m *Machine) cleanUp() {}
