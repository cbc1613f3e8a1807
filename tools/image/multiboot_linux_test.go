package image

import (
	"bytes"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/u-root/u-root/pkg/boot/kexec"
	"github.com/u-root/u-root/pkg/boot/multiboot"
)

// imageVariable names the image to look at. 'make test' sets it.
const imageVariable = "VITRINE_IMAGE"

// U-root is a boot loader written in Go, by others.
func TestAnotherBootLoaderAcceptsTheImage(t *testing.T) {
	t.Run("synthetic", func(t *testing.T) {
		file, _, err := Build(goodStub().file(), goodKernel().file())
		require.NoError(t, err)
		acceptedByURoot(t, file, 5)
	})
	t.Run("Vitrine", func(t *testing.T) {
		name := os.Getenv(imageVariable)
		if name == "" {
			t.Skip("the environment variable " + imageVariable + " names no image")
		}
		file, err := os.ReadFile(name)
		require.NoError(t, err)
		acceptedByURoot(t, file, 5)
	})
}

// acceptedByURoot checks that u-root finds the header, and at least that many
// segments to load.
func acceptedByURoot(t *testing.T, file []byte, segments int) {
	require.NoError(t, multiboot.Probe(bytes.NewReader(file)))
	var memory kexec.Memory
	_, err := memory.LoadElfSegments(bytes.NewReader(file))
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(memory.Segments), segments)
}
