package ps2

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func packets(d *PacketDecoder, bytes ...uint8) (all []MouseEvent) {
	for _, b := range bytes {
		if e, ok := d.Feed(b); ok {
			all = append(all, e)
		}
	}
	return all
}

func TestPacketsOfEachProtocol(t *testing.T) {
	for _, c := range []struct {
		name  string
		p     Protocol
		bytes []uint8
		want  MouseEvent
	}{
		{"right and up", ThreeBytes, []uint8{0x08, 0x01, 0x02}, MouseEvent{DX: 1, DY: 2}},
		{"left and down", ThreeBytes, []uint8{0x38, 0xff, 0x80}, MouseEvent{DX: -1, DY: -128}},
		{"as far as 9 bits go", ThreeBytes, []uint8{0x18, 0x00, 0xff}, MouseEvent{DX: -256, DY: 255}},
		{"further", ThreeBytes, []uint8{0xd8, 0x12, 0x34}, MouseEvent{DX: -256, DY: 255}},
		{"buttons", ThreeBytes, []uint8{0x0d, 0, 0}, MouseEvent{Buttons: LeftButton | MiddleButton}},
		{"wheel away from the user", WithWheel, []uint8{0x08, 0, 0, 0xff}, MouseEvent{Wheel: -1}},
		{"wheel towards the user", WithWheel, []uint8{0x08, 0, 0, 0x02}, MouseEvent{Wheel: 2}},
		{
			"five buttons", FiveButtons,
			[]uint8{0x0a, 0, 0, 0x3f},
			MouseEvent{Wheel: -1, Buttons: RightButton | BackButton | ForwardButton},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := NewPacketDecoder(c.p)
			require.Equal(t, []MouseEvent{c.want}, packets(&d, c.bytes...))
			require.Zero(t, d.Resyncs)
			require.Zero(t, d.Waiting())
		})
	}
}

func TestAByteThatBeginsNoPacketIsDropped(t *testing.T) {
	d := NewPacketDecoder(ThreeBytes)
	require.Equal(t, []MouseEvent{{DX: 1}}, packets(&d, 0x00, 0x07, 0x08, 0x01, 0x00))
	require.EqualValues(t, 2, d.Resyncs)
}

func TestAPacketWithAnImpossibleWheelIsDropped(t *testing.T) {
	for _, p := range []Protocol{WithWheel, FiveButtons} {
		d := NewPacketDecoder(p)
		require.Empty(t, packets(&d, 0x08, 0x01, 0x00, 0x48))
		require.EqualValues(t, 1, d.Resyncs)
		require.Equal(t, []MouseEvent{{DX: 1}}, packets(&d, 0x08, 0x01, 0x00, 0x00))
	}
}

func TestAfterResetADecoderIsInStep(t *testing.T) {
	for _, p := range []Protocol{ThreeBytes, WithWheel, FiveButtons} {
		for n := range p.size() {
			d := NewPacketDecoder(p)
			packets(&d, []uint8{0x0f, 0x0f, 0x0f, 0x0f}[:n]...)
			d.Reset()
			require.Equal(t, []MouseEvent{{DX: 3, DY: 4}}, packets(&d, []uint8{0x08, 3, 4, 0}[:p.size()]...))
		}
	}
}

func FuzzPacketDecoder(f *testing.F) {
	f.Add(uint8(3), []uint8{0x08, 1, 2, 0xff, 0x38, 0xff, 0xff, 7})
	f.Fuzz(func(t *testing.T, protocol uint8, bytes []uint8) {
		p := [...]Protocol{ThreeBytes, WithWheel, FiveButtons}[protocol%3]
		d := NewPacketDecoder(p)
		for _, e := range packets(&d, bytes...) {
			require.True(t, -256 <= e.DX && e.DX <= 255 && -256 <= e.DY && e.DY <= 255)
			require.True(t, -8 <= e.Wheel && e.Wheel <= 7)
			require.True(t, p == FiveButtons || e.Buttons < 8)
			require.True(t, p != ThreeBytes || e.Wheel == 0)
		}
		d.Reset()
		require.Equal(t, []MouseEvent{{DX: 3, DY: 4}}, packets(&d, []uint8{0x08, 3, 4, 0}[:p.size()]...))
	})
}
