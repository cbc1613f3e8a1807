package shell

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"vitrine/kernel/key"
)

// newTestShell returns a shell with a few commands, and an environment whose
// output goes to the buffer.
func newTestShell(t testing.TB) (*Shell, *Env, *bytes.Buffer) {
	s := New()
	require.NoError(t, s.Add(
		&Command{Name: "args", Args: "[X...]", Group: "Test", Short: "show the arguments", Run: func(_ context.Context, sh *Env, args []string) error {
			sh.Printf("%q\n", args)
			return nil
		}},
		&Command{Name: "fail", Group: "Test", Short: "fail", Run: func(context.Context, *Env, []string) error {
			return errors.New("did not work")
		}},
		&Command{Name: "nil", Group: "Test", Short: "follow a nil pointer", Run: func(context.Context, *Env, []string) error {
			deep(nil)
			return nil
		}},
		&Command{Name: "forever", Group: "Test", Short: "print until stopped", Run: func(ctx context.Context, sh *Env, _ []string) error {
			for i := 0; ctx.Err() == nil; i++ {
				sh.Println(i)
			}
			return ctx.Err()
		}},
		&Command{Name: "peek", Args: "ADDR [LENGTH]", Group: "Test", Short: "read memory", Run: func(_ context.Context, sh *Env, args []string) error {
			a := sh.Arguments(args)
			addr, n := a.Number("ADDR"), a.NumberOr("LENGTH", 1)
			if err := a.Done(); err != nil {
				return err
			}
			sh.Println(addr, n)
			return nil
		}, Complete: func(_ *Env, args []string, word string) []string {
			if len(args) == 0 {
				return []string{"heap", "here", "two words"}
			}
			return nil
		}},
	))
	out := new(bytes.Buffer)
	return s, &Env{Shell: s, Out: out, Columns: 80, Rows: 25, History: func() []string { return []string{"one", "two"} }}, out
}

//go:noinline
func deep(p *int) { *p = 1 }

// run returns what a line prints.
func run(t *testing.T, line string) string {
	s, env, out := newTestShell(t)
	s.Run(context.Background(), env, line)
	return out.String()
}

func TestLinesAreSplitIntoWords(t *testing.T) {
	for line, want := range map[string]string{
		``:                          ``,
		`   `:                       ``,
		`# nothing`:                 ``,
		`args a  b`:                 `["a" "b"]`,
		`args a#b #c`:               `["a#b"]`,
		`args "a b" 'c "d" \' e\ f`: `["a b" "c \"d\" \\" "e f"]`,
		`args a"b"'c'd`:             `["abcd"]`,
		`args "" ''`:                `["" ""]`,
		`args "\n\t\e\"\\"`:         `["\n\t\x1b\"\\"]`,
		`args ';' \| "#"`:           `[";" "|" "#"]`,
		`args grüße`:                `["grüße"]`,
		`args a; args b;; args c ;`: "[\"a\"]\n[\"b\"]\n[\"c\"]",
		"args a # x\nargs b":        "[\"a\"]\n[\"b\"]",
		`args a | grep a|count`:     `1`,
		"args\ta\r":                 `["a"]`,
		`args`:                      `[]`,
		`echo a   b; echo -n "c"`:   "a b\nc",
	} {
		require.Equal(t, want, strings.TrimSuffix(run(t, line), "\n"), "%s", line)
	}
}

func TestSyntaxErrorsPointAtThePlace(t *testing.T) {
	for line, want := range map[string]string{
		`echo "abc`:      "echo \"abc\n     ^ this quote is not closed\n",
		`echo a 'b`:      "echo a 'b\n       ^ this quote is not closed\n",
		`echo äö "abc`:   "echo äö \"abc\n        ^ this quote is not closed\n",
		`echo "a\q"`:     "echo \"a\\q\"\n       ^ in quotes, write \\n \\t \\e \\\" or \\\\\n",
		`echo "a\`:       "echo \"a\\\n     ^ this quote is not closed\n",
		`echo a\`:        "echo a\\\n      ^ nothing comes after this \\\n",
		`| count`:        "| count\n^ nothing comes before this |\n",
		`echo a |`:       "echo a |\n       ^ nothing comes after this |\n",
		`echo a | ; x`:   "echo a | ; x\n       ^ nothing comes after this |\n",
		`echo a || echo`: "echo a || echo\n        ^ nothing comes before this |\n",
	} {
		require.Equal(t, want, run(t, line), "%s", line)
	}
}

func TestUnknownCommandsAreGuessed(t *testing.T) {
	for line, want := range map[string]string{
		"hepl":     "unknown command 'hepl', did you mean 'help'?\n",
		"HELP":     "unknown command 'HELP': 'help' lists the commands\n",
		"hist":     "unknown command 'hist', did you mean 'history'?\n",
		"xyzzy":    "unknown command 'xyzzy': 'help' lists the commands\n",
		"time pek": "time: unknown command 'pek', did you mean 'peek'?\n",
	} {
		require.Equal(t, want, run(t, line))
	}
}

func TestErrorsNameTheCommandAndHowToDoItRight(t *testing.T) {
	for line, want := range map[string]string{
		"fail":            "fail: did not work\n",
		"fail; echo on":   "fail: did not work\non\n",
		"peek":            "peek: ADDR is missing\nusage: peek ADDR [LENGTH]\n",
		"peek 1 2 3":      "peek: '3' is one argument too many\nusage: peek ADDR [LENGTH]\n",
		"peek 1 -z":       "peek: there is no option -z\nusage: peek ADDR [LENGTH]\n",
		"peek zz":         "peek: ADDR: 'zz' is not a number: write 42, 0x2a, 0b101010 or 4K\nusage: peek ADDR [LENGTH]\n",
		"peek 1 | fail":   "fail: does not read from a pipe\n",
		"count":           "count: reads from a pipe: try 'help | grep page'\n",
		"repeat x echo":   "repeat: N: 'x' is not a number: write 42, 0x2a, 0b101010 or 4K\nusage: repeat N COMMAND [ARG...]\n",
		"time":            "time: no command to run\nusage: time COMMAND [ARG...]\n",
		"watch -n x echo": "watch: -n: 'x' is not a duration: write 2, 0.5 or 200ms\nusage: watch [-n SECONDS] COMMAND [ARG...]\n",
		"fail | count":    "0\nfail: did not work\n",
		"repeat 2 fail":   "fail: did not work\n",
	} {
		require.Equal(t, want, run(t, line), "%s", line)
	}
}

func TestAPanicIsPrintedAndTheShellSurvives(t *testing.T) {
	_, file, line, _ := runtime.Caller(0)
	out := run(t, "nil; echo still here")
	require.Contains(t, out, "nil: panic: runtime error: invalid memory address or nil pointer dereference")
	require.Contains(t, out, "\n    vitrine/kernel/shell.deep  kernel/shell/shell_test.go:")
	require.NotContains(t, out, "(*Shell)")
	require.NotContains(t, out, "gopanic")
	require.True(t, strings.HasSuffix(out, "still here\n"))
	require.Contains(t, file, "shell_test.go")
	require.Positive(t, line)
}

func TestAPipelineStopsWhenItsLastCommandDoes(t *testing.T) {
	require.Equal(t, "0\n1\n2\n", run(t, "forever | head 3"))
	require.Equal(t, "10\n11\n", run(t, "forever | grep 1 | grep -v 21 | head 4 | tail 3 | head 2"))
	require.Equal(t, "1\n", run(t, "nil | head 0; echo 1")[len(run(t, "nil | head 0")):])
}

func TestFiltersPassLines(t *testing.T) {
	for line, want := range map[string]string{
		`echo "a\nB\nc" | grep b`:     "B\n",
		`echo "a\nB\nc" | grep -v b`:  "a\nc\n",
		`echo "b\nB\nc" | grep B`:     "B\n",
		`echo "1\n2\n3" | tail 2`:     "2\n3\n",
		`echo "1\n2\n3" | tail 0`:     "",
		`echo "1\n2\n3" | head 2`:     "1\n2\n",
		`echo -n "1\n2" | count`:      "2\n",
		`echo "1\n2\n3" | more`:       "1\n2\n3\n",
		`history | tail 1`:            "   2  two\n",
		`history 1`:                   "   2  two\n",
		`repeat 3 echo x | count`:     "3\n",
		`help | grep "read mem"`:      "  peek        read memory\n",
		`help peek`:                   "peek: read memory\nusage: peek ADDR [LENGTH]\n",
		`time echo x | head 1`:        "x\n",
		`repeat 2 repeat 2 echo -n y`: "yyyy",
	} {
		require.Equal(t, want, run(t, line), "%s", line)
	}
}

func TestLongHelpIsFilled(t *testing.T) {
	require.Equal(t, "aa bb\ncc\n\n  table  x\ndd\n", wrap("aa\nbb cc\n\n  table  x\ndd", 6))
}

func TestHelpListsEveryCommandOnOneLineOf80(t *testing.T) {
	out := run(t, "help")
	s, _, _ := newTestShell(t)
	for _, c := range s.Commands() {
		require.Contains(t, out, "\n  "+c.Name+" ")
	}
	for _, l := range strings.Split(out, "\n") {
		require.LessOrEqual(t, len(l), 80)
	}
	require.Less(t, strings.Index(out, "Test"), strings.Index(out, "The shell"))
}

func TestMoreStopsAtEachScreen(t *testing.T) {
	s, env, out := newTestShell(t)
	keys := []key.Press{{Name: key.Enter}, {Rune: ' '}, {Rune: 'q'}}
	env.Colour, env.Rows = true, 4
	env.ReadKey = func(context.Context) (key.Press, error) {
		p := keys[0]
		keys = keys[1:]
		return p, nil
	}
	require.NoError(t, s.Run(context.Background(), env, `echo "1\n2\n3\n4\n5\n6\n7\n8" | more; echo done`))
	text := strings.ReplaceAll(out.String(), "\x1b[90m-- more: space, Enter or q --\x1b[0m\r\x1b[K", "?")
	require.Equal(t, "1\n2\n3\n?4\n?5\n6\n7\n?done\n", text)
}

func TestWatchRepeatsUntilQ(t *testing.T) {
	s, env, out := newTestShell(t)
	pages := make(chan struct{}, 100)
	env.Colour = true
	env.Out = writerFunc(func(p []byte) (int, error) {
		out.Write(p)
		pages <- struct{}{}
		return len(p), nil
	})
	env.ReadKey = func(ctx context.Context) (key.Press, error) {
		for range 3 {
			<-pages
		}
		return key.Press{Rune: 'q'}, nil
	}
	require.NoError(t, s.Run(context.Background(), env, "watch -n 1ms echo hello"))
	require.GreaterOrEqual(t, strings.Count(out.String(), "hello\x1b[K\n\x1b[J"), 3)
	require.Contains(t, out.String(), "\x1b[H\x1b[2J\x1b[1mevery 1ms: echo hello")
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

func TestCtrlCEndsALine(t *testing.T) {
	s, env, out := newTestShell(t)
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
	defer cancel()
	env.Out = io.Discard
	require.Error(t, s.Run(ctx, env, "forever; echo never"))
	require.Error(t, s.Run(ctx, env, "sleep 100"))
	require.Empty(t, out.String())
}

func TestCommandsMustBeComplete(t *testing.T) {
	s := New()
	require.EqualError(t, s.Add(&Command{Name: "x"}), `command "x" is not complete`)
	require.EqualError(t, s.Add(&Command{Name: "help", Group: "g", Short: "s", Run: help}), `there are two commands named "help"`)
}

func TestTabCompletesCommandsAndArguments(t *testing.T) {
	s, env, _ := newTestShell(t)
	for line, want := range map[string]string{
		"":              "0 args clear count",
		"he":            "0 head help",
		"echo a; hel":   "8 help",
		"help | g":      "7 grep",
		"help | pe":     "7",
		"peek he":       "5 heap here",
		"peek ":         "5 'two words' heap here",
		"peek two":      "5 'two words'",
		"peek x he":     "7",
		"time peek he":  "10 heap here",
		"time pee":      "5 peek",
		"repeat 3 pee":  "9 peek",
		"repeat x pee":  "9",
		"watch -n 1 pe": "11 peek",
		"help pee":      "5 peek",
		"nosuch x":      "7",
		"peek 'he":      "5",
	} {
		start, words := s.Complete(env, line)
		got := fmt.Sprint(start)
		for i, w := range words {
			if i < 3 {
				got += " " + w
			}
		}
		require.Equal(t, want, got, "%s", line)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`echo "a b" 'c' d\ e; mem | grep x # comment`, "word")
	f.Add("a;b|c\n\"\\e\"", "it's")
	f.Fuzz(func(t *testing.T, line, word string) {
		all, err := parse(line)
		if syntax := (*SyntaxError)(nil); errors.As(err, &syntax) {
			require.LessOrEqual(t, syntax.At, len(line))
			require.NotEmpty(t, syntax.Error())
		} else {
			require.NoError(t, err)
		}
		for _, p := range all {
			require.NotEmpty(t, p)
			for _, c := range p {
				require.NotEmpty(t, c.args)
				require.Len(t, c.at, len(c.args))
			}
		}
		Fields(line)
		s, env, _ := newTestShell(t)
		start, _ := s.Complete(env, line)
		require.LessOrEqual(t, start, len(line))

		// What Quote writes, parse reads.
		all, err = parse("x " + Quote(word) + " y")
		require.NoError(t, err)
		require.Equal(t, []string{"x", word, "y"}, all[0][0].args)
		fields, err := Fields("x " + Quote(word) + " y")
		require.NoError(t, err)
		require.Equal(t, []string{"x", word, "y"}, fields)
	})
}

func TestFieldsReadTheKernelsCommandLine(t *testing.T) {
	for line, want := range map[string]string{
		`layout=de run="mem; log" quiet`: `["layout=de" "run=mem; log" "quiet"]`,
		` a;b|c #d `:                     `["a;b|c" "#d"]`,
		`run='echo "x"'`:                 `["run=echo \"x\""]`,
		``:                               `[]`,
	} {
		got, err := Fields(line)
		require.NoError(t, err)
		require.Equal(t, want, fmt.Sprintf("%q", got))
	}
	_, err := Fields(`run="x`)
	require.EqualError(t, err, "run=\"x\n    ^ this quote is not closed")
}
