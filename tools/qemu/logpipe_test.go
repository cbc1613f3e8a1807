package qemu

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestWhatWasLoggedBeforeIsThereAfterCatchingUp(t *testing.T) {
	r, w, err := os.Pipe()
	require.NoError(t, err)
	log := &tail{size: 1 << 20}
	done := make(chan struct{})
	l, err := newLogPipe(r, log, done)
	require.NoError(t, err)
	want := ""
	for i := range 2000 {
		line := fmt.Sprintln("line", i)
		want += line
		_, err := w.WriteString(line)
		require.NoError(t, err)
		l.catchUp()
		require.Equal(t, len(want), len(log.String()), "after line %d", i)
	}
	require.Equal(t, want, log.String())
	require.NoError(t, w.Close())
	select {
	case <-done:
	case <-time.After(time.Minute):
		require.Fail(t, "the end of the pipe is not noticed")
	}
	l.catchUp() // does no harm
}
