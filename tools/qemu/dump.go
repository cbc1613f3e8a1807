package qemu

import (
	"fmt"
	"path/filepath"
	"time"
)

// dumpLimit bounds the wait for a dump: memory of any size, on a slow disk.
const dumpLimit = 10 * time.Minute

// Dump writes the machine's memory and registers to a new file of that name, in
// QEMU's format: an ELF core with physical addresses. A machine that runs is
// stopped meanwhile.
//
// Errors: QEMU's words, for a file that it cannot write to the end.
func (q *QMP) Dump(name string) error {
	// QEMU may have been started in another folder.
	path, err := filepath.Abs(name)
	if err != nil {
		return err
	}
	err = q.run(dumpLimit, "dump-guest-memory", map[string]any{"paging": false, "protocol": "file:" + path}, nil)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
