package main

// edit replaces the single occurrence of old by new in a stock file.
type edit struct{ file, old, new string }

// srcEdits change the derived GOROOT's src.
var srcEdits = []edit{
	{"internal/syslist/syslist.go", "\t\"solaris\":   true,\n\t\"wasip1\":", "\t\"solaris\":   true,\n\t\"tamago\":    true,\n\t\"wasip1\":"},
	{"internal/platform/zosarch.go", "\t{\"solaris\", \"amd64\"},\n", "\t{\"solaris\", \"amd64\"},\n\t{\"tamago\", \"amd64\"},\n"},
	{"internal/platform/zosarch.go", "\t{\"wasip1\", \"wasm\"}:     {},\n", "\t{\"tamago\", \"amd64\"}:    {},\n\t{\"wasip1\", \"wasm\"}:     {},\n"},

	// The heap's place and granularity come from runtime/goos by way of
	// _port/runtime/goosconst_*.go; the constants are 0 on other systems.
	{"runtime/malloc.go", "heapAddrBits = (_64bit*(1-goarch.IsWasm)*(1-goos.IsIos*goarch.IsArm64))*48 +",
		"heapAddrBits = goosHeapAddrBits + (_64bit*(1-goarch.IsWasm)*(1-goos.IsTamago)*(1-goos.IsIos*goarch.IsArm64))*48 +"},
	{"runtime/malloc.go", "logHeapArenaBytes = (6+20)*(_64bit*(1-goos.IsWindows)*(1-goarch.IsWasm)*",
		"logHeapArenaBytes = goosLogHeapArenaBytes + (6+20)*(_64bit*(1-goos.IsWindows)*(1-goos.IsTamago)*(1-goarch.IsWasm)*"},
	{"runtime/malloc.go", "arenaBaseOffset = 0xffff800000000000*goarch.IsAmd64 +", "arenaBaseOffset = goosArenaBaseOffset + 0xffff800000000000*goarch.IsAmd64*(1-goos.IsTamago) +"},
	{"runtime/stack.go", "stackSystem = goos.IsWindows*4096 +", "stackSystem = goosStackSystem + goos.IsWindows*4096 +"},

	// Hooks of the application (os_tamago.go).
	{"runtime/mem_sbrk.go", "func sysUnusedOS(v unsafe.Pointer, n uintptr) {\n}", "func sysUnusedOS(v unsafe.Pointer, n uintptr) {\n\tif heapUnused != nil {\n\t\theapUnused(uintptr(v), n)\n\t}\n}"},
	{"runtime/mem_sbrk.go", "func sysUsedOS(v unsafe.Pointer, n uintptr) {\n}", "func sysUsedOS(v unsafe.Pointer, n uintptr) {\n\tif heapUsed != nil {\n\t\theapUsed(uintptr(v), n)\n\t}\n}"},
	{"runtime/mem_sbrk.go", "var memlock mutex\n", "var memlock mutex\n\n// See os_tamago.go; nil elsewhere.\nvar (\n\theapGrow func(addr, n uintptr) bool\n\theapUnused, heapUsed func(addr, n uintptr)\n)\n"},

	// No sysmon thread; LockOSThread does nothing: an M is a CPU.
	{"runtime/proc.go", `const haveSysmon = GOARCH != "wasm"`, `const haveSysmon = GOARCH != "wasm" && GOOS != "tamago"`},
	{"runtime/proc.go", "func dolockOSThread() {\n\tif GOARCH == \"wasm\" {", "func dolockOSThread() {\n\tif GOARCH == \"wasm\" || GOOS == \"tamago\" {"},
	{"runtime/proc.go", "func dounlockOSThread() {\n\tif GOARCH == \"wasm\" {", "func dounlockOSThread() {\n\tif GOARCH == \"wasm\" || GOOS == \"tamago\" {"},
	{"runtime/proc.go", `haveTemplateThread) == 0 && GOOS != "plan9" {`, `haveTemplateThread) == 0 && GOOS != "plan9" && GOOS != "tamago" {`},
	// The scheduler looks at the interrupt event word at every pass.
	{"runtime/proc.go", "\tnow, pollUntil, _ := pp.timers.check(0, nil)\n\n\t// Try to schedule the trace reader.",
		"\teventPoll()\n\tnow, pollUntil, _ := pp.timers.check(0, nil)\n\n\t// Try to schedule the trace reader."},
	{"runtime/asm_amd64.s", "\tCALL\truntime·schedinit(SB)\n", "\tCALL\truntime·schedinit(SB)\n#ifdef GOOS_tamago\n\tCALL\truntime·hwinit1(SB)\n#endif\n"},
}

// goEdits change cmd/go, which is the only tool that is rebuilt. It runs the
// stock compile, asm and link with GOOS=linux: all that they take from it is
// the ELF format and the TLS model.
var goEdits = []edit{
	{"cmd/go/internal/work/shell.go", "\tcmd.Env = append(cmd.Env, env...)\n\tstart := time.Now()\n",
		"\tcmd.Env = append(cmd.Env, env...)\n\tif cfg.Goos == \"tamago\" {\n\t\tcmd.Env = append(cmd.Env, \"GOOS=linux\")\n\t}\n\tstart := time.Now()\n"},
	{"cmd/go/internal/work/buildid.go", "\t\tcmd := exec.Command(cmdline[0], cmdline[1:]...)\n\t\tvar stdout, stderr strings.Builder\n",
		"\t\tcmd := exec.Command(cmdline[0], cmdline[1:]...)\n\t\tif cfg.Goos == \"tamago\" {\n\t\t\tcmd.Env = append(os.Environ(), \"GOOS=linux\")\n\t\t}\n\t\tvar stdout, stderr strings.Builder\n"},
	{"cmd/go/internal/work/gc.go", "\tldflags = append(ldflags, \"-buildmode=\"+ldBuildmode)\n",
		"\tldflags = append(ldflags, \"-buildmode=\"+ldBuildmode)\n\tif cfg.Goos == \"tamago\" {\n\t\tldflags = append(ldflags, \"-E=_rt0_\"+cfg.Goarch+\"_tamago\", \"-checklinkname=0\")\n\t}\n"},
	{"cmd/go/internal/fsys/fsys.go", "\tif OverlayFile == \"\" {\n\t\treturn nil\n\t}\n", "\tif OverlayFile == \"\" {\n\t\treturn initGoos(nil)\n\t}\n"},
	{"cmd/go/internal/fsys/fsys.go", "\treturn initFromJSON(b)\n", "\treturn initGoos(b)\n"},
}

// goNew are new files of cmd/go.
var goNew = map[string]string{
	"cmd/go/internal/fsys/goospkg.go": `package fsys

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// initGoos initializes the overlay with js, the user's (or nil), and with
// the files of the package that GOOSPKG names in place of runtime/goos.
// GOOSPKG is a directory, or the path of a module that holds the working
// directory, or of a package directory in it; either has the package in its
// directory goos.
// (Bind will not do: Stat of a mount point fails.)
func initGoos(js []byte) error {
	pkg := os.Getenv("GOOSPKG")
	if pkg == "" {
		if js == nil {
			return nil
		}
		return initFromJSON(js)
	}
	exe, err := os.Executable()
	if err == nil {
		exe, err = filepath.EvalSymlinks(exe)
	}
	if err != nil {
		return err
	}
	mtpt := filepath.Join(filepath.Dir(filepath.Dir(exe)), "src", "runtime", "goos")
	dir := pkg
	if !filepath.IsAbs(dir) {
		root := cwd()
		for ; ; root = filepath.Dir(root) {
			if m := modulePath(root); m != "" && (pkg == m || strings.HasPrefix(pkg, m+"/")) {
				dir = filepath.Join(root, filepath.FromSlash(strings.TrimPrefix(pkg, m)))
				break
			}
			if root == filepath.Dir(root) {
				return fmt.Errorf("GOOSPKG: module %s not found above %s", pkg, cwd())
			}
		}
	}
	dir = filepath.Join(dir, "goos")
	var ov overlayJSON
	if js != nil {
		if err := json.Unmarshal(js, &ov); err != nil {
			return fmt.Errorf("parsing overlay JSON: %v", err)
		}
	}
	if ov.Replace == nil {
		ov.Replace = make(map[string]string)
	}
	stub, err := os.ReadDir(mtpt)
	if err != nil {
		return fmt.Errorf("GOOSPKG: %v", err)
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("GOOSPKG: %v", err)
	}
	for _, f := range stub {
		ov.Replace[filepath.Join(mtpt, f.Name())] = ""
	}
	for _, f := range files {
		if !f.IsDir() {
			ov.Replace[filepath.Join(mtpt, f.Name())] = filepath.Join(dir, f.Name())
		}
	}
	if js, err = json.Marshal(&ov); err != nil {
		return err
	}
	return initFromJSON(js)
}

func modulePath(dir string) string {
	b, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); len(f) >= 2 && f[0] == "module" {
			return strings.Trim(f[1], "\"")
		}
	}
	return ""
}
`,
}

// Build constraints. In the packages below a file with a //go:build line that
// mentions js is taken by tamago exactly where js/wasm takes it (no threads
// of its own, no processes, no sockets), except for those named in keep and
// in the explicit lists.
var likeJS = []string{
	"archive/tar", "crypto/internal/fips140/drbg", "crypto/x509", "internal/filepathlite", "internal/poll",
	"internal/syscall/unix", "internal/testenv", "mime", "net", "net/http",
	"net/internal/socktest", "os", "os/exec", "os/exec/internal/fdtest",
	"os/signal", "os/user", "path/filepath", "syscall", "testing", "time",
}

var (
	// keep: files that name js and are left alone.
	keep = []string{
		"net/http/roundtrip.go", "net/http/roundtrip_js.go", "net/http/transport_default_wasm.go",
		"syscall/syscall_js.go", "syscall/fs_js.go", "syscall/net_js.go",
		"time/zoneinfo_js.go",
	}
	// include: further files that tamago takes.
	include = []string{
		"runtime/lock_sema.go", "runtime/mem_sbrk.go",
	}
	// exclude: files that tamago would take and must not.
	exclude = []string{
		"crypto/internal/fips140/drbg/entropy_fips140.go", // 32 MiB of bss
		"runtime/mem_nonsbrk.go",
		"runtime/stubs2.go", "runtime/stubs3.go", "runtime/timestub2.go",
		"runtime/sigqueue.go", "runtime/sigqueue_note.go", "runtime/mmap.go",
	}
)
