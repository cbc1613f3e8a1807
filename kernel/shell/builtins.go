package shell

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"vitrine/kernel/key"
)

// builtins returns the commands that the shell itself is made of.
func builtins() []*Command {
	const group = "The shell"
	list := []*Command{
		{
			Name: "help", Args: "[COMMAND]", Short: "list the commands, or explain one",
			Long: "Lines may be edited with the arrow keys, and Ctrl-A E B F K U W Y T L; Up and Down recall\n" +
				"earlier lines, Ctrl-R searches them, Tab completes. Ctrl-C stops a command.\n" +
				"';' separates commands, '|' feeds the output of one to another, '#' starts a comment,\n" +
				"and quotes or a backslash take away such meanings.",
			Run: help, Complete: completeCommand,
		},
		{Name: "echo", Args: "[-n] [WORD...]", Short: "print the arguments", Run: echo},
		{Name: "clear", Short: "clear the screen", Run: clear},
		{Name: "history", Args: "[N]", Short: "list the last lines that were entered", Run: history},
		{
			Name: "time", Args: "COMMAND [ARG...]", Short: "tell how long a command takes",
			Run: timeCommand, Complete: completeCall,
		},
		{
			Name: "repeat", Args: "N COMMAND [ARG...]", Short: "run a command N times",
			Run: repeat, Complete: completeRepeat,
		},
		{
			Name: "watch", Args: "[-n SECONDS] COMMAND [ARG...]", Short: "run a command again and again, on a clear screen",
			Long: "Stops at q or Ctrl-C. The default is every second.",
			Run:  watch, Complete: completeCall,
		},
		{Name: "sleep", Args: "SECONDS", Short: "wait", Run: sleep},
	}
	list = append(list, filters()...)
	for _, c := range list {
		c.Group = group
	}
	return list
}

func help(_ context.Context, sh *Env, args []string) error {
	a := sh.Arguments(args)
	name := a.WordOr("COMMAND", "")
	if err := a.Done(); err != nil {
		return err
	}
	if name != "" {
		return helpOn(sh, name)
	}
	var groups []string
	members := map[string][]*Command{}
	for _, c := range sh.Shell.commands {
		if !slices.Contains(groups, c.Group) {
			groups = append(groups, c.Group)
		}
	}
	for _, c := range sh.Shell.Commands() {
		members[c.Group] = append(members[c.Group], c)
	}
	// The shell's own commands were added first; they are told last.
	if len(groups) > 0 {
		groups = append(groups[1:], groups[0])
	}
	for i, g := range groups {
		if i > 0 {
			sh.Println()
		}
		sh.Println(sh.Paint(Bold, g))
		for _, c := range members[g] {
			sh.Printf("  %s%s %s\n", sh.Paint(Cyan, c.Name), strings.Repeat(" ", max(0, 11-len(c.Name))), c.Short)
		}
	}
	sh.Println("\n'help COMMAND' tells more, 'help help' how lines are typed.")
	return nil
}

func helpOn(sh *Env, name string) error {
	c, err := sh.Shell.Find(name)
	if err != nil {
		return err
	}
	sh.Printf("%s: %s\n", sh.Paint(Bold, c.Name), c.Short)
	sh.Printf("usage: %s\n", c.Usage())
	if c.Long != "" {
		sh.Printf("\n%s", wrap(c.Long, max(sh.Columns, 40)-1))
	}
	return nil
}

// wrap fills the paragraphs of text to lines of at most width. Lines that begin
// with a space stay as they are, and so do empty ones.
func wrap(text string, width int) string {
	var b strings.Builder
	line := ""
	flush := func() {
		if line != "" {
			b.WriteString(line + "\n")
		}
		line = ""
	}
	for l := range strings.Lines(text) {
		l = strings.TrimRight(l, "\n")
		if l == "" || l[0] == ' ' {
			flush()
			b.WriteString(l + "\n")
			continue
		}
		for _, word := range strings.Fields(l) {
			switch {
			case line == "":
				line = word
			case Width(line)+1+Width(word) > width:
				flush()
				line = word
			default:
				line += " " + word
			}
		}
	}
	flush()
	return b.String()
}

func echo(_ context.Context, sh *Env, args []string) error {
	end := "\n"
	if len(args) > 0 && args[0] == "-n" {
		end, args = "", args[1:]
	}
	sh.Printf("%s%s", strings.Join(args, " "), end)
	return nil
}

func clear(_ context.Context, sh *Env, args []string) error {
	if err := sh.Arguments(args).Done(); err != nil {
		return err
	}
	if sh.Colour {
		sh.Printf("\x1b[H\x1b[2J")
	}
	return nil
}

func history(_ context.Context, sh *Env, args []string) error {
	a := sh.Arguments(args)
	n := a.NumberOr("N", 1<<31)
	if err := a.Done(); err != nil {
		return err
	}
	if sh.History == nil {
		return errors.New("nobody types here")
	}
	lines := sh.History()
	first := len(lines) - int(min(n, uint64(len(lines))))
	for i, l := range lines[first:] {
		sh.Printf("%4d  %s\n", first+i+1, l)
	}
	return nil
}

func timeCommand(ctx context.Context, sh *Env, args []string) error {
	start := time.Now()
	err := sh.Shell.Call(ctx, sh, args)
	if err == nil {
		sh.Println(sh.Paint(Dim, "took "+Duration(time.Since(start))))
	}
	return err
}

// Duration returns a duration as people read it, with about three digits.
func Duration(d time.Duration) string {
	unit, name := time.Nanosecond, "ns"
	switch {
	case d >= time.Minute:
		return d.Round(time.Second).String()
	case d >= time.Second:
		unit, name = time.Second, "s"
	case d >= time.Millisecond:
		unit, name = time.Millisecond, "ms"
	case d >= time.Microsecond:
		unit, name = time.Microsecond, "us"
	}
	v := float64(d) / float64(unit)
	decimals := 0
	for p := v; p < 100 && decimals < 2 && unit > 1; p *= 10 {
		decimals++
	}
	return fmt.Sprintf("%.*f %s", decimals, v, name)
}

func repeat(ctx context.Context, sh *Env, args []string) error {
	if len(args) < 2 {
		return Usagef("how often, and what?")
	}
	n, err := ParseNumber(args[0], nil)
	if err != nil {
		return Usagef("N: %v", err)
	}
	for range n {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := sh.Shell.Call(ctx, sh, args[1:]); err != nil {
			return err
		}
	}
	return nil
}

func watch(ctx context.Context, sh *Env, args []string) error {
	every := time.Second
	if len(args) > 1 && args[0] == "-n" {
		d, err := ParseDuration(args[1])
		if err != nil {
			return Usagef("-n: '%s' is not a duration: write 2, 0.5 or 200ms", args[1])
		}
		every, args = d, args[2:]
	}
	if len(args) == 0 {
		return Usagef("no command to run")
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if sh.ReadKey != nil && sh.Colour {
		go func() {
			for {
				p, err := sh.ReadKey(ctx)
				if err != nil || p == (key.Press{Rune: 'q'}) {
					stop()
					return
				}
			}
		}()
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for clear := "\x1b[H\x1b[2J"; ; clear = "\x1b[H" {
		var page bytes.Buffer
		env := *sh
		env.Out = &page
		err := sh.Shell.Call(ctx, &env, args)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		if !sh.Colour {
			sh.Printf("%s", page.String())
		} else {
			title := sh.Paint(Bold, fmt.Sprintf("every %v: %s", every, strings.Join(args, " "))) + sh.Paint(Dim, "  (q stops)")
			sh.Printf("%s%s\x1b[J", clear, overwrite(title+"\n\n"+page.String(), sh.Rows-1))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// overwrite prepares text for printing over an older page: each line wipes
// the rest of its row.
func overwrite(text string, rows int) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	if rows > 0 && len(lines) > rows {
		lines = lines[:rows]
	}
	return strings.Join(lines, "\x1b[K\n") + "\x1b[K\n"
}

func sleep(ctx context.Context, sh *Env, args []string) error {
	a := sh.Arguments(args)
	word := a.Word("SECONDS")
	if err := a.Done(); err != nil {
		return err
	}
	d, err := ParseDuration(word)
	if err != nil {
		return Usagef("'%s' is not a duration: write 2, 0.5 or 200ms", word)
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

func completeCommand(sh *Env, args []string, _ string) []string {
	if len(args) > 0 {
		return nil
	}
	var names []string
	for _, c := range sh.Shell.Commands() {
		names = append(names, c.Name)
	}
	return names
}

// completeCall completes a command that is an argument, and its arguments.
func completeCall(sh *Env, args []string, word string) []string {
	if len(args) > 1 && args[0] == "-n" {
		args = args[2:]
	}
	if len(args) == 0 {
		return completeCommand(sh, nil, word)
	}
	c, err := sh.Shell.Find(args[0])
	if err != nil || c.Complete == nil {
		return nil
	}
	return c.Complete(sh, args[1:], word)
}

func completeRepeat(sh *Env, args []string, word string) []string {
	if len(args) == 0 {
		return nil
	}
	if _, err := strconv.Atoi(args[0]); err != nil {
		return nil
	}
	return completeCall(sh, args[1:], word)
}
