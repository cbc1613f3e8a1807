package book

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatTheTraceTellsByItselfComesInOrder(t *testing.T) {
	require.Equal(t, []string{
		"[   4.333686] kbd     byte      1e",
		"[   4.333778] kbd     event     A down",
		"[  14.358217] kbd     byte      8e",
	}, traced([]string{
		"[  14.358217] kbd     byte      8e", // by itself
		"[   4.333686] kbd     byte      1e",
		"[   4.333778] kbd     event     A down",
		"",
		"[   4.500000] console: another record",
		"[  14.358217] kbd     byte      8e",
	}))
}
