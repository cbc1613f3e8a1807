package trace

import "fmt"

// String returns the event as one line:
//
//	[   5.201377] kbd     event     A down
func (e Event) String() string {
	stage, text := fmt.Sprintf("stage %d", e.Stage), ""
	if e.Stage < len(e.Point.stages) {
		s := e.Point.stages[e.Stage]
		stage = s.Name
		if s.Format != nil {
			text = s.Format(e.Args)
		}
	}
	if text == "" {
		last := len(e.Args)
		for last > 1 && e.Args[last-1] == 0 {
			last--
		}
		for i, a := range e.Args[:last] {
			if i > 0 {
				text += " "
			}
			text += fmt.Sprintf("%#x", a)
		}
	}
	us := e.Time / 1000
	return fmt.Sprintf("[%4d.%06d] %-7s %-9s %s", us/1e6, us%1e6, e.Point.name, stage, text)
}
