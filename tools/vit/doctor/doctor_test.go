package doctor

import (
	"bytes"
	"errors"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// host makes needs that are met or not.
func host(met map[string]bool) []Need {
	var out []Need
	for _, n := range needs() {
		n.Find = func() (string, error) {
			if met[n.Name] {
				return "/bin/" + n.Name, nil
			}
			return "", errors.New("not in PATH")
		}
		out = append(out, n)
	}
	return out
}

// plain drops sudo, which depends on who runs the test.
func plain(commands [][]string) [][]string {
	for i, c := range commands {
		if c[0] == "sudo" {
			commands[i] = c[1:]
		}
	}
	return commands
}

func TestEachPurposeNeedsWhatIsBuiltOn(t *testing.T) {
	names := func(purpose string) []string {
		needs, err := For(purpose)
		require.NoError(t, err)
		var out []string
		for _, n := range needs {
			out = append(out, n.Name)
		}
		return out
	}
	require.Subset(t, names(Run), names(Build))
	require.Subset(t, names(Debug), names(Run))
	require.Subset(t, names(Test), names(Debug))
	require.Subset(t, names(Test), names(ISO))
	require.ElementsMatch(t, names(All), names(Test))
	_, err := For("dinner")
	require.ErrorContains(t, err, `no purpose "dinner"`)
}

func TestEverythingButGoComesFromAPackageEverywhere(t *testing.T) {
	for _, n := range needs() {
		if n.Hint != "" {
			continue
		}
		for _, manager := range []string{apt, dnf, pacman} {
			require.NotEmpty(t, n.Packages[manager], "%s with %s", n.Name, manager)
		}
	}
}

func TestMissingPackagesAreInstalledOnceEach(t *testing.T) {
	met := map[string]bool{"go 1.21 or newer": true, "make": true, "gdb": true, "xorriso": true}
	for manager, want := range map[string][][]string{
		apt: {
			{"apt-get", "update", "-q"},
			{
				"apt-get", "install", "-q", "-y", "--no-install-recommends", "binutils", "qemu-system-x86",
				"grub-common", "grub-pc-bin", "grub-efi-amd64-bin", "mtools", "gcc",
				"libc6-dev", "ovmf", "chromium",
			},
		},
		dnf: {{
			"dnf", "install", "-y", "binutils", "qemu-system-x86-core", "grub2-tools-extra", "grub2-pc-modules",
			"grub2-efi-x64-modules", "mtools", "gcc", "glibc-devel", "edk2-ovmf", "chromium",
		}},
		pacman: {{"pacman", "-Sy", "--needed", "--noconfirm", "binutils", "qemu-system-x86", "grub", "mtools", "gcc", "glibc", "edk2-ovmf", "chromium"}},
	} {
		r := examine(Test, host(met), manager)
		require.False(t, r.OK)
		commands, err := r.InstallCommand()
		require.NoError(t, err)
		require.Equal(t, want, plain(commands))
		var b bytes.Buffer
		r.Print(&b)
		require.Contains(t, b.String(), "ok       make")
		require.Contains(t, b.String(), "missing  qemu-system-x86_64       not in PATH")
		require.Contains(t, b.String(), "This installs what is missing:")
	}
}

func TestWhatNoPackageBringsIsExplained(t *testing.T) {
	r := examine(Build, host(map[string]bool{"make": true})[:2], apt)
	_, err := r.InstallCommand()
	require.ErrorContains(t, err, "install Go from https://go.dev/dl/")
	r = examine(Build, host(nil)[1:2], "")
	_, err = r.InstallCommand()
	require.ErrorContains(t, err, "make is missing, and this host has neither apt-get nor dnf nor pacman")
}

func TestNothingMissingMeansNoCommand(t *testing.T) {
	r := examine(Build, host(map[string]bool{"make": true})[1:2], apt)
	require.True(t, r.OK)
	require.Empty(t, r.Install)
	require.Equal(t, []string{"/bin/make"}, r.Files())
	_, err := r.InstallCommand()
	require.Error(t, err)
}

func TestAnOldGoIsNotEnough(t *testing.T) {
	require.NoError(t, checkGo("go version go1.21.0 linux/amd64"))
	require.NoError(t, checkGo("go version go1.26.4 linux/amd64"))
	require.NoError(t, checkGo("go version devel +abc linux/amd64"))
	require.ErrorContains(t, checkGo("go version go1.19.8 linux/amd64"), "go1.19 is too old")
}

func TestInstallStopsAtTheFirstFailure(t *testing.T) {
	var out bytes.Buffer
	err := Install([][]string{{"sh", "-c", "echo one"}, {"false"}, {"sh", "-c", "echo three"}}, os.Stdin, &out)
	require.ErrorContains(t, err, "false: exit status 1")
	require.Equal(t, "one\n", out.String())
	require.NoError(t, Install([][]string{{"false", "update"}}, os.Stdin, &out), "old package lists may do")
	require.ErrorContains(t, Install([][]string{{"no-such-sudo", "x"}}, os.Stdin, &out), "run the commands as root")
}
