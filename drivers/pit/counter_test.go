package pit

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/ioport/porttest"
)

func TestTheCounterGoesRoundAndUp(t *testing.T) {
	bus := &porttest.Space{Reads: map[uint16][]uint32{portGate: {0xfe}, portChannel2: {0x00, 0x00, 0xff, 0xff, 0x34, 0x12, 0x01, 0x00}}}
	c := NewCounter(bus)
	c.Start()
	require.Equal(t, []string{"61<-fd", "43<-b4", "42<-00", "42<-00"}, bus.Log)
	bus.Log = nil
	for _, want := range []uint64{0, 1, 0xedcc, 0xffff} {
		require.Equal(t, want, c.Read())
	}
	require.Equal(t, []string{"43<-80", "43<-80", "43<-80", "43<-80"}, bus.Log)
}
