package commands

import (
	"time"
)

// interruptBenchmarks measure how long it takes from an interrupt to its top
// half, and from there to the goroutine that waits for it: on an idle machine,
// and while another goroutine computes and allocates without a pause.
func (m *Machine) interruptBenchmarks() []benchmark {
	idle := m.Latency
	if idle == nil && onMachine {
		idle = interruptLatency
	}
	if idle == nil {
		return nil
	}
	list := []benchmark{{name: "irq.goroutine", what: "from an interrupt's top half to its goroutine", sample: idle}}
	if !onMachine {
		return list
	}
	const long = 2 * time.Second
	return append(list,
		benchmark{name: "irq.top", what: "from an interrupt to its top half", sample: topHalfLatency},
		benchmark{name: "irq.load.goroutine", what: "to its goroutine, while another one allocates", begin: interruptLoad, sample: loadLatency, long: long},
		benchmark{name: "irq.load.top", what: "to its top half, meanwhile", begin: interruptLoad, sample: loadTopHalf, long: long})
}
