package qemu

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/tools/qemu/guest"
)

// What a student asks of QEMU's log does not keep a triple fault from being
// explained.
func TestATripleFaultIsExplainedWhateverElseIsLogged(t *testing.T) {
	for name, extra := range map[string]string{
		"items":          "-d guest_errors",
		"the same items": "-d int,cpu_reset",
		"a file":         "-D FILE",
		"both":           "--d in_asm --D FILE",
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "log")
			m := boot(t, guest.TripleFault(), func(c *Config) {
				c.Extra = strings.Fields(strings.ReplaceAll(extra, "FILE", file))
			})
			r := m.Wait()
			require.Equal(t, TripleFault.String(), r.Outcome.String(), "%+v", r)
			require.EqualValues(t, guest.Entry+guest.FaultOffset, r.Fault.PC)
			log, err := os.ReadFile(file)
			if !strings.Contains(extra, "FILE") {
				require.ErrorIs(t, err, os.ErrNotExist)
				return
			}
			require.NoError(t, err)
			require.Contains(t, string(log), tripleLine)
			require.Equal(t, strings.Contains(extra, "in_asm"), strings.Contains(string(log), "IN:"))
		})
	}
}

func TestALogFileThatCannotBeMadeIsAnError(t *testing.T) {
	_, err := Start(t.Context(), Config{
		Kernel: save(t, guest.Exit(0)), Timeout: patience,
		Extra: []string{"-D", filepath.Join(t.TempDir(), "no such folder", "log")},
	})
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestOnlyWhatIsAboutTheLogIsTakenOut(t *testing.T) {
	others, items, file := logOptions(strings.Fields("-rtc base=utc -d int -D /tmp/a -device d -d help -D /tmp/b --d exec D d -d"))
	require.Equal(t, strings.Fields("-rtc base=utc -device d -d help D d -d"), others)
	require.Equal(t, ",int,exec", items)
	require.Equal(t, "/tmp/b", file)
	others, items, file = logOptions(nil)
	require.Empty(t, others)
	require.Empty(t, items)
	require.Empty(t, file)
}
