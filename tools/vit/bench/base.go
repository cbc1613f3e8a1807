package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
)

// base is what a run is compared with.
type base struct {
	options Options // with the other image; no image: a report was read
	found   map[string]Measurement
}

// openBase returns what o.Base names; a base without measurements if that is
// nothing.
func openBase(o Options) (*base, error) {
	b := &base{found: map[string]Measurement{}}
	if o.Base == "" {
		return b, nil
	}
	text, err := os.ReadFile(o.Base)
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(text, []byte("\x7fELF\x02")) {
		return nil, fmt.Errorf("%s is an ELF64 file, which does not boot: the image beside it is meant", o.Base)
	}
	if bytes.HasPrefix(text, []byte("\x7fELF")) {
		b.options = o
		b.options.Image = o.Base
		return b, nil
	}
	var r Report
	if err := json.Unmarshal(text, &r); err != nil {
		return nil, fmt.Errorf("%s is neither an image nor a report: %w", o.Base, err)
	}
	if len(r.Measurements) == 0 {
		return nil, fmt.Errorf("%s is neither an image nor a report: it has no measurements", o.Base)
	}
	b.add(r.Measurements)
	return b, nil
}

// boots looks whether another image gets to the prompt. Of one that does not, all
// figures would be missing in the end, without a word.
func (b *base) boots() error {
	if b.options.Image == "" {
		return nil
	}
	m, err := bootToPrompt(b.options)
	if err != nil {
		return fmt.Errorf("%s does not boot: %w", b.options.Image, err)
	}
	m.Close()
	return nil
}

func (b *base) add(list []Measurement) {
	for _, m := range list {
		b.found[m.Name] = m
	}
}

// measure makes g's measurements with the other image, right after those of this
// one, while the host is as it was. What the other one cannot do is left out.
func (b *base) measure(g group, only []string) {
	if b.options.Image == "" || !g.image {
		return
	}
	b.options.only = only
	if list, err := g.run(b.options); err == nil {
		b.add(list)
	}
}

// compare notes in m what the base has.
func (b *base) compare(m *Measurement) {
	if was, ok := b.found[m.Name]; ok {
		m.Base, m.BaseInstructions = was.Value, was.Instructions
	}
}
