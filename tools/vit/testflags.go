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
		name, value, ok := testFlag(args[i])
		if !ok {
			passed = append(passed, args[i])
			continue
		}
		switch {
		case dropped[name]:
			continue
		case hostFiles[name] != "" && value != "":
			return nil, 0, fmt.Errorf("-%s needs the host's files, which the bare machine does not have: %s (without -exec)",
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

// testFlag splits "-test.name=value".
func testFlag(arg string) (name, value string, ok bool) {
	rest, ok := strings.CutPrefix(strings.TrimPrefix(arg, "-"), "-test.")
	if !ok {
		rest, ok = strings.CutPrefix(arg, "-test.")
	}
	name, value, _ = strings.Cut(rest, "=")
	return name, value, ok
}
