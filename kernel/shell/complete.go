package shell

import (
	"slices"
	"strings"
)

// Complete proposes words for the end of a line that is being typed: names of
// commands, or what the command proposes. start is where the word that they
// replace starts.
func (s *Shell) Complete(sh *Env, line string) (start int, words []string) {
	c, start, piped := lastCall(line)
	word := ""
	if start < len(line) {
		w, _, err := scanWord(line, start)
		if err != nil { // an open quote: nothing can be proposed safely
			return start, nil
		}
		word = w
	}
	var proposed []string
	if len(c.args) == 0 {
		for _, command := range s.Commands() {
			if !piped || command.Filter {
				proposed = append(proposed, command.Name)
			}
		}
	} else if command := s.byName[c.args[0]]; command != nil && command.Complete != nil {
		proposed = command.Complete(sh, c.args[1:], word)
	}
	for _, p := range proposed {
		if strings.HasPrefix(p, word) && !slices.Contains(words, Quote(p)) {
			words = append(words, Quote(p))
		}
	}
	slices.Sort(words)
	return start, words
}

// lastCall finds the call that is being typed: its complete words, where the
// incomplete one starts, and whether it reads from a pipe.
func lastCall(line string) (c call, start int, piped bool) {
	for i := 0; i < len(line); {
		switch {
		case isBlank(line[i]):
			i++
		case line[i] == ';' || line[i] == '|' || line[i] == '\n':
			c, piped = call{}, line[i] == '|'
			i++
		default:
			w, end, err := scanWord(line, i)
			if err != nil || end == len(line) {
				return c, i, piped
			}
			c.args = append(c.args, w)
			i = end
		}
	}
	return c, len(line), piped
}
