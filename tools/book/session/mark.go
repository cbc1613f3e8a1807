package session

import "strings"

// Mark returns the page's lines with … for what differs from what came: both
// are conversations that went as they should. Ok is false if there is more or
// fewer lines, for which only a person knows what the page should say.
func Mark(page, came []string) (marked []string, ok bool) {
	page, came = trimmed(page), trimmed(came)
	if Same(page, came) {
		return page, true
	}
	if len(page) != len(came) {
		return page, false
	}
	for i, line := range page {
		switch {
		case strings.TrimSpace(line) == anything:
			return page, false
		case !stands(line, came[i]):
			line = mark(line, came[i])
		}
		marked = append(marked, line)
	}
	return marked, true
}

// mark returns a line with … from the first word that differs to the last.
func mark(page, came string) string {
	before, after := common(page, came)
	head, tail := page[:before], page[len(page)-after:]
	head = head[:strings.LastIndexAny(head, " \t")+1]
	if at := strings.IndexAny(tail, " \t"); at >= 0 {
		tail = tail[at:]
	} else {
		tail = ""
	}
	// Columns move with the numbers in them: … stands for blanks as well.
	marked := strings.TrimRight(head, " ") + " " + anything
	if strings.TrimSpace(head) == "" {
		marked = anything
	}
	if rest := strings.TrimLeft(tail, " "); rest != "" {
		marked += " " + rest
	}
	if !stands(marked, came) {
		return anything // nothing of the line is certain
	}
	return marked
}

// common returns how many bytes two lines have in common at the beginning, and
// behind that at the end.
func common(a, b string) (before, after int) {
	shorter := min(len(a), len(b))
	for before < shorter && a[before] == b[before] {
		before++
	}
	for after < shorter-before && a[len(a)-1-after] == b[len(b)-1-after] {
		after++
	}
	return before, after
}
