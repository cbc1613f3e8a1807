//go:build tamago

package kernel

import (
	"vitrine/kernel/crash"
	"vitrine/kernel/log"
	"vitrine/kernel/start"
	"vitrine/kernel/trace"
)

// lastEvent returns the i-th of the last trace events, for the report of a
// panic.
//
// Context: a handler; allocates nothing.
func lastEvent(i int) (e crash.Event, ok bool) {
	t := &theMachine.trace
	first := t.Next()
	first -= min(first, crash.Events)
	var buffer [crash.Events]trace.Event
	list, _ := t.Since(first, buffer[:0])
	if i >= len(list) {
		return e, false
	}
	found := &list[i]
	e = crash.Event{Time: found.Time, Point: found.Point.Name(), Args: found.Args, Stage: "?"}
	if stages := found.Point.Stages(); found.Stage < len(stages) {
		e.Stage = stages[found.Stage].Name
	}
	return e, true
}

// What lastLog works on: too much for a stack, and there is no heap any more.
// Even a record of nothing but line feeds fits, each with an indent.
var (
	lastRecord log.Record
	lastLine   [24 * log.MaxText]byte
)

// lastLog writes the log that the console has not come to.
//
// Context: a handler; allocates nothing.
func lastLog() { theMachine.logs.Unseen(&lastRecord, writeRecord) }

func writeRecord(rec *log.Record) { start.ReportLine(rec.Append(lastLine[:0], true)) }

// breakReport has the next report do something half-way, for the command fault,
// which wants to see whether the rest of the report is still there.
func breakReport(do func()) {
	start.SetLastEvents(func(i int) (e crash.Event, ok bool) {
		if i == 0 {
			do()
		}
		return lastEvent(i)
	}, lastLog)
}
