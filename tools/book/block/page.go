package block

import (
	"fmt"
	"slices"
	"strings"
)

// Kinds are the kinds of blocks that there are.
var Kinds = []string{"broken", "code", "contents", "figure", "gdb", "host", "screen", "shell"}

const (
	end = "<!-- end -->"
	// HowToEnd is what to do about a block without an end.
	howToEnd = "add a line " + end + " below it"
)

// Part is a piece of a page: some lines of text, or a block.
type Part struct {
	Line  int      // of its first line, from 1
	Text  []string // without line breaks; nil if Block is set
	Block *Block
}

// Page is a chapter, cut into parts.
type Page struct {
	Parts []Part
}

// Error is a mistake on a page.
type Error struct {
	Line int
	Text string
}

func (e Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Text) }

// Parse cuts a page.
//
// Errors: every block that is not closed, of an unknown kind, or badly written.
// The page is complete all the same: what is wrong is text.
func Parse(page string) (*Page, []Error) {
	p := &parser{lines: strings.Split(page, "\n")}
	for p.at < len(p.lines) {
		p.line()
	}
	p.flush()
	if p.fence != "" {
		p.fail(p.opened, "the block of code that begins here has no end: add a line "+p.fence)
	}
	return &p.page, p.errors
}

// parser goes through the lines of a page.
type parser struct {
	lines  []string
	at     int
	text   int    // where the text began that is not yet a part
	fence  string // that is open, and where it was opened
	opened int
	page   Page
	errors []Error
}

// line looks at one line of text, or takes a whole block.
func (p *parser) line() {
	line := p.lines[p.at]
	if p.fence != "" {
		if closes(line, p.fence) {
			p.fence = ""
		}
		p.at++
		return
	}
	if p.fence = opens(line); p.fence != "" {
		p.opened = p.at
		p.at++
		return
	}
	if strings.TrimSpace(line) == end {
		p.fail(p.at, end+" without a block above it: remove it")
	}
	words, ok := comment(line)
	if !ok {
		if strings.TrimSpace(line) != end && strings.Contains(codeSpan.ReplaceAllString(line, ""), "<!--") {
			p.fail(p.at, "a comment stands on a line of its own, and begins with a kind of block in small letters: <!-- code ... -->")
		}
		p.at++
		return
	}
	b, err := opening(words)
	if err != nil {
		p.fail(p.at, err.Error())
		p.at++
		return
	}
	last := p.end()
	if last < 0 {
		p.fail(p.at, fmt.Sprintf("the block %s has no end: %s", b.Kind, howToEnd))
		p.at++
		return
	}
	p.flush()
	b.Line, b.opening = p.at+1, line
	b.Body = slices.Clone(p.lines[p.at+1 : last])
	b.closing = p.lines[last]
	p.page.Parts = append(p.page.Parts, Part{Line: p.at + 1, Block: b})
	p.at = last + 1
	p.text = p.at
}

// end returns the line that ends the block at p.at; -1 if none does. A further
// opening comment on the way, outside of a fence, is one that lacks its end.
func (p *parser) end() int {
	fence := ""
	for i := p.at + 1; i < len(p.lines); i++ {
		line := p.lines[i]
		if fence != "" {
			if closes(line, fence) {
				fence = ""
			}
			continue
		}
		if fence = opens(line); fence != "" {
			continue
		}
		if strings.TrimSpace(line) == end {
			return i
		}
		if words, ok := comment(line); ok {
			if _, err := opening(words); err == nil {
				return -1
			}
		}
	}
	return -1
}

// flush makes a part of the text so far.
func (p *parser) flush() {
	if p.text < p.at {
		p.page.Parts = append(p.page.Parts, Part{Line: p.text + 1, Text: p.lines[p.text:p.at]})
	}
	p.text = p.at
}

func (p *parser) fail(at int, text string) {
	p.errors = append(p.errors, Error{Line: at + 1, Text: text})
}

// String returns the page's text.
func (p *Page) String() string {
	var lines []string
	for _, part := range p.Parts {
		if b := part.Block; b != nil {
			lines = append(lines, b.opening)
			lines = append(lines, b.Body...)
			lines = append(lines, b.closing)
		} else {
			lines = append(lines, part.Text...)
		}
	}
	return strings.Join(lines, "\n")
}

// Blocks returns the blocks, in order.
func (p *Page) Blocks() (all []*Block) {
	for _, part := range p.Parts {
		if part.Block != nil {
			all = append(all, part.Block)
		}
	}
	return all
}
