package goos

import _ "unsafe" // for go:linkname

// Each hook is another package's function under a second name. This package
// can import nothing (the runtime imports it), so the linker joins them.

// CPUInit is the first Go code to run; it is a jump, in hooks_amd64.s.
func CPUInit()

//go:linkname Hwinit0 vitrine/kernel/start.Hwinit0
func Hwinit0()

//go:linkname Hwinit1 vitrine/kernel/start.Hwinit1
func Hwinit1()

//go:linkname InitRNG vitrine/kernel/start.InitRNG
func InitRNG()

//go:linkname GetRandomData vitrine/kernel/start.GetRandomData
//go:noescape
func GetRandomData(b []byte)

//go:linkname Printk vitrine/kernel/start.Printk
func Printk(c byte)

//go:linkname Nanotime vitrine/kernel/clock.Nanotime
func Nanotime() int64
