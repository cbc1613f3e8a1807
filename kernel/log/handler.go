package log

import (
	"context"
	"log/slog"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Handler returns a handler for package log/slog that writes to the kernel's
// log on behalf of source:
//
//	logger := slog.New(log.Handler("ps2"))
//	logger.Info("keyboard ready", "scancodes", 2)
//
// gives "ps2: keyboard ready scancodes=2". The record's time is the log's own.
//
// Context: a goroutine. Allocates.
func Handler(source string) slog.Handler { return kernel.Handler(source) }

// Handler returns a handler for package log/slog that writes to r.
func (r *Ring) Handler(source string) slog.Handler {
	return &handler{ring: r, source: source, least: Debug}
}

// handler is immutable; With... return changed copies.
type handler struct {
	ring   *Ring
	source string
	least  Level
	prefix string // "group.group." for the keys to come
	attrs  string // " key=value key=value", formatted already
}

// Enabled is part of slog.Handler. The ring keeps everything from Debug up:
// what the console shows is the console's choice.
func (h *handler) Enabled(_ context.Context, level slog.Level) bool {
	return int(level) >= int(h.least)
}

// Handle is part of slog.Handler.
func (h *handler) Handle(_ context.Context, rec slog.Record) error {
	var b strings.Builder
	b.WriteString(rec.Message)
	b.WriteString(h.attrs)
	rec.Attrs(func(a slog.Attr) bool {
		writeAttr(&b, h.prefix, a)
		return true
	})
	level := max(-128, min(int(rec.Level), 127))
	h.ring.put(Level(level), h.source, b.String(), nil)
	h.ring.notify()
	return nil
}

// WithAttrs is part of slog.Handler.
func (h *handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	var b strings.Builder
	b.WriteString(h.attrs)
	for _, a := range attrs {
		writeAttr(&b, h.prefix, a)
	}
	next := *h
	next.attrs = b.String()
	return &next
}

// WithGroup is part of slog.Handler.
func (h *handler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	next := *h
	next.prefix += name + "."
	return &next
}

// writeAttr writes " prefixkey=value". A group is written as its members, with
// its name before theirs; an empty attribute is not written.
func writeAttr(b *strings.Builder, prefix string, a slog.Attr) {
	v := a.Value.Resolve()
	if a.Equal(slog.Attr{}) {
		return
	}
	if v.Kind() == slog.KindGroup {
		if a.Key != "" {
			prefix += a.Key + "."
		}
		for _, member := range v.Group() {
			writeAttr(b, prefix, member)
		}
		return
	}
	text := v.String()
	if v.Kind() == slog.KindTime {
		text = v.Time().UTC().Format(time.RFC3339Nano)
	}
	if needsQuotes(text) {
		text = strconv.Quote(text)
	}
	b.WriteByte(' ')
	b.WriteString(prefix)
	b.WriteString(a.Key)
	b.WriteByte('=')
	b.WriteString(text)
}

func needsQuotes(s string) bool {
	return s == "" || strings.ContainsFunc(s, func(r rune) bool {
		return r == '"' || r == '=' || unicode.IsSpace(r) || !unicode.IsPrint(r)
	})
}
