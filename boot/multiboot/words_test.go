package multiboot

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParseWordsTakesTheLineApart(t *testing.T) {
	w := ParseWords("layout=de  noapic motd=\"hello, world\" \"name=as GRUB does\" a=1 a=2 odd==x quote=\\\"q\\\" back=a\\b\t-- -test.run=A%20B%2c 100% %zz \"two words\" \"\"")
	require.Equal(t, []string{
		"layout=de", "noapic", "motd=hello, world", "name=as GRUB does", "a=1", "a=2", "odd==x", `quote="q"`, `back=a\b`,
	}, w.All())
	require.Equal(t, []string{"-test.run=A B,", "100%", "%zz", "two words", ""}, w.Args())
	for key, want := range map[string]string{
		"layout": "de", "motd": "hello, world", "name": "as GRUB does", "a": "2", "odd": "=x", "quote": `"q"`, "back": `a\b`,
	} {
		got, ok := w.Get(key)
		require.True(t, ok, key)
		require.Equal(t, want, got)
	}
	_, ok := w.Get("noapic")
	require.False(t, ok)
	_, ok = w.Get("-test.run")
	require.False(t, ok)
	require.True(t, w.Has("noapic"))
	require.False(t, w.Has("layout"))
	require.False(t, w.Has("100%"))
}

func TestParseWordsOfAnEmptyLine(t *testing.T) {
	for _, line := range []string{"", "  ", "--", " -- "} {
		w := ParseWords(line)
		require.Empty(t, w.All())
		require.Empty(t, w.Args())
	}
}

func TestLookupFindsValuesAndBareWords(t *testing.T) {
	line := []byte(`panic=halt layouts=x noapic motd="hello, world" panic=exit empty= -- panic=reboot`)
	var dst [8]byte
	for _, c := range []struct {
		key, value string
		found      bool
	}{
		{"panic", "exit", true},
		{"motd", "hello, w", true}, // cut to the room there is
		{"noapic", "", true},
		{"empty", "", true},
		{"layout", "", false},
		{"layoutss", "", false},
		{"noapi", "", false},
	} {
		value, found := Lookup(line, c.key, dst[:])
		require.Equal(t, c.found, found, c.key)
		require.Equal(t, c.value, string(value), c.key)
	}
}

func TestInfoOffersItsWords(t *testing.T) {
	var i info1
	i.loader("qemu")
	i.commandLine("vitrine.elf layout=de")
	info, err := i.decode()
	require.NoError(t, err)
	require.Equal(t, []string{"layout=de"}, info.Words().All())
	var dst [8]byte
	value, found := info.Lookup("layout", dst[:])
	require.True(t, found)
	require.Equal(t, "de", string(value))
}

// FuzzWords checks that the two readers of a command line agree.
func FuzzWords(f *testing.F) {
	f.Add(`layout=de noapic -- x`, "layout")
	f.Add(`a="b c" "a=d e" a=\"`, "a")
	f.Fuzz(func(t *testing.T, line, key string) {
		w := ParseWords(line)
		dst := make([]byte, len(line))
		value, found := Lookup([]byte(line), key, dst)
		want, has := "", false
		for _, word := range w.All() {
			one := Words{words: []string{word}}
			if key == "" || key[0] == '=' {
				return // not a key
			}
			for k := range key {
				if key[k] == '=' {
					return
				}
			}
			if v, ok := one.Get(key); ok {
				want, has = v, true
			} else if one.Has(key) {
				want, has = "", true
			}
		}
		if key == endOfWords || key == "" {
			return
		}
		require.Equal(t, has, found)
		require.Equal(t, want, string(value))
	})
}
