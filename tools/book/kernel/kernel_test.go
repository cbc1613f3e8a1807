package kernel

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/tools/book/session"
)

// repository makes a folder with files.
func repository(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		write(t, filepath.Join(root, name), text)
	}
	return root
}

func write(t *testing.T, file, text string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
	require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
}

// replaced returns what the go command reads in place of root's files.
func replaced(t *testing.T, o *Overlay, root string) map[string]string {
	t.Helper()
	file, err := o.File()
	require.NoError(t, err)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var overlay struct{ Replace map[string]string }
	require.NoError(t, json.Unmarshal(text, &overlay))
	texts := map[string]string{}
	for name, other := range overlay.Replace {
		text, err := os.ReadFile(other)
		require.NoError(t, err)
		name, err = filepath.Rel(root, name)
		require.NoError(t, err)
		texts[name] = string(text)
	}
	return texts
}

const diff = `--- a/mm/addr.go
+++ b/mm/addr.go
@@ -1,3 +1,3 @@
 package mm

-const a = 1
+const a = 2
`

func TestAnOverlayChangesCopiesOnly(t *testing.T) {
	root := repository(t, map[string]string{"mm/addr.go": "package mm\n\nconst a = 1\n"})
	o := NewOverlay(filepath.Join(root, "build/x"))
	require.NoError(t, o.Apply(root, diff))
	require.NoError(t, o.Add(root, "mm/more.go", "package mm\n"))
	require.Equal(t, map[string]string{"mm/addr.go": "package mm\n\nconst a = 2\n", "mm/more.go": "package mm\n"}, replaced(t, o, root))
	text, err := os.ReadFile(filepath.Join(root, "mm/addr.go"))
	require.NoError(t, err)
	require.Equal(t, "package mm\n\nconst a = 1\n", string(text))
}

func TestASecondDiffIsAppliedToTheFirstOnesResult(t *testing.T) {
	root := repository(t, map[string]string{"mm/addr.go": "package mm\n\nconst a = 1\n"})
	o := NewOverlay(t.TempDir())
	require.NoError(t, o.Apply(root, diff))
	require.Error(t, o.Apply(root, diff), "there is no 1 any more")
	second := "--- a/mm/addr.go\n+++ b/mm/addr.go\n@@ -3 +3 @@\n-const a = 2\n+const a = 3\n"
	require.NoError(t, o.Apply(root, second))
	require.Equal(t, "package mm\n\nconst a = 3\n", replaced(t, o, root)["mm/addr.go"])
}

func TestADiffMayAddAFile(t *testing.T) {
	root, o := t.TempDir(), NewOverlay(t.TempDir())
	require.NoError(t, o.Apply(root, "--- /dev/null\n+++ b/mm/new.go\n@@ -0,0 +1 @@\n+package mm\n"))
	require.Equal(t, map[string]string{"mm/new.go": "package mm\n"}, replaced(t, o, root))
}

func TestWhatAnOverlayCannotHoldIsRefused(t *testing.T) {
	root, o := t.TempDir(), NewOverlay(t.TempDir())
	require.EqualError(t, o.Apply(root, diff), "there is no mm/addr.go")
	require.EqualError(t, o.Add(root, "../other/file.go", ""), `"../other/file.go" is not a file in the repository`)
	require.EqualError(t, o.Add(root, "/etc/passwd", ""), `"/etc/passwd" is not a file in the repository`)
	require.Error(t, o.Apply(root, "no diff"))
	require.Empty(t, replaced(t, o, root))
}

func TestAHashTellsTextsApart(t *testing.T) {
	require.Len(t, Hash(), 24)
	require.Equal(t, Hash("a", "b"), Hash("a", "b"))
	different := map[string]bool{}
	for _, texts := range [][]string{{}, {""}, {"ab"}, {"a", "b"}, {"b", "a"}, {"a", "b", ""}, {"1:a"}, {"a1:b"}} {
		different[Hash(texts...)] = true
	}
	require.Len(t, different, 8)
}

func TestAHashOfSourcesIsOfWhatIsCompiled(t *testing.T) {
	root := repository(t, map[string]string{"mm/addr.go": "package mm\n", "boot/boot.S": "hlt\n"})
	was := HashSources(root)
	for _, name := range []string{"docs/book/a.go", "build/a.go", ".git/a.go", "README.md"} {
		write(t, filepath.Join(root, name), "text\n")
		require.Equal(t, was, HashSources(root), name)
	}
	for _, name := range []string{"mm/new.go", "boot/boot.S", "boot/boot.ld", "go.mod", "scripts/gdb/a.py", "kernel/build/a.go"} {
		write(t, filepath.Join(root, name), "text\n")
		now := HashSources(root)
		require.NotEqual(t, was, now, name)
		was = now
	}
	require.NoError(t, os.Rename(filepath.Join(root, "mm/new.go"), filepath.Join(root, "mm/newer.go")))
	require.NotEqual(t, was, HashSources(root), "names count")
}

func TestAHashOfFilesGoesByNameAndText(t *testing.T) {
	one, other := repository(t, map[string]string{"a": "1"}), repository(t, map[string]string{"a": "1", "b": "1"})
	a := HashFiles(filepath.Join(one, "a"))
	require.Equal(t, a, HashFiles(filepath.Join(other, "a")), "wherever it lies")
	require.NotEqual(t, a, HashFiles(filepath.Join(other, "b")))
	require.NotEqual(t, a, HashFiles(filepath.Join(one, "none")))
}

func TestOurKernelIsTheOneThatIsBuilt(t *testing.T) {
	root := repository(t, nil)
	_, err := Ours(root)
	require.EqualError(t, err, "no "+root+"/build/vitrine.elf: 'make build' makes it")
	write(t, filepath.Join(root, "build/vitrine.elf"), "image")
	goroot := t.TempDir()
	require.NoError(t, os.Symlink(goroot, filepath.Join(root, "build/goroot")))
	k, err := Ours(root)
	require.NoError(t, err)
	require.Equal(t, session.Kernel{
		Image: root + "/build/vitrine.elf", Debug: root + "/build/vitrine.debug.elf", Stub: root + "/build/boot.elf",
		Places: []string{root, goroot},
	}, k)
}

func TestAKernelIsNotBuiltTwice(t *testing.T) {
	root := t.TempDir()
	o := NewOverlay(filepath.Join(root, Cache, "name"))
	write(t, filepath.Join(o.dir, "key"), "the key")
	k, err := Build(root, "the key", o)
	require.NoError(t, err)
	require.Equal(t, filepath.Join(o.dir, "vitrine.elf"), k.Image)
	_, err = Build(root, "another key", o)
	require.Error(t, err, "there is nothing here to build it from")
	require.NoFileExists(t, filepath.Join(o.dir, "key"), "what is there may be half of it")
}

func TestNamesOfFilesLoseTheirFolder(t *testing.T) {
	text := "\x00/home/me/os/kernel/main.go\x00/opt/go/src/fmt/print.go\x00code says /home/me/os/x\x00\x00/home/me/os/a"
	image := []byte(text)
	placeless(image, []string{"/home/me/os", "/opt/go"})
	zeroes := func(n int) string { return string(make([]byte, n)) }
	require.Equal(t, "\x00kernel/main.go"+zeroes(12)+"\x00src/fmt/print.go"+zeroes(8)+"\x00code says /home/me/os/x\x00\x00a"+zeroes(12), string(image))
	require.Len(t, image, len(text), "nothing else has moved")
}

func TestAPlacelessKernelIsACopy(t *testing.T) {
	root, folder := repository(t, map[string]string{"build/vitrine.elf": "\x00/here/a.go\x00"}), t.TempDir()
	k := session.Kernel{Image: filepath.Join(root, "build/vitrine.elf"), Debug: "debug", Places: []string{"/here"}}
	other, err := Placeless(k, folder)
	require.NoError(t, err)
	require.Equal(t, session.Kernel{Image: filepath.Join(folder, "vitrine.elf"), Debug: "debug", Places: []string{"/here"}}, other)
	text, err := os.ReadFile(other.Image)
	require.NoError(t, err)
	require.Equal(t, "\x00a.go\x00\x00\x00\x00\x00\x00\x00", string(text))
	text, err = os.ReadFile(k.Image)
	require.NoError(t, err)
	require.Equal(t, "\x00/here/a.go\x00", string(text))
	_, err = Placeless(session.Kernel{Image: "none"}, folder)
	require.ErrorIs(t, err, os.ErrNotExist)
}
