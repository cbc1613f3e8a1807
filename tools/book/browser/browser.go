// Package browser drives a Chromium without a window: it looks at pages, takes
// pictures of them and prints them on PDF.
//
// It speaks the DevTools protocol over two pipes (--remote-debugging-pipe):
//
//	us ---- {"id":1,"method":"Page.navigate",...}\0 ---->  its file 3
//	   <--- {"id":1,"result":{...}}\0 -------------------  its file 4
//	   <--- {"method":"Log.entryAdded",...}\0 -----------  an event
//
// Where to start reading: Start in this file; then Browser.call and
// Browser.read in protocol.go, which are the two directions; then Tab.
package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
	return "", errors.New("no chromium in PATH: 'scripts/setup.sh book' installs it")
}

// Limit bounds each wait, in the host's time.
const Limit = 60 * time.Second

// Browser is a running Chromium.
type Browser struct {
	command *exec.Cmd
	folder  string   // its profile
	to      *os.File // our end of its file 3
	said    lastWords
	exited  chan struct{}
	limit   time.Duration

	mu      sync.Mutex
	last    int // the last call's number
	answers map[int]chan answer
	events  func(session, method string, params json.RawMessage)
	gone    bool
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
	return start(ctx, path, events, Limit)
}

// start starts the program at path and waits for its first answer.
func start(ctx context.Context, path string, events func(session, method string, params json.RawMessage), limit time.Duration) (*Browser, error) {
	folder, err := os.MkdirTemp("", "browser")
	if err != nil {
		return nil, err
	}
	b := &Browser{folder: folder, answers: map[int]chan answer{}, events: events, exited: make(chan struct{}), limit: limit}
	if err := b.launch(ctx, path); err != nil {
		os.RemoveAll(folder)
		return nil, err
	}
	if err := b.call("", "Target.setDiscoverTargets", map[string]any{"discover": true}, nil); err != nil {
		b.Close()
		return nil, fmt.Errorf("%s does not start: %w%s", path, err, b.said.told())
	}
	return b, nil
}

// launch starts the program, in a process group of its own: Chromium is many
// processes.
func (b *Browser) launch(ctx context.Context, path string) error {
	b.command = exec.CommandContext(ctx, path,
		"--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-default-apps", "--disable-sync",
		"--disable-extensions", "--mute-audio", "--hide-scrollbars", "--force-color-profile=srgb", "--font-render-hinting=none",
		"--user-data-dir="+b.folder, "--remote-debugging-pipe", "about:blank")
	fromUs, to, err := os.Pipe()
	if err != nil {
		return err
	}
	defer fromUs.Close()
	from, toUs, err := os.Pipe()
	if err != nil {
		to.Close()
		return err
	}
	defer toUs.Close()
	b.to = to
	b.command.ExtraFiles = []*os.File{fromUs, toUs} // its files 3 and 4
	b.command.Stderr = &b.said
	b.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	b.command.Cancel = b.kill
	b.command.WaitDelay = time.Second
	if err := b.command.Start(); err != nil {
		to.Close()
		from.Close()
		return err
	}
	go b.read(from)
	go func() {
		b.command.Wait()
		close(b.exited)
	}()
	return nil
}

func (b *Browser) kill() error { return syscall.Kill(-b.command.Process.Pid, syscall.SIGKILL) }

// Close ends the browser.
func (b *Browser) Close() {
	b.to.Close() // it takes that as the end
	select {
	case <-b.exited:
	case <-time.After(2 * time.Second):
		b.kill()
		<-b.exited
	}
	os.RemoveAll(b.folder)
}

// lastWords keeps the end of what a program writes.
type lastWords struct {
	mu   sync.Mutex
	text []byte
}

// longest is how much of it is kept.
const longest = 1 << 10

func (l *lastWords) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, p...)
	l.text = l.text[max(0, len(l.text)-longest):]
	return len(p), nil
}

// told returns it for the end of a message; "" if there is nothing.
func (l *lastWords) told() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if text := strings.TrimSpace(string(l.text)); text != "" {
		return "; it wrote:\n" + text
	}
	return ""
}
