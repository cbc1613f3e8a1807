package book

import (
	"fmt"
	"slices"
	"strings"

	"vitrine/tools/book/block"
	"vitrine/tools/book/session"
)

// form checks how a block that a machine fills is written.
func form(b *block.Block) error {
	options := session.MachineOptions
	words := []string{"fresh", "boot", "hangs"}
	language, prompt := "console", session.Prompt
	named := 0
	switch b.Kind {
	case "gdb":
		options, language, prompt, words = append(slices.Clone(options), "at"), "gdb", session.GDBPrompt, []string{"fresh"}
	case "host":
		options, prompt, words = nil, session.HostPrompt, []string{"norun"}
	case "broken":
		named = 1
	case "screen":
		options, named, language = append(slices.Clone(options), "keys", "alt", "loader", "vary"), 1, ""
	}
	for i, word := range b.Words {
		if i >= named && !slices.Contains(words, word) {
			return fmt.Errorf("what is %q? There are %s", word, strings.Join(words, ", "))
		}
	}
	if len(b.Words) < named {
		return fmt.Errorf("%s needs a name", b.Kind)
	}
	if err := b.Only(len(b.Words), options...); err != nil {
		return err
	}
	if _, err := session.Config(b); err != nil {
		return err
	}
	if language == "" || b.Kind == "broken" {
		return nil
	}
	if f := spoken(b, language); len(session.Read(f, prompt).Steps) == 0 && !b.Has("boot") {
		return fmt.Errorf("nothing is typed: write a block ```%s with lines that begin with %q into it", language, prompt)
	}
	return nil
}

// spoken returns the conversation in a block: its last fenced block of a
// language.
func spoken(b *block.Block, language string) []string {
	fences := b.Fences()
	for i := len(fences) - 1; i >= 0; i-- {
		if fences[i].Language == language {
			return fences[i].Lines
		}
	}
	return nil
}
