//go:build tamago

package uart_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/ioport"
	"vitrine/drivers/uart"
)

// The test's own output goes through this chip, so it must be left as it was.
func TestTheMachineHasASerialLine(t *testing.T) {
	p := uart.New(ioport.Hardware{}, uart.COM1)
	require.NoError(t, p.Init(uart.DefaultBaud))
	_, err := p.ReadByte()
	require.ErrorIs(t, err, uart.ErrEmpty)
}

func TestTheMachineHasNoFourthSerialLine(t *testing.T) {
	p := uart.New(ioport.Hardware{}, uart.COM4)
	require.ErrorIs(t, p.Init(uart.DefaultBaud), uart.ErrAbsent)
}
