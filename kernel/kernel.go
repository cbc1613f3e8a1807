//go:build tamago

// Package kernel is the boot list.
package kernel

import (
	"fmt"
	"os"
	"time"
	"runtime"

	_ "vitrine/kernel/start"
)

// Main is called by main.main.
func Main() {
	fmt.Println("hello from", runtime.GOOS, runtime.Version())
	t := time.Now()
	time.Sleep(20*time.Millisecond)
	fmt.Println(time.Since(t))
	os.Exit(0)
}
