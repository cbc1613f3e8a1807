package acpi

import "bytes"

// SleepType is the pair of numbers that, written to the PM1a and PM1b control
// registers, select a sleep state. They are three bits each.
type SleepType struct{ A, B uint8 }

// S5 returns the sleep type of S5, "soft off". It is the value of the package
// \_S5_ in the DSDT, or else in an SSDT, which continues it.
//
// Errors: ErrNoS5.
func (t *Tables) S5() (SleepType, error) {
	for _, signature := range [...]string{"DSDT", "SSDT"} {
		for _, table := range t.tables {
			if table.Signature != signature {
				continue
			}
			b, err := t.read(table)
			if err != nil {
				continue
			}
			if s, ok := ParseS5(b[headerSize:]); ok {
				return s, nil
			}
		}
	}
	return SleepType{}, ErrNoS5
}

// AML opcodes (ACPI, "AML Byte Stream Byte Values").
const (
	opZero    = 0x00
	opOne     = 0x01
	opName    = 0x08
	opByte    = 0x0a
	opWord    = 0x0b
	opDWord   = 0x0c
	opPackage = 0x12
	opRoot    = '\\'
	opOnes    = 0xff
)

// ParseS5 searches AML code for the definition
//
//	Name (_S5, Package () { A, B, ... })
//
// by its encoding: NameOp, the name with or without a root prefix, PackageOp,
// the package's length, the number of elements, the elements. The same bytes
// could occur in something else, hence each step is checked, and the search
// goes on if one fails.
func ParseS5(aml []byte) (SleepType, bool) {
	name := []byte("_S5_")
	for from := 0; ; {
		k := bytes.Index(aml[from:], name)
		if k < 0 {
			return SleepType{}, false
		}
		k += from
		from = k + 1
		before := aml[:k]
		before = bytes.TrimSuffix(before, []byte{opRoot})
		if len(before) == 0 || before[len(before)-1] != opName {
			continue
		}
		if s, ok := parseSleepPackage(aml[k+len(name):]); ok {
			return s, true
		}
	}
}

// parseSleepPackage decodes a package of integers at the start of aml.
func parseSleepPackage(aml []byte) (s SleepType, ok bool) {
	if len(aml) == 0 || aml[0] != opPackage {
		return s, false
	}
	body, ok := packageBody(aml[1:])
	if !ok || len(body) == 0 {
		return s, false
	}
	count, body := body[0], body[1:]
	a, body, ok := integer(body)
	if !ok || count == 0 {
		return s, false
	}
	if count == 1 { // an old way to write both: one in each byte
		s = SleepType{uint8(a), uint8(a >> 8)}
	} else if b, _, ok := integer(body); ok {
		s = SleepType{uint8(a), uint8(b)}
	} else {
		return s, false
	}
	return s, s.A <= 7 && s.B <= 7
}

// packageBody returns what a package's length, at the start of aml, encloses
// (ACPI, "Package Length Encoding"). Bits 7:6 of the first byte tell how many
// bytes follow; with none, bits 5:0 are the length, else bits 3:0 are its low
// part. The length counts itself.
func packageBody(aml []byte) ([]byte, bool) {
	if len(aml) == 0 {
		return nil, false
	}
	follow := int(aml[0] >> 6)
	if len(aml) <= follow {
		return nil, false
	}
	length := int(aml[0] & 0x3f)
	if follow > 0 {
		length = int(aml[0] & 0x0f)
		for k := range follow {
			length |= int(aml[1+k]) << (4 + 8*k)
		}
	}
	if length < 1+follow || length > len(aml) {
		return nil, false
	}
	return aml[1+follow : length], true
}

// integer decodes an integer constant at the start of aml, and returns what
// follows it.
func integer(aml []byte) (v uint32, rest []byte, ok bool) {
	if len(aml) == 0 {
		return 0, nil, false
	}
	size := 0
	switch aml[0] {
	case opZero:
		return 0, aml[1:], true
	case opOne:
		return 1, aml[1:], true
	case opOnes:
		return 0xffff_ffff, aml[1:], true
	case opByte:
		size = 1
	case opWord:
		size = 2
	case opDWord:
		size = 4
	}
	if size == 0 || len(aml) <= size {
		return 0, nil, false
	}
	for k := size; k > 0; k-- {
		v = v<<8 | uint32(aml[k])
	}
	return v, aml[1+size:], true
}
