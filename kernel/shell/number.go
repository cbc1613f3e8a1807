package shell

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// ParseNumber reads a number as people type it: 42, 0x2a, 0o52, 0b101010, with
// _ between digits, with the suffix K, M, G or T for powers of 1024, the name
// of a symbol, or a sum and difference of these: "main.main+0x10". symbols may
// be nil.
//
// Errors: what is wrong with it, and how it would be right.
func ParseNumber(s string, symbols func(string) (uint64, bool)) (uint64, error) {
	if symbols != nil {
		if v, ok := symbols(s); ok {
			return v, nil
		}
	}
	if i := strings.LastIndexAny(s, "+-"); i > 0 {
		a, err := ParseNumber(s[:i], symbols)
		if err != nil {
			return 0, err
		}
		b, err := ParseNumber(s[i+1:], symbols)
		if err != nil {
			return 0, err
		}
		if s[i] == '-' {
			return a - b, nil
		}
		return a + b, nil
	}
	return parseTerm(s, symbols != nil)
}

func parseTerm(s string, named bool) (uint64, error) {
	if s == "" {
		return 0, errors.New("a number is missing")
	}
	digits, shift := s, 0
	short := strings.TrimSuffix(s, "iB")
	if i := strings.IndexByte("KMGT", upper(short[max(len(short)-1, 0):])); i >= 0 && len(short) > 1 {
		digits, shift = short[:len(short)-1], 10*(i+1)
	}
	v, err := strconv.ParseUint(digits, 0, 64)
	switch {
	case errors.Is(err, strconv.ErrRange) || err == nil && v<<shift>>shift != v:
		return 0, fmt.Errorf("%s does not fit in 64 bits", s)
	case err == nil && len(digits) > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9',
		err != nil && len(digits) > 1 && digits[0] == '0' && allIn(digits, "0123456789"):
		bare := strings.TrimLeft(digits, "0")
		return 0, fmt.Errorf("%s is ambiguous: write %s, or 0o%s for octal", s, bare, bare)
	case err == nil:
		return v << shift, nil
	case allIn(s, "0123456789abcdefABCDEF_"):
		return 0, fmt.Errorf("%s has hexadecimal digits: write 0x%s", s, s)
	case s[0] == '-':
		return 0, fmt.Errorf("%s is negative", s)
	}
	how := "write 42, 0x2a, 0b101010 or 4K"
	if named && !(s[0] >= '0' && s[0] <= '9') {
		return 0, fmt.Errorf("'%s' is neither a number nor a symbol: %s, or a full name as main.main", s, how)
	}
	return 0, fmt.Errorf("'%s' is not a number: %s", s, how)
}

// upper returns the only byte of s as a capital letter, or 0.
func upper(s string) byte {
	if len(s) != 1 {
		return 0
	}
	return strings.ToUpper(s)[0]
}

func allIn(s, set string) bool {
	return strings.Trim(s, set) == ""
}
