package screen

// Fallback returns a character that can stand for r on a device that has no
// picture of r, and whether there is one: the letter for a letter with an
// accent, the typewriter's quotes and dashes for the typographer's, light
// lines for heavy ones. A device that lacks that one too may ask again: after
// at most four steps it is an ASCII character, or there is none.
//
// Context: any; never allocates.
func Fallback(r rune) (rune, bool) {
	if r < 0x80 {
		return 0, false
	}
	if c, ok := simplerBox(r); ok {
		return c, true
	}
	if c, ok := asciiBox(r); ok {
		return c, true
	}
	for i := range lookalikes {
		for _, c := range lookalikes[i].of {
			if c == r {
				return lookalikes[i].use, true
			}
		}
	}
	return 0, false
}

// asciiBox draws boxes as typewriters do.
func asciiBox(r rune) (rune, bool) {
	a, ok := Box(r)
	switch {
	case !ok:
		return 0, false
	case a.Up|a.Down == NoArm:
		return '-', true
	case a.Left|a.Right == NoArm:
		return '|', true
	}
	return '+', true
}

// lookalikes has what to use instead of which characters: first signs, then
// letters.
var lookalikes = [...]struct {
	use rune
	of  string
}{
	{' ', "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"},
	{'\'', "‘’‚‛′ʼˈ´‹›"},
	{'"', "“”„‟″«»"},
	{'-', "‐‑‒–—―−¯\u00ad⁃"},
	{'.', "…·․。"},
	{'·', "•‧∙⋅●"},
	{'*', "✱★☆"},
	{'/', "╱⁄∕"},
	{'\\', "╲∖"},
	{'|', "¦❘"},
	{',', "¸，"},
	{'√', "✓✔"},
	{'^', "↑▲△ˆ"},
	{'<', "←◄◀≤"},
	{'>', "→►▶≥"},
	{'↑', "⇑"},
	{'↓', "⇓"},
	{'←', "⇐"},
	{'→', "⇒"},
	{'=', "≡"},
	{'~', "≈˜∼"},
	{'!', "‼¡"},
	{'?', "¿"},
	{'1', "¹"},
	{'2', "²"},
	{'3', "³"},
	{'4', "⁴"},
	{'■', "▪▮◼"},
	{'#', "■"},
	{'□', "▫"},
	{'+', "±†"},
	{'8', "∞"},
	{':', "÷"},
	{'ß', "βẞ"},
	{'µ', "μ"},
	{'_', "␣"},
	{'▄', "▁▂▃▅▆"},
	{'█', "▇▉▊▋▙▛▜▟"},
	{'▌', "▍▎▏▖▘▚"},
	{'▐', "▕▗▝▞"},
	{'▀', "▔"},
	{'A', "ÀÁÂÃÄÅĀĂĄǍÆ"},
	{'a', "ªαàáâãäåāăąǎæ"},
	{'B', "ß"},
	{'C', "ÇĆĈĊČ"},
	{'c', "©¢çćĉċč"},
	{'D', "ĎÐĐ"},
	{'d', "δďðđ"},
	{'E', "€ÈÉÊËĒĔĖĘĚ"},
	{'e', "εèéêëēĕėęě"},
	{'F', "Φ"},
	{'f', "φƒ"},
	{'G', "ΓĜĞĠĢ"},
	{'g', "ĝğġģ"},
	{'H', "ĤĦ"},
	{'h', "ĥħ"},
	{'I', "ÌÍÎÏĨĪĬĮİǏ"},
	{'i', "ìíîïĩīĭįǐı"},
	{'J', "Ĵ"},
	{'j', "ĵȷ"},
	{'K', "Ķ"},
	{'k', "ķĸ"},
	{'L', "£ĹĻĽĿŁ"},
	{'l', "ĺļľŀł"},
	{'N', "ÑŃŅŇŊ"},
	{'n', "ⁿñńņňŉŋ"},
	{'O', "ΘÒÓÔÕÖŌŎŐǑØŒΩΩ"},
	{'o', "°º○◦òóôõöōŏőǒøœ"},
	{'P', "¶"},
	{'p', "πρ"},
	{'R', "®ŔŖŘ"},
	{'r', "ŕŗř"},
	{'S', "§ΣŚŜŞŠȘ"},
	{'s', "σςśŝşšșſ"},
	{'T', "™ŢŤȚŦÞ"},
	{'t', "τţťțŧþ"},
	{'U', "ÙÚÛÜŨŪŬŮŰŲǓǕǗǙǛ"},
	{'u', "µùúûüũūŭůűųǔǖǘǚǜ"},
	{'v', "√▼▾↓"},
	{'W', "Ŵ"},
	{'w', "ŵ"},
	{'X', "╳✗✘✕"},
	{'x', "×"},
	{'Y', "¥ÝŶŸ"},
	{'y', "ýÿŷ"},
	{'Z', "ŹŻŽ"},
	{'z', "źżž"},
}
