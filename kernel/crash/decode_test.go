package crash

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/arch/x86/x86asm"
)

// samples is how many random instructions are decoded: fewer on the machine
// itself, which is emulated.
func samples() int {
	if runtime.GOOS == "tamago" {
		return 2_000
	}
	return 40_000
}

// instructions calls yield with random bytes that x86asm says begin with an
// instruction: with every opcode, and with all kinds of operands.
func instructions(yield func(b []byte, inst x86asm.Inst)) {
	random := rand.New(rand.NewPCG(1, 2))
	prefixes := []string{"", "", "", "\x48", "\x48", "\x66", "\xf3", "\xf2", "\x41", "\x4c", "\x49", "\x65\x48", "\xf0\x48", "\x66\x41"}
	maps := []string{"", "", "\x0f", "\x0f", "\x0f\x38", "\x0f\x3a"}
	for range samples() {
		b := []byte(prefixes[random.IntN(len(prefixes))] + maps[random.IntN(len(maps))])
		for len(b) < longest {
			b = append(b, byte(random.Uint32()))
		}
		if inst, err := x86asm.Decode(b, 64); err == nil && inst.Op != 0 && inst.Len > 0 && !evex(inst) {
			yield(b, inst)
		}
	}
}

// evex tells whether inst is of AVX-512, which the kernel does not use.
func evex(inst x86asm.Inst) bool {
	for _, p := range inst.Prefix {
		if p == 0x62 {
			return true
		}
	}
	return false
}

func TestEveryInstructionHasTheRightLength(t *testing.T) {
	wrong, n := map[string]int{}, 0
	instructions(func(b []byte, inst x86asm.Inst) {
		in := decode(b)
		n++
		if in.space == 2 && in.opcode&0xf8 == 0x20 {
			return // x86asm takes ModRM's first bits seriously, the processor does not
		}
		if in.length != inst.Len {
			wrong[inst.Op.String()]++
			t.Logf("% x is %v: %d bytes, not %d", b, inst, inst.Len, in.length)
		}
	})
	require.Empty(t, wrong)
	require.Greater(t, n, samples()/2)
}

func TestALengthIsNeverMoreThanThereIs(t *testing.T) {
	instructions(func(b []byte, inst x86asm.Inst) {
		for n := range decode(b).length {
			require.Zero(t, decode(b[:n]).length, "% x", b[:n])
		}
	})
}

func TestNamesAndOperandsAreIntels(t *testing.T) {
	named := map[string]bool{}
	instructions(func(b []byte, inst x86asm.Inst) {
		in := decode(b)
		got := text(&in, 0x1000)
		if got == "" || in.space == 2 && in.opcode&0xf8 == 0x20 {
			return
		}
		name, operands, _ := strings.Cut(got, " ")
		named[name] = true
		if target, function, ok := strings.Cut(operands, " "); ok && strings.Contains(function, "+0x") && !strings.Contains(function, "[") {
			got = name + " " + target // where a random jump goes
		}
		if want := x86asm.IntelSyntax(inst, 0x1000, nil); same(got) != same(want) {
			t.Errorf("% x: %q, not %q", b[:in.length], got, want)
		}
	})
	require.Greater(t, len(named), 100)
}

func TestWhatAKernelConsistsOfHasNames(t *testing.T) {
	for code, want := range map[string]string{
		"\xf3\x48\xab":         "rep stosq qword ptr [rdi]",
		"\xf3\xa4":             "rep movsb byte ptr [rdi], byte ptr [rsi]",
		"\xf2\xae":             "repne scasb byte ptr [rdi]",
		"\x8e\xd8":             "mov ds, ax",
		"\x8c\xc8":             "mov eax, cs",
		"\xee":                 "out dx, al",
		"\xe4\x64":             "in al, 0x64",
		"\x9c":                 "pushfq",
		"\x0f\x01\x38":         "invlpg byte ptr [rax]",
		"\x0f\x00\xd8":         "ltr ax",
		"\xf3\x90":             "pause",
		"\xf0\x48\x0f\xb1\x0a": "lock cmpxchg qword ptr [rdx], rcx",
		"\x44\x0f\x11\x3c\x24": "movups xmmword ptr [rsp], xmm15",
		"\x45\x0f\x57\xff":     "xorps xmm15, xmm15",
	} {
		in := decode([]byte(code))
		require.Equal(t, len(code), in.length, want)
		require.Equal(t, want, text(&in, 0x1000))
	}
}

var (
	scaled = regexp.MustCompile(`\b([248])\*(\w+)`)
	signed = regexp.MustCompile(`([+-]?)0x([0-9a-f]+)`)
)

// same makes two ways of writing comparable: x86asm writes the scale before the
// index, and other numbers as negative ones. Lengths are tested above; so of
// numbers the lowest byte will do.
func same(s string) string {
	s = scaled.ReplaceAllString(s, "$2*$1")
	s = strings.ReplaceAll(s, ", ptr [", ", [") // lea
	s = strings.TrimPrefix(strings.TrimPrefix(s, "hint-taken "), "hint-not-taken ")
	return signed.ReplaceAllStringFunc(s, func(n string) string {
		v, _ := strconv.ParseUint(strings.TrimLeft(n, "+-0x"), 16, 64)
		if n[0] == '-' {
			v = -v
		}
		return fmt.Sprintf("#%02x", uint8(v))
	})
}

func text(in *instruction, pc uint64) string {
	var out strings.Builder
	r := Reporter{Put: func(c byte) { out.WriteByte(c) }}
	if !r.instruction(in, pc) {
		return ""
	}
	return out.String()
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte{0xc6, 0x00, 0xcc})
	f.Add([]byte{0x62, 0xf1, 0x7c, 0x48, 0x10, 0x00})
	f.Add([]byte{0xf0, 0x66, 0x4c, 0x0f, 0x3a, 0x0f, 0x44, 0x85, 0x01, 0x02})
	f.Fuzz(func(t *testing.T, code []byte) {
		in := decode(code)
		require.LessOrEqual(t, in.length, min(len(code), longest))
		if in.length > 0 {
			text(&in, 0x1000)
		}
	})
}
