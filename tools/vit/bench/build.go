package bench

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"vitrine/tools/image"
	"vitrine/tools/vit/bare"
)

// timed runs a command and returns how long it took, in seconds.
func timed(c *exec.Cmd) (float64, error) {
	start := time.Now()
	out, err := c.CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("%s: %w\n%s", c.Path, err, out)
	}
	return time.Since(start).Seconds(), nil
}

// processorTime says how much processor time a command that has ended took: on
// a busy host that says more than how long it took.
func processorTime(c *exec.Cmd) string {
	if c.ProcessState == nil {
		return ""
	}
	return fmt.Sprintf(" (%.0f s of processor time)", (c.ProcessState.UserTime() + c.ProcessState.SystemTime()).Seconds())
}

// derive returns the command that derives the toolchain.
func derive(o Options, args ...string) *exec.Cmd {
	c := exec.Command(filepath.Join(o.Root, "build/tamago"), args...)
	c.Dir = o.Root
	return c
}

// deriveCold derives the toolchain with nothing cached.
func deriveCold(o Options) ([]Measurement, error) {
	dir, err := os.MkdirTemp("", "vit-bench-")
	if err != nil {
		return nil, err
	}
	defer removeAll(dir)
	c := derive(o, "-cache", filepath.Join(dir, "derived"))
	c.Env = append(os.Environ(), "GOCACHE="+filepath.Join(dir, "go"))
	took, err := timed(c)
	return []Measurement{{
		Name: "derive.cold", What: "derive the toolchain, nothing cached" + processorTime(c), Value: took, Unit: "s", Target: 60,
	}}, err
}

// removeAll deletes a folder; parts of a derived tree may be read-only.
func removeAll(dir string) {
	filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			os.Chmod(path, 0o755)
		}
		return nil
	})
	os.RemoveAll(dir)
}

// deriveWarm asks for the toolchain that has been derived.
func deriveWarm(o Options) ([]Measurement, error) {
	var values []float64
	for range 5 {
		took, err := timed(derive(o))
		if err != nil {
			return nil, err
		}
		values = append(values, took)
	}
	return []Measurement{{
		Name: "derive.warm", What: "the same, derived before", Value: median(values), Unit: "s", Target: 0.1,
	}}, nil
}

// buildCold compiles the kernel and the standard library.
func buildCold(o Options) ([]Measurement, error) {
	dir, err := os.MkdirTemp("", "vit-bench-")
	if err != nil {
		return nil, err
	}
	defer removeAll(dir)
	c, err := bare.Command(o.Root, "build", "-o", filepath.Join(dir, "kernel.elf"), "./boot")
	if err != nil {
		return nil, err
	}
	c.Env = append(c.Env, "GOCACHE="+filepath.Join(dir, "go"))
	took, err := timed(c)
	return []Measurement{{
		Name: "build.cold", What: "compile the kernel and the standard library, nothing cached" + processorTime(c), Value: took, Unit: "s",
	}}, err
}

// editedFile is what buildEdit pretends to change.
const editedFile = "kernel/main.go"

// buildEdit changes a file of the kernel, builds, and boots to the prompt. The
// file itself is left alone: the compiler is told to take another for it.
func buildEdit(o Options) ([]Measurement, error) {
	dir, err := os.MkdirTemp("", "vit-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	source, err := os.ReadFile(filepath.Join(o.Root, editedFile))
	if err != nil {
		return nil, err
	}
	var values []float64
	for range 3 {
		edited := fmt.Appendf(nil, "%s\nvar _ = \"%d\"\n", source, time.Now().UnixNano())
		took, err := buildAndBoot(o, dir, edited)
		if err != nil {
			return nil, err
		}
		values = append(values, took)
	}
	return []Measurement{{
		Name: "build.edit", What: "from a changed file of the kernel to the prompt", Value: median(values), Unit: "s", Target: 5,
	}}, nil
}

// buildAndBoot builds the kernel with another content of editedFile, boots it,
// and returns the seconds until the prompt.
func buildAndBoot(o Options, dir string, edited []byte) (float64, error) {
	start := time.Now()
	changed, overlay := filepath.Join(dir, "changed.go"), filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(changed, edited, 0o644); err != nil {
		return 0, err
	}
	text, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(o.Root, editedFile): changed}})
	if err != nil {
		return 0, err
	}
	if err := os.WriteFile(overlay, text, 0o644); err != nil {
		return 0, err
	}
	elf := filepath.Join(dir, "kernel.elf")
	c, err := bare.Command(o.Root, "build", "-overlay", overlay, "-o", elf, "./boot")
	if err != nil {
		return 0, err
	}
	if _, err := timed(c); err != nil {
		return 0, err
	}
	if o.Image, err = merge(o, dir, elf); err != nil {
		return 0, err
	}
	m, err := bootToPrompt(o)
	if err != nil {
		return 0, err
	}
	took := time.Since(start).Seconds()
	m.Close()
	return took, nil
}

// merge makes a bootable image of the kernel elf and the stub.
func merge(o Options, dir, elf string) (string, error) {
	stub, err := os.ReadFile(filepath.Join(o.Root, "build/boot.elf"))
	if err != nil {
		return "", err
	}
	kernel, err := os.ReadFile(elf)
	if err != nil {
		return "", err
	}
	file, _, err := image.Build(stub, kernel)
	if err != nil {
		return "", err
	}
	name := filepath.Join(dir, "vitrine.elf")
	return name, os.WriteFile(name, file, 0o644)
}

// imageSize looks at the image.
func imageSize(o Options) ([]Measurement, error) {
	info, err := os.Stat(o.Image)
	if err != nil {
		return nil, err
	}
	return []Measurement{{
		Name: "image.size", What: "the bootable file", Value: float64(info.Size()) / (1 << 20), Unit: "MiB", Target: 4,
	}}, nil
}
