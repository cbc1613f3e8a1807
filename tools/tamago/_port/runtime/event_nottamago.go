// Programs for the host can be built with the derived GOROOT, too: there are
// no interrupt events there.

//go:build !tamago

package runtime

func eventPoll() {}
