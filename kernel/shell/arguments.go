package shell

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Arguments takes the arguments of a command apart: first the options, by
// name, then the rest in order. Done returns the first thing that was wrong,
// so the calls in between need no checks:
//
//	a := sh.Arguments(args)
//	follow := a.Flag("-f")
//	n := a.Int("-n", 20)
//	addr := a.Number("ADDR")
//	if err := a.Done(); err != nil {
//		return err
//	}
type Arguments struct {
	sh   *Env
	rest []string
	err  error
}

// Arguments returns the arguments for taking apart.
func (e *Env) Arguments(args []string) *Arguments {
	return &Arguments{sh: e, rest: slices.Clone(args)}
}

func (a *Arguments) fail(format string, args ...any) {
	if a.err == nil {
		a.err = Usagef(format, args...)
	}
}

// Flag takes an option without a value and tells whether it was there.
func (a *Arguments) Flag(name string) bool {
	i := slices.Index(a.rest, name)
	if i < 0 {
		return false
	}
	a.rest = slices.Delete(a.rest, i, i+1)
	return true
}

// String takes an option with a value: "-l warn". If it is not there, its
// value is otherwise.
func (a *Arguments) String(name, otherwise string) string {
	i := slices.Index(a.rest, name)
	if i < 0 {
		return otherwise
	}
	if i+1 == len(a.rest) {
		a.fail("%s needs a value", name)
		a.rest = a.rest[:i]
		return otherwise
	}
	v := a.rest[i+1]
	a.rest = slices.Delete(a.rest, i, i+2)
	return v
}

// Int takes an option whose value is a number that is not negative.
func (a *Arguments) Int(name string, otherwise int) int {
	s := a.String(name, "")
	if s == "" {
		return otherwise
	}
	v, err := ParseNumber(s, nil)
	if err != nil || v > 1<<31 {
		a.fail("%s: %v", name, tooLarge(err, s))
		return otherwise
	}
	return int(v)
}

// Duration takes an option whose value is a duration: "2", "0.5", "200ms".
func (a *Arguments) Duration(name string, otherwise time.Duration) time.Duration {
	s := a.String(name, "")
	if s == "" {
		return otherwise
	}
	if d, err := ParseDuration(s); err == nil {
		return d
	}
	a.fail("%s: '%s' is not a duration: write 2, 0.5 or 200ms", name, s)
	return otherwise
}

// ParseDuration reads a duration as package time does; without a unit it is
// in seconds. It must be positive.
func ParseDuration(s string) (time.Duration, error) {
	if strings.Trim(s, "0123456789.") == "" {
		s += "s"
	}
	d, err := time.ParseDuration(s)
	if err == nil && d <= 0 {
		err = fmt.Errorf("%s is not positive", s)
	}
	return d, err
}

// Len returns how many arguments have not been taken.
func (a *Arguments) Len() int { return len(a.rest) }

// Word takes the next argument, which help texts call name.
func (a *Arguments) Word(name string) string {
	if len(a.rest) == 0 {
		a.fail("%s is missing", name)
		return ""
	}
	w := a.rest[0]
	if option(w) {
		a.fail("there is no option %s", w)
	}
	a.rest = a.rest[1:]
	return w
}

// WordOr takes the next argument, if there is one.
func (a *Arguments) WordOr(name, otherwise string) string {
	if len(a.rest) == 0 {
		return otherwise
	}
	return a.Word(name)
}

// OneOf takes the next argument, which must be one of words.
func (a *Arguments) OneOf(name string, words ...string) string {
	w := a.Word(name)
	if a.err == nil && !slices.Contains(words, w) {
		hint := "."
		if best := Closest(w, words); best != "" {
			hint = fmt.Sprintf(", did you mean '%s'?", best)
		}
		a.fail("%s cannot be '%s'%s It is one of: %s", name, w, hint, strings.Join(words, ", "))
	}
	return w
}

// Number takes the next argument, a number as ParseNumber reads it.
func (a *Arguments) Number(name string) uint64 {
	w := a.Word(name)
	if a.err != nil {
		return 0
	}
	v, err := ParseNumber(w, a.sh.Symbols)
	if err != nil {
		a.fail("%s: %v", name, err)
	}
	return v
}

// NumberOr takes the next argument as a number, if there is one.
func (a *Arguments) NumberOr(name string, otherwise uint64) uint64 {
	if len(a.rest) == 0 {
		return otherwise
	}
	return a.Number(name)
}

// Bits takes the next argument as a number of at most so many bits.
func (a *Arguments) Bits(name string, bits uint) uint64 {
	v := a.Number(name)
	if bits < 64 && v>>bits != 0 {
		a.fail("%s: %#x does not fit in %d bits", name, v, bits)
	}
	return v
}

// Rest takes all that is left, options of another command included.
func (a *Arguments) Rest() []string {
	rest := a.rest
	a.rest = nil
	return rest
}

// Done returns what was wrong with the arguments, or that there are too many.
func (a *Arguments) Done() error {
	if a.err == nil && len(a.rest) > 0 {
		if option(a.rest[0]) {
			a.fail("there is no option %s", a.rest[0])
		} else {
			a.fail("'%s' is one argument too many", a.rest[0])
		}
	}
	return a.err
}

// option tells whether an argument looks like an option rather than a number.
func option(s string) bool {
	return len(s) > 1 && s[0] == '-' && (s[1] < '0' || s[1] > '9')
}

func tooLarge(err error, s string) error {
	if err != nil {
		return err
	}
	return fmt.Errorf("%s is too large", s)
}
