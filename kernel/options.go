//go:build tamago

package kernel

import (
	"slices"
	"strings"

	"vitrine/kernel/log"
)

// An option is a word that the kernel's command line may have. One that ends in
// "=" takes a value: one of values, if there are any.
type option struct {
	word   string
	values []string
}

var options = []option{
	{word: "clock="},
	{word: "console=", values: []string{"test"}}, // package start
	{word: "dir="}, // package start
	{word: "env="}, // package start
	{word: "layout="},
	{word: "loglevel="},
	{word: "noapic"},
	{word: "nosmp"},
	{word: "panic=", values: []string{"halt", "exit", "reboot"}}, // package start
	{word: "run="},
}

// checkOptions logs the words that nobody will look at, which are most likely
// slips of the fingers.
func (m *machine) checkOptions() {
	for _, w := range m.options.All() {
		key, value, takes := strings.Cut(w, "=")
		if takes {
			key += "="
		}
		i := slices.IndexFunc(options, func(o option) bool { return o.word == key })
		switch {
		case i < 0:
			log.Warnf("options", "%q means nothing to this kernel", w)
		case len(options[i].values) > 0 && !slices.Contains(options[i].values, value):
			log.Warnf("options", "%s is one of %s, not %q", options[i].word, strings.Join(options[i].values, ", "), value)
		}
	}
}
