package log

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"testing/slogtest"
	"time"

	"github.com/stretchr/testify/require"
)

// at sets the clock for the test.
func at(t *testing.T, times ...time.Duration) {
	i := -1
	Now = func() int64 {
		i = min(i+1, len(times)-1)
		return int64(times[i])
	}
	t.Cleanup(func() { Now = nil })
}

func TestARecordIsShownAsALine(t *testing.T) {
	at(t, 12345*time.Microsecond, 12345*time.Second+time.Millisecond)
	var r Ring
	r.Write(Info, "ps2", "keyboard ready")
	r.Write(Warn, "evil", "a\tb\x1b[2J\nsecond line\n")
	var out bytes.Buffer
	NewConsole(&r, &out, Debug, false).Flush()
	require.Equal(t, ""+
		"[   0.012345] ps2: keyboard ready\n"+
		"[12345.001000] evil: a b?[2J\n"+
		"               second line\n", out.String())
}

func TestColoursShowTheLevel(t *testing.T) {
	var r Ring
	r.Write(Info, "a", "plain")
	r.Write(Error, "a", "red")
	var out bytes.Buffer
	NewConsole(&r, &out, Debug, true).Flush()
	require.Equal(t, ""+
		"\x1b[90m[   0.000000]\x1b[0m \x1b[36ma:\x1b[0m plain\n"+
		"\x1b[90m[   0.000000]\x1b[0m \x1b[36ma:\x1b[0m \x1b[1;31mred\x1b[0m\n", out.String())
}

func TestTheConsoleShowsTheBacklogAboveItsThreshold(t *testing.T) {
	var r Ring
	for _, l := range []Level{Debug, Info, Warn, Error} {
		r.Write(l, "x", l.String())
	}
	var out bytes.Buffer
	c := NewConsole(&r, &out, Warn, false)
	c.Flush()
	require.Equal(t, "[   0.000000] x: warn\n[   0.000000] x: error\n", out.String())
	out.Reset()
	c.SetThreshold(Off)
	r.Write(Error, "x", "not shown")
	c.Flush()
	require.Empty(t, out.String())
}

func TestTheConsoleSaysWhatItMissed(t *testing.T) {
	var r Ring
	for range 3000 {
		r.Write(Debug, "x", "some forty bytes of text, more or less..")
	}
	r.Write(Info, "x", "end")
	lost := r.Stats().Overwritten()
	var out bytes.Buffer
	NewConsole(&r, &out, Info, false).Flush()
	require.Equal(t, fmt.Sprintf("[   0.000000] log: %d records lost\n[   0.000000] x: end\n", lost), out.String())
}

func TestTheConsoleFollowsUntilItIsStopped(t *testing.T) {
	var r Ring
	lines := make(chan string, 8)
	c := NewConsole(&r, writerFunc(func(p []byte) { lines <- string(p) }), Info, false)
	r.Write(Info, "x", "backlog")
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { c.Run(ctx); close(done) }()
	require.Contains(t, <-lines, "backlog")
	r.printf(Info, "x", "%d", []any{1})
	require.Contains(t, <-lines, "x: 1")
	stop()
	<-done
	require.Empty(t, r.followers)
}

func TestServePassesOnWhatHandlersWrote(t *testing.T) {
	var r Ring
	pending := make(chan struct{}, 1)
	Wake = func() { pending <- struct{}{} }
	defer func() { Wake = nil }()
	ctx, stop := context.WithCancel(context.Background())
	go r.Serve(ctx, func(ctx context.Context) {
		select {
		case <-pending:
		case <-ctx.Done():
		}
	})
	texts := make(chan string)
	done := make(chan error)
	d := r.Reader()
	go func() {
		done <- d.Follow(ctx, func(rec *Record, lost uint64) error {
			texts <- rec.Text()
			return nil
		})
	}()
	r.Write(Info, "irq", "one")
	require.Equal(t, "one", <-texts)
	r.Write(Info, "irq", "two")
	require.Equal(t, "two", <-texts)
	stop()
	require.ErrorIs(t, <-done, context.Canceled)
}

func TestFollowStopsAtTheShowersError(t *testing.T) {
	var r Ring
	r.Write(Info, "a", "b")
	d := r.Reader()
	require.ErrorIs(t, d.Follow(context.Background(), func(*Record, uint64) error { return io.ErrClosedPipe }), io.ErrClosedPipe)
}

func TestThePanicScreenSeesWhatTheConsoleDidNot(t *testing.T) {
	var r Ring
	c := NewConsole(&r, io.Discard, Info, false)
	r.Write(Info, "a", "shown")
	c.Flush()
	r.Write(Info, "a", "not shown yet")
	var got []string
	c.Unseen(new(Record), func(rec *Record) { got = append(got, rec.Text()) })
	require.Equal(t, []string{"not shown yet"}, got)
}

func TestStagesTellTheirDuration(t *testing.T) {
	at(t, time.Millisecond, 13300*time.Microsecond, 13300*time.Microsecond, time.Second)
	var r Ring
	r.stage("memory")(nil)
	r.stage("keyboard")(errors.New("no controller"))
	require.Equal(t, []string{
		"info boot: memory                      12.3 ms",
		"error boot: keyboard                     0.0 ms  failed: no controller",
	}, records(&r))
	all := Stages()
	require.Equal(t, "memory 12.3ms", all[0].String())
	require.Equal(t, "keyboard failed after 0s: no controller", all[1].String())
}

func TestLevelsHaveNames(t *testing.T) {
	for _, l := range []Level{Debug, Info, Warn, Error, Off} {
		parsed, err := ParseLevel(l.String())
		require.NoError(t, err)
		require.Equal(t, l, parsed)
	}
	require.Equal(t, "warn", Level(5).String())
	require.Equal(t, "debug", Level(-100).String())
	_, err := ParseLevel("loud")
	require.EqualError(t, err, `no log level "loud": use debug, info, warn, error or off`)
}

func TestSlogAttributesAndGroupsBecomeText(t *testing.T) {
	var r Ring
	l := slog.New(r.Handler("ps2"))
	l.Info("ready", "codes", 2, "name", "a b", "empty", "")
	l.With("port", 1).WithGroup("dev").With("id", uint8(7)).Warn("odd", slog.Group("reply", "got", 0xfe), slog.Group("", "inline", true))
	l.Debug("quiet", slog.Attr{}, slog.Any("err", io.EOF))
	require.Equal(t, []string{
		`info ps2: ready codes=2 name="a b" empty=""`,
		`warn ps2: odd port=1 dev.id=7 dev.reply.got=254 dev.inline=true`,
		`debug ps2: quiet err=EOF`,
	}, records(&r))
}

// TestTheHandlerKeepsSlogsRules runs the standard library's own checks, but
// for those about the time, which is the log's own.
func TestTheHandlerKeepsSlogsRules(t *testing.T) {
	var r *Ring
	slogtest.Run(t, func(*testing.T) slog.Handler {
		r = new(Ring)
		return r.Handler("t")
	}, func(t *testing.T) map[string]any {
		if strings.HasSuffix(t.Name(), "zero-time") {
			t.Skip("a record's time is when it reached the log")
		}
		var rec Record
		d := r.Reader()
		require.True(t, d.Next(&rec))
		words := strings.Fields(rec.Text())
		got := map[string]any{slog.TimeKey: rec.Time, slog.LevelKey: rec.Level, slog.MessageKey: words[0]}
		for _, w := range words[1:] {
			key, value, ok := strings.Cut(w, "=")
			if !ok {
				continue
			}
			m := got
			for group, rest, ok := strings.Cut(key, "."); ok; group, rest, ok = strings.Cut(rest, ".") {
				if m[group] == nil {
					m[group] = map[string]any{}
				}
				m, key = m[group].(map[string]any), rest
			}
			m[key] = value
		}
		return got
	})
}

type writerFunc func([]byte)

func (f writerFunc) Write(p []byte) (int, error) { f(p); return len(p), nil }
