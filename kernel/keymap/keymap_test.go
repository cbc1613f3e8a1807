package keymap

import (
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"vitrine/drivers/ps2"
	"vitrine/kernel/key"
)

// typist presses keys and notes what they give.
type typist struct {
	*State
	got []key.Press
}

func newTypist(t *testing.T, layout string) *typist {
	t.Helper()
	l, err := Lookup(layout)
	require.NoError(t, err)
	return &typist{State: NewState(l)}
}

func (y *typist) down(codes ...ps2.Code) *typist {
	for _, c := range codes {
		y.got = append(y.got, y.Translate(ps2.Event{Code: c, Pressed: true})...)
	}
	return y
}

func (y *typist) up(codes ...ps2.Code) *typist {
	for _, c := range codes {
		y.got = append(y.got, y.Translate(ps2.Event{Code: c})...)
	}
	return y
}

// press presses the keys one after the other and then releases them.
func (y *typist) press(codes ...ps2.Code) *typist { return y.down(codes...).up(codes...) }

// text returns what was typed since the last call.
func (y *typist) text() string {
	s := ""
	for i, p := range y.got {
		if p.Name != key.None || p.Mod != 0 {
			s += "<" + p.String() + ">"
		} else {
			s += string(y.got[i].Rune)
		}
	}
	y.got = nil
	return s
}

var modifiersOf = [levels][]ps2.Code{
	plain: nil, shift: {ps2.KeyLeftShift}, altGr: {ps2.KeyRightAlt}, shiftAltGr: {ps2.KeyRightShift, ps2.KeyRightAlt},
}

func TestEveryPrintableASCIICharacterCanBeTypedOnEveryLayout(t *testing.T) {
	for _, name := range Names() {
		found := map[string]bool{}
		for _, modifiers := range modifiersOf {
			for c := ps2.FirstKey; c < ps2.EndOfKeys; c++ {
				y := newTypist(t, name)
				found[y.down(modifiers...).press(c).up(modifiers...).text()] = true
				if y.Snapshot().Accent != 0 {
					found[y.press(ps2.KeySpace).text()] = true
				}
			}
		}
		for r := rune(' '); r <= '~'; r++ {
			require.True(t, found[string(r)], "%s cannot type %q", name, r)
		}
	}
}

func TestNoKeyGivesNonsense(t *testing.T) {
	for _, name := range Names() {
		for lv, modifiers := range modifiersOf {
			for c := ps2.FirstKey; c < ps2.EndOfKeys; c++ {
				y := newTypist(t, name)
				y.down(modifiers...)
				y.down(c)
				require.LessOrEqual(t, len(y.got), 1, "%s, level %d, %v", name, lv, c)
				for _, p := range y.got {
					require.True(t, p.Name != key.None || unicode.IsPrint(p.Rune), "%s, level %d, %v: %q", name, lv, c, p.Rune)
					require.True(t, p.Name != key.None || p.Mod&^key.Alt == 0, "%s, level %d, %v", name, lv, c)
				}
				n := len(y.got)
				y.up(c).up(modifiers...)
				require.Len(t, y.got, n, "%s: a release gives something, %v", name, c)
			}
		}
	}
}

func TestLettersHaveTheirCapitalsOnShift(t *testing.T) {
	for _, name := range Names() {
		l, err := Lookup(name)
		require.NoError(t, err)
		letters := 0
		for c, k := range l.legends {
			if 'a' <= k[plain].char && k[plain].char <= 'z' {
				require.Equal(t, unicode.ToUpper(k[plain].char), k[shift].char, "%s %v", name, ps2.Code(c))
				letters++
			}
		}
		require.Equal(t, 26, letters, name)
	}
}

func TestNoCharacterIsInTwoPlacesOfOneLevel(t *testing.T) {
	for _, name := range Names() {
		l, err := Lookup(name)
		require.NoError(t, err)
		for lv := range level(levels) {
			seen := map[legend]ps2.Code{}
			for c, k := range l.legends {
				if k[lv].char == 0 || name == "us" && ps2.Code(c) == ps2.KeyISO {
					continue
				}
				require.NotContains(t, seen, k[lv], "%s, level %d: %q", name, lv, k[lv].char)
				seen[k[lv]] = ps2.Code(c)
			}
		}
	}
}

func TestDeadKeysHaveCompositions(t *testing.T) {
	for _, name := range Names() {
		l, err := Lookup(name)
		require.NoError(t, err)
		for _, k := range l.legends {
			for _, g := range k {
				if g.dead {
					_, ok := compose(g.char, 'a')
					require.True(t, ok, "%s %q", name, g.char)
				}
			}
		}
	}
}

func TestLegendsOfRealKeyboards(t *testing.T) {
	const sh, gr = ps2.KeyLeftShift, ps2.KeyRightAlt
	for _, c := range []struct {
		layout string
		keys   []ps2.Code
		want   string
	}{
		{"us", []ps2.Code{ps2.KeyY}, "y"},
		{"us", []ps2.Code{sh, ps2.Key2}, "@"},
		{"us", []ps2.Code{ps2.KeyBackslash}, `\`},
		{"us", []ps2.Code{gr, ps2.KeyB}, "<Alt-b>"},
		{"uk", []ps2.Code{sh, ps2.Key3}, "£"},
		{"uk", []ps2.Code{sh, ps2.KeyApostrophe}, "@"},
		{"uk", []ps2.Code{ps2.KeyBackslash}, "#"},
		{"uk", []ps2.Code{ps2.KeyISO}, `\`},
		{"uk", []ps2.Code{gr, ps2.Key4}, "€"},
		{"uk", []ps2.Code{gr, ps2.KeyBackquote}, "¦"},
		{"de", []ps2.Code{ps2.KeyY}, "z"},
		{"de", []ps2.Code{ps2.KeyZ}, "y"},
		{"de", []ps2.Code{ps2.KeyMinus}, "ß"},
		{"de", []ps2.Code{sh, gr, ps2.KeyMinus}, "ẞ"},
		{"de", []ps2.Code{gr, ps2.KeyQ}, "@"},
		{"de", []ps2.Code{gr, ps2.KeyE}, "€"},
		{"de", []ps2.Code{gr, ps2.KeyMinus}, `\`},
		{"de", []ps2.Code{gr, ps2.KeyISO}, "|"},
		{"de", []ps2.Code{gr, ps2.KeyRightBracket}, "~"},
		{"de", []ps2.Code{gr, ps2.KeyA}, ""},
		{"de", []ps2.Code{gr, ps2.KeySpace}, " "},
		{"de", []ps2.Code{sh, ps2.KeySlash}, "_"},
		{"fr", []ps2.Code{ps2.KeyQ}, "a"},
		{"fr", []ps2.Code{ps2.KeyW}, "z"},
		{"fr", []ps2.Code{ps2.KeySemicolon}, "m"},
		{"fr", []ps2.Code{ps2.KeyM}, ","},
		{"fr", []ps2.Code{ps2.Key2}, "é"},
		{"fr", []ps2.Code{sh, ps2.Key2}, "2"},
		{"fr", []ps2.Code{gr, ps2.Key0}, "@"},
		{"fr", []ps2.Code{gr, ps2.Key7}, "`"},
		{"es", []ps2.Code{ps2.KeySemicolon}, "ñ"},
		{"es", []ps2.Code{gr, ps2.KeyBackquote}, `\`},
		{"it", []ps2.Code{gr, ps2.KeySemicolon}, "@"},
		{"it", []ps2.Code{sh, gr, ps2.KeyLeftBracket}, "{"},
		{"se", []ps2.Code{ps2.KeyLeftBracket}, "å"},
		{"no", []ps2.Code{ps2.KeySemicolon}, "ø"},
		{"dk", []ps2.Code{ps2.KeySemicolon}, "æ"},
	} {
		require.Equal(t, c.want, newTypist(t, c.layout).press(c.keys...).text(), "%s %v", c.layout, c.keys)
	}
}

func TestAnUnknownLayoutIsAnErrorThatListsTheKnown(t *testing.T) {
	_, err := Lookup("xx")
	require.EqualError(t, err, `no keyboard layout "xx": there are us, uk, de, fr, es, it, se, no, dk`)
}

func TestATableThatIsWrittenWronglyIsAnError(t *testing.T) {
	for row, want := range map[string]string{
		"a b":                     `layout xx, level 0, row 4: 2 cells for 11 keys`,
		"a b c d e f g h i j kk":  `layout xx, level 0, row 4: cell "kk" is neither x, x* nor --`,
		"a b c d e f g h i j k**": `layout xx, level 0, row 4: cell "k**" is neither x, x* nor --`,
	} {
		_, err := (&table{name: "xx", plain: rows{3: row}}).layout()
		require.EqualError(t, err, want)
	}
	l, err := (&table{plain: rows{3: "* ** -- d e f g h i j k"}}).layout()
	require.NoError(t, err)
	require.Equal(t, legend{'*', false}, l.legends[ps2.KeyISO][plain])
	require.Equal(t, legend{'*', true}, l.legends[ps2.KeyZ][plain])
	require.Equal(t, legend{}, l.legends[ps2.KeyX][plain])
}
