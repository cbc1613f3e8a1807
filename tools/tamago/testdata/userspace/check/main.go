// Command check exercises the derived runtime and library. It prints a line
// for each check and exits with status 1 if one fails. With the argument
// crash, it ends in an exception that nobody recovers from.
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "crash" {
		crash()
	}
	failed := 0
	for _, c := range checks {
		if err := c.run(); err != nil {
			fmt.Printf("FAIL %s: %v\n", c.name, err)
			failed = 1
		} else {
			fmt.Printf("ok   %s\n", c.name)
		}
	}
	os.Exit(failed)
}

var checks = []struct {
	name string
	run  func() error
}{
	{"arguments", arguments},
	{"heap and collector", heap},
	{"heap hooks", heapHooks},
	{"sleep", sleep},
	{"wall time", wallTime},
	{"random numbers", randomNumbers},
	{"asynchronous preemption", preemption},
	{"interrupt events", events},
	{"exceptions become panics", exceptions},
	{"stack traces from a handler", tracebacks},
	{"processes, pipes, signals and sockets are unsupported", unsupported},
	{"files without VFS", noFiles},
	{"files through VFS", files},
}
