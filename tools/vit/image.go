package main

import (
	"debug/elf"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"

	"vitrine/tools/image"
)

// imageCommand is 'vit image'.
func imageCommand() command {
	return command{
		name:    "image",
		args:    "boot.elf kernel.elf",
		summary: "merge the 32-bit boot stub and the Go kernel into a bootable ELF32",
		help: `
The result is loaded by QEMU's -kernel and by GRUB (multiboot, multiboot2).
boot.elf is the stub (ELF32, from boot/boot.S); kernel.elf is the Go program
(ELF64, linked in the top 2 GiB). The stub's boot table is filled in.

Exit codes: 0 done; 1 the files do not fit together, or cannot be read or
written; 2 wrong command line.`,
		setup: func(f *flag.FlagSet) func(streams, []string) int {
			out := f.String("o", "vitrine.elf", "write the image to `file`")
			asJSON := f.Bool("json", false, "print a description of the image as JSON")
			return func(s streams, args []string) int {
				if len(args) != 2 {
					return fail(s, "image", exitUsage, errors.New("want two files: boot.elf kernel.elf"))
				}
				info, err := buildImage(*out, args[0], args[1])
				if err != nil {
					return fail(s, "image", exitFailed, err)
				}
				if *asJSON {
					json.NewEncoder(s.out).Encode(describeImage(info))
				}
				return exitOK
			}
		},
	}
}

// buildImage merges two files into a third.
func buildImage(out, stubFile, kernelFile string) (image.Info, error) {
	stub, err := os.ReadFile(stubFile)
	if err != nil {
		return image.Info{}, err
	}
	kernel, err := os.ReadFile(kernelFile)
	if err != nil {
		return image.Info{}, err
	}
	file, info, err := image.Build(stub, kernel)
	if err != nil {
		return image.Info{}, fmt.Errorf("%s and %s: %w", stubFile, kernelFile, err)
	}
	return info, writeFile(out, file)
}

// writeFile writes data to name, which always holds either the old or the new
// content, never a part.
func writeFile(name string, data []byte) error {
	temp := name + ".new"
	if err := os.WriteFile(temp, data, 0o644); err != nil {
		return err
	}
	if err := os.Rename(temp, name); err != nil {
		os.Remove(temp)
		return err
	}
	return nil
}

// imageJSON is the description of an image in JSON. Addresses are text: a JSON
// number holds 53 bits.
type imageJSON struct {
	Entry      string        `json:"entry"`
	Multiboot1 int           `json:"multiboot1_offset"`
	Multiboot2 int           `json:"multiboot2_offset"`
	Size       int           `json:"file_bytes"`
	Memory     uint64        `json:"memory_bytes"`
	Segments   []segmentJSON `json:"segments"`
}

type segmentJSON struct {
	Virt   string `json:"virt"`
	Phys   string `json:"phys"`
	Memory uint64 `json:"memory_bytes"`
	File   int    `json:"file_bytes"`
	Rights string `json:"rights"`
}

// describeImage returns the description of an image.
func describeImage(info image.Info) imageJSON {
	out := imageJSON{
		Entry: hex(info.Entry), Multiboot1: info.Multiboot1, Multiboot2: info.Multiboot2,
		Size: info.Size, Memory: info.LoadedBytes,
	}
	for _, s := range info.Segments {
		rights := []byte("---")
		for i, flag := range []elf.ProgFlag{elf.PF_R, elf.PF_W, elf.PF_X} {
			if s.Flags&flag != 0 {
				rights[i] = "rwx"[i]
			}
		}
		out.Segments = append(out.Segments, segmentJSON{hex(s.Virt), hex(s.Phys), s.Memory, len(s.Data), string(rights)})
	}
	return out
}

// hex writes an address.
func hex(a uint64) string { return fmt.Sprintf("%#x", a) }
