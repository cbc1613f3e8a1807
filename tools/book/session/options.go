package session

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"vitrine/tools/book/block"
	"vitrine/tools/qemu"
)

// MachineOptions are the options of blocks that take a machine.
var MachineOptions = []string{"smp", "memory", "machine", "cpu", "append", "icount"}

// limit bounds a machine's life, and each wait on it, in the host's time.
const limit = 3 * time.Minute

// mostIcount is QEMU's limit for -icount shift.
const mostIcount = 10

// Config returns the machine that a block asks for.
//
// Errors: an option's value makes no sense.
func Config(b *block.Block) (qemu.Config, error) {
	c := qemu.Config{
		SMP: 1, Icount: "3", DebugExit: true, Timeout: limit,
		Machine: b.Options["machine"], CPU: b.Options["cpu"], Append: b.Options["append"],
		// The calendar begins the same each time. It goes by the host's time:
		// with the machine's, an idle machine would skip to its next alarm,
		// at midnight.
		Extra: []string{"-rtc", "base=2026-01-01T12:00:00"},
	}
	for key, to := range map[string]*int{"smp": &c.SMP, "memory": &c.Memory} {
		if text, ok := b.Options[key]; ok {
			n, err := strconv.Atoi(text)
			if err != nil || n <= 0 {
				return c, fmt.Errorf("%s=%s: a number is wanted", key, text)
			}
			*to = n
		}
	}
	switch i, ok := b.Options["icount"]; {
	case i == "off":
		c.Icount = ""
	case ok:
		if n, err := strconv.Atoi(i); err != nil || n < 0 || n > mostIcount {
			return c, fmt.Errorf("icount=%s: off is wanted, or 0 to %d: an instruction takes 2^icount ns", i, mostIcount)
		}
		c.Icount = i
	}
	return c, nil
}

// start starts a machine with a kernel. QEMU gets the image as an open file:
// the boot information has the image's name, and with a name as long as the
// sources' folder happens to be, the kernel would take longer to read it.
func start(ctx context.Context, k Kernel, c qemu.Config) (*qemu.Machine, error) {
	if k.ISO != "" {
		c.ISO, c.Append = k.ISO, ""
		return qemu.Start(ctx, c)
	}
	image, err := os.Open(k.Image)
	if err != nil {
		return nil, err
	}
	defer image.Close()
	c.KernelFile = image
	return qemu.Start(ctx, c)
}
