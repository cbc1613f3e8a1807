package kernel

import (
	"bytes"
	"os"
	"path/filepath"

	"vitrine/tools/book/session"
)

// Placeless returns k with an image that speaks of its files as they are called
// from the top folder, such as kernel/main.go, and not of the folder where they
// happen to lie: a report on its screen looks the same on every computer. The
// image is written into the folder dir.
func Placeless(k session.Kernel, dir string) (session.Kernel, error) {
	image, err := os.ReadFile(k.Image)
	if err != nil {
		return k, err
	}
	placeless(image, k.Places)
	k.Image = filepath.Join(dir, "vitrine.elf")
	return k, os.WriteFile(k.Image, image, 0o644)
}

// placeless takes the names of folders from the front of files' names. In the
// runtime's table a name lies between two zero bytes, and is found by where it
// begins: it may become shorter, and nothing else moves.
func placeless(image []byte, places []string) {
	for _, place := range places {
		prefix := []byte("\x00" + place + "/")
		for rest := image; ; {
			at := bytes.Index(rest, prefix)
			if at < 0 {
				break
			}
			rest = rest[at+1:]
			name := rest
			if end := bytes.IndexByte(rest, 0); end >= 0 {
				name = rest[:end]
			}
			n := copy(name, name[len(prefix)-1:])
			clear(name[n:])
		}
	}
}
