package systest

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu/qemutest"
)

// rowKeys are the keys that give characters, as QEMU names them, row by row.
// "less" is the key that European keyboards have right of the left Shift.
var rowKeys = [4][]string{
	strings.Fields("grave_accent 1 2 3 4 5 6 7 8 9 0 minus equal"),
	strings.Fields("q w e r t y u i o p bracket_left bracket_right"),
	strings.Fields("a s d f g h j k l semicolon apostrophe backslash"),
	strings.Fields("less z x c v b n m comma dot slash"),
}

// skip stands for a key that gives nothing, or that is dead.
const skip = '□'

// A layout, written down from photographs of keyboards rather than from the
// kernel's tables: what the rows give plain, with Shift and with AltGr.
type layout struct {
	name                string
	plain, shift, altGr [4]string
	// dead has the keys of dead keys, each with a second key, and the result.
	dead []deadKey
}

type deadKey struct {
	keys []string // held together
	then string
	give string
}

var layouts = []layout{
	{
		name:  "us",
		plain: [4]string{"`1234567890-=", "qwertyuiop[]", `asdfghjkl;'\`, "<zxcvbnm,./"},
		shift: [4]string{"~!@#$%^&*()_+", "QWERTYUIOP{}", `ASDFGHJKL:"|`, ">ZXCVBNM<>?"},
	},
	{
		name:  "uk",
		plain: [4]string{"`1234567890-=", "qwertyuiop[]", "asdfghjkl;'#", `\zxcvbnm,./`},
		shift: [4]string{`¬!"£$%^&*()_+`, "QWERTYUIOP{}", "ASDFGHJKL:@~", "|ZXCVBNM<>?"},
		altGr: [4]string{"¦□□□€□□□□□□□□"},
	},
	{
		name:  "de",
		plain: [4]string{"□1234567890ß□", "qwertzuiopü+", "asdfghjklöä#", "<yxcvbnm,.-"},
		shift: [4]string{`°!"§$%&/()=?□`, "QWERTZUIOPÜ*", "ASDFGHJKLÖÄ'", ">YXCVBNM;:_"},
		altGr: [4]string{`□□²³□□□{[]}\□`, "@□€□□□□□□□□~", "", "|□□□□□□µ□□□"},
		dead: []deadKey{
			{[]string{"grave_accent"}, "e", "ê"},
			{[]string{"equal"}, "e", "é"},
			{[]string{"shift", "equal"}, "a", "à"},
			{[]string{"grave_accent"}, "spc", "^"},
			{[]string{"equal"}, "x", "´x"},
		},
	},
	{
		name:  "fr",
		plain: [4]string{`²&é"'(-è_çà)=`, "azertyuiop□$", "qsdfghjklmù*", "<wxcvbn,;:!"},
		shift: [4]string{"□1234567890°+", "AZERTYUIOP□£", "QSDFGHJKLM%µ", ">WXCVBN?./§"},
		altGr: [4]string{"□□~#{[|`\\^@]}", "□□€□□□□□□□□□"},
		dead: []deadKey{
			{[]string{"bracket_left"}, "e", "ê"},
			{[]string{"shift", "bracket_left"}, "e", "ë"},
			{[]string{"shift", "bracket_left"}, "spc", "¨"},
		},
	},
	{
		name:  "es",
		plain: [4]string{"º1234567890'¡", "qwertyuiop□+", "asdfghjklñ□ç", "<zxcvbnm,.-"},
		shift: [4]string{`ª!"·$%&/()=?¿`, "QWERTYUIOP□*", "ASDFGHJKLÑ□Ç", ">ZXCVBNM;:_"},
		altGr: [4]string{`\|@#□□¬□□□□□□`, "□□€□□□□□□□[]", "□□□□□□□□□□{}"},
		dead: []deadKey{
			{[]string{"apostrophe"}, "a", "á"},
			{[]string{"shift", "apostrophe"}, "u", "ü"},
			{[]string{"bracket_left"}, "o", "ò"},
			{[]string{"shift", "bracket_left"}, "o", "ô"},
		},
	},
	{
		name:  "it",
		plain: [4]string{`\1234567890'ì`, "qwertyuiopè+", "asdfghjklòàù", "<zxcvbnm,.-"},
		shift: [4]string{`|!"£$%&/()=?^`, "QWERTYUIOPé*", "ASDFGHJKLç°§", ">ZXCVBNM;:_"},
		altGr: [4]string{"", "□□€□□□□□□□[]", "□□□□□□□□□@#□"},
	},
	{
		name:  "se",
		plain: [4]string{"§1234567890+□", "qwertyuiopå□", "asdfghjklöä'", "<zxcvbnm,.-"},
		shift: [4]string{`½!"#¤%&/()=?□`, "QWERTYUIOPÅ□", "ASDFGHJKLÖÄ*", ">ZXCVBNM;:_"},
		altGr: [4]string{`□□@£$□□{[]}\□`, "□□€□□□□□□□□□", "", "|□□□□□□□□□□"},
		dead: []deadKey{
			{[]string{"equal"}, "e", "é"},
			{[]string{"bracket_right"}, "u", "ü"},
			{[]string{"shift", "bracket_right"}, "a", "â"},
			{[]string{"alt_r", "bracket_right"}, "n", "ñ"},
		},
	},
	{
		name:  "no",
		plain: [4]string{`|1234567890+\`, "qwertyuiopå□", "asdfghjkløæ'", "<zxcvbnm,.-"},
		shift: [4]string{`§!"#¤%&/()=?□`, "QWERTYUIOPÅ□", "ASDFGHJKLØÆ*", ">ZXCVBNM;:_"},
		altGr: [4]string{"□□@£$□□{[]}□□", "□□€□□□□□□□□□"},
		dead: []deadKey{
			{[]string{"bracket_right"}, "u", "ü"},
			{[]string{"shift", "equal"}, "a", "à"},
			{[]string{"alt_r", "equal"}, "e", "é"},
		},
	},
	{
		name:  "dk",
		plain: [4]string{"½1234567890+□", "qwertyuiopå□", "asdfghjklæø'", "<zxcvbnm,.-"},
		shift: [4]string{`§!"#¤%&/()=?□`, "QWERTYUIOPÅ□", "ASDFGHJKLÆØ*", ">ZXCVBNM;:_"},
		altGr: [4]string{"□□@£$□□{[]}□|", "□□€□□□□□□□□□"},
		dead: []deadKey{
			{[]string{"equal"}, "e", "é"},
			{[]string{"bracket_right"}, "u", "ü"},
		},
	},
}

// TestEveryLayoutIsTested compares the list above with the kernel's.
func TestEveryLayoutIsTested(t *testing.T) {
	t.Parallel()
	var offered, tested []string
	m := boot(t)
	for _, l := range regexp.MustCompile(`(?m)^[* ] +(\w+)  `).FindAllStringSubmatch(m.Run("layout"), -1) {
		offered = append(offered, l[1])
	}
	for _, l := range layouts {
		tested = append(tested, l.name)
	}
	slices.Sort(offered)
	slices.Sort(tested)
	require.Equal(t, offered, tested)
}

// TestKeysGiveTheirCharacters presses every key of every layout.
func TestKeysGiveTheirCharacters(t *testing.T) {
	for _, l := range layouts {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			m := boot(t, withWords("layout="+l.name))
			for row := range rowKeys {
				pressRow(t, m, row, "", l.plain[row])
				pressRow(t, m, row, "shift", l.shift[row])
				pressRow(t, m, row, "alt_r", l.altGr[row])
			}
			for _, d := range l.dead {
				m.Press(d.keys...)
				m.Press(d.then)
				expectLine(m, d.give)
			}
		})
	}
}

// pressRow presses the keys of a row while modifier, if any, is held, and
// expects the characters.
func pressRow(t *testing.T, m *qemutest.Machine, row int, modifier, characters string) {
	t.Helper()
	if characters == "" {
		return
	}
	want := []rune(characters)
	require.Len(t, want, len(rowKeys[row]), "%q", characters)
	if modifier != "" {
		require.NoError(t, m.QMP().Key(modifier, true))
	}
	for i, key := range rowKeys[row] {
		if want[i] != skip {
			m.Press(key)
		}
	}
	if modifier != "" {
		require.NoError(t, m.QMP().Key(modifier, false))
	}
	expectLine(m, strings.ReplaceAll(characters, string(skip), ""))
}

// expectLine waits until the line that is being typed is text, and throws it
// away.
func expectLine(m *qemutest.Machine, text string) {
	m.Expect(`^` + regexp.QuoteMeta(text) + `$`)
	m.Press("ctrl", "c")
	m.WaitPrompt()
}

// TestTheLayoutCanBeChanged goes from one layout to another and back.
func TestTheLayoutCanBeChanged(t *testing.T) {
	t.Parallel()
	m := boot(t)
	m.Press("y")
	expectLine(m, "y")
	require.Regexp(t, `(?m)^\* +de  German$`, m.Run("layout de"))
	m.Press("y")
	expectLine(m, "z")
	require.Regexp(t, `(?m)^\* +de  German$`, m.Run("layout"))
	m.Run("layout us")
	m.Press("y")
	expectLine(m, "y")
	require.Regexp(t, `klingon.*us, uk, de`, m.Run("layout klingon"))
}
