package site

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode"
)

// section is a part of a page, from one heading to the next.
type section struct {
	title, slug, text string
}

// index is what the search looks in.
type index struct {
	// Sections are pages' titles, headings, addresses and texts.
	Sections []found `json:"sections"`
	// Words are, for each word, pairs: a section's number, and how much it is
	// about the word.
	Words map[string][]int `json:"words"`
}

// found is a section as the search shows it.
type found struct {
	Page    string `json:"page"`
	Title   string `json:"title"`
	Address string `json:"address"`
	Text    string `json:"text"`
}

// Weights of a word in a heading and in the text.
const (
	weightTitle = 20
	maxInText   = 10
)

// add adds the sections of a page.
func (x *index) add(page, address string, sections []section) {
	if x.Words == nil {
		x.Words = map[string][]int{}
	}
	for i := range sections {
		s := &sections[i]
		to := address
		if s.slug != "" && i > 0 {
			to += "#" + s.slug
		}
		text := strings.Join(strings.Fields(s.text), " ")
		n := len(x.Sections)
		x.Sections = append(x.Sections, found{page, s.title, to, text})
		weight := map[string]int{}
		for _, word := range split(text) {
			weight[word] = min(weight[word]+1, maxInText)
		}
		for _, word := range split(s.title) {
			weight[word] += weightTitle
		}
		for word, w := range weight {
			x.Words[word] = append(x.Words[word], n, w)
		}
	}
}

// split returns the words of a text, in small letters. Names such as mm.PhysAddr
// are there as a whole and in parts.
func split(text string) (words []string) {
	for _, whole := range strings.FieldsFunc(strings.ToLower(text), func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '_' && c != '.'
	}) {
		whole = strings.Trim(whole, "._")
		if whole == "" || len(whole) > 40 {
			continue
		}
		words = append(words, whole)
		if parts := strings.FieldsFunc(whole, func(c rune) bool { return c == '.' || c == '_' }); len(parts) > 1 {
			words = append(words, parts...)
		}
	}
	return words
}

// script returns the index as a script: a page that is a file may load scripts,
// and no other data.
func (x *index) script() []byte {
	data, err := json.Marshal(x) // the same each time: keys are sorted
	if err != nil {
		data = []byte("{}")
	}
	var b bytes.Buffer
	b.WriteString("window.bookIndex = ")
	b.Write(data)
	b.WriteString(";\n")
	return b.Bytes()
}
