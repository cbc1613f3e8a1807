package keymap

import (
	"fmt"
	"strings"
)

// tables are the layouts there are. The first is the one to start with.
var tables = [...]*table{&us, &uk, &de, &fr, &es, &it, &se, &no, &dk}

// Names returns the names that Lookup knows.
func Names() []string {
	names := make([]string, len(tables))
	for i, t := range tables {
		names[i] = t.name
	}
	return names
}

// Lookup returns the layout with a name.
//
// Errors: an unknown name; the error lists the known ones.
func Lookup(name string) (*Layout, error) {
	for _, t := range tables {
		if t.name == name {
			return t.layout()
		}
	}
	return nil, fmt.Errorf("no keyboard layout %q: there are %s", name, strings.Join(Names(), ", "))
}
