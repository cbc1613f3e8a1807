package qemu

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// probeLimit is how long the probe guest may take; it takes 0.1 s.
const probeLimit = 3 * time.Second

// NoKVM is the answer of ProbeKVM on a host without KVM, as most are that run
// tests: not worth a word.
const NoKVM = "the host has no /dev/kvm"

// ProbeKVM tells whether this host's KVM runs a 64-bit guest, and if not, why,
// in one line. That /dev/kvm exists does not mean much inside a virtual
// machine, so it runs one. The answer is remembered until the host restarts.
func ProbeKVM(ctx context.Context, binary string) (works bool, why string) {
	f, err := os.OpenFile("/dev/kvm", os.O_RDWR, 0)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return false, NoKVM
	case errors.Is(err, os.ErrPermission):
		return false, "no permission to use /dev/kvm (be a member of the group kvm)"
	case err != nil:
		return false, err.Error()
	}
	f.Close()
	if why, ok := recallProbe(binary); ok {
		return why == "", why
	}
	why = probe(ctx, binary)
	if ctx.Err() == nil {
		rememberProbe(binary, why)
	}
	return why == "", why
}

// probe runs the probe guest; it returns "" if all is well.
func probe(ctx context.Context, binary string) string {
	f, err := os.CreateTemp("", "vit-probe-")
	if err != nil {
		return err.Error()
	}
	defer f.Close()
	os.Remove(f.Name())
	if _, err := f.Write(probeCode); err != nil {
		return err.Error()
	}
	m, err := Start(ctx, Config{
		Binary: binary, KernelFile: f, KVM: true, NoVGA: true, DebugExit: true, LogItems: "none", Timeout: probeLimit,
	})
	if err != nil {
		return firstLine(err.Error())
	}
	defer m.Close()
	switch r := m.Wait(); {
	case r.Outcome == Exited && r.Code == probeValue:
		return ""
	case r.Outcome == TimedOut:
		return fmt.Sprintf("KVM does not run a 64-bit guest here (no answer within %v)", probeLimit)
	default:
		return fmt.Sprintf("KVM does not run a 64-bit guest here (%v)", r.Outcome)
	}
}

// firstLine returns s up to the first end of line.
func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// probeMemory returns the name of the file that remembers the probe, and the
// first line that is valid in it: the host's start and the QEMU.
func probeMemory(binary string) (file, key string, err error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", "", err
	}
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return "", "", err
	}
	return filepath.Join(dir, "vitrine", "kvm-probe"), strings.TrimSpace(string(boot)) + " " + binary, nil
}

// recallProbe returns the remembered answer.
func recallProbe(binary string) (why string, ok bool) {
	file, key, err := probeMemory(binary)
	if err != nil {
		return "", false
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return "", false
	}
	first, rest, ok := strings.Cut(string(b), "\n")
	return strings.TrimSpace(rest), ok && first == key
}

// rememberProbe stores the answer. It is a convenience: failure is no matter.
func rememberProbe(binary, why string) {
	file, key, err := probeMemory(binary)
	if err != nil || os.MkdirAll(filepath.Dir(file), 0o755) != nil {
		return
	}
	temp := fmt.Sprintf("%s.%d", file, os.Getpid())
	if os.WriteFile(temp, []byte(key+"\n"+why+"\n"), 0o644) != nil || os.Rename(temp, file) != nil {
		os.Remove(temp)
	}
}
