package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	soon = 300 * time.Millisecond // a limit that is to pass
	long = time.Minute            // one that is not
)

// begin starts a browser of a kind.
func begin(t *testing.T, mode string, limit time.Duration) (*Browser, error) {
	t.Helper()
	b, err := start(t.Context(), program(t, mode), func(string, string, json.RawMessage) {}, limit)
	if err == nil {
		t.Cleanup(b.Close)
	}
	return b, err
}

// visit starts a browser that does everything, and opens a page. What it is
// asked from then on is in what got returns.
func visit(t *testing.T, dark bool) (tab *Tab, got func() []string) {
	t.Helper()
	var mu sync.Mutex
	var calls []string
	events := func(session, method string, params json.RawMessage) {
		mu.Lock()
		defer mu.Unlock()
		var p struct {
			Method string
			Params json.RawMessage
		}
		if json.Unmarshal(params, &p) == nil && method == "Fake.got" {
			calls = append(calls, strings.TrimSpace(session+" "+p.Method+" "+string(p.Params)))
		}
	}
	b, err := start(t.Context(), program(t, "good"), events, long)
	require.NoError(t, err)
	t.Cleanup(b.Close)
	tab, err = b.Open(390, 844, dark)
	require.NoError(t, err)
	return tab, func() []string {
		mu.Lock()
		defer mu.Unlock()
		all := calls
		calls = nil
		return all
	}
}

func TestAPageIsOpenedWithItsSizeAndColours(t *testing.T) {
	t.Parallel()
	_, got := visit(t, true)
	calls := got()
	require.Equal(t, `Target.createTarget {"url":"about:blank"}`, calls[0])
	require.Equal(t, `Target.attachToTarget {"flatten":true,"targetId":"T"}`, calls[1])
	require.Contains(t, calls, `S Emulation.setDeviceMetricsOverride {"deviceScaleFactor":1,"height":844,"mobile":false,"width":390}`)
	require.Contains(t, calls, `S Emulation.setEmulatedMedia {"features":[{"name":"prefers-color-scheme","value":"dark"}]}`)
}

func TestAPageIsThereWhenGoReturns(t *testing.T) {
	t.Parallel()
	tab, got := visit(t, false)
	got()
	require.NoError(t, tab.Go("file:///a.html#part"))
	calls := got()
	require.Equal(t, `S Page.navigate {"url":"file:///a.html#part"}`, calls[0])
	require.Contains(t, calls[1], `=== \"file:///a.html\"`, "without the part")
	require.EqualError(t, tab.Go("file:///nowhere.html"), "file:///nowhere.html: net::ERR_FILE_NOT_FOUND")
}

func TestExpressionsHaveAValueOrSayWhatIsWrong(t *testing.T) {
	t.Parallel()
	tab, _ := visit(t, false)
	var n int
	require.NoError(t, tab.Eval("6 * 7", &n))
	require.Equal(t, 42, n)
	require.NoError(t, tab.Eval("6 * 7", nil), "nobody wants to know")
	require.EqualError(t, tab.Eval("throw 1", nil), "throw 1: Uncaught Error: thrown")
	var text string
	require.ErrorContains(t, tab.Eval("6 * 7", &text), "cannot unmarshal number")
	require.NoError(t, tab.Wait("document.title"))
}

func TestAWaitEndsWithTheReason(t *testing.T) {
	t.Parallel()
	tab, _ := visit(t, false)
	tab.browser.limit = soon
	// Or, on a slow host, the last question has no answer yet.
	const late = "|Runtime.evaluate: no answer from chromium within 300ms)$"
	require.Regexp(t, `^not within 300ms: (never`+late, tab.Wait("never"))
	require.Regexp(t, `^not within 300ms: (Boolean\(throw 1\): Uncaught Error: thrown`+late, tab.Wait("throw 1"))
	tab.browser.limit = long
	require.ErrorIs(t, tab.Wait("leave"), errEnded, "at once: there is nobody to wait for")
}

func TestKeysGoDownAndUp(t *testing.T) {
	t.Parallel()
	tab, got := visit(t, false)
	got()
	require.NoError(t, tab.Key("Enter"))
	require.NoError(t, tab.Key("/"))
	require.NoError(t, tab.Key("Escape"))
	require.NoError(t, tab.Type("words"))
	require.Equal(t, []string{
		`S Input.dispatchKeyEvent {"key":"Enter","text":"\r","type":"keyDown","windowsVirtualKeyCode":13}`,
		`S Input.dispatchKeyEvent {"key":"Enter","type":"keyUp","windowsVirtualKeyCode":13}`,
		`S Input.dispatchKeyEvent {"key":"/","text":"/","type":"keyDown","windowsVirtualKeyCode":0}`,
		`S Input.dispatchKeyEvent {"key":"/","type":"keyUp","windowsVirtualKeyCode":0}`,
		`S Input.dispatchKeyEvent {"key":"Escape","type":"keyDown","windowsVirtualKeyCode":27}`,
		`S Input.dispatchKeyEvent {"key":"Escape","type":"keyUp","windowsVirtualKeyCode":27}`,
		`S Input.insertText {"text":"words"}`,
	}, got())
}

func TestPicturesAndPaperComeAsBytes(t *testing.T) {
	t.Parallel()
	tab, _ := visit(t, false)
	for _, take := range []func() ([]byte, error){tab.Picture, tab.PDF} {
		data, err := take()
		require.NoError(t, err)
		require.Equal(t, "hello", string(data))
	}
}

func TestWhatIsNoAnswerIsLeftOut(t *testing.T) {
	t.Parallel()
	tab, _ := visit(t, false)
	require.NoError(t, tab.Call("Fake.noise", nil, nil))
	var r struct{ Data string }
	err := tab.Call("Fake.list", nil, &r)
	require.ErrorContains(t, err, `Fake.list: chromium answers "[1]"`)
	require.ErrorContains(t, tab.Call("Fake.bad", func() {}, nil), "unsupported type")
	require.NoError(t, tab.Call("Fake.noise", nil, nil), "it goes on after each")
}

func TestEachCallGetsItsOwnAnswer(t *testing.T) {
	t.Parallel()
	b, err := begin(t, "reversed", long)
	require.NoError(t, err)
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			var r struct{ N int }
			if err := b.call("", "Fake.echo", map[string]any{"n": i}, &r); err != nil || r.N != i {
				t.Errorf("call %d: answer %d, %v", i, r.N, err)
			}
		})
	}
	group.Wait()
}

func TestABrowserThatDoesNotStartSaysWhy(t *testing.T) {
	t.Parallel()
	none := filepath.Join(t.TempDir(), "chromium")
	_, err := start(t.Context(), none, nil, long)
	require.ErrorIs(t, err, os.ErrNotExist)

	_, err = begin(t, "fails", long)
	require.ErrorIs(t, err, errEnded)
	require.Regexp(t, `^/.*/chromium does not start: Target.setDiscoverTargets: chromium has ended; it wrote:\n(.*\n)+no more file handles$`, err.Error())
	require.Less(t, len(err.Error()), 2000, "its last words, not all")

	_, err = begin(t, "refuses", long)
	require.ErrorContains(t, err, "does not start: Target.setDiscoverTargets: not today")

	_, err = begin(t, "silent", soon)
	require.ErrorContains(t, err, "no answer from chromium within 300ms")
}

func TestABrowserThatQuitsEndsItsCalls(t *testing.T) {
	t.Parallel()
	b, err := begin(t, "quits", long)
	require.NoError(t, err)
	_, err = b.Open(100, 100, false)
	require.ErrorIs(t, err, errEnded)
	<-b.exited
	require.ErrorIs(t, b.call("", "Fake.more", nil, nil), errEnded, "and all later ones")
}

func TestABrowserThatDoesNotListenHoldsUpNobody(t *testing.T) {
	t.Parallel()
	b, err := begin(t, "deaf", soon)
	require.ErrorContains(t, err, "no answer", "a small call fits into the pipe")
	require.Nil(t, b)

	r, to, err := os.Pipe()
	require.NoError(t, err)
	defer r.Close()
	b = &Browser{to: to, answers: map[int]chan answer{}, limit: soon}
	err = b.call("", "Fake.long", map[string]any{"text": strings.Repeat("x", 1<<20)}, nil)
	require.EqualError(t, err, "Fake.long: chromium does not listen (waited 300ms)")
	require.Empty(t, b.answers)
	to.Close()
	require.ErrorIs(t, b.call("", "Fake.more", nil, nil), errEnded)
}

func TestABrowserEndsWithItsContextAndLeavesNothing(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	b, err := start(ctx, program(t, "stubborn"), nil, long)
	require.NoError(t, err)
	require.DirExists(t, b.folder)
	cancel()
	<-b.exited
	require.ErrorIs(t, b.call("", "Fake.more", nil, nil), errEnded)
	b.Close()
	require.NoDirExists(t, b.folder)

	b, err = begin(t, "stubborn", long)
	require.NoError(t, err)
	b.Close()
	require.NoDirExists(t, b.folder, "Close does not ask twice")
}

func TestAChromiumIsFoundByAnyOfItsNames(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("PATH", folder)
	_, err := Find()
	require.EqualError(t, err, "no chromium in PATH: 'scripts/setup.sh book' installs it")
	_, err = Start(t.Context(), nil)
	require.EqualError(t, err, "no chromium in PATH: 'scripts/setup.sh book' installs it")
	for i := len(programs) - 1; i >= 0; i-- {
		file := filepath.Join(folder, programs[i])
		require.NoError(t, os.WriteFile(file, []byte("#!/bin/sh\n"), 0o755))
		found, err := Find()
		require.NoError(t, err)
		require.Equal(t, file, found, fmt.Sprint("the first of ", programs))
	}
}
