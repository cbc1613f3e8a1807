package systest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu"
	"vitrine/tools/qemu/qemutest"
)

// launchConfiguration is what counts here of an entry in .vscode/launch.json.
type launchConfiguration struct {
	Name, Type, Program, PreLaunchTask, PostDebugTask string
	MIDebuggerServerAddress                           string
	SetupCommands                                     []struct{ Text string }
}

// readJSON reads a file of VS Code's: JSON with // comments on lines of their
// own.
func readJSON(t *testing.T, name string, into any) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(qemutest.Root(t), ".vscode", name))
	require.NoError(t, err)
	b = regexp.MustCompile(`(?m)^\s*//.*$`).ReplaceAll(b, nil)
	require.NoError(t, json.Unmarshal(b, into), name)
}

func TestLaunchConfigurationsNameTasksThatExist(t *testing.T) {
	var launch struct{ Configurations []launchConfiguration }
	var tasks struct {
		Tasks []struct{ Label, Command string }
	}
	readJSON(t, "launch.json", &launch)
	readJSON(t, "tasks.json", &tasks)
	labels := map[string]bool{}
	for _, task := range tasks.Tasks {
		labels[task.Label] = true
	}
	var extensions struct{ Recommendations []string }
	readJSON(t, "extensions.json", &extensions)
	require.Contains(t, extensions.Recommendations, "ms-vscode.cpptools", "it has cppdbg")
	for _, c := range launch.Configurations {
		require.Equal(t, "cppdbg", c.Type)
		require.True(t, labels[c.PreLaunchTask], "%s: no task %q", c.Name, c.PreLaunchTask)
		require.True(t, labels[c.PostDebugTask], "%s: no task %q", c.Name, c.PostDebugTask)
	}
}

// machineInterface is a GDB that an editor drives, by GDB/MI.
type machineInterface struct {
	t     *testing.T
	in    io.Writer
	lines chan string
	said  []string
}

// openMachineInterface starts GDB as an editor does.
func openMachineInterface(t *testing.T) *machineInterface {
	t.Helper()
	x := exec.Command("gdb", "-q", "-nx", "--interpreter=mi")
	x.Dir = qemutest.Root(t)
	in, err := x.StdinPipe()
	require.NoError(t, err)
	out, err := x.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, x.Start())
	d := &machineInterface{t: t, in: in, lines: make(chan string, 1000)}
	go func() {
		defer close(d.lines)
		for s := bufio.NewScanner(out); s.Scan(); {
			d.lines <- s.Text()
		}
	}()
	t.Cleanup(func() { x.Process.Kill(); x.Wait() })
	return d
}

// do sends a command and waits for a line that matches pattern.
func (d *machineInterface) do(command, pattern string) string {
	d.t.Helper()
	if command != "" {
		_, err := io.WriteString(d.in, command+"\n")
		require.NoError(d.t, err)
	}
	re := regexp.MustCompile(pattern)
	limit := time.After(gdbLimit)
	for {
		select {
		case line, ok := <-d.lines:
			require.True(d.t, ok, "GDB has ended; it said:\n%s", strings.Join(d.said, "\n"))
			d.said = append(d.said, line)
			if re.MatchString(line) {
				return line
			}
		case <-limit:
			require.FailNow(d.t, fmt.Sprintf("no answer %q to %q; GDB said:\n%s", pattern, command, strings.Join(d.said, "\n")))
		}
	}
}

// F5 stops in the kernel: the commands that VS Code's cppdbg sends to GDB for
// each launch configuration, in its order.
func TestAnEditorCanDriveGDB(t *testing.T) {
	var launch struct {
		Configurations []launchConfiguration
		Inputs         []struct{ ID, Default string }
	}
	readJSON(t, "launch.json", &launch)
	for i, want := range []string{
		`^\*stopped,.*func="vitrine/kernel\.Main".*fullname="[^"]*/kernel/main\.go",line="\d+"`,
		`^\*stopped,.*func="_start".*fullname="[^"]*/boot/boot\.S",line="\d+"`,
		`^\*stopped,.*func="vitrine/kernel/start\.startSpace".*fullname="[^"]*/kernel/start/memory\.go",line="\d+"`,
	} {
		c := launch.Configurations[i]
		t.Run(c.Name, func(t *testing.T) {
			root, socket := qemutest.Root(t), filepath.Join(t.TempDir(), "gdb.sock")
			qemutest.Boot(t, func(c *qemu.Config) { c.GDBSocket, c.Frozen = socket, true })
			replace := strings.NewReplacer("${workspaceFolder}/build/gdb.sock", socket, "${workspaceFolder}", root,
				"${input:"+launch.Inputs[0].ID+"}", launch.Inputs[0].Default)
			d := openMachineInterface(t)
			for _, s := range c.SetupCommands {
				d.do(replace.Replace(s.Text), `^\^done`)
			}
			d.do("-environment-cd "+root, `^\^done`)
			d.do("-file-exec-and-symbols "+replace.Replace(c.Program), `^\^done`)
			d.do("-break-insert -f main", `^\^done`)
			d.do("-target-select remote "+replace.Replace(c.MIDebuggerServerAddress), `^\^connected`)
			d.do("-exec-continue", want)
			d.do("-stack-list-frames", `^\^done,stack=\[frame=\{level="0"`)
			if i == 0 {
				d.do(`-interpreter-exec console "p $go(\"kernel.stages\")"`, `name = \\"memory\\"`)
			}
		})
	}
}
