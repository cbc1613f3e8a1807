package commands

import (
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/interrupts"
)

func TestCPUsShowsLoadSinceItWasLastAsked(t *testing.T) {
	d := newDesk(t)
	list := []CPU{
		{
			Now: 1e9, Thread: 3, Goroutine: 17, Function: "vitrine/kernel/shell/commands.count",
			Load: interrupts.Load{Asleep: 75e7, Halts: 40, Timer: 100, Device: 20, Wakes: 3, Requests: 4, Flushes: 9, Exception: 5},
		},
		{Now: 1e9, APIC: 2, Load: interrupts.Load{Asleep: 1e9, Idle: true, Halts: 7}},
	}
	d.m.CPUs = func() []CPU { return append([]CPU(nil), list...) }
	require.Equal(t, ""+
		"CPU  APIC  STATE   LOAD  ALL  TIMER  DEVICE  MESSAGE  HALTS  FLUSHES  RUNS\n"+
		"  0     0  busy     25%  25%    100      20        7     40        9    17\n"+
		"  1     2  halted    0%   0%      0       0        0      7        0     -\n", d.run("cpus"))
	for i := range list {
		list[i].Now = 2e9
	}
	list[1].Idle, list[1].Asleep = false, 1.5e9
	require.Equal(t, ""+
		"CPU  APIC  STATE  LOAD  ALL  TIMER  DEVICE  MESSAGE  HALTS  FLUSHES  RUNS\n"+
		"  0     0  busy   100%  63%    100      20        7     40        9    17\n"+
		"  1     2  busy    50%  25%      0       0        0      7        0     -\n\n"+
		"CPU  ASLEEP  WAKE  FLUSH  EXCEPTIONS  THREAD  GOROUTINE  BEGAN AS\n"+
		"  0  750 ms     3      4           5       3         17  kernel/shell/commands.count\n"+
		"  1  1.50 s     0      0           0       0          -\n", d.run("cpus -v"))
	require.Contains(t, d.run("cpus"), "  0     0  busy      ?  63%", "no time has passed")
	require.Contains(t, d.run("cpus 1ms"), "  0     0  busy      ?  63%")
	require.Contains(t, d.run("cpus soon"), "write 2, 0.5 or 200ms")
	require.Contains(t, d.run("help cpus"), "LOAD is the share")
}

func TestAProcessorWasNotBusyBeforeItStarted(t *testing.T) {
	d := newDesk(t)
	d.m.CPUs = func() []CPU {
		return []CPU{{Now: 1e9, Load: interrupts.Load{Started: 6e8, Asleep: 3e8, Idle: true}}}
	}
	require.Contains(t, d.run("cpus"), "  0     0  halted   25%  25% ")
}

func TestSpinStartsGoroutinesAndEndsThem(t *testing.T) {
	d := newDesk(t)
	require.Equal(t, "0 spinning\n", d.run("spin"))
	require.Equal(t, "2 spinning\n", d.run("spin 60 2"))
	first := d.m.spinning.stop
	require.Equal(t, "1 spinning\n", d.run("spin 60"), "in place of the two")
	require.True(t, first.Load())
	second := d.m.spinning.stop
	require.False(t, second.Load())
	require.Equal(t, "0 spinning\n", d.run("spin 0"))
	require.True(t, second.Load())
	require.Equal(t, "1 spinning\n", d.run("spin 1ms"))
	for third := d.m.spinning.stop; !third.Load(); {
	}
	require.Equal(t, "0 spinning\n", d.run("spin"))
	require.Contains(t, d.run("spin 1 0"), "1 to 64 goroutines")
	require.Contains(t, d.run("spin soon"), "write 2, 0.5 or 200ms")
}
