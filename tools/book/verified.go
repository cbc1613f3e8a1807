package book

import (
	"os"
	"path/filepath"
	"strings"

	"vitrine/tools/book/kernel"
)

// verified is where the keys of conversations are kept that are as the page has
// them.
const verified = "build/.book/verified"

// key says what the conversation depends on: while it is the same, so is the
// conversation. "": it is to be had each time.
func (b *Book) key(j *job) string {
	if j.kind == "host" {
		return ""
	}
	k, err := kernel.Ours(b.Root)
	if err != nil {
		return ""
	}
	texts := []string{b.version, kernel.HashFiles(k.Image, k.Debug), j.kind}
	for _, blk := range j.blocks {
		texts = append(texts, signature(blk), strings.Join(blk.Words, " "), strings.Join(blk.Body, "\n"))
		switch blk.Kind {
		case "broken":
			texts = append(texts, kernel.HashFiles(filepath.Join(b.Root, brokenFile(blk))))
		case "figure":
			texts = append(texts, kernel.HashFiles(filepath.Join(b.Root, figureFile(blk))))
		case "screen":
			texts = append(texts, kernel.HashFiles(filepath.Join(b.Root, screenFile(blk))))
		}
	}
	if j.kind == "gdb" {
		scripts, _ := filepath.Glob(filepath.Join(b.Root, "scripts/gdb/*.py"))
		for _, depth := range []string{"*", "*/*"} {
			more, _ := filepath.Glob(filepath.Join(b.Root, "scripts/gdb/vitrine", depth+".py"))
			scripts = append(scripts, more...)
		}
		texts = append(texts, kernel.HashFiles(scripts...))
	}
	return kernel.Hash(texts...)
}

// known tells whether a conversation was as the page has it, last time.
func (b *Book) known(key string) bool {
	_, err := os.Stat(filepath.Join(b.Root, verified, key))
	return key != "" && err == nil
}

// remember keeps the key of a conversation that is as the page has it.
func (b *Book) remember(key string) {
	if key == "" {
		return
	}
	dir := filepath.Join(b.Root, verified)
	if os.MkdirAll(dir, 0o755) == nil {
		os.WriteFile(filepath.Join(dir, key), nil, 0o644)
	}
}
