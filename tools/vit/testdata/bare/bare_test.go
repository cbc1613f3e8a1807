// Package bare is what the tests of 'vit exec' run on the bare machine: one
// test for each way in which a test can end.
package bare

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// TestPass prints its arguments.
func TestPass(t *testing.T) {
	for i, a := range os.Args[1:] {
		if !strings.HasPrefix(a, "-test.") {
			fmt.Printf("argument %d: %q\n", i+1, a)
		}
	}
}

// TestOutput prints much, of every kind.
func TestOutput(t *testing.T) {
	for i := range 2000 {
		fmt.Printf("%d äöü €\n", i)
	}
}

// TestFail fails.
func TestFail(t *testing.T) { t.Error("this is wrong") }

// TestPanic panics.
func TestPanic(t *testing.T) {
	var m map[string]int
	m["x"] = 1
}

// TestNil dereferences a nil pointer.
func TestNil(t *testing.T) {
	var p *int
	*p = 1
}

// TestExit ends the program with a code of its own.
func TestExit(t *testing.T) { os.Exit(42) }

// TestHang sleeps longer than any time limit.
func TestHang(t *testing.T) { time.Sleep(1000 * time.Hour) }

// TestSpin never comes back and never yields.
func TestSpin(t *testing.T) {
	for i := 0; ; i++ {
		sink = i
	}
}

var sink int

// TestExit128 ends the program with a code whose low 7 bits are 0.
func TestExit128(t *testing.T) { os.Exit(128) }

// TestFiles prints what it finds of a boot module.
func TestFiles(t *testing.T) {
	dir, err := os.Getwd()
	fmt.Println(dir, err, os.Getenv("COLOUR"))
	b, err := os.ReadFile("hello.txt")
	fmt.Printf("%q %v\n", b, err)
}
