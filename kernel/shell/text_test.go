package shell

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestNumbersAreReadAsPeopleTypeThem(t *testing.T) {
	symbols := func(name string) (uint64, bool) {
		v, ok := map[string]uint64{"main.main": 0x1000, "a-b.c": 0x2000}[name]
		return v, ok
	}
	for s, want := range map[string]uint64{
		"0": 0, "42": 42, "0x2a": 42, "0X2A": 42, "0b101": 5, "0o17": 15, "1_000": 1000,
		"4K": 4096, "4k": 4096, "2MiB": 2 << 20, "1G": 1 << 30, "1T": 1 << 40, "0x10K": 0x4000,
		"0xffff_8000_0000_0000": 0xffff_8000_0000_0000, "18446744073709551615": 1<<64 - 1,
		"1+2": 3, "10-2-3": 5, "main.main": 0x1000, "main.main+0x10": 0x1010, "a-b.c-4K": 0x1000,
		"0xffffffffffffffff+1": 0,
	} {
		got, err := ParseNumber(s, symbols)
		require.NoError(t, err, s)
		require.Equal(t, want, got, s)
	}
}

func TestBadNumbersSayHowToDoItRight(t *testing.T) {
	for s, want := range map[string]string{
		"":                     "a number is missing",
		"abc":                  "abc has hexadecimal digits: write 0xabc",
		"ffff8000":             "ffff8000 has hexadecimal digits: write 0xffff8000",
		"0xffffffffffffffffff": "0xffffffffffffffffff does not fit in 64 bits",
		"99999999T":            "99999999T does not fit in 64 bits",
		"-5":                   "-5 is negative",
		"017":                  "017 is ambiguous: write 17, or 0o17 for octal",
		"089":                  "089 is ambiguous: write 89, or 0o89 for octal",
		"1+":                   "a number is missing",
		"12z":                  "'12z' is not a number: write 42, 0x2a, 0b101010 or 4K",
		"K":                    "'K' is not a number: write 42, 0x2a, 0b101010 or 4K",
	} {
		_, err := ParseNumber(s, nil)
		require.EqualError(t, err, want, s)
	}
	_, err := ParseNumber("main.mian", func(string) (uint64, bool) { return 0, false })
	require.EqualError(t, err, "'main.mian' is neither a number nor a symbol: write 42, 0x2a, 0b101010 or 4K, or a full name as main.main")
}

func FuzzParseNumber(f *testing.F) {
	f.Add("0x10K+main-3")
	f.Fuzz(func(t *testing.T, s string) {
		if _, err := ParseNumber(s, nil); err != nil {
			require.NotEmpty(t, err.Error())
		}
	})
}

func TestArgumentsAreTakenApart(t *testing.T) {
	sh := &Env{}
	a := sh.Arguments([]string{"-n", "4K", "x", "-f", "0x10", "-l", "warn", "-t", "0.5", "300"})
	require.Equal(t, 4096, a.Int("-n", 1))
	require.True(t, a.Flag("-f"))
	require.False(t, a.Flag("-g"))
	require.Equal(t, "warn", a.String("-l", ""))
	require.Equal(t, "none", a.String("-m", "none"))
	require.Equal(t, 500*time.Millisecond, a.Duration("-t", time.Second))
	require.Equal(t, time.Second, a.Duration("-u", time.Second))
	require.Equal(t, "x", a.OneOf("WORD", "x", "y"))
	require.EqualValues(t, 16, a.Number("ADDR"))
	require.Equal(t, 1, a.Len())
	require.EqualValues(t, 300, a.Bits("VALUE", 16))
	require.EqualValues(t, 7, a.NumberOr("MORE", 7))
	require.NoError(t, a.Done())

	for want, take := range map[string]func(*Arguments){
		"-n needs a value": func(a *Arguments) { a.rest = []string{"-n"}; a.Int("-n", 0) },
		"-n: 99999999999 is too large": func(a *Arguments) {
			a.rest = []string{"-n", "99999999999"}
			a.Int("-n", 0)
		},
		"-t: '-1' is not a duration: write 2, 0.5 or 200ms": func(a *Arguments) {
			a.rest = []string{"-t", "-1"}
			a.Duration("-t", 0)
		},
		"KIND cannot be 'nul', did you mean 'nil'? It is one of: nil, bad": func(a *Arguments) {
			a.rest = []string{"nul"}
			a.OneOf("KIND", "nil", "bad")
		},
		"KIND cannot be 'x'. It is one of: nil, bad": func(a *Arguments) {
			a.rest = []string{"x"}
			a.OneOf("KIND", "nil", "bad")
		},
		"VALUE: 0x100 does not fit in 8 bits": func(a *Arguments) {
			a.rest = []string{"256"}
			a.Bits("VALUE", 8)
		},
	} {
		a := sh.Arguments(nil)
		take(a)
		require.EqualError(t, a.Done(), want)
	}
}

func TestTablesAreAligned(t *testing.T) {
	var out bytes.Buffer
	sh := &Env{Out: &out, Colour: true}
	table := sh.Table("NAME", ">COUNT", "")
	table.Row("timer", 12345, sh.Paint(Dim, "PIT"))
	table.Row("grüße", 1, "")
	table.Print()
	require.Equal(t, ""+
		"\x1b[1mNAME\x1b[0m   \x1b[1mCOUNT\x1b[0m\n"+
		"timer  12345  \x1b[90mPIT\x1b[0m\n"+
		"grüße      1\n", out.String())
}

func TestSizesAndDurationsAreReadable(t *testing.T) {
	for n, want := range map[uint64]string{
		0: "0 bytes", 1023: "1023 bytes", 4096: "4 KiB", 1536: "1.5 KiB", 16 << 20: "16 MiB",
		1<<30 + 1<<29: "1.5 GiB", 1<<64 - 1: "16384 PiB", 130<<20 + 5: "130 MiB",
	} {
		require.Equal(t, want, Size(n))
	}
	for d, want := range map[time.Duration]string{
		17: "17 ns", 1500: "1.50 us", 12345 * time.Microsecond: "12.3 ms", 999 * time.Millisecond: "999 ms",
		2 * time.Second: "2.00 s", 90 * time.Second: "1m30s",
	} {
		require.Equal(t, want, Duration(d))
	}
}

func TestTheClosestWordIsFound(t *testing.T) {
	words := []string{"log", "mem", "frames", "translate"}
	for typed, want := range map[string]string{
		"lgo": "log", "lo": "log", "mme": "mem", "fraems": "frames", "trans": "translate",
		"x": "", "quux": "", "memory": "", "m": "",
	} {
		require.Equal(t, want, Closest(typed, words), typed)
	}
}
