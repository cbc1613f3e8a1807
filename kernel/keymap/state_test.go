package keymap

import (
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/ps2"
	"vitrine/kernel/key"
)

func TestShiftLastsUntilTheLastOfTheTwoIsReleased(t *testing.T) {
	y := newTypist(t, "us")
	y.down(ps2.KeyLeftShift, ps2.KeyRightShift).press(ps2.KeyA)
	y.up(ps2.KeyLeftShift).press(ps2.KeyB)
	y.up(ps2.KeyRightShift).press(ps2.KeyC)
	require.Equal(t, "ABc", y.text())
}

func TestCtrlLettersFollowTheLayoutAndIgnoreCapsLock(t *testing.T) {
	for _, ctrl := range []ps2.Code{ps2.KeyLeftCtrl, ps2.KeyRightCtrl} {
		require.Equal(t, []key.Press{{Rune: 'c', Mod: key.Ctrl}}, newTypist(t, "us").press(ctrl, ps2.KeyC).got)
		require.Equal(t, []key.Press{{Rune: 'z', Mod: key.Ctrl}}, newTypist(t, "de").press(ctrl, ps2.KeyY).got)
		require.Equal(t, []key.Press{{Rune: 'a', Mod: key.Ctrl}}, newTypist(t, "fr").press(ctrl, ps2.KeyQ).got)
	}
	y := newTypist(t, "us").press(ps2.KeyCapsLock).down(ps2.KeyLeftCtrl)
	require.Equal(t, "<Ctrl-c>", y.press(ps2.KeyC).text())
	y.press(ps2.KeyLeftShift, ps2.KeyC)
	require.Equal(t, []key.Press{{Rune: 'c', Mod: key.Ctrl | key.Shift}}, y.got)
	y.got = nil
	y.press(ps2.KeyLeftShift, ps2.KeyMinus)
	require.Equal(t, []key.Press{{Rune: '_', Mod: key.Ctrl}}, y.got)
	y.got = nil
	require.Equal(t, "<Ctrl- >", y.press(ps2.KeySpace).text())
}

func TestAltIsToldButAltGrIsNot(t *testing.T) {
	y := newTypist(t, "de")
	require.Equal(t, "<Alt-b>", y.press(ps2.KeyLeftAlt, ps2.KeyB).text())
	require.Equal(t, "<Alt-B>", y.press(ps2.KeyLeftShift, ps2.KeyLeftAlt, ps2.KeyB).text())
	require.Equal(t, "<Alt-@>", y.press(ps2.KeyLeftAlt, ps2.KeyRightAlt, ps2.KeyQ).text())
	require.Equal(t, "<Ctrl-Alt-Delete>", y.press(ps2.KeyLeftCtrl, ps2.KeyLeftAlt, ps2.KeyDelete).text())
	require.Equal(t, "<Left>", y.press(ps2.KeyRightAlt, ps2.KeyLeft).text())
}

func TestNamedKeysTellTheirModifiers(t *testing.T) {
	y := newTypist(t, "us")
	require.Equal(t, "<Tab><Shift-Tab><Ctrl-Left><Enter><Enter><F12><Pause><PrintScreen>",
		y.press(ps2.KeyTab).press(ps2.KeyLeftShift, ps2.KeyTab).press(ps2.KeyRightCtrl, ps2.KeyLeft).
			press(ps2.KeyEnter).press(ps2.KeypadEnter).press(ps2.KeyF12).press(ps2.KeyPause).press(ps2.KeyPrintScreen).text())
}

func TestKeysWithoutAMeaningGiveNothing(t *testing.T) {
	y := newTypist(t, "us")
	y.press(ps2.KeyLeftMeta).press(ps2.KeyMenu).press(ps2.KeyMute).press(ps2.None, ps2.Code(255))
	require.Empty(t, y.text())
	require.Equal(t, "l", y.down(ps2.KeyLeftMeta).press(ps2.KeyL).text(), "a Meta key whose release the host kept")
}

func TestCapsLockIsForLetters(t *testing.T) {
	for _, c := range []struct {
		layout string
		code   ps2.Code
		want   string // alone, and with Shift
	}{
		{"us", ps2.KeyA, "Aa"},
		{"us", ps2.Key1, "1!"},
		{"de", ps2.KeyApostrophe, "Ää"},
		{"de", ps2.KeyMinus, "ß?"},
		{"fr", ps2.Key2, "É2"},
		{"fr", ps2.KeySemicolon, "Mm"},
		{"fr", ps2.KeyM, ",?"},
		{"fr", ps2.KeyBackslash, "*µ"},
		{"it", ps2.KeyLeftBracket, "ÈÉ"},
		{"es", ps2.KeySemicolon, "Ññ"},
	} {
		y := newTypist(t, c.layout).press(ps2.KeyCapsLock)
		require.Equal(t, c.want, y.press(c.code).press(ps2.KeyLeftShift, c.code).text(), "%s %v", c.layout, c.code)
	}
	y := newTypist(t, "fr").press(ps2.KeyCapsLock)
	require.Equal(t, "Ê", y.press(ps2.KeyLeftBracket).press(ps2.KeyE).text())
}

func TestLocksChangeOncePerPress(t *testing.T) {
	y := newTypist(t, "us")
	require.Equal(t, ps2.NumLock, y.LEDs())
	y.down(ps2.KeyCapsLock)
	for range 5 {
		y.Translate(ps2.Event{Code: ps2.KeyCapsLock, Pressed: true, Repeat: true})
	}
	y.up(ps2.KeyCapsLock)
	require.Equal(t, ps2.NumLock|ps2.CapsLock, y.LEDs())
	y.press(ps2.KeyScrollLock).press(ps2.KeyNumLock).press(ps2.KeyCapsLock)
	require.Equal(t, ps2.ScrollLock, y.LEDs())
	require.Empty(t, y.text())
}

func TestRepeatsPassThrough(t *testing.T) {
	y := newTypist(t, "us").down(ps2.KeyA)
	for range 3 {
		y.got = append(y.got, y.Translate(ps2.Event{Code: ps2.KeyA, Pressed: true, Repeat: true})...)
	}
	require.Equal(t, "aaaa", y.text())
}

func TestTheKeypadObeysNumLockShiftAndTheLayout(t *testing.T) {
	y := newTypist(t, "de")
	require.Equal(t, "7,5/*-+", y.press(ps2.Keypad7).press(ps2.KeypadDecimal).press(ps2.Keypad5).press(ps2.KeypadDivide).
		press(ps2.KeypadMultiply).press(ps2.KeypadSubtract).press(ps2.KeypadAdd).text())
	require.Equal(t, "<Home>", y.press(ps2.KeyLeftShift, ps2.Keypad7).text())
	y.press(ps2.KeyNumLock)
	require.Equal(t, "<Home><Delete><Insert><PageDown><Ctrl-Left>", y.press(ps2.Keypad7).press(ps2.KeypadDecimal).press(ps2.Keypad5).
		press(ps2.Keypad0).press(ps2.Keypad3).press(ps2.KeyLeftCtrl, ps2.Keypad4).text())
	require.Equal(t, "7", y.press(ps2.KeyLeftShift, ps2.Keypad7).text())
	require.Equal(t, ".", newTypist(t, "us").press(ps2.KeypadDecimal).text())
}

func TestDeadKeys(t *testing.T) {
	circumflex, acute := ps2.KeyBackquote, ps2.KeyEqual
	grave := []ps2.Code{ps2.KeyLeftShift, ps2.KeyEqual}
	for _, c := range []struct {
		name string
		keys [][]ps2.Code
		want string
	}{
		{"with a letter", [][]ps2.Code{{circumflex}, {ps2.KeyE}, {acute}, {ps2.KeyA}, grave, {ps2.KeyU}}, "êáù"},
		{"with a capital", [][]ps2.Code{{acute}, {ps2.KeyLeftShift, ps2.KeyE}}, "É"},
		{"with space", [][]ps2.Code{{circumflex}, {ps2.KeySpace}, {ps2.KeySpace}}, "^ "},
		{"twice", [][]ps2.Code{{circumflex}, {circumflex}, {ps2.KeyE}}, "^e"},
		{"with another", [][]ps2.Code{{circumflex}, {acute}, {ps2.KeyE}}, "^é"},
		{"with a letter that has no such accent", [][]ps2.Code{{circumflex}, {ps2.KeyK}}, "^k"},
		{"with a character", [][]ps2.Code{grave, {ps2.Key1}}, "`1"},
		{"with a digit of the keypad", [][]ps2.Code{grave, {ps2.Keypad1}}, "`1"},
		{"before Enter", [][]ps2.Code{{circumflex}, {ps2.KeyEnter}}, "^<Enter>"},
		{"before Backspace", [][]ps2.Code{{circumflex}, {ps2.KeyBackspace}, {ps2.KeyE}}, "e"},
		{"before Escape", [][]ps2.Code{{circumflex}, {ps2.KeyEscape}, {ps2.KeyE}}, "<Escape>e"},
		{"before Ctrl-C", [][]ps2.Code{{circumflex}, {ps2.KeyLeftCtrl, ps2.KeyC}, {ps2.KeyE}}, "<Ctrl-c>e"},
		{"before a key without a meaning", [][]ps2.Code{{circumflex}, {ps2.KeyMute}, {ps2.KeyE}}, "ê"},
		{"with Ctrl", [][]ps2.Code{{ps2.KeyLeftCtrl, circumflex}, {ps2.KeyE}}, "<Ctrl-^>e"},
		{"with Alt", [][]ps2.Code{{ps2.KeyLeftAlt, circumflex}, {ps2.KeyE}}, "<Alt-^>e"},
	} {
		t.Run(c.name, func(t *testing.T) {
			y := newTypist(t, "de")
			for _, chord := range c.keys {
				y.press(chord...)
			}
			require.Equal(t, c.want, y.text())
		})
	}
}

func TestCompositionsKeepTheirCase(t *testing.T) {
	for _, a := range accents {
		require.Equal(t, utf8.RuneCountInString(a.letters), utf8.RuneCountInString(a.composed), "%q", a.accent)
		seen := map[rune]bool{}
		for _, letter := range a.letters {
			c, ok := compose(a.accent, letter)
			require.True(t, ok)
			require.Equal(t, unicode.IsUpper(letter), unicode.IsUpper(c), "%q", c)
			up, ok := compose(a.accent, unicode.ToUpper(letter))
			require.True(t, ok)
			require.Equal(t, unicode.ToUpper(c), up)
			require.False(t, seen[c], "%q", c)
			seen[c] = true
		}
	}
	_, ok := compose('x', 'a')
	require.False(t, ok)
}

func TestWhenBytesAreLostNothingIsHeldAnyMore(t *testing.T) {
	y := newTypist(t, "us").press(ps2.KeyCapsLock).down(ps2.KeyLeftShift, ps2.KeyLeftCtrl, ps2.KeyLeftAlt)
	y.down(ps2.Lost).press(ps2.KeyA)
	require.Equal(t, "A", y.text(), "a lock stays")
}

func TestSetLayoutCountsFromTheNextKeyOn(t *testing.T) {
	y := newTypist(t, "us")
	de, err := Lookup("de")
	require.NoError(t, err)
	y.press(ps2.KeyY).SetLayout(de)
	y.press(ps2.KeyY)
	require.Equal(t, "yz", y.text())
	require.Equal(t, "German", y.Layout().Title)
}

func TestASnapshotShowsTheState(t *testing.T) {
	y := newTypist(t, "de").press(ps2.KeyEqual).down(ps2.KeyLeftCtrl, ps2.KeyRightAlt)
	require.Equal(t, Snapshot{Layout: "de", Mod: key.Ctrl, AltGr: true, Locks: ps2.NumLock, Accent: '´'}, y.Snapshot())
}

func TestTranslateAllocatesNothing(t *testing.T) {
	y := newTypist(t, "de")
	require.Zero(t, testing.AllocsPerRun(100, func() {
		y.Translate(ps2.Event{Code: ps2.KeyEqual, Pressed: true})
		y.Translate(ps2.Event{Code: ps2.KeyE, Pressed: true})
		y.Translate(ps2.Event{Code: ps2.Keypad7, Pressed: true})
		y.Translate(ps2.Event{Code: ps2.KeyLeft, Pressed: true})
	}))
}

func FuzzTranslate(f *testing.F) {
	f.Add(uint8(2), []uint8{uint8(ps2.KeyEqual), uint8(ps2.KeyEqual), uint8(ps2.KeyK)})
	f.Fuzz(func(t *testing.T, layout uint8, keys []uint8) {
		y := newTypist(t, Names()[int(layout)%len(tables)])
		for _, k := range keys {
			presses := y.Translate(ps2.Event{Code: ps2.Code(k &^ 0x80), Pressed: k&0x80 == 0})
			require.LessOrEqual(t, len(presses), 2)
			for _, p := range presses {
				require.True(t, p.Name != key.None && p.Rune == 0 || p.Name == key.None && unicode.IsPrint(p.Rune), "%+v", p)
			}
		}
	})
}
