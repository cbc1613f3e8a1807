package ps2

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/ps2/ps2test"
)

func TestEveryKeyHasANameAndScanCodesOfItsOwn(t *testing.T) {
	names := map[string]bool{}
	one, two := map[uint16]Code{}, map[uint16]Code{}
	for c := FirstKey; c < EndOfKeys; c++ {
		k := keys[c]
		require.NotEmpty(t, k.name, "key %d", c)
		require.False(t, names[k.name], k.name)
		names[k.name] = true
		if c == KeyPause {
			continue
		}
		require.NotContains(t, one, k.set1, k.name)
		require.NotContains(t, two, k.set2, k.name)
		one[k.set1], two[k.set2] = c, c
	}
}

func TestSet1IsWhatTheControllerMakesOfSet2(t *testing.T) {
	check := func(name string, set1, set2 uint16) {
		require.Equal(t, set1&0xff00, set2&0xff00, name)
		require.Equal(t, uint8(set1), ps2test.Translate(uint8(set2)), name)
	}
	for c := FirstKey; c < EndOfKeys; c++ {
		if c != KeyPause {
			check(keys[c].name, keys[c].set1, keys[c].set2)
		}
	}
	for _, a := range aliases {
		check(a.code.String(), a.set1, a.set2)
	}
	for _, f := range fakeShifts {
		check("fake shift", f.set1, f.set2)
	}
}

// decode returns the events of some bytes.
func decode(d *Decoder, bytes ...uint8) (events []Event) {
	for _, b := range bytes {
		if e, ok := d.Feed(b); ok {
			events = append(events, e)
		}
	}
	return events
}

func TestEveryKeyInEverySetIsDecodedToItself(t *testing.T) {
	for _, set := range []Set{Set1, Set2} {
		d := NewDecoder(set)
		for c := FirstKey; c < EndOfKeys; c++ {
			for _, pressed := range []bool{true, false} {
				bytes := set.Append(nil, c, pressed)
				require.NotEmpty(t, bytes)
				require.Equal(t, []Event{{Code: c, Pressed: pressed}}, decode(&d, bytes...), "set %d % x", set, bytes)
				require.Empty(t, d.Waiting())
			}
		}
		require.Zero(t, d.Resyncs+d.Errors+d.Unknown)
	}
}

func TestSequencesOfRealKeyboards(t *testing.T) {
	down := func(c Code) Event { return Event{Code: c, Pressed: true} }
	up := func(c Code) Event { return Event{Code: c} }
	for _, c := range []struct {
		name  string
		set   Set
		bytes []uint8
		want  []Event
	}{
		{
			"QEMU types shift-a", Set1,
			[]uint8{0x2a, 0x1e, 0x9e, 0xaa},
			[]Event{down(KeyLeftShift), down(KeyA), up(KeyA), up(KeyLeftShift)},
		},
		{
			"Print Screen", Set1,
			[]uint8{0xe0, 0x2a, 0xe0, 0x37, 0xe0, 0xb7, 0xe0, 0xaa},
			[]Event{down(KeyPrintScreen), up(KeyPrintScreen)},
		},
		{
			"Print Screen", Set2,
			[]uint8{0xe0, 0x12, 0xe0, 0x7c, 0xe0, 0xf0, 0x7c, 0xe0, 0xf0, 0x12},
			[]Event{down(KeyPrintScreen), up(KeyPrintScreen)},
		},
		{
			"Print Screen with Ctrl", Set1,
			[]uint8{0xe0, 0x37, 0xe0, 0xb7},
			[]Event{down(KeyPrintScreen), up(KeyPrintScreen)},
		},
		{"Print Screen with Alt", Set1, []uint8{0x54, 0xd4}, []Event{down(KeyPrintScreen), up(KeyPrintScreen)}},
		{"Print Screen with Alt", Set2, []uint8{0x84, 0xf0, 0x84}, []Event{down(KeyPrintScreen), up(KeyPrintScreen)}},
		{"Pause", Set1, []uint8{0xe1, 0x1d, 0x45, 0xe1, 0x9d, 0xc5}, []Event{down(KeyPause), up(KeyPause)}},
		{"Pause", Set2, []uint8{0xe1, 0x14, 0x77, 0xe1, 0xf0, 0x14, 0xf0, 0x77}, []Event{down(KeyPause), up(KeyPause)}},
		{"Pause with Ctrl", Set1, []uint8{0xe0, 0x46, 0xe0, 0xc6}, []Event{down(KeyPause), up(KeyPause)}},
		{"Pause with Ctrl", Set2, []uint8{0xe0, 0x7e, 0xe0, 0xf0, 0x7e}, []Event{down(KeyPause), up(KeyPause)}},
		{
			"Up with Shift held", Set1,
			[]uint8{0xe0, 0xaa, 0xe0, 0x48, 0xe0, 0xc8, 0xe0, 0x2a},
			[]Event{down(KeyUp), up(KeyUp)},
		},
		{
			"Insert with Num Lock on", Set2,
			[]uint8{0xe0, 0x12, 0xe0, 0x70, 0xe0, 0xf0, 0x70, 0xe0, 0xf0, 0x12},
			[]Event{down(KeyInsert), up(KeyInsert)},
		},
		{"too many keys", Set1, []uint8{0xff, 0x1e}, []Event{{Code: Lost}, down(KeyA)}},
		{"too many keys", Set2, []uint8{0x00, 0x1c}, []Event{{Code: Lost}, down(KeyA)}},
		{"too many keys, within a sequence", Set2, []uint8{0xe0, 0xf0, 0x00, 0x1c}, []Event{{Code: Lost}, down(KeyA)}},
		{"an unknown key", Set1, []uint8{0xe0, 0x11, 0xe0, 0x91, 0x1e}, []Event{down(KeyA)}},
		{"an unknown key", Set2, []uint8{0x7f, 0xf0, 0x7f, 0x1c}, []Event{down(KeyA)}},
	} {
		d := NewDecoder(c.set)
		require.Equal(t, c.want, decode(&d, c.bytes...), "%s, set %d", c.name, c.set)
	}
}

func TestWaitingSaysWhatHasBeenSeen(t *testing.T) {
	d := NewDecoder(Set2)
	got := []string{}
	for _, b := range []uint8{0xe0, 0xf0, 0x75, 0xf0, 0x1c, 0xe1, 0x14, 0x77, 0xe1, 0xf0, 0x14, 0xf0} {
		d.Feed(b)
		got = append(got, d.Waiting())
	}
	require.Equal(t, []string{"e0", "e0 f0", "", "f0", "", "e1", "e1 ctrl", "", "e1", "e1 f0", "e1 ctrl", "e1 ctrl f0"}, got)
	d.Reset()
	require.Empty(t, d.Waiting())
}

// requireInStep checks that after garbage and one key the next key is decoded.
func requireInStep(t *testing.T, set Set, garbage []uint8, sacrificed, next Code) {
	t.Helper()
	d := NewDecoder(set)
	decode(&d, garbage...)
	decode(&d, set.Append(set.Append(nil, sacrificed, true), sacrificed, false)...)
	got := decode(&d, set.Append(set.Append(nil, next, true), next, false)...)
	if !slices.Equal(got, []Event{{Code: next, Pressed: true}, {Code: next}}) {
		require.Failf(t, "out of step", "set %d, garbage % x, then %v: got %v for %v", set, garbage, sacrificed, got, next)
	}
}

func TestOneKeyAfterAnyGarbageTheDecoderIsInStep(t *testing.T) {
	beginnings := [][]uint8{
		nil,
		{0xe0},
		{0xe1},
		{0xf0},
		{0xe0, 0xf0},
		{0xe1, 0x1d},
		{0xe1, 0x9d},
		{0xe1, 0x14},
		{0xe1, 0xf0},
		{0xe1, 0xf0, 0x14},
		{0xe1, 0xf0, 0x14, 0xf0},
		{0xe0, 0xe0},
		{0xf0, 0xe0},
		{0xe0, 0xe1},
		{0xfa},
		{0xe0, 0xff},
	}
	for _, set := range []Set{Set1, Set2} {
		for _, garbage := range beginnings {
			for sacrificed := FirstKey; sacrificed < EndOfKeys; sacrificed++ {
				for _, next := range []Code{KeyA, KeyUp, KeyPause, KeyPrintScreen, KeyNumLock, KeyLeftCtrl} {
					requireInStep(t, set, garbage, sacrificed, next)
				}
			}
		}
	}
}

func TestAnyOneByteLostCostsAtMostTwoKeys(t *testing.T) {
	for _, set := range []Set{Set1, Set2} {
		for c := FirstKey; c < EndOfKeys; c++ {
			whole := set.Append(set.Append(nil, c, true), c, false)
			for lost := range whole {
				garbage := append(append([]uint8{}, whole[:lost]...), whole[lost+1:]...)
				requireInStep(t, set, garbage, KeyB, KeyUp)
			}
		}
	}
}

func FuzzDecoder(f *testing.F) {
	f.Add(uint8(1), []uint8{0xe1, 0x1d}, uint8(3), uint8(4))
	f.Add(uint8(2), []uint8{0xe0, 0xf0}, uint8(0), uint8(80))
	f.Fuzz(func(t *testing.T, set uint8, garbage []uint8, sacrificed, next uint8) {
		key := func(n uint8) Code { return FirstKey + Code(n)%(EndOfKeys-FirstKey) }
		s := Set1 + Set(set&1)
		d := NewDecoder(s)
		for _, b := range garbage {
			if e, ok := d.Feed(b); ok {
				require.True(t, e.Code == Lost || FirstKey <= e.Code && e.Code < EndOfKeys)
			}
		}
		requireInStep(t, s, garbage, key(sacrificed), key(next))
	})
}

func TestFeedAllocatesNothing(t *testing.T) {
	d := NewDecoder(Set2)
	require.Zero(t, testing.AllocsPerRun(100, func() {
		for _, b := range []uint8{0xe0, 0xf0, 0x75, 0x1c} {
			d.Feed(b)
		}
	}))
}

func TestEventsReadLikeATrace(t *testing.T) {
	require.Equal(t, "A down", Event{Code: KeyA, Pressed: true}.String())
	require.Equal(t, "A repeat", Event{Code: KeyA, Pressed: true, Repeat: true}.String())
	require.Equal(t, "LeftShift up", Event{Code: KeyLeftShift}.String())
	require.Equal(t, "bytes lost", Event{Code: Lost}.String())
	require.Equal(t, "None", None.String())
	require.Equal(t, "Lost", Lost.String())
	require.Equal(t, "?", Code(255).String())
	require.Empty(t, Set2.Append(nil, Lost, true), "no key")
	require.Empty(t, Set2.Append(nil, EndOfKeys, true), "no key")
}
