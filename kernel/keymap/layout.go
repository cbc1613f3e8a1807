package keymap

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"vitrine/drivers/ps2"
)

// Layout says which character each key gives. It does not change once made.
type Layout struct {
	Name    string // as in "layout=de"
	Title   string // for people
	Decimal rune   // what the keypad's separator gives

	altGr   bool // the right Alt key is AltGr
	legends [ps2.EndOfKeys][levels]legend
}

// legend is what a key gives on one level; the zero legend gives nothing.
type legend struct {
	char rune
	dead bool // it waits for the next key
}

// level is which of a key's legends counts.
type level uint8

const (
	plain      level = 0
	shift      level = 1
	altGr      level = 2
	shiftAltGr level = 3
	levels           = 4
)

// table is a layout as it is written down. A level has a string for each of the
// four rows of keys that give characters, with a cell for each key:
//
//	x    gives x
//	x*   gives the dead key x
//	--   gives nothing
//
// Rows and levels that give nothing at all may be left out.
type table struct {
	name, title string
	decimal     rune

	plain, shift, altGr, shiftAltGr rows
}

type rows [4]string

// rowKeys are the keys of the rows, from left to right. The key right of
// KeyApostrophe lies above Enter on American keyboards.
var rowKeys = [4][]ps2.Code{
	{
		ps2.KeyBackquote, ps2.Key1, ps2.Key2, ps2.Key3, ps2.Key4, ps2.Key5, ps2.Key6,
		ps2.Key7, ps2.Key8, ps2.Key9, ps2.Key0, ps2.KeyMinus, ps2.KeyEqual,
	},
	{
		ps2.KeyQ, ps2.KeyW, ps2.KeyE, ps2.KeyR, ps2.KeyT, ps2.KeyY, ps2.KeyU,
		ps2.KeyI, ps2.KeyO, ps2.KeyP, ps2.KeyLeftBracket, ps2.KeyRightBracket,
	},
	{
		ps2.KeyA, ps2.KeyS, ps2.KeyD, ps2.KeyF, ps2.KeyG, ps2.KeyH, ps2.KeyJ,
		ps2.KeyK, ps2.KeyL, ps2.KeySemicolon, ps2.KeyApostrophe, ps2.KeyBackslash,
	},
	{
		ps2.KeyISO, ps2.KeyZ, ps2.KeyX, ps2.KeyC, ps2.KeyV, ps2.KeyB, ps2.KeyN,
		ps2.KeyM, ps2.KeyComma, ps2.KeyPeriod, ps2.KeySlash,
	},
}

// layout reads the table.
func (t *table) layout() (*Layout, error) {
	l := &Layout{Name: t.name, Title: t.title, Decimal: t.decimal}
	for lv, rows := range [levels]rows{t.plain, t.shift, t.altGr, t.shiftAltGr} {
		for i, row := range rows {
			if err := l.addRow(level(lv), rowKeys[i], row); err != nil {
				return nil, fmt.Errorf("layout %s, level %d, row %d: %w", t.name, lv, i+1, err)
			}
		}
	}
	return l, nil
}

func (l *Layout) addRow(lv level, keys []ps2.Code, row string) error {
	cells := strings.Fields(row)
	if len(cells) == 0 {
		return nil
	}
	if len(cells) != len(keys) {
		return fmt.Errorf("%d cells for %d keys", len(cells), len(keys))
	}
	for i, cell := range cells {
		if cell == "--" {
			continue
		}
		char, size := utf8.DecodeRuneInString(cell)
		if rest := cell[size:]; rest != "" && rest != "*" {
			return fmt.Errorf("cell %q is neither x, x* nor --", cell)
		}
		l.legends[keys[i]][lv] = legend{char, size < len(cell)}
		l.altGr = l.altGr || lv >= altGr
	}
	return nil
}

// at returns what key c gives on a level, with Caps Lock or without.
//
// Caps Lock is for letters only. Where a key has a letter in both cases, it
// swaps them; a letter that shares its key with something else, as é and 2 on
// a French keyboard, it makes upper case: there is no other way to type É.
func (l *Layout) at(c ps2.Code, lv level, caps bool) legend {
	key := l.legends[c]
	if !caps || lv >= altGr || key[lv].dead {
		return key[lv]
	}
	if key[shift].char == unicode.ToUpper(key[plain].char) {
		return key[lv^shift]
	}
	if up := unicode.ToUpper(key[lv].char); isLatin(up) {
		key[lv].char = up
	}
	return key[lv]
}

// isLatin excludes the Greek capital that Unicode has for µ.
func isLatin(r rune) bool { return unicode.Is(unicode.Latin, r) }
