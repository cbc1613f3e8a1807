package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// serialSink is where the serial line of 'vit run' goes: to the terminal, to a
// file, or to both.
type serialSink struct {
	io.Writer
	file *os.File
}

// serial opens the sink that the options ask for. With curses the terminal
// shows the screen, so the serial line goes to the file alone.
func (o *runOptions) serial(s streams) (*serialSink, error) {
	if o.serialLog == "" {
		return &serialSink{Writer: s.out}, nil
	}
	if err := os.MkdirAll(filepath.Dir(o.serialLog), 0o755); err != nil {
		return nil, fmt.Errorf("--serial-log: %w", err)
	}
	f, err := os.Create(o.serialLog)
	if err != nil {
		return nil, fmt.Errorf("--serial-log: %w", err)
	}
	if o.display == "curses" {
		return &serialSink{f, f}, nil
	}
	return &serialSink{io.MultiWriter(s.out, f), f}, nil
}

// Close closes the file.
func (k *serialSink) Close() error {
	if k.file == nil {
		return nil
	}
	return k.file.Close()
}
