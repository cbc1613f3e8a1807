package browser

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// fakeMode is the environment variable that makes this test's program a browser
// of the kind that it names.
const fakeMode = "VITRINE_FAKE_BROWSER"

func TestMain(m *testing.M) {
	if mode := os.Getenv(fakeMode); mode != "" {
		fake(mode, &wire{bufio.NewReader(os.NewFile(3, "calls")), os.NewFile(4, "answers")})
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// program makes a program that is a browser of a kind, and returns its path.
func program(t *testing.T, mode string) string {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "chromium")
	text := fmt.Sprintf("#!/bin/sh\n%s=%s exec '%s' \"$@\"\n", fakeMode, mode, self)
	require.NoError(t, os.WriteFile(file, []byte(text), 0o755))
	return file
}

// wire is a browser's end of the protocol.
type wire struct {
	in  *bufio.Reader
	out *os.File
}

// message is a call that a browser gets.
type message struct {
	ID        int             `json:"id"`
	SessionID string          `json:"sessionId"`
	Method    string          `json:"method"`
	Params    json.RawMessage `json:"params"`
}

// next returns the next call; ok is false at the end.
func (w *wire) next() (m message, ok bool) {
	text, err := w.in.ReadBytes(0)
	if err != nil {
		return m, false
	}
	return m, json.Unmarshal(text[:len(text)-1], &m) == nil
}

// send sends JSON, in two pieces: a pipe is no sequence of messages.
func (w *wire) send(text string) {
	half := len(text) / 2
	w.out.WriteString(text[:half])
	w.out.WriteString(text[half:] + "\x00")
}

func (w *wire) answer(id int, result string) {
	w.send(fmt.Sprintf(`{"id":%d,"result":%s}`, id, result))
}

// fake is a browser.
func fake(mode string, w *wire) {
	switch mode {
	case "fails":
		fmt.Fprintln(os.Stderr, strings.Repeat("noise\n", 1000)+"no more file handles")
		os.Exit(1)
	case "deaf": // does not even read
		time.Sleep(time.Hour)
	}
	for calls := 0; ; calls++ {
		m, ok := w.next()
		if !ok {
			if mode == "stubborn" {
				time.Sleep(time.Hour)
			}
			return
		}
		switch {
		case mode == "silent":
		case mode == "refuses":
			w.send(fmt.Sprintf(`{"id":%d,"error":{"message":"not today"}}`, m.ID))
		case calls == 0:
			w.answer(m.ID, "{}")
		case mode == "quits":
			return
		case mode == "reversed":
			reversed(w, m)
		default:
			w.send(fmt.Sprintf(`{"method":"Fake.got","sessionId":%q,"params":{"method":%q,"params":%s}}`, m.SessionID, m.Method, m.Params))
			w.page(m)
		}
	}
}

// reversed answers eight calls with their own parameters, the last one first.
func reversed(w *wire, m message) {
	all := []message{m}
	for len(all) < 8 {
		m, _ := w.next()
		all = append(all, m)
	}
	for i := len(all) - 1; i >= 0; i-- {
		w.answer(all[i].ID, string(all[i].Params))
	}
}

// page answers as a browser with a page does.
func (w *wire) page(m message) {
	var p struct{ URL, Expression string }
	json.Unmarshal(m.Params, &p)
	result := "{}"
	switch m.Method {
	case "Target.createTarget":
		result = `{"targetId":"T"}`
	case "Target.attachToTarget":
		result = `{"sessionId":"S"}`
	case "Page.navigate":
		if strings.Contains(p.URL, "nowhere") {
			result = `{"errorText":"net::ERR_FILE_NOT_FOUND"}`
		}
	case "Runtime.evaluate":
		result = `{"result":{"value":` + map[bool]string{true: "true", false: "42"}[strings.HasPrefix(p.Expression, "Boolean(")] + `}}`
		switch {
		case strings.Contains(p.Expression, "never"):
			result = `{"result":{"value":false}}`
		case strings.Contains(p.Expression, "throw"):
			result = `{"exceptionDetails":{"text":"Uncaught","exception":{"description":"Error: thrown"}}}`
		case strings.Contains(p.Expression, "leave"):
			os.Exit(0)
		}
	case "Page.captureScreenshot", "Page.printToPDF":
		result = `{"data":"aGVsbG8="}`
	case "Fake.noise":
		w.send(`this is no JSON`)
		w.answer(m.ID+1000, `{"for":"nobody"}`)
	case "Fake.list":
		result = `[1]`
	}
	w.answer(m.ID, result)
}
