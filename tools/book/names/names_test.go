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
		"Makefile": "STAGES := unit\nSMP ?= 1\nN = $(ARGS) $(AT)\nrun: build\n\techo\n.PHONY: all\ntest-unit test-race: run\n",
		"boot/b.S": "start_32:\n",
		"mm/addr.go": `package mm
import "sync"
type PhysAddr uint64
type Table struct { entry int; sync.Mutex }
type Gate struct { lo uint64 }
func (g *Gate) Set() {}
func (p PhysAddr) Frame() {}
var State struct { on bool }
func f(z Table) { z.entry++ }
type Outer struct { *Gate; http.Client }
type Same Outer
var one, two = &Gate{}, f
var three Same
`,
		"tools/vit/run.go":                    "package main\nvar smp = flag(\"smp\")\nvar book = verb(\"check\")\n",
		"docs/book/broken/no.patch":           "",
		"kernel/cpu/cpu.s":                    "TEXT ·halt(SB), 0, $0\n",
		"scripts/gdb/walk.py":                 "    name = \"pagewalk\"\nCHAPTERS = (\"paging\")\n",
		"docs/glossary.md":                    "# Glossary\n\n## A `b`: c\n## A b c\n<a id=\"apic\"></a>**APIC**\n```\n## no\n```\n",
		"docs/book/01-one.md":                 "# One\n",
		"docs/book/exercises/1.1/check.txtar": "host ./mm\n-- mm/x_test.go --\nfunc TestX() { thatIsToBeWritten() }\n",
		"docs/book/figures/x.svg":             "<svg/>",
	} {
		file := filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	}
	x, err := New(root, []string{"run", "book"})
	require.NoError(t, err)
	return x
}

const chapter = "docs/book/01-one.md"

func TestWordsThatExistPass(t *testing.T) {
	x := index(t)
	for _, word := range []string{
		"mm.PhysAddr", "mm.PhysAddr.Frame", "mm.(*Gate).Set", "mm.Gate.lo", "mm.State.on", "mm.Table.Lock", "mm.PhysAddr()",
		"Gate.Set", "CR0.PG", "Elsewhere.Thing", "z.entry", "cpu.halt", "sync.Mutex", "sync.Mutex.Lock", "http.Get",
		"mm/addr.go", "mm", "mm/", "./mm/...", "boot/b.S", "addr.go", "mm/*.go", "mm/addr.go:3", "addr.go:3", "mm/addr.go#PhysAddr",
		"kernel/cpu.halt", "figures/x.svg", "runtime/debug", "build/vitrine.elf",
		"mm/memory.c", "linux/mm/x.S", "I/O", "/dev/kvm", "https://go.dev/x", "a b/c.go",
		"make run", "make test-unit ARGS=-v", "make", "vit run --smp 2", "vit pagewalk $sp", "build/vit run", "RAX", "INT 3",
		"mm.Outer.Set", "mm.Outer.lo", "mm.Outer.Gate", "mm.Outer.Do", "Outer.Set", "mm.three.Set", "mm.one.lo", "mm.two.x", "mm.f.func1",
		"make run SMP=2 AT=chapter:paging", "make -j2 run", "make run N=1.1 ARGS=x", "make run AT=mm.f",
		"vit run --smp=2 -- --any", "build/vit book check docs/x.md", "(gdb) vit pagewalk", "vitrine> anything",
		"git apply docs/book/broken/no.patch && make run", "go test ./mm/... -run 'A/b.c'", "go build linux/mm/x.c",
		"PhysAddr", "thatIsToBeWritten", "thatIsToBeWritten()", "mallocgc", "stopTheWorld", "QEMU", "x86",
	} {
		require.NoError(t, x.Word(chapter, word), word)
	}
}

func TestWordsThatDoNotExistAreNamed(t *testing.T) {
	x := index(t)
	for word, says := range map[string]string{
		"mm.PhysAdr":                           "package mm declares no PhysAdr",
		"mm.Gate.Get":                          "package mm declares no Gate.Get",
		"mm.(*Gate).Get()":                     "package mm declares no Gate.Get",
		"Gate.Get":                             "no type Gate of ours has a Get",
		"fram.Allocator":                       "no package is called fram",
		"sync.Mutexx":                          "package sync declares no Mutexx",
		"cpu.stop":                             "package cpu declares no stop",
		"mm.Gate.Lock":                         "package mm declares no Gate.Lock",
		"mm.PhysAddr.Page":                     "package mm declares no PhysAddr.Page",
		"mm.Outer.Get":                         "", // what http.Client has differs from Go to Go
		"mm.one.Get":                           "package mm declares no one.Get",
		"mm.f.x":                               "package mm declares no f.x",
		"Table.Nothing":                        "no type Table of ours has a Nothing",
		"mm/addr.go:99":                        "mm/addr.go has no line 99",
		"addr.go:0":                            "mm/addr.go has no line 0",
		"mm/addr.go#None":                      `it declares no "None"`,
		"vit run --smb 2":                      "vit has no flag --smb",
		"vit book chck":                        "'vit book chck' is nothing",
		"(gdb) vit walk":                       "has a command 'vit walk'",
		"$ make rum":                           "no target rum",
		"make -j2 rum":                         "no target rum",
		"make run SMB=2":                       "make has no variable SMB",
		"make run AT=chapter:x":                "GDB knows no such chapter",
		"make run AT=mm.g":                     "package mm declares no g",
		"make run N=1.2":                       "there is no exercise 1.2",
		"git apply docs/book/broken/yes.patch": "there is no docs/book/broken/yes.patch",
		"git apply docs/book/broken/no.patch && make rum": "no target rum",
		"mm/adr.go":       "there is no mm/adr.go",
		"mm/x.S":          "there is no mm/x.S",
		"adr.go":          "no file is called adr.go",
		"kernel/cpu.stop": "package cpu declares no stop",
		"make rum":        "no target rum",
		"vit runn":        "has a command 'vit runn'",
		"PhysAdr":         "no source has the word PhysAdr",
		"startTheWurld()": "no source has the word startTheWurld",
	} {
		if err := x.Word(chapter, word); says != "" {
			require.ErrorContains(t, err, says, word)
		} else {
			require.NoError(t, err, word)
		}
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
		"../../mm/addr.go#L0":  "no line 0",
		"../../mm#a":           "mm is a folder",
		"":                     "leads nowhere",
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

func TestWhatIsNeitherLinkNorTextIsFound(t *testing.T) {
	x := index(t)
	for text, says := range map[string]string{
		"a [link][nowhere] b":              "[link][nowhere] is no link",
		"a [link][] b":                     "[link][] is no link",
		"a [link](my file.md) b":           "[link](my file.md) is no link",
		"| a |\n|---|\n| [b][c] |":         "[b][c] is no link",
		"- a\n- [b][c]":                    "[b][c] is no link",
		"[l]\n\n[l]: nowhere.md":           "the link nowhere.md leads to",
		"nobody\n\n[l]: nowhere.md":        "the link nowhere.md leads to",
		"[l]()":                            "leads nowhere",
		"a <img src=\"x.svg\"> b":          "write Markdown for <img",
		"<div>\n`mm.Nil`\n</div>":          "write Markdown for <div>",
		"a <a href=\"x.md\">b</a>":         "write Markdown for <a href",
		"<script>alert(1)</script>":        "write Markdown for <script>",
		"<!-- figure x --><img src=\"x\">": "write Markdown for <img",
	} {
		found := x.Page(chapter, "# One\n\n"+text+"\n")
		require.Len(t, found, 1, text)
		require.Contains(t, found[0].Text, says)
		require.Greater(t, found[0].Line, 2)
	}
	require.Empty(t, x.Page(chapter, "# One\n\n<!-- figure x -->\n<a id=\"a\"></a>**A**: `a[1][2]` and `f[x](y)`, [l][d], "+
		"[two][d] <!-- c -->\n<a id=\"b\"></a>\n\n[d]: ../glossary.md\n"))
}
