package bench

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTheTableShowsTargetsAndWhatMissesThem(t *testing.T) {
	r := Report{
		Time: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		Host: Host{CPU: "Z80", Cores: 1, Load: "0.10", QEMU: "QEMU 7.2", Go: "go1.26"},
		Measurements: []Measurement{
			{Name: "a.b", What: "the first", Value: 0.3127, Unit: "s", Target: 0.25, Missed: true},
			{Name: "c", What: "the second", Value: 12345678, Unit: "ns", Instructions: 1543209},
		},
	}
	var table bytes.Buffer
	r.WriteTable(&table)
	require.Equal(t, `  NAME    VALUE           TARGET  INSTRUCTIONS  99.9 %  WORST  WHAT
   a.b   0.31 s  ≤ 0.25 s MISSED                               the first
     c  12.3 ms                        1543209                 the second

Z80, 1 cores, load 0.10
QEMU 7.2, go1.26
`, table.String())
	require.Len(t, r.Missed(), 1)

	var text bytes.Buffer
	require.NoError(t, r.WriteJSON(&text))
	var back Report
	require.NoError(t, json.Unmarshal(text.Bytes(), &back))
	require.Equal(t, r, back)
}

func TestNumbersHaveThreeDigits(t *testing.T) {
	for want, v := range map[string]float64{"0.00": 0, "0.12": 0.123, "1.23": 1.234, "12.3": 12.34, "123": 123.4, "12345": 12345.4} {
		require.Equal(t, want, digits(v))
	}
	require.Equal(t, "999 ns", format(999, "ns"))
	require.Equal(t, "1.50 µs", format(1500, "ns"))
	require.Equal(t, "2.00 s", format(2e9, "ns"))
	require.Equal(t, "4.00 MiB", format(4, "MiB"))
}

func TestNamesSelectByTheirBeginning(t *testing.T) {
	selected := func(o Options) (out []string) {
		for _, g := range groups() {
			if o.wants(g) != nil {
				out = append(out, g.name)
			}
		}
		return out
	}
	require.Equal(t, []string{"boot.prompt", "boot.guest", "boot.stage.", "boot.ram", "key.echo"}, selected(Options{Names: []string{"boot", "key"}}))
	require.Equal(t, []string{"derive.cold"}, selected(Options{Names: []string{"derive.cold"}, Quick: true}))
	require.Equal(t, []string{"boot.stage.", "kernel."}, selected(Options{Names: []string{"kernel.frame", "boot.stage.apic"}}))
	require.Equal(t, []string{"console."}, selected(Options{Names: []string{"console.framebuffer"}}), "a group's name begins what it measures")
	require.Empty(t, selected(Options{Names: []string{"image.size.x", "kernels"}}))
	require.Len(t, selected(Options{}), len(groups()))
	require.NotContains(t, selected(Options{Quick: true}), "build.cold")
	_, err := Run(Options{Names: []string{"dinner"}})
	require.ErrorContains(t, err, "nothing is called dinner; there are derive.cold, derive.warm, ")
}

func TestNothingIsMeasuredTwice(t *testing.T) {
	g := group{name: "kernel."}
	require.Equal(t, []string{"kernel.fork", "kernel.irq.top"},
		Options{Names: []string{"kernel.fork.2m", "kernel.irq.top", "kernel.fork", "boot", "kernel.fork"}}.wants(g))
	require.Equal(t, []string{""}, Options{Names: []string{"kernel.fork", "kernel"}}.wants(g))
}

func TestWithoutAnISOTheFramebufferIsLeftOutUnlessAskedFor(t *testing.T) {
	list, err := framebuffer(Options{ISO: t.TempDir() + "/none.iso"})
	require.NoError(t, err)
	require.Empty(t, list)
	_, err = framebuffer(Options{ISO: t.TempDir() + "/none.iso", Names: []string{"console"}})
	require.ErrorContains(t, err, "'make bench' makes it")
}

func TestTheMedianIsInTheMiddle(t *testing.T) {
	require.Equal(t, 3.0, median([]float64{9, 1, 3, 2, 100}))
}

func TestInterruptsInTheLogAreCounted(t *testing.T) {
	var c counter
	c.Write([]byte("Servicing hardware INT=0x20\n  1: v=20 e=0000\nServicing hardware INT=0x21\n"))
	require.EqualValues(t, 2, c.n.Load())
}

func TestTheProcessorTimeOfAProcessGrows(t *testing.T) {
	before, err := cpuTime(os.Getpid())
	require.NoError(t, err)
	for start := time.Now(); time.Since(start) < 50*time.Millisecond; {
	}
	after, err := cpuTime(os.Getpid())
	require.NoError(t, err)
	require.Greater(t, after, before)
}

func TestTheKernelsResultsAreFoundBetweenOtherThings(t *testing.T) {
	text := "\r\x1b[K\r\n{\"name\":\"clock.now\",\"ns\":1024.0,\"n\":59495}\r\nThe quick\r\x1b[K\n{\"name\":\"b\",\"ns\":1,\"n\":2}"
	require.Equal(t, []string{`{"name":"clock.now","ns":1024.0,"n":59495}`, `{"name":"b","ns":1,"n":2}`},
		resultLine.FindAllString(text, -1))
	m := stage.FindStringSubmatch("\x1b[90m[   0.096704]\x1b[0m \x1b[36mboot:\x1b[0m shell   5.1 ms")
	require.Equal(t, []string{"0.096704", "shell", "5.1", "ms"}, m[1:])
}

// interrupted is a measurement of single events, compared with a base.
var interrupted = Measurement{
	Name: "kernel.irq", What: "an event", Value: 25000, Unit: "ns", Instructions: 3181, P999Instructions: 3637, WorstInstructions: 1234567,
	InstructionTarget: 5000, Base: 30000, BaseInstructions: 2000,
}

func TestAComparisonIsMadeInInstructionsWhereTheyAreKnown(t *testing.T) {
	r := Report{Measurements: []Measurement{interrupted, {Name: "b", What: "else", Value: 3, Unit: "s", Base: 4}, {Name: "new", Value: 1, Unit: "s"}}}
	var table bytes.Buffer
	r.WriteTable(&table)
	require.Equal(t, `        NAME    VALUE        TARGET  INSTRUCTIONS  99.9 %    WORST     BASE  BASE'S INSTRUCTIONS   CHANGE  WHAT
  kernel.irq  25.0 µs  ≤ 5000 instr          3181    3637  1234567  30.0 µs                 2000  +59.0 %  an event
           b   3.00 s                                                4.00 s                       -25.0 %  else
         new   1.00 s                                                                                      
`, table.String()[:strings.Index(table.String(), "\n, 0 cores")])
}

func TestTargetsAreOfValuesOrOfInstructions(t *testing.T) {
	m := interrupted
	require.False(t, m.missed())
	m.Instructions = 5001
	require.True(t, m.missed())
	require.True(t, Measurement{Value: 2, Target: 1}.missed())
}

func TestTheBaseIsAnImageOrAnEarlierReport(t *testing.T) {
	dir := t.TempDir()
	report, elf, other := filepath.Join(dir, "bench.json"), filepath.Join(dir, "vitrine.elf"), filepath.Join(dir, "other")
	text, err := json.Marshal(Report{Measurements: []Measurement{{Name: "a", Value: 7, Instructions: 8}}})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(report, text, 0o644))
	require.NoError(t, os.WriteFile(elf, []byte("\x7fELF..."), 0o644))
	require.NoError(t, os.WriteFile(other, []byte("hello"), 0o644))

	b, err := openBase(Options{Base: report})
	require.NoError(t, err)
	b.measure(group{image: true}, nil) // has nothing to do
	m := Measurement{Name: "a", Value: 1}
	b.compare(&m)
	require.Equal(t, Measurement{Name: "a", Value: 1, Base: 7, BaseInstructions: 8}, m)

	b, err = openBase(Options{Base: elf, Image: "this"})
	require.NoError(t, err)
	b.measure(group{image: true, run: func(o Options) ([]Measurement, error) {
		require.Equal(t, elf, o.Image)
		require.Equal(t, []string{"a"}, o.only)
		return []Measurement{{Name: "a", Value: 9}}, nil
	}}, []string{"a"})
	b.measure(group{run: func(Options) ([]Measurement, error) { panic("not of the image") }}, nil)
	b.compare(&m)
	require.Equal(t, 9.0, m.Base)

	_, err = openBase(Options{Base: other})
	require.ErrorContains(t, err, "neither an image nor a report")
	require.NoError(t, os.WriteFile(other, []byte(`{"go":"go1.26","packages":{}}`), 0o644))
	_, err = openBase(Options{Base: other})
	require.ErrorContains(t, err, "it has no measurements")
	_, err = openBase(Options{Base: dir + "/nothing"})
	require.Error(t, err)
	require.NoError(t, os.WriteFile(other, []byte("\x7fELF\x02"), 0o644))
	_, err = openBase(Options{Base: other})
	require.ErrorContains(t, err, "does not boot")
}

func TestABaseThatHasNothingInCommonIsSaid(t *testing.T) {
	var table bytes.Buffer
	Report{Base: "old.json", Measurements: []Measurement{{Name: "a", Value: 1, Unit: "s"}}}.WriteTable(&table)
	require.Contains(t, table.String(), "\nold.json has none of these\n")
	table.Reset()
	Report{Base: "old.json", Measurements: []Measurement{{Name: "a", Value: 1, Unit: "s", Base: 2}}}.WriteTable(&table)
	require.NotContains(t, table.String(), "none of these")
}

func TestABaseThatDoesNotBootIsSaidAtOnce(t *testing.T) {
	b := &base{options: Options{Image: "other.elf", Binary: "/bin/false"}}
	require.ErrorContains(t, b.boots(), "other.elf does not boot: ")
	require.NoError(t, (&base{}).boots(), "a report need not")
}

func TestTheTableInADocumentIsReplaced(t *testing.T) {
	r := Report{Host: Host{QEMU: "QEMU 7.2", Go: "go1.26"}, Measurements: []Measurement{
		interrupted, {Name: "idle", Value: 1, Unit: "%"}, {Name: "share", What: "a part", Value: 12.34, Unit: "%", Guest: true},
	}}
	for range 2 {
		text, err := r.UpdateDocument("# Title\n<!-- bench -->\nold\n<!-- end bench -->\nrest\n")
		require.NoError(t, err)
		require.Equal(t, "# Title\n<!-- bench -->\nQEMU 7.2, go1.26.\n\n"+
			"| Name | Instructions | 99.9 % | Worst | Target | What |\n|---|---:|---:|---:|---:|---|\n"+
			"| kernel.irq | 3,181 | 3,637 | 1,234,567 | ≤ 5000 | an event |\n| share | 12.3 % |  |  |  | a part |\n<!-- end bench -->\nrest\n", text)
	}
	_, err := r.UpdateDocument("# Title\n")
	require.Error(t, err)
}

func TestAStageOfTheBootListBeginsWhereTheOneBeforeEnds(t *testing.T) {
	list, err := stages([][]string{{"", "0.010000", "memory", "0.5", "ms"}, {"", "0.012500", "trace", "0.0", "ms"}})
	require.NoError(t, err)
	got := map[string]float64{}
	for _, m := range list {
		got[m.Name] = math.Round(m.Value)
	}
	require.Equal(t, map[string]float64{"boot.stage.start": 9.5e6, "boot.stage.memory": 0.5e6, "boot.stage.trace": 2.5e6}, got)
	_, err = stages([][]string{{"", "x", "memory", "0.5", "ms"}})
	require.Error(t, err)
}
