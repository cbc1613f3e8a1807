package commands

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"

	"vitrine/kernel/shell"
	"vitrine/kernel/symbol"
	"vitrine/mm"
)

// symbols finds functions by name. The linker's table leads from addresses to
// names only; so, the first time that a name is asked for, this looks up every
// address where a function can start, and keeps what it finds.
type symbols struct {
	once   sync.Once
	byName map[string]uint64
	names  []string // sorted
}

// functionAlignment is where the linker lets functions start on amd64.
const functionAlignment = 32

func (s *symbols) load(text mm.VirtRange) {
	s.once.Do(func() {
		s.byName = map[string]uint64{}
		for v := text.Start.AlignUp(functionAlignment); v < text.End; v += functionAlignment {
			name, start, ok := symbol.Function(uintptr(v))
			if !ok || name == "" {
				continue
			}
			if _, known := s.byName[name]; !known {
				s.byName[name] = uint64(start)
				s.names = append(s.names, name)
			}
		}
		slices.Sort(s.names)
	})
}

// at returns the function that an address lies in: "main.main+0x10".
func (s *symbols) at(addr uint64) (string, bool) {
	name, start, ok := symbol.Function(uintptr(addr))
	if !ok || name == "" {
		return "", false
	}
	if offset := addr - uint64(start); offset > 0 {
		return fmt.Sprintf("%s+%#x", name, offset), true
	}
	return name, true
}

// Symbol returns the value of a name that can stand for a number: a function,
// or a part of the memory map. A function may be named without the path of its
// package ("paging.(*Space).Map") if that is enough.
//
// It is what shell.Session.Symbols wants.
func (m *Machine) Symbol(name string) (uint64, bool) {
	for _, p := range parts {
		if p.name == name && name != "" {
			return uint64(p.start), true
		}
	}
	if !strings.ContainsRune(name, '.') {
		return 0, false
	}
	m.symbols.load(m.Text)
	if v, ok := m.symbols.byName[name]; ok {
		return v, true
	}
	var found []uint64
	for _, full := range m.symbols.names {
		if strings.HasSuffix(full, "/"+name) {
			found = append(found, m.symbols.byName[full])
		}
	}
	if len(found) != 1 {
		return 0, false
	}
	return found[0], true
}

// completeSymbol proposes functions and parts of the memory map. Too many
// functions are not proposed; packages are, to go on with.
func (m *Machine) completeSymbol(_ *shell.Env, args []string, word string) []string {
	if len(args) > 0 && !strings.HasPrefix(args[len(args)-1], "-") {
		return nil
	}
	var list []string
	for _, p := range parts {
		if p.name != "" {
			list = append(list, p.name)
		}
	}
	if word == "" {
		return list
	}
	m.symbols.load(m.Text)
	names := m.symbols.names
	from := sort.SearchStrings(names, word)
	to := from
	for to < len(names) && strings.HasPrefix(names[to], word) {
		to++
	}
	const many = 60
	if to-from <= many {
		return append(list, names[from:to]...)
	}
	for _, n := range names[from:to] {
		if end := strings.IndexAny(n[len(word):], "/."); end >= 0 {
			n = n[:len(word)+end+1]
		}
		if !slices.Contains(list, n) {
			list = append(list, n)
		}
	}
	return list
}
