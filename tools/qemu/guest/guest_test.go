package guest

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/arch/x86/x86asm"
)

// listing decodes the code of a bootable file, as 32-bit instructions, up to n
// bytes.
func listing(t *testing.T, file []byte, n int) string {
	var lines []string
	code := file[headerSize:]
	for at := 0; at < min(n, len(code)); {
		i, err := x86asm.Decode(code[at:], 32)
		require.NoError(t, err, "at %#x", at)
		lines = append(lines, x86asm.GNUSyntax(i, uint64(Entry+at), nil))
		at += i.Len
	}
	return strings.Join(lines, "\n")
}

func TestTheBytesAreTheInstructionsThatTheCommentsName(t *testing.T) {
	const all = 1 << 20
	for name, c := range map[string]struct {
		file  []byte
		bytes int
		want  string
	}{
		"exit":  {Exit(0x2a), all, "mov $0x2a,%al\nout %al,$0xf4\njmp 0x100024"},
		"spin":  {Spin(), all, "jmp 0x100020"},
		"sleep": {Sleep(), all, "hlt\njmp 0x100020"},
		"reset": {Reset(), all, "mov $0xfe,%al\nout %al,$0x64\njmp 0x100024"},
		"power": {PowerOff(), all, "mov $0x604,%dx\nmov $0x2000,%ax\nout %ax,(%dx)\njmp 0x10002a"},
		"die":   {Die(), all, "mov $0x505,%dx\nmov $0x1,%al\nout %al,(%dx)\njmp 0x100029\nmov $0x9,%al\nout %al,$0xf4\njmp 0x10002d"},
		"fault": {TripleFault(), FaultOffset + 2, "lidtl 0x100030\nnop\nud2"},
		"echo": {Echo(), all, `mov $0x3f8,%dx
mov $0x3e,%al
out %al,(%dx)
mov $0xfd,%dl
in (%dx),%al
test $0x1,%al
je 0x100027
mov $0xf8,%dl
in (%dx),%al
out %al,(%dx)
cmp $0x2e,%al
jne 0x100027
mov $0xfd,%dl
in (%dx),%al
test $0x40,%al
je 0x100038
mov $0x7,%al
out %al,$0xf4`},
		"flood": {Flood(1), all, `mov $0x400,%ecx
xor %ebx,%ebx
mov $0x3fd,%dx
in (%dx),%al
test $0x20,%al
je 0x10002b
mov $0xf8,%dl
mov %bl,%al
out %al,(%dx)
inc %ebx
dec %ecx
jne 0x100027
mov $0xfd,%dl
in (%dx),%al
test $0x40,%al
je 0x10003b
mov $0x0,%al
out %al,$0xf4`},
		"letters":   {Letters("A"), all, "movw $0x1f41,0xb8000\nhlt\njmp 0x100029"},
		"scancodes": {Scancodes(), all, "mov $0x3f8,%dx\nmov $0x3e,%al\nout %al,(%dx)\nin $0x64,%al\ntest $0x1,%al\nje 0x100027\nin $0x60,%al\njmp 0x100026"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, listing(t, c.file, c.bytes))
		})
	}
}

func TestTheHeaderAddsUpToZero(t *testing.T) {
	b := Spin()
	var sum uint32
	for i := range 3 {
		sum += binary.LittleEndian.Uint32(b[4*i:])
	}
	require.Zero(t, sum)
	require.EqualValues(t, loadAt+len(b), binary.LittleEndian.Uint32(b[20:]))
	require.EqualValues(t, Entry, binary.LittleEndian.Uint32(b[28:]))
}
