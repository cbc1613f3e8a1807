package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"vitrine/tools/book"
)

// bookHelp is the help of 'vit book'.
const bookHelp = `
  vit book update [FILE...]   write all blocks anew, in all chapters or in FILE
  vit book check [FILE...]    say what is not so, and change nothing

Chapters are Markdown in docs/book. What is generated stands between an opening
comment and <!-- end -->, each on a line of its own; between them write nothing:

  <!-- code interrupts/idt.go#Gate -->
  <!-- end -->
        A declaration of Go with its comment (without, if nodoc follows): Gate,
        Gate.Set for a method, several joined by + as in Gate+Gate.Set. Of
        a group in parentheses it is the whole group. In Go's assembler (.s) a
        function. Or a region, in any source, between two comments:
            // book:begin NAME        in boot.ld: /* book:begin NAME */
            // book:end NAME          in make, Python, shell: # book:begin NAME
  <!-- contents -->
  <!-- end -->
        The list of the chapters that exist (docs/book/README.md).

Checked besides: links between files, to headings (#title-in-lower-case), to
terms of the glossary (../glossary.md#trap-frame; 'check' says the anchors'
names), to lines (#L12). Pictures have a text. Headings leave no level out, and
a page has one of the first level. In backticks: pkg.Name and
pkg.Type.Method against our packages and the standard library's; Type.Method of
our types; paths that begin with one of our folders; names of files (idt.go);
'make X', 'vit X'. Names of other systems' files begin with the system's name:
linux/mm/memory.c.

Exit codes: 0 all is well, 1 something is not, 2 wrong command line`

// bookCommand is 'vit book'.
func bookCommand() command {
	return command{
		name:    "book",
		args:    "update|check [FILE...]",
		summary: "the book in docs/book: bring it up to date, check it",
		help:    bookHelp,
		setup: func(f *flag.FlagSet) func(streams, []string) int {
			return func(s streams, args []string) int {
				code, err := bookWork(s, args)
				if err != nil {
					return fail(s, "book", code, err)
				}
				return code
			}
		},
	}
}

// bookWork is the body of 'vit book'.
func bookWork(s streams, args []string) (int, error) {
	if len(args) == 0 {
		return exitUsage, errors.New("what to do? See 'vit book help'")
	}
	verb, args := args[0], args[1:]
	if verb == "help" {
		bookCommand().describe(s.out)
		return exitOK, nil
	}
	root, err := topFolder()
	if err != nil {
		return exitFailed, err
	}
	files, err := bookFiles(root, args)
	if err != nil {
		return exitUsage, err
	}
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	b, err := book.Open(root, names)
	if err != nil {
		return exitFailed, err
	}
	switch verb {
	case "update", "check":
		return bookPages(s, b, book.Work{Files: files, Write: verb == "update"})
	}
	return exitUsage, fmt.Errorf("%q is nothing that it does; see 'vit book help'", verb)
}

// bookPages checks pages or writes them.
func bookPages(s streams, b *book.Book, w book.Work) (int, error) {
	start := time.Now()
	changed, problems, err := b.Do(w)
	if err != nil {
		return exitFailed, err
	}
	for _, file := range changed {
		fmt.Fprintln(s.out, "written:", file)
	}
	for _, p := range problems {
		fmt.Fprintln(s.err, p)
	}
	if n := len(problems); n > 0 {
		return exitFailed, fmt.Errorf("%d problems", n)
	}
	fmt.Fprintf(s.out, "the book is up to date (%.1f s)\n", time.Since(start).Seconds())
	return exitOK, nil
}

// topFolder returns the repository's top folder, from any folder in it.
func topFolder() (string, error) {
	dir, err := os.Getwd()
	for ; err == nil; dir = filepath.Dir(dir) {
		text, missing := os.ReadFile(filepath.Join(dir, "go.mod"))
		if missing == nil && strings.HasPrefix(string(text), "module vitrine\n") {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("this is not a folder of the repository")
		}
	}
	return "", err
}

// bookFiles turns names from the current folder into names from the top.
func bookFiles(root string, args []string) (files []string, err error) {
	for _, arg := range args {
		full, err := filepath.Abs(arg)
		if err != nil {
			return nil, err
		}
		rel, err := filepath.Rel(root, full)
		if err != nil || !filepath.IsLocal(rel) || filepath.Ext(rel) != ".md" {
			return nil, fmt.Errorf("%s is not a page of the book", arg)
		}
		if _, err := os.Stat(full); err != nil {
			return nil, fmt.Errorf("there is no page %s", arg)
		}
		files = append(files, filepath.ToSlash(rel))
	}
	return files, nil
}
