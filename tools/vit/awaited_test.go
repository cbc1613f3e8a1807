package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu"
)

func TestATextIsAwaitedInPieces(t *testing.T) {
	for _, pieces := range [][]string{
		{"vitrine> "},
		{"[ 0.1] boot: shell\r\nvitrine> help\r\n"},
		{"vitr", "ine", ">", " "},
		{"vitrine", "vitrine", "> "},
	} {
		var out bytes.Buffer
		a := await(&out, qemu.Prompt)
		want := ""
		for _, p := range pieces {
			requireOpen(t, a.seen)
			n, err := a.Write([]byte(p))
			require.NoError(t, err)
			require.Equal(t, len(p), n)
			want += p
		}
		requireClosed(t, a.seen)
		a.Write([]byte(qemu.Prompt)) // and once only
		require.Equal(t, want+qemu.Prompt, out.String())
	}
}

func TestNoTextIsNotAwaited(t *testing.T) {
	requireClosed(t, await(&bytes.Buffer{}, "").seen)
}

func requireOpen(t *testing.T, c chan struct{}) {
	t.Helper()
	select {
	case <-c:
		require.Fail(t, "it was not written yet")
	default:
	}
}

func requireClosed(t *testing.T, c chan struct{}) {
	t.Helper()
	select {
	case <-c:
	default:
		require.Fail(t, "it was written")
	}
}
