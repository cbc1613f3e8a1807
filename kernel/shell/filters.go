package shell

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strings"

	"vitrine/kernel/key"
)

// filters returns the commands that may follow a "|".
func filters() []*Command {
	list := []*Command{
		{
			Name: "grep", Args: "[-v] TEXT", Short: "pass the lines that contain TEXT (-v: that do not)",
			Long: "Upper and lower case are the same unless TEXT has upper case.", Run: grep,
		},
		{Name: "head", Args: "[N]", Short: "pass the first N lines (10)", Run: head},
		{Name: "tail", Args: "[N]", Short: "pass the last N lines (10)", Run: tail},
		{Name: "count", Short: "count the lines", Run: count},
		{
			Name: "more", Short: "show one screen at a time",
			Long: "Space shows the next screen, Enter the next line, q stops.", Run: more,
		},
	}
	for _, c := range list {
		c.Filter = true
	}
	return list
}

// eachLine calls use for each line of the pipe, without its newline, until use
// returns false.
func (e *Env) eachLine(use func(string) bool) error {
	if e.In == nil {
		return errors.New("reads from a pipe: try 'help | grep page'")
	}
	r := bufio.NewReader(e.In)
	for {
		line, err := r.ReadString('\n')
		if line != "" && !use(strings.TrimSuffix(line, "\n")) {
			return nil
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func grep(_ context.Context, sh *Env, args []string) error {
	a := sh.Arguments(args)
	not := a.Flag("-v")
	text := a.Word("TEXT")
	if err := a.Done(); err != nil {
		return err
	}
	fold := text == strings.ToLower(text)
	return sh.eachLine(func(line string) bool {
		in := line
		if fold {
			in = strings.ToLower(line)
		}
		if strings.Contains(in, text) != not {
			sh.Println(line)
		}
		return true
	})
}

// lines takes the argument N of head and tail.
func (e *Env) lines(args []string) (int, error) {
	a := e.Arguments(args)
	n := a.NumberOr("N", 10)
	return int(min(n, 1<<20)), a.Done()
}

func head(_ context.Context, sh *Env, args []string) error {
	n, err := sh.lines(args)
	if err != nil || n == 0 {
		return err
	}
	return sh.eachLine(func(line string) bool {
		sh.Println(line)
		n--
		return n > 0
	})
}

func tail(_ context.Context, sh *Env, args []string) error {
	n, err := sh.lines(args)
	if err != nil {
		return err
	}
	var last []string
	err = sh.eachLine(func(line string) bool {
		last = append(last, line)
		last = last[max(0, len(last)-n):]
		return true
	})
	for _, line := range last {
		sh.Println(line)
	}
	return err
}

func count(_ context.Context, sh *Env, args []string) error {
	if err := sh.Arguments(args).Done(); err != nil {
		return err
	}
	n := 0
	if err := sh.eachLine(func(string) bool { n++; return true }); err != nil {
		return err
	}
	sh.Println(n)
	return nil
}

func more(ctx context.Context, sh *Env, args []string) error {
	if err := sh.Arguments(args).Done(); err != nil {
		return err
	}
	left := sh.Rows - 1
	var stopped error
	err := sh.eachLine(func(line string) bool {
		rows := 1 + max(0, Width(line)-1)/max(sh.Columns, 1)
		for left < rows && left < sh.Rows-1 && sh.ReadKey != nil && sh.Colour {
			sh.Printf("%s", sh.Paint(Dim, "-- more: space, Enter or q --"))
			p, err := sh.ReadKey(ctx)
			sh.Printf("\r\x1b[K")
			switch {
			case err != nil:
				stopped = err
				return false
			case p.Rune == 'q' || p.Name == key.Escape:
				return false
			case p.Name == key.Enter || p.Name == key.Down:
				left = rows
			default:
				left = sh.Rows - 1
			}
		}
		left -= rows
		sh.Println(line)
		return true
	})
	return errors.Join(stopped, err)
}
