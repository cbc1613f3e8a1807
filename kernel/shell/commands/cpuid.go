package commands

import (
	"context"
	"fmt"
	"strings"

	"vitrine/kernel/shell"
)

// feature is a bit of what CPUID returns (SDM Vol. 2A, "CPUID-CPU
// Identification").
type feature struct {
	leaf     uint32
	register int // 0 EAX, 1 EBX, 2 ECX, 3 EDX
	bit      int
	name     string
}

const (
	eax = iota
	ebx
	ecx
	edx
)

var features = []feature{
	{1, edx, 0, "fpu"},
	{1, edx, 3, "pse"},
	{1, edx, 4, "tsc"},
	{1, edx, 5, "msr"},
	{1, edx, 6, "pae"},
	{1, edx, 9, "apic"},
	{1, edx, 11, "sep"},
	{1, edx, 13, "pge"},
	{1, edx, 15, "cmov"},
	{1, edx, 16, "pat"},
	{1, edx, 19, "clflush"},
	{1, edx, 24, "fxsr"},
	{1, edx, 25, "sse"},
	{1, edx, 26, "sse2"},
	{1, edx, 28, "htt"},
	{1, ecx, 0, "sse3"},
	{1, ecx, 1, "pclmulqdq"},
	{1, ecx, 3, "monitor"},
	{1, ecx, 9, "ssse3"},
	{1, ecx, 12, "fma"},
	{1, ecx, 13, "cx16"},
	{1, ecx, 17, "pcid"},
	{1, ecx, 19, "sse4.1"},
	{1, ecx, 20, "sse4.2"},
	{1, ecx, 21, "x2apic"},
	{1, ecx, 22, "movbe"},
	{1, ecx, 23, "popcnt"},
	{1, ecx, 24, "tsc-deadline"},
	{1, ecx, 25, "aes"},
	{1, ecx, 26, "xsave"},
	{1, ecx, 28, "avx"},
	{1, ecx, 29, "f16c"},
	{1, ecx, 30, "rdrand"},
	{1, ecx, 31, "hypervisor"},
	{7, ebx, 0, "fsgsbase"},
	{7, ebx, 3, "bmi1"},
	{7, ebx, 5, "avx2"},
	{7, ebx, 7, "smep"},
	{7, ebx, 8, "bmi2"},
	{7, ebx, 9, "erms"},
	{7, ebx, 10, "invpcid"},
	{7, ebx, 16, "avx512f"},
	{7, ebx, 18, "rdseed"},
	{7, ebx, 19, "adx"},
	{7, ebx, 20, "smap"},
	{7, ebx, 29, "sha"},
	{7, ecx, 2, "umip"},
	{7, ecx, 3, "pku"},
	{7, ecx, 16, "la57"},
	{7, ecx, 22, "rdpid"},
	{0x8000_0001, ecx, 0, "lahf"},
	{0x8000_0001, ecx, 5, "lzcnt"},
	{0x8000_0001, ecx, 6, "sse4a"},
	{0x8000_0001, edx, 11, "syscall"},
	{0x8000_0001, edx, 20, "nx"},
	{0x8000_0001, edx, 26, "1gib-pages"},
	{0x8000_0001, edx, 27, "rdtscp"},
	{0x8000_0001, edx, 29, "64-bit"},
	{0x8000_0007, edx, 8, "invariant-tsc"},
}

// cpuid shows what the processor says about itself, or one leaf of it.
func (m *Machine) cpuid(_ context.Context, sh *shell.Env, args []string) error {
	a := sh.Arguments(args)
	one := a.Len() > 0
	leaf := uint32(a.NumberOr("LEAF", 0))
	sub := uint32(a.NumberOr("SUBLEAF", 0))
	if err := a.Done(); err != nil {
		return err
	}
	if m.CPUID == nil {
		return errAbsent("CPUID instruction")
	}
	if one {
		a, b, c, d := m.CPUID(leaf, sub)
		sh.Printf("CPUID(%#x, %#x)\n", leaf, sub)
		for _, r := range []struct {
			name string
			v    uint32
		}{{"EAX", a}, {"EBX", b}, {"ECX", c}, {"EDX", d}} {
			sh.Printf("  %s %08x  %032b  %s\n", r.name, r.v, r.v, sh.Paint(shell.Dim, printable(r.v)))
		}
		return nil
	}

	largest, b, c, d := m.CPUID(0, 0)
	largestExtended, _, _, _ := m.CPUID(0x8000_0000, 0)
	t := sh.Table("", "")
	t.Row("vendor", word(b)+word(d)+word(c))
	if largestExtended >= 0x8000_0004 {
		t.Row("name", m.brand())
	}
	signature, _, _, _ := m.CPUID(1, 0)
	family, model := signature>>8&15, signature>>4&15
	if family == 15 {
		family += signature >> 20 & 0xff
	}
	if family >= 6 {
		model |= signature >> 16 & 15 << 4
	}
	t.Row("family", fmt.Sprintf("%d, model %d, stepping %d", family, model, signature&15))
	t.Row("leaves", fmt.Sprintf("0 to %#x, 0x80000000 to %#x", largest, largestExtended))
	if largestExtended >= 0x8000_0008 {
		a, _, _, _ := m.CPUID(0x8000_0008, 0)
		t.Row("addresses", fmt.Sprintf("%d bits physical, %d bits virtual", a&0xff, a>>8&0xff))
	}
	t.Print()
	sh.Println(fill("features   ", m.features(largest, largestExtended), max(sh.Columns, 40)-1))
	return nil
}

// features returns the names of the features that the processor has.
func (m *Machine) features(largest, largestExtended uint32) []string {
	var list []string
	for _, f := range features {
		limit := largest
		if f.leaf >= 0x8000_0000 {
			limit = largestExtended
		}
		if f.leaf > limit {
			continue
		}
		a, b, c, d := m.CPUID(f.leaf, 0)
		if [4]uint32{a, b, c, d}[f.register]>>f.bit&1 != 0 {
			list = append(list, f.name)
		}
	}
	return list
}

// brand returns the name that is on the box: 48 characters in three leaves.
func (m *Machine) brand() string {
	s := ""
	for leaf := uint32(0x8000_0002); leaf <= 0x8000_0004; leaf++ {
		a, b, c, d := m.CPUID(leaf, 0)
		s += word(a) + word(b) + word(c) + word(d)
	}
	return strings.TrimSpace(strings.TrimRight(s, "\x00"))
}

// word returns the four characters in a register.
func word(v uint32) string {
	return string([]byte{byte(v), byte(v >> 8), byte(v >> 16), byte(v >> 24)})
}

// printable is word, with dots for what is no character.
func printable(v uint32) string {
	b := []byte(word(v))
	for i, c := range b {
		if c < ' ' || c >= 0x7f {
			b[i] = '.'
		}
	}
	return string(b)
}

// fill breaks words into lines that begin below each other.
func fill(head string, words []string, width int) string {
	var b strings.Builder
	b.WriteString(head)
	at := len(head)
	for i, w := range words {
		switch {
		case i == 0:
		case at+1+len(w) > width:
			b.WriteString("\n" + strings.Repeat(" ", len(head)))
			at = len(head)
		default:
			b.WriteByte(' ')
			at++
		}
		b.WriteString(w)
		at += len(w)
	}
	return b.String()
}
