//go:build !tamago

package cpio

import (
	"bytes"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/u-root/u-root/pkg/cpio"
)

// What u-root's writer writes is read here, and what u-root's reader makes of
// an archive is what is made of it here. (u-root's package does not compile for
// the bare machine.)

func TestArchivesOfURootAreRead(t *testing.T) {
	var archive bytes.Buffer
	w := cpio.Newc.Writer(&archive)
	require.NoError(t, cpio.WriteRecordsAndDirs(w, []cpio.Record{
		cpio.StaticFile("etc/motd", "hello", 0o640), cpio.StaticFile("a", "", 0o755),
	}))
	require.NoError(t, cpio.WriteTrailer(w))
	var got []string
	for e, err := range Files(archive.Bytes()) {
		require.NoError(t, err)
		got = append(got, e.Name+"="+string(e.Data))
	}
	require.Equal(t, []string{"etc=", "etc/motd=hello", ".=", "a="}, got)
}

func FuzzFiles(f *testing.F) {
	f.Add([]byte(file("a/b", "12345") + record("d", 0o040755, 2, 0, "") + end))
	f.Add([]byte(record("f", 0o100644, 2, 0xffff_ffff, "x")))
	f.Add([]byte(record("f", 0o100644, 0xffff_ffff, 0, "")))
	f.Fuzz(func(t *testing.T, archive []byte) {
		reader := cpio.Newc.Reader(bytes.NewReader(archive))
		total := 0
		for e, err := range Files(archive) {
			if err != nil {
				return
			}
			total += headerSize + len(e.Name) + len(e.Data)
			require.LessOrEqual(t, total, len(archive))
			theirs, err := reader.ReadRecord()
			require.NoError(t, err)
			require.Equal(t, theirs.Name, cpio.Normalize(e.Name))
			require.Equal(t, theirs.Mode, uint64(e.Mode))
			require.Equal(t, theirs.MTime, uint64(e.Modified.Unix()))
			data, err := io.ReadAll(io.NewSectionReader(theirs, 0, int64(theirs.FileSize)))
			require.NoError(t, err)
			require.Equal(t, string(data), string(e.Data))
		}
	})
}
