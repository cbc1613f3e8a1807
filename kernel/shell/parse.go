package shell

import (
	"fmt"
	"strings"
	"unicode"
)

// A call is a command with its arguments, as typed; a pipeline is calls of
// which each reads what the one before prints.
type (
	call struct {
		args []string
		at   []int // byte offset of each argument in the line
	}
	pipeline []call
)

// SyntaxError says what is wrong with a line, and where.
type SyntaxError struct {
	Line string
	At   int // byte offset
	Text string
}

// Error shows the line with an arrow at the place:
//
//	echo "abc
//	     ^ this quote is not closed
func (e *SyntaxError) Error() string {
	indent := ""
	for _, r := range e.Line[:e.At] {
		if r != '\t' {
			r = ' '
		}
		indent += string(r)
	}
	return fmt.Sprintf("%s\n%s^ %s", e.Line, indent, e.Text)
}

// parse splits a line into pipelines at ';', these into calls at '|', and
// these into words at spaces. '#' at the start of a word makes the rest of the
// line a comment. In quotes, and after a backslash, these characters mean
// nothing special.
//
// Errors: *SyntaxError.
func parse(line string) ([]pipeline, error) {
	var all []pipeline
	var p pipeline
	var c call
	bar := -1 // where the "|" before c is

	fail := func(at int, text string) ([]pipeline, error) { return nil, &SyntaxError{line, at, text} }
	for i := 0; ; {
		for i < len(line) && isBlank(line[i]) {
			i++
		}
		switch {
		case i == len(line) || line[i] == ';' || line[i] == '\n' || line[i] == '#':
			if len(c.args) > 0 {
				p = append(p, c)
			} else if bar >= 0 {
				return fail(bar, "nothing comes after this |")
			}
			if p != nil {
				all = append(all, p)
			}
			p, c, bar = nil, call{}, -1
			if i < len(line) && line[i] == '#' {
				i += strings.IndexByte(line[i:]+"\n", '\n')
			}
			if i == len(line) {
				return all, nil
			}
			i++
		case line[i] == '|':
			if len(c.args) == 0 {
				return fail(i, "nothing comes before this |")
			}
			p, c, bar = append(p, c), call{}, i
			i++
		default:
			w, end, err := scanWord(line, i)
			if err != nil {
				return nil, err
			}
			c.args, c.at = append(c.args, w), append(c.at, i)
			i = end
		}
	}
}

func isBlank(b byte) bool   { return b == ' ' || b == '\t' || b == '\r' }
func isSpecial(b byte) bool { return isBlank(b) || b == '\n' || b == ';' || b == '|' }

// scanWord reads the word that starts at line[i] and returns it without its
// quotes, and where it ends.
func scanWord(line string, i int) (word string, end int, err error) {
	var b strings.Builder
	for i < len(line) && !isSpecial(line[i]) {
		switch line[i] {
		case '\\':
			if i+1 == len(line) {
				return "", 0, &SyntaxError{line, i, `nothing comes after this \`}
			}
			b.WriteByte(line[i+1])
			i += 2
		case '\'':
			n := strings.IndexByte(line[i+1:], '\'')
			if n < 0 {
				return "", 0, &SyntaxError{line, i, "this quote is not closed"}
			}
			b.WriteString(line[i+1 : i+1+n])
			i += n + 2
		case '"':
			n, err := scanQuoted(&b, line, i)
			if err != nil {
				return "", 0, err
			}
			i = n
		default:
			b.WriteByte(line[i])
			i++
		}
	}
	return b.String(), i, nil
}

// scanQuoted reads the double quotes that open at line[i], with their escapes,
// and returns the offset after them.
func scanQuoted(b *strings.Builder, line string, open int) (int, error) {
	for i := open + 1; i < len(line); i++ {
		switch line[i] {
		case '"':
			return i + 1, nil
		case '\\':
			if i+1 == len(line) {
				return 0, &SyntaxError{line, open, "this quote is not closed"}
			}
			c, ok := escapes[line[i+1]]
			if !ok {
				return 0, &SyntaxError{line, i, `in quotes, write \n \t \e \" or \\`}
			}
			b.WriteByte(c)
			i++
		default:
			b.WriteByte(line[i])
		}
	}
	return 0, &SyntaxError{line, open, "this quote is not closed"}
}

var escapes = map[byte]byte{'n': '\n', 't': '\t', 'e': 0x1b, '"': '"', '\\': '\\'}

// Fields splits text at spaces, but for those in quotes or after a backslash;
// no other character means anything special. It reads the kernel's command
// line: layout=de run="mem; log".
//
// Errors: *SyntaxError.
func Fields(text string) ([]string, error) {
	var words []string
	rest, base := text, 0
	for {
		trimmed := strings.TrimLeftFunc(rest, unicode.IsSpace)
		base += len(rest) - len(trimmed)
		if rest = trimmed; rest == "" {
			return words, nil
		}
		word := ""
		for rest != "" && !isBlank(rest[0]) && rest[0] != '\n' {
			w, end, err := scanWord(text, base)
			if err != nil {
				return nil, err
			}
			word += w
			base, rest = end, text[end:]
			if rest != "" && (rest[0] == ';' || rest[0] == '|') {
				word += rest[:1]
				base, rest = base+1, rest[1:]
			}
		}
		words = append(words, word)
	}
}

// Quote returns text so that parse makes one word of it.
func Quote(text string) string {
	safe := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_./:=+,@%~*()[]{}<>?!$&^", r)
	}
	if text != "" && strings.IndexFunc(text, func(r rune) bool { return !safe(r) }) < 0 {
		return text
	}
	if !strings.Contains(text, "'") {
		return "'" + text + "'"
	}
	return `'` + strings.ReplaceAll(text, `'`, `'\''`) + `'`
}
