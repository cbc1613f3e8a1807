package core

import (
	"bytes"
	"debug/dwarf"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
)

// Kernel is the ELF file of the program that runs in the machine.
type Kernel struct {
	identity  []elf.Prog // its notes, which tell this build from others
	variables map[string]variable
}

// variable is one at package level.
type variable struct {
	address uint64
	typ     dwarf.Type
}

// The kernel's variables that tell how it died.
const (
	processors = "vitrine/interrupts.CPUs"
	dyingCPU   = "vitrine/kernel/start.dyingCPU"
	reporter   = "vitrine/kernel/start.reporter"
	text       = "vitrine/kernel/crash.Text"
	textLen    = "vitrine/kernel/crash.TextLen"
)

// ErrOtherKernel is the error for a file that is not what runs in the machine.
var ErrOtherKernel = errors.New("that is not the kernel in the machine: it has been built anew since the machine was started, or it is another one")

// OpenKernel reads the kernel's ELF file, with debugging information.
//
// Errors: of files that are missing or something else; one without debugging
// information, or without the variables that this package looks for.
func OpenKernel(name string) (*Kernel, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	f, err := elf.NewFile(file)
	if err != nil {
		return nil, fmt.Errorf("%s is no ELF file: %w", name, err)
	}
	k, err := newKernel(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return k, nil
}

func newKernel(f *elf.File) (*Kernel, error) {
	k := &Kernel{variables: map[string]variable{}}
	for _, p := range f.Progs {
		if p.Type != elf.PT_NOTE {
			continue
		}
		data := make([]byte, p.Filesz)
		if _, err := p.ReadAt(data, 0); err != nil {
			return nil, err
		}
		k.identity = append(k.identity, elf.Prog{ProgHeader: p.ProgHeader, ReaderAt: bytes.NewReader(data)})
	}
	info, err := f.DWARF()
	if err != nil {
		return nil, fmt.Errorf("debugging information: %w", err)
	}
	if err := k.findVariables(info); err != nil {
		return nil, fmt.Errorf("debugging information: %w", err)
	}
	return k, nil
}

// findVariables notes where the variables are, and of which types.
func (k *Kernel) findVariables(info *dwarf.Data) error {
	wanted := map[string]bool{processors: true, dyingCPU: true, reporter: true, text: true, textLen: true}
	r := info.Reader()
	for len(wanted) > 0 {
		e, err := r.Next()
		if err != nil {
			return err
		}
		if e == nil {
			for name := range wanted {
				return fmt.Errorf("no variable %s: this is not Vitrine's kernel", name)
			}
		}
		if e.Tag == dwarf.TagCompileUnit {
			continue
		}
		r.SkipChildren()
		name, _ := e.Val(dwarf.AttrName).(string)
		if e.Tag != dwarf.TagVariable || !wanted[name] {
			continue
		}
		location, _ := e.Val(dwarf.AttrLocation).([]byte)
		typ, _ := e.Val(dwarf.AttrType).(dwarf.Offset)
		const address = 0x03 // DW_OP_addr: the address itself follows
		if len(location) != 9 || location[0] != address {
			return fmt.Errorf("%s has no fixed address", name)
		}
		v := variable{address: binary.LittleEndian.Uint64(location[1:])}
		if v.typ, err = info.Type(typ); err != nil {
			return err
		}
		k.variables[name] = v
		delete(wanted, name)
	}
	return nil
}

// runsIn tells whether the kernel is what runs in the machine: its notes are in
// memory.
//
// Errors: ErrOtherKernel.
func (k *Kernel) runsIn(s *space) error {
	for _, p := range k.identity {
		want, have := make([]byte, p.Filesz), make([]byte, p.Filesz)
		if _, err := p.ReadAt(want, 0); err != nil {
			return err
		}
		if s.read(have, p.Vaddr) != nil || !bytes.Equal(want, have) {
			return ErrOtherKernel
		}
	}
	return nil
}

// value is a variable, or a part of one, in a machine's memory.
type value struct {
	space   *space
	address uint64
	typ     dwarf.Type
}

// variable returns the variable of that name.
func (k *Kernel) variable(s *space, name string) value {
	v := k.variables[name]
	return value{s, v.address, v.typ}
}

// plain returns t without the names that it has been given.
func plain(t dwarf.Type) dwarf.Type {
	for {
		d, ok := t.(*dwarf.TypedefType)
		if !ok {
			return t
		}
		t = d.Type
	}
}

// errNoField is the error for a type that has changed.
var errNoField = errors.New("the kernel's types are not those that vit knows: rebuild both with 'make build'")

// field returns a field of a struct.
func (v value) field(name string) (value, error) {
	if s, ok := plain(v.typ).(*dwarf.StructType); ok {
		for _, f := range s.Field {
			if f.Name == name {
				return value{v.space, v.address + uint64(f.ByteOffset), f.Type}, nil
			}
		}
	}
	return value{}, fmt.Errorf("%v has no field %s: %w", v.typ, name, errNoField)
}

// element returns an element of an array.
func (v value) element(i uint64) (value, error) {
	a, ok := plain(v.typ).(*dwarf.ArrayType)
	if !ok || i >= uint64(a.Count) {
		return value{}, fmt.Errorf("%v has no element %d: %w", v.typ, i, errNoField)
	}
	return value{v.space, v.address + i*uint64(a.Type.Size()), a.Type}, nil
}

// number reads an integer or a bool.
func (v value) number() (uint64, error) {
	var b [8]byte
	size := v.typ.Size()
	if size < 1 || size > 8 {
		return 0, fmt.Errorf("%v is no number: %w", v.typ, errNoField)
	}
	if err := v.space.read(b[:size], v.address); err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint64(b[:]), nil
}

// numberOf reads a field of a struct that is a number.
func (v value) numberOf(name string) (uint64, error) {
	f, err := v.field(name)
	if err != nil {
		return 0, err
	}
	return f.number()
}
