package main

import (
	"fmt"
	"strings"
	"time"
)

// hostFiles are the flags of a test binary that name a file or folder of the
// host, with what to do instead.
var hostFiles = map[string]string{
	"coverprofile": "measure coverage on the host",
	"cpuprofile":   "profile on the host",
	"memprofile":   "profile on the host",
	"blockprofile": "profile on the host",
	"mutexprofile": "profile on the host",
	"trace":        "trace on the host",
	"gocoverdir":   "measure coverage on the host",
	"fuzz":         "fuzz on the host",
	"fuzzcachedir": "fuzz on the host",
	"fuzzworker":   "fuzz on the host",
}

// dropped are flags of a test binary that only the go command has a use for.
var dropped = map[string]bool{"testlogfile": true, "outputdir": true}

// testFlags looks at the arguments of a test binary: it returns those to pass
// on, and the binary's time limit (0: none).
//
// Errors: a flag that needs a file of the host.
func testFlags(args []string) (passed []string, limit time.Duration, err error) {
	for i := 0; i < len(args); i++ {
		name, value, ok := testFlag(args[i:])
		switch {
		case !ok:
		case dropped[name]:
			continue
		case hostFiles[name] != "" && value != "":
			return nil, 0, fmt.Errorf("-%s needs files of the host, which the bare machine does not have: %s, without -exec",
				name, hostFiles[name])
		case name == "timeout":
			if limit, err = time.ParseDuration(value); err != nil {
				return nil, 0, fmt.Errorf("-test.timeout: %w", err)
			}
		}
		passed = append(passed, args[i])
	}
	return passed, limit, nil
}

// testFlag splits "-test.name=value", or "-test.name" and the next argument,
// at the front of args. The go command uses the first form only.
func testFlag(args []string) (name, value string, ok bool) {
	rest, ok := strings.CutPrefix(strings.TrimPrefix(args[0], "-"), "-test.")
	if !ok {
		rest, ok = strings.CutPrefix(args[0], "-test.")
	}
	name, value, joined := strings.Cut(rest, "=")
	if !joined && len(args) > 1 {
		value = args[1]
	}
	return name, value, ok
}
