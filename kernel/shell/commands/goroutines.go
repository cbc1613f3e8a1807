package commands

import (
	"context"
	"fmt"
	"path"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"vitrine/kernel/shell"
)

func (m *Machine) goroutineCommands() []*shell.Command {
	return []*shell.Command{
		{
			Name: "goroutines", Args: "[-a]", Short: "the kernel's threads: state, what they wait for, where",
			Long: "With -a also those of the Go runtime. 'stack ID' shows one in full.",
			Run:  m.goroutines,
		},
		{
			Name: "stack", Args: "[ID]", Short: "the stack of a goroutine, with file and line",
			Long: "Without ID: of the goroutine that runs this command.",
			Run:  m.stack, Complete: completeGoroutine,
		},
		{Name: "gc", Short: "collect garbage, and tell what it brought", Run: none(gc)},
		m.benchCommand(),
	}
}

// goroutine is one entry of the runtime's traceback.
type goroutine struct {
	id     uint64
	state  string // "chan receive, 5 minutes"
	frames []stackFrame
	origin string // who started it
}

type stackFrame struct {
	function string // with its arguments left out
	file     string
	line     int
}

// traceback returns all goroutines, the caller's first, as the runtime
// describes them.
func traceback() []goroutine {
	buf := make([]byte, 64<<10)
	for {
		n := runtime.Stack(buf, true)
		if n < len(buf) || len(buf) >= 4<<20 {
			return parseTraceback(string(buf[:n]))
		}
		buf = make([]byte, 2*len(buf))
	}
}

// parseTraceback reads the text of runtime.Stack:
//
//	goroutine 7 [chan receive, 2 minutes]:
//	main.wait(0xc000012345)
//		/src/main.go:12 +0x25
//	created by main.main in goroutine 1
//		/src/main.go:5 +0x1d
func parseTraceback(text string) []goroutine {
	var list []goroutine
	for block := range strings.SplitSeq(text, "\n\n") {
		lines := strings.Split(strings.TrimSpace(block), "\n")
		head, ok := strings.CutPrefix(lines[0], "goroutine ")
		if !ok {
			continue
		}
		number, rest, _ := strings.Cut(head, " ")
		id, err := strconv.ParseUint(number, 10, 64)
		if err != nil {
			continue
		}
		state := rest
		if open, end := strings.IndexByte(rest, '['), strings.LastIndexByte(rest, ']'); open >= 0 && end > open {
			state = rest[open+1 : end]
		}
		g := goroutine{id: id, state: state}
		for i := 1; i+1 < len(lines); i += 2 {
			function := lines[i]
			if created, ok := strings.CutPrefix(function, "created by "); ok {
				g.origin, _, _ = strings.Cut(created, " in goroutine")
				continue
			}
			if end := strings.LastIndexByte(function, '('); end > 0 {
				function = function[:end]
			}
			file, line := position(lines[i+1])
			g.frames = append(g.frames, stackFrame{function, file, line})
		}
		list = append(list, g)
	}
	return list
}

// position reads "	/src/main.go:12 +0x25".
func position(text string) (file string, line int) {
	text, _, _ = strings.Cut(strings.TrimSpace(text), " ")
	colon := strings.LastIndexByte(text, ':')
	if colon < 0 {
		return text, 0
	}
	line, _ = strconv.Atoi(text[colon+1:])
	return shell.ShortFile(text[:colon]), line
}

// own returns the innermost frame that is not the runtime's or the standard
// library's way of waiting.
func (g *goroutine) own() stackFrame {
	for _, f := range g.frames {
		pkg, _, _ := strings.Cut(f.function, ".")
		switch pkg {
		case "runtime", "internal/sync", "sync", "time", "sync/atomic", "internal/poll":
			continue
		}
		return f
	}
	if len(g.frames) > 0 {
		return g.frames[0]
	}
	return stackFrame{}
}

// isRuntime tells whether the Go runtime started g for itself.
func (g *goroutine) isRuntime() bool { return strings.HasPrefix(g.origin, "runtime.") }

func (m *Machine) goroutines(_ context.Context, sh *shell.Env, args []string) error {
	a := sh.Arguments(args)
	all := a.Flag("-a")
	if err := a.Done(); err != nil {
		return err
	}
	t := sh.Table(">ID", "STATE", "WHERE", "")
	hidden := 0
	for _, g := range traceback() {
		if g.isRuntime() && !all {
			hidden++
			continue
		}
		f := g.own()
		t.Row(g.id, g.state, trimModule(f.function), sh.Paint(shell.Dim, fmt.Sprintf("%s:%d", path.Base(f.file), f.line)))
	}
	t.Print()
	if hidden > 0 {
		sh.Printf("%d of the runtime's own: -a shows them\n", hidden)
	}
	if m.Threads != nil {
		s := m.Threads()
		sh.Printf("%d threads on %d processors; %d switches, %d halts\n", s.Threads, runtime.GOMAXPROCS(0), s.Switches, s.Halts)
	}
	return nil
}

// trimModule shortens the names of the kernel's own packages and files.
func trimModule(name string) string {
	return strings.TrimPrefix(name, "vitrine/")
}

func (m *Machine) stack(_ context.Context, sh *shell.Env, args []string) error {
	a := sh.Arguments(args)
	own := a.Len() == 0
	id := a.NumberOr("ID", 0)
	if err := a.Done(); err != nil {
		return err
	}
	for _, g := range traceback() {
		if !own && g.id != id {
			continue
		}
		sh.Printf("goroutine %d: %s\n", g.id, g.state)
		for _, f := range g.frames {
			sh.Printf("  %s\n      %s\n", trimModule(f.function), sh.Paint(shell.Dim, fmt.Sprintf("%s:%d", f.file, f.line)))
		}
		if g.origin != "" {
			sh.Printf("  started by %s\n", trimModule(g.origin))
		}
		return nil
	}
	return fmt.Errorf("there is no goroutine %d: 'goroutines -a' lists them", id)
}

func completeGoroutine(_ *shell.Env, args []string, _ string) []string {
	if len(args) > 0 {
		return nil
	}
	var ids []string
	for _, g := range traceback() {
		ids = append(ids, fmt.Sprint(g.id))
	}
	return ids
}

// gc collects garbage and gives what is free back to the frame allocator.
func gc(sh *shell.Env) error {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	runtime.GC()
	took := time.Since(start)
	debug.FreeOSMemory()
	runtime.ReadMemStats(&after)
	t := sh.Table("", ">BEFORE", ">AFTER")
	t.Row("objects", before.HeapObjects, after.HeapObjects)
	t.Row("in use", shell.Size(before.HeapAlloc), shell.Size(after.HeapAlloc))
	t.Row("with frames", shell.Size(before.HeapSys-before.HeapReleased), shell.Size(after.HeapSys-after.HeapReleased))
	t.Print()
	pause := time.Duration(0)
	if after.NumGC > 0 {
		pause = time.Duration(after.PauseNs[(after.NumGC+255)%256])
	}
	sh.Printf("collected in %s, the world stopped for %s; %d collections so far\n",
		shell.Duration(took), shell.Duration(pause), after.NumGC)
	return nil
}
