package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"vitrine/tools/book"
)

// bookHelp is the help of 'vit book'.
const bookHelp = `
  vit book update [--static] [FILE...]  write all blocks anew
  vit book check [--run] [FILE...]      say what is not so, and change nothing
  vit book run [FILE...]                check --run
  vit book steady [FILE...]             have all conversations again, on a host
                                        that dawdles, and put … for what
                                        differs from the page
  vit book site                         the web site: build/book/index.html
  vit book pdf                          of that, build/vitrine-book.pdf
  vit book picture                      of that, docs/images/book.png
  vit book exercise 7.2                 is it solved? Runs its check
  vit book exercises [--again] [7.2...] does each check fail, and pass with the
                                        solution?

FILE is a page of docs/book; without one it is the whole book. Check looks at
what needs no machine, in a second. With --run it also has all conversations
again (those that have not changed, with the same kernel, are remembered;
--again has them, too). Update has them unless --static.

Chapters are Markdown in docs/book. What is generated stands between an opening
comment and <!-- end -->, each on a line of its own.

  <!-- code interrupts/idt.go#Gate -->
        A declaration of Go with its comment (without, if nodoc follows): Gate,
        Gate.Set for a method, several joined by + as in Gate+Gate.Set. Of
        a group in parentheses it is the whole group. In Go's assembler (.s) a
        function. Or a region, in any source, between two comments:
            // book:begin NAME        in boot.ld: /* book:begin NAME */
            // book:end NAME          in make, Python, shell: # book:begin NAME
        Without #... it is the whole file. Write nothing between it and the end.
  <!-- shell [smp=4 memory=64 machine=q35 cpu=max append="..." icount=off] -->
        A block ` + "```console" + `: lines that begin with "vitrine> " are typed on the
        serial line, what follows is the output. All blocks of a page with the
        same options share a machine, in order; the word fresh starts another,
        and so does a report in which the last one has ended. With the word boot
        the block begins with what the machine writes as it boots.
  <!-- gdb [at=kernel.Main] [the same options] -->
        A block ` + "```gdb" + `: lines that begin with "(gdb) " are typed in a 'make
        debug'; lines with > after one belong to it. What the kernel writes is
        left out.
  <!-- host [norun] -->
        A block ` + "```console" + `: lines that begin with "$ " are run by sh in the top
        folder. With norun they are only shown.
  <!-- broken NAME [options as for shell] [hangs] -->
        The diff docs/book/broken/NAME.patch, the command that tries it, and a
        ` + "```console" + ` block of a kernel with that change: what it writes as it
        boots, if nothing is typed there or if it begins with other lines;
        otherwise as shell. To make one: change the sources, git diff >
        docs/book/broken/NAME.patch, change them back, and update. Hangs: it
        falls silent, without a report.
  <!-- figure NAME -->
        A drawing, made of the sources or of a running kernel: figures/NAME.svg.
        In those of a running kernel numbers may differ from build to build. An
        unknown NAME gets the list of those that there are (tools/book/figure).
        Not to be edited by hand: each ends with a sum.
  <!-- screen NAME keys="help\n" alt="..." [loader=grub] [vary="..."]
       [the same options] -->
        The VGA screen after these keys, in screens/NAME.png; alt says what is
        to be seen. With loader=grub the kernel starts from an ISO, and the
        screen is a framebuffer. Pictures are compared pixel by pixel, but for
        the cursor, which blinks, and for text of the text screen that is like
        the expression vary: addresses, lines of files. Keys that begin with
        clear\n keep the boot's log out of the picture, whose times change with
        each kernel. Names of files are shown without the repository's folder.
  <!-- contents -->
        The list of the chapters that exist (docs/book/README.md).

Exercises are headings '### Exercise 7.2: title' in chapter 7 with a folder
docs/book/exercises/7.2. Check.txtar has tests that fail until it is solved, as
files whose names are paths in the repository; its first line says where they
run: "host ./mm/frame", "machine ./mm/frame" (the bare machine) or "system" (in
tools/systest, with the whole kernel). Solution.patch is a diff of the sources.

In conversations … in a line stands for any text and the blanks beside it, and
a line with only … for any number of lines; update keeps output that is still
like this. Some things may differ without it, as they do from build to build:
addresses in the image, the heap and stacks (ffffff8...), other words of 16
hexadecimal digits above ffff, offsets in functions (+0x12), the time stamps of
the log, the release of Go, and lines of its own files. Write … for other
numbers that depend on the kernel's size: free frames, times in ms. The
repository's folder and Go's are written as … by themselves.

Checked besides: links between files, to headings (#title-in-lower-case), to
terms of the glossary (../glossary.md#trap-frame), to lines (#L12), and names of
links that are not defined. Pictures have a text. Headings leave no level out,
and a page has one of the first. HTML is for comments and <a id="..."> only. In
backticks: pkg.Name and pkg.Type.Method against our packages and the standard
library's; Type.Method of our types; words with a capital inside (keyboardLoop)
against all words of the sources; paths that begin with one of our folders;
names of files (idt.go, idt.go:12); 'make X Y=Z', 'vit X --flag'. Names of other
systems' files begin with the system's name: linux/mm/memory.c.

Exit codes: 0 all is well, 1 something is not, 2 wrong command line`

// bookCommand is 'vit book'.
func bookCommand() command {
	return command{
		name:    "book",
		args:    "WORK [flags] [FILE...]",
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
	verb := args[0]
	f := flag.NewFlagSet("", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	static := f.Bool("static", false, "")
	run := f.Bool("run", false, "")
	again := f.Bool("again", false, "")
	if err := f.Parse(args[1:]); err != nil {
		return exitUsage, fmt.Errorf("%w; see 'vit book help'", err)
	}
	if verb == "help" {
		bookCommand().describe(s.out)
		return exitOK, nil
	}
	root, err := topFolder()
	if err != nil {
		return exitFailed, err
	}
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	w := book.Work{Again: *again, At: func(place string) { fmt.Fprintln(s.err, "running", place) }}
	switch verb {
	case "update":
		w.Write, w.Run = true, !*static
	case "check":
		w.Run = *run || *again
	case "run":
		w.Run = true
	case "steady":
		w.Write, w.Run, w.Again, w.Mark = true, true, true, true
	case "exercise", "exercises", "site", "pdf", "picture":
	default:
		return exitUsage, fmt.Errorf("%q is nothing that it does; see 'vit book help'", verb)
	}
	if verb == "exercise" || verb == "exercises" {
		return exercises(s, root, names, verb == "exercise", *again, f.Args())
	}
	if w.Files, err = bookFiles(root, f.Args()); err != nil {
		return exitUsage, err
	}
	b, err := book.Open(root, names)
	if err != nil {
		return exitFailed, err
	}
	switch verb {
	case "site", "pdf", "picture":
		return publish(s, b, verb)
	}
	return bookPages(s, b, w)
}

// Where the book's web site is, what is printed, and its picture.
const (
	bookSite    = "build/book"
	bookPDF     = "build/vitrine-book.pdf"
	bookPicture = "docs/images/book.png"
)

// publish makes the book's web site, or something of it, and says where it is.
func publish(s streams, b *book.Book, what string) (int, error) {
	ctx, stop := signalContext()
	defer stop()
	site := filepath.Join(b.Root, bookSite)
	var file string
	var err error
	switch what {
	case "site":
		file, err = bookSite+"/index.html", b.Site(site)
	case "pdf":
		file, err = bookPDF, book.PDF(ctx, site, filepath.Join(b.Root, bookPDF))
	case "picture":
		file, err = bookPicture, book.Picture(ctx, site, filepath.Join(b.Root, bookPicture))
	}
	if err != nil {
		return exitFailed, err
	}
	fmt.Fprintln(s.out, file)
	return exitOK, nil
}

// bookPages checks pages or writes them.
func bookPages(s streams, b *book.Book, w book.Work) (int, error) {
	ctx, stop := signalContext()
	defer stop()
	start := time.Now()
	changed, problems, err := b.Do(ctx, w)
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
		return exitFailed, fmt.Errorf("problems: %d", n)
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
