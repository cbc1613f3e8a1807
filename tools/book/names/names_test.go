package names

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// index is the index of a small repository.
func index(t *testing.T) *Index {
	root := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":   "module vitrine\n",
		"Makefile": "STAGES := unit\nrun: build\n\techo\n.PHONY: all\ntest-unit test-race: run\n",
		"boot/b.S": "start_32:\n",
		"mm/addr.go": `package mm
import "sync"
type PhysAddr uint64
type Table struct { entry int; sync.Mutex }
type Gate struct { lo uint64 }
func (g *Gate) Set() {}
func (p PhysAddr) Frame() {}
var State struct { on bool }
func f(z Table) { z.entry++ }`,
		"kernel/cpu/cpu.s":                    "TEXT ·halt(SB), 0, $0\n",
		"scripts/gdb/walk.py":                 "    name = \"pagewalk\"\n",
		"docs/glossary.md":                    "# Glossary\n\n## A `b`: c\n## A b c\n<a id=\"apic\"></a>**APIC**\n```\n## no\n```\n",
		"docs/book/01-one.md":                 "# One\n",
		"docs/book/exercises/1.1/check.txtar": "host ./mm\n-- mm/x_test.go --\nfunc TestX() { thatIsToBeWritten() }\n",
		"docs/book/figures/x.svg":             "<svg/>",
	} {
		file := filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	}
	x, err := New(root, []string{"run"})
	require.NoError(t, err)
	return x
}

const chapter = "docs/book/01-one.md"

func TestWordsThatExistPass(t *testing.T) {
	x := index(t)
	for _, word := range []string{
		"mm.PhysAddr", "mm.PhysAddr.Frame", "mm.(*Gate).Set", "mm.Gate.lo", "mm.State.on", "mm.Table.Lock", "mm.PhysAddr()",
		"Gate.Set", "CR0.PG", "Elsewhere.Thing", "z.entry", "cpu.halt", "sync.Mutex", "sync.Mutex.Lock", "http.Get",
		"mm/addr.go", "mm", "mm/", "./mm/...", "boot/b.S", "addr.go", "mm/*.go", "mm/addr.go:12", "mm/addr.go#PhysAddr",
		"kernel/cpu.halt", "figures/x.svg", "runtime/debug", "build/vitrine.elf",
		"mm/memory.c", "linux/mm/x.S", "I/O", "/dev/kvm", "https://go.dev/x", "a b/c.go",
		"make run", "make test-unit ARGS=-v", "make", "vit run --smp 2", "vit pagewalk $sp", "build/vit run", "RAX", "INT 3",
		"PhysAddr", "thatIsToBeWritten", "thatIsToBeWritten()", "mallocgc", "stopTheWorld", "QEMU", "x86",
	} {
		require.NoError(t, x.Word(chapter, word), word)
	}
}

func TestWordsThatDoNotExistAreNamed(t *testing.T) {
	x := index(t)
	for word, says := range map[string]string{
		"mm.PhysAdr":       "package mm declares no PhysAdr",
		"mm.Gate.Get":      "package mm declares no Gate.Get",
		"mm.(*Gate).Get()": "package mm declares no Gate.Get",
		"Gate.Get":         "no type Gate of ours has a Get",
		"fram.Allocator":   "no package is called fram",
		"sync.Mutexx":      "package sync declares no Mutexx",
		"cpu.stop":         "package cpu declares no stop",
		"mm/adr.go":        "there is no mm/adr.go",
		"mm/x.S":           "there is no mm/x.S",
		"adr.go":           "no file is called adr.go",
		"kernel/cpu.stop":  "package cpu declares no stop",
		"make rum":         "no target rum",
		"vit runn":         "has a command 'vit runn'",
		"PhysAdr":          "no source has the word PhysAdr",
		"startTheWurld()":  "no source has the word startTheWurld",
	} {
		require.ErrorContains(t, x.Word(chapter, word), says, word)
	}
}

func TestLinksLeadSomewhere(t *testing.T) {
	x := index(t)
	const page = "# One\n## Two, three\n"
	for _, to := range []string{
		"../glossary.md", "../glossary.md#apic", "../glossary.md#a-b-c", "../glossary.md#a-b-c-1", "#two-three",
		"../../mm/addr.go#L3", "../../mm/addr.go#L3-L5", "../../mm", "https://go.dev", "figures/x.svg",
	} {
		require.NoError(t, x.Link(chapter, page, to), to)
	}
	for to, says := range map[string]string{
		"../glossry.md":        "not there",
		"../glossary.md#no":    "neither a heading nor an anchor #no",
		"#three":               "#three",
		"../../mm/addr.go#L99": "no line 99",
		"../../mm/addr.go#f":   "anchors in sources are lines",
		"../../../x":           "not there",
		"javascript:x":         "leads to a javascript",
	} {
		require.ErrorContains(t, x.Link(chapter, page, to), says, to)
	}
}

func TestAPagesProblemsHaveTheirLines(t *testing.T) {
	x := index(t)
	got := x.Page(chapter, "# One\n\nThe `mm.Nothing` and\nthe [link](nowhere.md).\n\n```\n`mm.Nothing`\n```\n\n"+
		"| a | b |\n|---|---|\n| c | `mm.Nil` |\n\n#### Four\n![](figures/x.svg)\n")
	require.Equal(t, []Problem{
		{3, "package mm declares no Nothing"},
		{4, "the link nowhere.md leads to docs/book/nowhere.md, which is not there"},
		{12, "package mm declares no Nil"},
		{14, "a heading of level 4 follows one of level 1: leave no level out"},
		{15, "the picture figures/x.svg has no text for those who cannot see it: ![text](file)"},
	}, got)
	require.Len(t, x.Page(chapter, "## No title\n"), 2)
}
