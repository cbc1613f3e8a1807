package keymap

import "unicode/utf8"

// accents says what becomes of a letter after a dead key.
var accents = [...]struct {
	accent   rune
	letters  string
	composed string // in the same order
}{
	{'^', "aeiouAEIOU" + "cghjswyCGHJSWY", "âêîôûÂÊÎÔÛ" + "ĉĝĥĵŝŵŷĈĜĤĴŜŴŶ"},
	{'´', "aeiouyAEIOUY" + "clnrszCLNRSZ", "áéíóúýÁÉÍÓÚÝ" + "ćĺńŕśźĆĹŃŔŚŹ"},
	{'`', "aeiouAEIOU", "àèìòùÀÈÌÒÙ"},
	{'~', "anoANO" + "iuIU", "ãñõÃÑÕ" + "ĩũĨŨ"},
	{'¨', "aeiouyAEIOUY", "äëïöüÿÄËÏÖÜŸ"},
}

// compose puts an accent on a letter; ok is false if there is no such
// character.
func compose(accent, letter rune) (composed rune, ok bool) {
	for _, a := range accents {
		if a.accent != accent {
			continue
		}
		rest := a.composed
		for _, l := range a.letters {
			c, size := utf8.DecodeRuneInString(rest)
			if l == letter {
				return c, true
			}
			rest = rest[size:]
		}
	}
	return 0, false
}
