package tty

import "strings"

// complete extends the word before the cursor as far as it is certain. If
// there is a choice left, the second Tab lists it.
func (e *Editor) complete(again bool) {
	if e.Complete == nil {
		e.bell()
		return
	}
	before := string(e.line[:e.cursor])
	start, words := e.Complete(before)
	if len(words) == 0 || start < 0 || start > len(before) {
		e.bell()
		return
	}
	word := before[start:]
	longest := commonPrefix(words)
	if len(words) == 1 && !strings.HasSuffix(longest, "=") {
		longest += " "
	}
	if longest != word && strings.HasPrefix(longest, word) {
		e.insert([]rune(longest[len(word):]))
		return
	}
	if len(words) == 1 {
		e.bell()
		return
	}
	if !again {
		e.tabbed = true
		e.bell()
		return
	}
	e.list(words)
}

// list shows words in columns below the line, and the line again below them.
func (e *Editor) list(words []string) {
	cursor := e.cursor
	e.cursor = len(e.line)
	e.Refresh()
	e.cursor = cursor

	e.screen.print("\r\n")
	widest := 0
	for _, w := range words {
		widest = max(widest, len([]rune(w)))
	}
	columns := max(1, e.screen.width/(widest+2))
	rows := (len(words) + columns - 1) / columns
	for row := range rows {
		line := ""
		for i := row; i < len(words); i += rows {
			line += words[i] + strings.Repeat(" ", widest+2-len([]rune(words[i])))
		}
		e.screen.print(strings.TrimRight(line, " ") + "\r\n")
	}
	e.screen.forget()
}

func commonPrefix(words []string) string {
	prefix := []rune(words[0])
	for _, w := range words[1:] {
		n := 0
		for _, r := range w {
			if n == len(prefix) || prefix[n] != r {
				break
			}
			n++
		}
		prefix = prefix[:n]
	}
	return string(prefix)
}
