package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"strconv"
	"strings"

	"vitrine/tools/qemu"
)

// qmpCommand is 'vit qmp'.
func qmpCommand() command {
	return command{
		name:    "qmp",
		args:    "action [arguments]",
		summary: "talk to a machine that 'vit run' runs: keys, screen, registers",
		help: `
Actions:

	type TEXT       type text on the PS/2 keyboard (US layout); \n is Enter
	key KEY ...     press keys by QEMU's names, one after the other; - holds
	                several together: key a shift-b ctrl-alt-delete f1 ret
	screendump FILE write the screen to a PNG file
	text            print the VGA text screen
	monitor LINE    run a command of QEMU's human monitor: monitor info tlb
	status          print whether the machine runs
	reset           press the reset button
	powerdown       press the power button
	stop, cont      freeze the machine, let it go on
	quit            end QEMU
	raw JSON        send a QMP command, print what it returns

Exit codes: 0 done; 1 no machine there, or it refused; 2 wrong command line.`,
		setup: func(f *flag.FlagSet) func(streams, []string) int {
			socket := f.String("socket", defaultSocket, "the machine's QMP unix `socket`")
			return func(s streams, args []string) int {
				if len(args) == 0 {
					return fail(s, "qmp", exitUsage, errors.New("no action given; see 'vit help qmp'"))
				}
				action, err := qmpAction(args[0], args[1:])
				if err != nil {
					return fail(s, "qmp", exitUsage, err)
				}
				q, err := qemu.DialQMP(*socket)
				if err != nil {
					return fail(s, "qmp", exitFailed, err)
				}
				defer q.Close()
				out, err := action(q)
				if err != nil {
					return fail(s, "qmp", exitFailed, err)
				}
				fmt.Fprint(s.out, out)
				return exitOK
			}
		},
	}
}

// action does something to a machine, and returns what to print.
type action func(q *qemu.QMP) (string, error)

// silent makes an action of a function that has nothing to print.
func silent(f func(q *qemu.QMP) error) action {
	return func(q *qemu.QMP) (string, error) { return "", f(q) }
}

// plain makes an action of a QMP command without arguments.
func plain(command string) action {
	return silent(func(q *qemu.QMP) error { return q.Run(command, nil, nil) })
}

// qmpAction returns the action that name and args ask for.
func qmpAction(name string, args []string) (action, error) {
	switch name {
	case "type", "monitor", "screendump", "raw", "key":
		if len(args) == 0 {
			return nil, fmt.Errorf("%s: an argument is missing; see 'vit help qmp'", name)
		}
	default:
		if len(args) > 0 {
			return nil, fmt.Errorf("%s takes no argument", name)
		}
	}
	switch line := strings.Join(args, " "); name {
	case "type":
		text, err := unescape(line)
		if err != nil {
			return nil, err
		}
		return silent(func(q *qemu.QMP) error { return q.Type(text) }), nil
	case "key":
		return silent(func(q *qemu.QMP) error { return press(q, args) }), nil
	case "screendump":
		return silent(func(q *qemu.QMP) error { return q.ScreenshotFile(args[0]) }), nil
	case "text":
		return text, nil
	case "monitor":
		return func(q *qemu.QMP) (string, error) { return q.Monitor(line) }, nil
	case "status":
		return status, nil
	case "reset":
		return silent((*qemu.QMP).Reset), nil
	case "powerdown":
		return plain("system_powerdown"), nil
	case "stop", "cont", "quit":
		return plain(name), nil
	case "raw":
		return raw(line)
	}
	return nil, fmt.Errorf("no action %q; see 'vit help qmp'", name)
}

// unescape replaces \n, \t and the like.
func unescape(text string) (string, error) {
	out, err := strconv.Unquote(`"` + strings.ReplaceAll(text, `"`, `\"`) + `"`)
	if err != nil {
		return "", fmt.Errorf("type: a backslash must begin \\n, \\t, \\\\ or the like: %s", text)
	}
	return out, nil
}

// press presses chords one after the other.
func press(q *qemu.QMP, chords []string) error {
	for _, c := range chords {
		if err := q.Press(strings.Split(c, "-")...); err != nil {
			return err
		}
	}
	return nil
}

// status says whether the machine runs.
func status(q *qemu.QMP) (string, error) {
	var out struct{ Status string }
	err := q.Run("query-status", nil, &out)
	return out.Status + "\n", err
}

// text returns the text screen, without the empty rows at its end.
func text(q *qemu.QMP) (string, error) {
	screen, err := q.ScreenText()
	return strings.TrimRight(screen, "\n") + "\n", err
}

// raw makes an action of a QMP command in JSON.
func raw(line string) (action, error) {
	var command struct {
		Execute   string          `json:"execute"`
		Arguments json.RawMessage `json:"arguments"`
	}
	if err := json.Unmarshal([]byte(line), &command); err != nil || command.Execute == "" {
		return nil, errors.New(`raw: want {"execute": "...", "arguments": {...}}`)
	}
	return func(q *qemu.QMP) (string, error) {
		var out json.RawMessage
		var args any
		if command.Arguments != nil {
			args = command.Arguments
		}
		err := q.Run(command.Execute, args, &out)
		return string(out) + "\n", err
	}, nil
}
