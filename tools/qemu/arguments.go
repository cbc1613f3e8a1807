package qemu

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// launch is a QEMU command line in the making, with the files that QEMU
// inherits.
type launch struct {
	args  []string
	files []*os.File
}

// add appends arguments.
func (l *launch) add(args ...string) { l.args = append(l.args, args...) }

// inherit passes f to QEMU and returns its number there.
func (l *launch) inherit(f *os.File) int {
	l.files = append(l.files, f)
	return 2 + len(l.files)
}

// Check refuses what cannot work, in words that say what to do. Start calls
// it.
func (c *Config) Check() error {
	boots := 0
	for _, given := range []bool{c.Kernel != "", c.KernelFile != nil, c.ISO != ""} {
		if given {
			boots++
		}
	}
	if boots > 1 {
		return errors.New("more than one of kernel and ISO given")
	}
	for _, file := range []string{c.Kernel, c.ISO} {
		if err := checkImage(file); err != nil {
			return err
		}
	}
	for _, file := range c.Modules {
		if strings.ContainsAny(file, ", ") {
			return fmt.Errorf("module %s: QEMU takes no file whose name has a comma or a blank", file)
		}
		if _, err := os.Stat(file); err != nil {
			return err
		}
	}
	if c.KVM && c.Icount != "" {
		return errors.New("KVM cannot count instructions: drop one of KVM and icount")
	}
	if (c.Display == "gtk" || c.Display == "sdl") && os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return fmt.Errorf("display %s needs a desktop (neither DISPLAY nor WAYLAND_DISPLAY is set); curses works in a terminal", c.Display)
	}
	return nil
}

// checkImage tells whether file, if one is named, can be booted.
func checkImage(file string) error {
	if file == "" {
		return nil
	}
	switch info, err := os.Stat(file); {
	case errors.Is(err, os.ErrNotExist) && strings.HasSuffix(file, ".iso"):
		return fmt.Errorf("no image %s: 'make iso' makes it", file)
	case errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("no image %s: 'make build' makes it", file)
	case err != nil:
		return err
	case info.IsDir() || info.Size() == 0:
		return fmt.Errorf("%s is not an image: it is empty or a directory; 'make build' makes one", file)
	}
	return nil
}

// machine adds what describes the machine.
func (c *Config) machine(l *launch) error {
	l.add("-nodefaults", "-no-user-config", "-name", "vitrine")
	if c.Machine != "" {
		l.add("-machine", c.Machine)
	}
	switch {
	case c.CPU != "" && c.Icount != "":
		// QEMU 10 emulates the x2APIC, but ends with "Bad icount read" when one of
		// its registers that tell the time is read while instructions are counted.
		l.add("-cpu", c.CPU+",x2apic=off")
	case c.CPU != "":
		l.add("-cpu", c.CPU)
	}
	l.add("-accel", c.accel(), "-m", strconv.Itoa(orDefault(c.Memory, DefaultMemory)))
	if c.SMP > 1 {
		l.add("-smp", strconv.Itoa(c.SMP))
	}
	if c.Icount != "" {
		l.add("-icount", "shift="+c.Icount+",sleep=off")
	}
	if c.UEFI {
		code, vars, err := findOVMF()
		if err != nil {
			return err
		}
		l.add("-drive", "if=pflash,unit=0,format=raw,readonly=on,file="+escape(code),
			"-drive", "if=pflash,unit=1,format=raw,snapshot=on,file="+escape(vars))
	}
	for _, d := range c.Drives {
		l.add("-drive", d)
	}
	if c.DebugExit {
		l.add("-device", debugExitDevice)
	}
	if c.OnDeath != nil {
		l.add("-device", panicDevice)
	}
	if !c.NoVGA {
		l.add("-vga", "std")
	}
	return nil
}

// accel returns the argument of -accel.
func (c *Config) accel() string {
	if c.KVM {
		return "kvm"
	}
	return "tcg"
}

// boot adds what the machine boots.
func (c *Config) boot(l *launch) {
	switch {
	case c.KernelFile != nil:
		l.add("-kernel", fmt.Sprintf("/proc/self/fd/%d", l.inherit(c.KernelFile)))
	case c.Kernel != "":
		l.add("-kernel", c.Kernel)
	}
	if c.Append != "" {
		l.add("-append", c.Append)
	}
	if len(c.Modules) > 0 {
		l.add("-initrd", strings.Join(c.Modules, ","))
	}
	if c.ISO != "" {
		l.add("-drive", "media=cdrom,if=none,id=cd,format=raw,readonly=on,file="+escape(c.ISO),
			"-device", "ide-cd,drive=cd,bootindex=0")
	}
}

// outside adds the machine's lines to the outside. It is always started
// frozen, so that no event is lost before QMP is up.
func (c *Config) outside(l *launch, serial, qmp, log *os.File) {
	l.add("-S", "-action", "reboot=shutdown,shutdown=pause,panic=pause",
		"-chardev", fmt.Sprintf("socket,id=serial,fd=%d", l.inherit(serial)), "-serial", c.serialLine(),
		"-chardev", fmt.Sprintf("socket,id=control,fd=%d", l.inherit(qmp)), "-mon", "chardev=control,mode=control",
		"-display", orDefault(c.Display, "none"))
	extra := c.Extra
	if items := c.logItems(); items != "none" {
		others, more, _ := logOptions(extra)
		l.add("-d", items+more, "-D", fmt.Sprintf("/proc/self/fd/%d", l.inherit(log)))
		extra = others
	}
	if c.QMPSocket != "" {
		l.add("-qmp", "unix:"+escape(c.QMPSocket)+",server=on,wait=off")
	}
	if c.GDB != 0 {
		l.add("-gdb", fmt.Sprintf("tcp:127.0.0.1:%d", c.GDB))
	}
	if c.GDBSocket != "" {
		l.add("-gdb", "unix:"+escape(c.GDBSocket)+",server=on,wait=off")
	}
	l.add(extra...)
}

// serialLine returns the argument of -serial.
func (c *Config) serialLine() string {
	if c.NoSerial {
		return "none"
	}
	return "chardev:serial"
}

// logItems returns the argument of -d.
func (c *Config) logItems() string { return orDefault(c.LogItems, "int,cpu_reset") }

// escape doubles the commas of a file name, as QEMU's option syntax wants it.
func escape(name string) string { return strings.ReplaceAll(name, ",", ",,") }

// orDefault returns v, or def if v is zero.
func orDefault[T comparable](v, def T) T {
	var zero T
	if v == zero {
		return def
	}
	return v
}
