package keymap_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/ps2"
	"vitrine/drivers/ps2/ps2test"
	"vitrine/kernel/key"
	"vitrine/kernel/keymap"
)

// boot connects all stages, from a fake controller to presses.
func boot(t *testing.T, layout string) (*ps2test.Controller, *keymap.Keyboard) {
	t.Helper()
	fake := ps2test.New()
	ctl := ps2.New(fake, fake)
	fake.Interrupt = func() { ctl.Interrupt() }
	require.NoError(t, ctl.Init())
	require.NoError(t, ctl.Listen())
	device, err := ctl.Keyboard()
	require.NoError(t, err)
	l, err := keymap.Lookup(layout)
	require.NoError(t, err)
	return fake, keymap.NewKeyboard(device, l)
}

func read(k *keymap.Keyboard) (s string) {
	for p := range k.Presses {
		s += p.String()
	}
	return s
}

func TestAFingerReachesTheKernel(t *testing.T) {
	fake, k := boot(t, "de")
	seen := 0
	k.OnPress = func(key.Press) { seen++ }
	for _, c := range []ps2.Code{ps2.KeyY, ps2.KeyEqual, ps2.KeyE, ps2.Key7, ps2.KeyUp} {
		fake.Type(ps2.Set2.Append(nil, c, true)...)
		fake.Type(ps2.Set2.Append(nil, c, false)...)
	}
	require.Equal(t, "zé7Up", read(k))
	require.Equal(t, 4, seen)
	require.Empty(t, read(k))
}

func TestLocksLightUp(t *testing.T) {
	fake, k := boot(t, "us")
	settle := func() {
		for range 10 {
			read(k)
			fake.Sleep(5e6)
		}
	}
	settle()
	require.EqualValues(t, ps2.NumLock, fake.Keyboard.LEDs, "from the first call on")
	fake.Type(ps2.Set2.Append(nil, ps2.KeyCapsLock, true)...)
	settle()
	require.EqualValues(t, ps2.NumLock|ps2.CapsLock, fake.Keyboard.LEDs)
}

func TestALoopThatIsLeftGoesOnLater(t *testing.T) {
	fake, k := boot(t, "us")
	for _, c := range []ps2.Code{ps2.KeyA, ps2.KeyB} {
		fake.Type(ps2.Set2.Append(nil, c, true)...)
	}
	for p := range k.Presses {
		require.Equal(t, 'a', p.Rune)
		break
	}
	require.Equal(t, "b", read(k))
}
