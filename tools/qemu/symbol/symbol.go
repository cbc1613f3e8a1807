// Package symbol says which function, file and line a code address belongs to.
//
// A Go program carries what this takes in every build, stripped or not: the
// table with which the runtime prints stack traces (section .gopclntab). The
// boot stub, written in assembly, has an ELF symbol table instead.
package symbol

import (
	"debug/elf"
	"debug/gosym"
	"errors"
	"fmt"
	"sort"
)

// Place is what an address stands for.
type Place struct {
	Func   string `json:"func"`
	Offset uint64 `json:"offset"` // bytes from the function's start
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
}

// String returns "func+0x12 file:line".
func (p Place) String() string {
	s := p.Func
	if p.Offset != 0 {
		s += fmt.Sprintf("+%#x", p.Offset)
	}
	if p.File != "" {
		s += fmt.Sprintf("  %s:%d", p.File, p.Line)
	}
	return s
}

// Table looks addresses up. A nil Table knows none.
type Table struct {
	goTable *gosym.Table
	symbols []elf.Symbol // sorted by value
	code    []codeRange
}

// codeRange is an executable section: nothing outside one has a name.
type codeRange struct{ start, end uint64 }

// Open reads the ELF file called name.
func Open(name string) (*Table, error) {
	f, err := elf.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	defer f.Close()
	t, err := read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return t, nil
}

// read reads the tables of f.
func read(f *elf.File) (*Table, error) {
	t := &Table{}
	for _, s := range f.Sections {
		if s.Flags&elf.SHF_EXECINSTR != 0 {
			t.code = append(t.code, codeRange{s.Addr, s.Addr + s.Size})
		}
	}
	if lines, text := f.Section(".gopclntab"), f.Section(".text"); lines != nil && text != nil {
		data, err := lines.Data()
		if err != nil {
			return nil, err
		}
		if t.goTable, err = gosym.NewTable(nil, gosym.NewLineTable(data, text.Addr)); err != nil {
			return nil, err
		}
		return t, nil
	}
	symbols, err := f.Symbols()
	if err != nil && !errors.Is(err, elf.ErrNoSymbols) {
		return nil, err
	}
	for _, s := range symbols {
		switch elf.ST_TYPE(s.Info) {
		case elf.STT_FUNC, elf.STT_NOTYPE:
			if s.Name != "" {
				t.symbols = append(t.symbols, s)
			}
		}
	}
	sort.SliceStable(t.symbols, func(i, j int) bool { return t.symbols[i].Value < t.symbols[j].Value })
	return t, nil
}

// Lookup returns the place of a code address.
func (t *Table) Lookup(pc uint64) (Place, bool) {
	if t == nil || !t.isCode(pc) {
		return Place{}, false
	}
	if t.goTable != nil {
		file, line, fn := t.goTable.PCToLine(pc)
		if fn == nil {
			return Place{}, false
		}
		return Place{Func: fn.Name, Offset: pc - fn.Entry, File: file, Line: line}, true
	}
	i := sort.Search(len(t.symbols), func(i int) bool { return t.symbols[i].Value > pc })
	if i == 0 {
		return Place{}, false
	}
	s := t.symbols[i-1]
	return Place{Func: s.Name, Offset: pc - s.Value}, true
}

// isCode tells whether pc is in an executable section.
func (t *Table) isCode(pc uint64) bool {
	for _, r := range t.code {
		if r.start <= pc && pc < r.end {
			return true
		}
	}
	return false
}
