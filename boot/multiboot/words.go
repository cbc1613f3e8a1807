package multiboot

import "strings"

// Words is a command line, taken apart:
//
//	layout=de  noapic  motd="hello, world"  --  -run=TestA  two%20words
//	key=value  word    quoted value             program arguments
//
// Words are separated by spaces. Double quotes keep spaces together, also
// around the whole word ("motd=hello, world", as GRUB writes it). A backslash
// takes the meaning from a quote, a space or a backslash. What follows the
// word -- is for the program that the kernel runs (its os.Args[1:]); there %20
// is a space, and so on for every byte, so that any argument gets through any
// boot loader.
type Words struct {
	words []string
	args  []string
}

// ParseWords takes line apart. It allocates.
func ParseWords(line string) Words {
	var w Words
	s := scanner{line: []byte(line)}
	inArgs := false
	for s.word() {
		text := s.text()
		switch {
		case inArgs:
			w.args = append(w.args, percentDecode(text))
		case text == endOfWords:
			inArgs = true
		default:
			w.words = append(w.words, text)
		}
	}
	return w
}

// endOfWords is the word that ends the kernel's own words.
const endOfWords = "--"

// Words returns the command line, taken apart. It allocates.
func (i *Info) Words() Words { return ParseWords(i.CommandLine()) }

// Get returns the value of the last word key=value. It does not allocate.
func (w Words) Get(key string) (value string, found bool) {
	for _, word := range w.words {
		if k, v, ok := strings.Cut(word, "="); ok && k == key {
			value, found = v, true
		}
	}
	return value, found
}

// Has tells whether word stands on the command line by itself.
func (w Words) Has(word string) bool {
	for _, each := range w.words {
		if each == word {
			return true
		}
	}
	return false
}

// All returns the kernel's own words in order, without quotes.
func (w Words) All() []string { return w.words }

// Args returns the program arguments, the words after --.
func (w Words) Args() []string { return w.args }

// percentDecode replaces each %XX by the byte it stands for. A percent sign
// that is not followed by two hexadecimal digits stands for itself.
func percentDecode(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var b strings.Builder
	for k := 0; k < len(s); k++ {
		if s[k] == '%' && k+2 < len(s) {
			high, ok1 := hexDigit(s[k+1])
			low, ok2 := hexDigit(s[k+2])
			if ok1 && ok2 {
				b.WriteByte(high<<4 | low)
				k += 2
				continue
			}
		}
		b.WriteByte(s[k])
	}
	return b.String()
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case '0' <= c && c <= '9':
		return c - '0', true
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10, true
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}
