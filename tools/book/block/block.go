package block

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Block is something generated.
type Block struct {
	Kind    string
	Words   []string          // what stands behind the kind, but for options
	Options map[string]string // key=value
	Line    int               // of the opening comment, from 1
	Body    []string          // the lines between the comments, without line breaks

	opening, closing string
}

// Describe returns the block's kind and words.
func (b *Block) Describe() string {
	return strings.Join(append([]string{b.Kind}, b.Words...), " ")
}

// Has tells whether word stands in the opening comment.
func (b *Block) Has(word string) bool { return slices.Contains(b.Words, word) }

// Word returns the i-th word behind the kind; "" if there are fewer.
func (b *Block) Word(i int) string {
	if i < len(b.Words) {
		return b.Words[i]
	}
	return ""
}

// Only makes sure that the block has no options but these, and at most so many
// words.
func (b *Block) Only(words int, options ...string) error {
	if len(b.Words) > words {
		return fmt.Errorf("what is %q? Options are key=value: %s", b.Words[words], strings.Join(options, ", "))
	}
	for key := range b.Options {
		if !slices.Contains(options, key) {
			return fmt.Errorf("%s has no option %q; there are %s", b.Kind, key, strings.Join(options, ", "))
		}
	}
	return nil
}

var (
	commentLine = regexp.MustCompile(`^\s*<!--\s+([a-z]+(?:\s.*)?)-->\s*$`)
	optionStart = regexp.MustCompile(`^([a-z][a-z-]*)=`)
	codeSpan    = regexp.MustCompile("`[^`]*`")
	fenceLine   = regexp.MustCompile("^\\s*(```+|~~~+)([^`]*)$")
)

// comment returns what stands in a comment that fills a line.
func comment(line string) (words string, ok bool) {
	m := commentLine.FindStringSubmatch(line)
	if m == nil {
		return "", false
	}
	words = strings.TrimSpace(m[1])
	return words, words != "end"
}

// opening reads what stands in an opening comment.
func opening(words string) (*Block, error) {
	kind, rest, _ := strings.Cut(words, " ")
	if !slices.Contains(Kinds, kind) {
		return nil, fmt.Errorf("no kind of block is called %q; there are %s", kind, strings.Join(Kinds, ", "))
	}
	b := &Block{Kind: kind, Options: map[string]string{}}
	for rest = strings.TrimSpace(rest); rest != ""; rest = strings.TrimSpace(rest) {
		m := optionStart.FindStringSubmatch(rest)
		if m == nil {
			var word string
			word, rest, _ = strings.Cut(rest, " ")
			b.Words = append(b.Words, word)
			continue
		}
		if _, twice := b.Options[m[1]]; twice {
			return nil, fmt.Errorf("the option %s stands there twice", m[1])
		}
		var err error
		if b.Options[m[1]], rest, err = value(rest[len(m[0]):]); err != nil {
			return nil, fmt.Errorf("option %s: %w", m[1], err)
		}
	}
	return b, nil
}

// value takes the value of an option, in quotes or up to a blank.
func value(s string) (v, rest string, err error) {
	if !strings.HasPrefix(s, `"`) {
		v, rest, _ = strings.Cut(s, " ")
		return v, rest, nil
	}
	quoted, err := strconv.QuotedPrefix(s)
	if err != nil {
		return "", "", errors.New(`a quoted value is not closed, or has an escape that Go does not know`)
	}
	v, err = strconv.Unquote(quoted)
	return v, s[len(quoted):], err
}

// opens returns the fence that line opens; "" if none.
func opens(line string) string {
	if m := fenceLine.FindStringSubmatch(line); m != nil {
		return m[1]
	}
	return ""
}

// closes tells whether line closes the fence.
func closes(line, fence string) bool {
	line = strings.TrimSpace(line)
	return len(line) >= len(fence) && strings.Trim(line, fence[:1]) == ""
}

// Fence is a fenced block in a body.
type Fence struct {
	Language string
	Lines    []string
	At       int // its first line's index in the body
}

// Fences returns the fenced blocks of a body.
func (b *Block) Fences() (all []Fence) {
	fence := ""
	for i, line := range b.Body {
		switch {
		case fence != "" && closes(line, fence):
			fence = ""
		case fence != "":
			last := &all[len(all)-1]
			last.Lines = append(last.Lines, line)
		default:
			if m := fenceLine.FindStringSubmatch(line); m != nil {
				fence = m[1]
				all = append(all, Fence{Language: strings.TrimSpace(m[2]), At: i + 1})
			}
		}
	}
	return all
}

// Fenced returns lines as a fenced block.
func Fenced(language string, lines []string) []string {
	fence := "```"
	for _, line := range lines {
		for strings.HasPrefix(strings.TrimSpace(line), fence) {
			fence += "`"
		}
	}
	out := append([]string{fence + language}, lines...)
	return append(out, fence)
}
