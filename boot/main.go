//go:build tamago

// Command boot is the kernel: the program that the boot stub jumps into.
//
// What has happened when main starts is told in package kernel/start; what
// happens from here on, in kernel.Main.
package main

import "vitrine/kernel"

func main() { kernel.Main() }
