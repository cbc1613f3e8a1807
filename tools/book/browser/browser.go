// Package browser drives a Chromium without a window: it looks at pages, takes
// pictures of them and prints them on PDF.
//
// It speaks the DevTools protocol over two pipes (--remote-debugging-pipe):
// messages are JSON, each followed by a zero byte. Where to start reading: Start,
// then Tab.Call.
package browser

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// programs are the names under which a Chromium is found.
var programs = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}

// Find returns the path of a Chromium.
//
// Errors: there is none.
func Find() (string, error) {
	for _, name := range programs {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("no chromium in PATH: 'scripts/setup.sh test' installs it")
}

// Limit bounds each wait, in the host's time.
const Limit = 60 * time.Second

// Browser is a running Chromium.
type Browser struct {
	command *exec.Cmd
	folder  string
	to      io.WriteCloser
	exited  chan struct{}

	mu      sync.Mutex
	last    int
	answers map[int]chan answer
	events  func(session, method string, params json.RawMessage)
	gone    bool
}

// answer is a message of the browser's.
type answer struct {
	ID      int             `json:"id"`
	Session string          `json:"sessionId"`
	Method  string          `json:"method"`
	Params  json.RawMessage `json:"params"`
	Result  json.RawMessage `json:"result"`
	Error   *struct {
		Message string `json:"message"`
	} `json:"error"`
}

// Start starts a Chromium, which ends with ctx. Events gets what it reports
// unasked; it must not wait.
//
// Errors: there is none, or it does not start.
func Start(ctx context.Context, events func(session, method string, params json.RawMessage)) (*Browser, error) {
	path, err := Find()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "browser")
	if err != nil {
		return nil, err
	}
	b := &Browser{folder: folder, answers: map[int]chan answer{}, events: events, exited: make(chan struct{})}
	b.command = exec.CommandContext(ctx, path,
		"--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-default-apps", "--disable-sync",
		"--disable-extensions", "--mute-audio", "--hide-scrollbars", "--force-color-profile=srgb", "--font-render-hinting=none",
		"--user-data-dir="+folder, "--remote-debugging-pipe", "about:blank")
	fromUs, to, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	from, toUs, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	b.to = to
	b.command.ExtraFiles = []*os.File{fromUs, toUs} // its files 3 and 4
	b.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	b.command.Cancel = func() error { return syscall.Kill(-b.command.Process.Pid, syscall.SIGKILL) }
	b.command.WaitDelay = time.Second
	err = b.command.Start()
	fromUs.Close()
	toUs.Close()
	if err != nil {
		os.RemoveAll(folder)
		return nil, err
	}
	go b.read(from)
	go func() {
		b.command.Wait()
		close(b.exited)
	}()
	if err := b.call("", "Target.setDiscoverTargets", map[string]any{"discover": true}, nil); err != nil {
		b.Close()
		return nil, err
	}
	return b, nil
}

// read takes the browser's messages.
func (b *Browser) read(from io.ReadCloser) {
	defer from.Close()
	r := bufio.NewReaderSize(from, 1<<16)
	for {
		message, err := r.ReadBytes(0)
		if err != nil {
			break
		}
		var a answer
		if json.Unmarshal(message[:len(message)-1], &a) != nil {
			continue
		}
		if a.ID == 0 {
			b.events(a.Session, a.Method, a.Params)
			continue
		}
		b.mu.Lock()
		c := b.answers[a.ID]
		delete(b.answers, a.ID)
		b.mu.Unlock()
		if c != nil {
			c <- a
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.gone = true
	for _, c := range b.answers {
		close(c)
	}
}

// call asks the browser for something and waits for the answer.
func (b *Browser) call(session, method string, params, result any) error {
	if params == nil {
		params = struct{}{}
	}
	c := make(chan answer, 1)
	b.mu.Lock()
	if b.gone {
		b.mu.Unlock()
		return errors.New("chromium has ended")
	}
	b.last++
	message := map[string]any{"id": b.last, "method": method, "params": params}
	if session != "" {
		message["sessionId"] = session
	}
	text, err := json.Marshal(message)
	if err == nil {
		b.answers[b.last] = c
		_, err = b.to.Write(append(text, 0))
	}
	b.mu.Unlock()
	if err != nil {
		return err
	}
	select {
	case a, ok := <-c:
		switch {
		case !ok:
			return fmt.Errorf("%s: chromium has ended", method)
		case a.Error != nil:
			return fmt.Errorf("%s: %s", method, a.Error.Message)
		case result != nil:
			return json.Unmarshal(a.Result, result)
		}
		return nil
	case <-time.After(Limit):
		return fmt.Errorf("%s: no answer from chromium within %v", method, Limit)
	}
}

// Close ends the browser.
func (b *Browser) Close() {
	b.to.Close() // it takes that as the end
	select {
	case <-b.exited:
	case <-time.After(2 * time.Second):
		syscall.Kill(-b.command.Process.Pid, syscall.SIGKILL)
		<-b.exited
	}
	os.RemoveAll(b.folder)
}

// Tab is a page that is open.
type Tab struct {
	browser *Browser
	Session string
}

// Open opens an empty page of the given size, in CSS pixels.
func (b *Browser) Open(width, height int, dark bool) (*Tab, error) {
	var target struct{ TargetID string }
	if err := b.call("", "Target.createTarget", map[string]any{"url": "about:blank"}, &target); err != nil {
		return nil, err
	}
	var session struct{ SessionID string }
	if err := b.call("", "Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &session); err != nil {
		return nil, err
	}
	t := &Tab{b, session.SessionID}
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	for _, c := range []struct {
		method string
		params any
	}{
		{"Page.enable", nil},
		{"Runtime.enable", nil},
		{"Network.enable", nil},
		{"Log.enable", nil},
		{"Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false}},
		{"Emulation.setEmulatedMedia", map[string]any{"features": []any{map[string]any{"name": "prefers-color-scheme", "value": scheme}}}},
	} {
		if err := t.Call(c.method, c.params, nil); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// Call asks for something of the protocol.
func (t *Tab) Call(method string, params, result any) error {
	return t.browser.call(t.Session, method, params, result)
}

// Go goes to an address and waits until the page is there, scripts and pictures
// included.
func (t *Tab) Go(address string) error {
	var r struct{ ErrorText string }
	if err := t.Call("Page.navigate", map[string]any{"url": address}, &r); err != nil {
		return err
	}
	if r.ErrorText != "" {
		return fmt.Errorf("%s: %s", address, r.ErrorText)
	}
	page, _, _ := strings.Cut(address, "#")
	return t.Wait(fmt.Sprintf(`document.readyState === "complete" && location.href.split("#")[0] === %q`, page))
}

// Eval returns what an expression of JavaScript gives on the page; of a promise,
// what it comes to.
func (t *Tab) Eval(expression string, result any) error {
	var r struct {
		Result struct {
			Value json.RawMessage
		}
		ExceptionDetails *struct {
			Text      string
			Exception struct{ Description string }
		}
	}
	err := t.Call("Runtime.evaluate", map[string]any{
		"expression": expression, "awaitPromise": true, "returnByValue": true, "userGesture": true,
	}, &r)
	if err != nil {
		return err
	}
	if e := r.ExceptionDetails; e != nil {
		return fmt.Errorf("%s: %s %s", expression, e.Text, e.Exception.Description)
	}
	if result == nil || r.Result.Value == nil {
		return nil
	}
	return json.Unmarshal(r.Result.Value, result)
}

// Wait waits until an expression is true on the page.
func (t *Tab) Wait(expression string) error {
	for end := time.Now().Add(Limit); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		var is bool
		// Between two pages there is none to ask.
		if err := t.Eval("Boolean("+expression+")", &is); err == nil && is {
			return nil
		}
	}
	return fmt.Errorf("not within %v: %s", Limit, expression)
}

// Key presses a key, by its name in JavaScript ("/", "Enter", "Escape").
func (t *Tab) Key(key string) error {
	text := ""
	if len(key) == 1 {
		text = key
	}
	code := map[string]int{"Enter": 13, "Escape": 27, "Tab": 9, "ArrowDown": 40, "ArrowUp": 38}[key]
	if key == "Enter" {
		text = "\r"
	}
	for _, kind := range []string{"keyDown", "keyUp"} {
		params := map[string]any{"type": kind, "key": key, "windowsVirtualKeyCode": code}
		if kind == "keyDown" && text != "" {
			params["text"] = text
		}
		if err := t.Call("Input.dispatchKeyEvent", params, nil); err != nil {
			return err
		}
	}
	return nil
}

// Type types text into what has the focus.
func (t *Tab) Type(text string) error {
	return t.Call("Input.insertText", map[string]any{"text": text}, nil)
}

// Picture returns what is to be seen, as PNG.
func (t *Tab) Picture() ([]byte, error) {
	return t.data("Page.captureScreenshot", map[string]any{"format": "png"})
}

// PDF returns the page on paper, with an outline of its headings.
func (t *Tab) PDF() ([]byte, error) {
	return t.data("Page.printToPDF", map[string]any{
		"printBackground": true, "preferCSSPageSize": true, "displayHeaderFooter": true, "generateDocumentOutline": true,
		"headerTemplate": "<span></span>",
		"footerTemplate": `<div style="width:100%;text-align:center;font:8px sans-serif;color:#444"><span class="pageNumber"></span></div>`,
	})
}

// data asks for something that comes as text in base 64.
func (t *Tab) data(method string, params any) ([]byte, error) {
	var r struct{ Data string }
	if err := t.Call(method, params, &r); err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(r.Data)
}
