package cpio

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// record writes a record, with a name size and a file size of its own.
func record(name string, mode, nameSize, fileSize int, data string) string {
	s := fmt.Sprintf("070701%08x%08x%08x%08x%08x%08x%08X%08x%08x%08x%08x%08X%08x%s\x00",
		1, mode, 0, 0, 1, 0x1234_5678, fileSize, 0, 0, 0, 0, nameSize, 0, name)
	return pad(pad(s) + data)
}

func pad(s string) string {
	for len(s)%4 != 0 {
		s += "\x00"
	}
	return s
}

func file(name, data string) string {
	return record(name, 0o100644, len(name)+1, len(data), data)
}

var end = file(trailer, "")

// all returns the entries of an archive and its error.
func all(archive string) (entries []Entry, err error) {
	for e, err := range Files([]byte(archive)) {
		if err != nil {
			return entries, err
		}
		entries = append(entries, e)
	}
	return entries, nil
}

func TestFilesComeInTheOrderOfTheArchive(t *testing.T) {
	modified := time.Unix(0x1234_5678, 0)
	got, err := all(file("b", "") + record("a/long name", 0o040755, 12, 0, "") + file("c", "12345") + end + "padding")
	require.NoError(t, err)
	require.Equal(t, []Entry{
		{Name: "b", Mode: 0o100644, Modified: modified, Data: []byte{}},
		{Name: "a/long name", Mode: 0o040755, Modified: modified, Data: []byte{}},
		{Name: "c", Mode: 0o100644, Modified: modified, Data: []byte("12345")},
	}, got)
}

func TestNoLengthIsBelievedThatTheArchiveDoesNotHave(t *testing.T) {
	good := file("good", "x")
	for what, c := range map[string]struct {
		rest string
		want error
	}{
		"nothing follows":                    {"", ErrTruncated},
		"half a header":                      {end[:50], ErrTruncated},
		"zeros":                              {string(make([]byte, 200)), ErrMagic},
		"binary cpio":                        {"\xc7\x71" + string(make([]byte, 200)), ErrMagic},
		"a file of 4 GiB":                    {record("f", 0o100644, 2, 0xffff_ffff, "x"), ErrTruncated},
		"a file that is one byte too long":   {record("f", 0o100644, 2, 5, "1234"), ErrTruncated},
		"a name of 4 GiB":                    {record("f", 0o100644, 0xffff_ffff, 0, ""), ErrTruncated},
		"a name of no bytes":                 {record("f", 0o100644, 0, 0, ""), ErrName},
		"an empty name":                      {record("", 0o100644, 1, 0, ""), ErrName},
		"a name without its zero":            {record("f", 0o100644, 1, 0, ""), ErrName},
		"a name that ends before its length": {record("f\x00g", 0o100644, 4, 0, ""), ErrName},
		"a digit that is none":               {"070701g" + end[7:], ErrHeader},
	} {
		got, err := all(good + c.rest)
		require.Equal(t, c.want, err, what)
		require.Len(t, got, 1, what)
	}
}

func TestDataIsTheArchivesOwnAndCannotGrowIntoTheNextRecord(t *testing.T) {
	archive := []byte(file("f", "12345") + end)
	for e, err := range Files(archive) {
		require.NoError(t, err)
		require.Equal(t, len(e.Data), cap(e.Data))
		archive[headerSize+2] = 'X' // the first byte behind header, name and its zero
		require.Equal(t, "X2345", string(e.Data))
	}
}

func TestWhoLosesInterestIsNotTroubledFurther(t *testing.T) {
	n := 0
	for range Files([]byte(file("a", "") + file("b", "") + end)) {
		n++
		break
	}
	require.Equal(t, 1, n)
}
