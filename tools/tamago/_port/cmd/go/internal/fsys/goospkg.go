// The package that GOOSPKG names takes the place of runtime/goos.

package fsys

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

// initGoos initializes the overlay with js, which is the user's or nil, and
// with the files of GOOSPKG's package in place of those of runtime/goos.
//
// (Bind would be shorter, but Stat fails on a mount point.)
//
// The go command has put GOROOT, GOOS and GOMODCACHE into its environment
// when this is called.
func initGoos(js []byte) error {
	pkg := os.Getenv("GOOSPKG")
	if os.Getenv("GOOS") != "tamago" || pkg == "" {
		if js == nil {
			return nil
		}
		return initFromJSON(js)
	}
	stub := filepath.Join(os.Getenv("GOROOT"), "src", "runtime", "goos")
	if _, err := os.Stat(stub); err != nil {
		return fmt.Errorf("GOROOT=%s does not know GOOS=tamago; unset GOROOT, and this go command takes its own", os.Getenv("GOROOT"))
	}
	dir, err := goosDir(pkg)
	if err != nil {
		return fmt.Errorf("GOOSPKG=%s: %v", pkg, err)
	}
	var ov overlayJSON
	if js != nil {
		if err := json.Unmarshal(js, &ov); err != nil {
			return fmt.Errorf("parsing overlay JSON: %v", err)
		}
	}
	if ov.Replace == nil {
		ov.Replace = make(map[string]string)
	}
	hidden, err := os.ReadDir(stub)
	if err != nil {
		return err
	}
	for _, f := range hidden {
		ov.Replace[filepath.Join(stub, f.Name())] = ""
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("GOOSPKG=%s: %v", pkg, err)
	}
	for _, f := range files {
		if f.IsDir() || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		file := filepath.Join(dir, f.Name())
		if to, ok := ov.Replace[file]; ok { // an editor's unsaved text
			file = to
		}
		ov.Replace[filepath.Join(stub, f.Name())] = file
	}
	if js, err = json.Marshal(&ov); err != nil {
		return err
	}
	return initFromJSON(js)
}

// goosDir is the directory of the hook package: goos in the directory, or in
// the module, or in the directory of the main module, that GOOSPKG names.
func goosDir(pkg string) (string, error) {
	if filepath.IsAbs(pkg) {
		return filepath.Join(pkg, "goos"), nil
	}
	root, mod, err := mainModule()
	if err != nil {
		return "", err
	}
	if mod.Module != nil {
		if dir, ok := strings.CutPrefix(pkg+"/", mod.Module.Mod.Path+"/"); ok {
			return filepath.Join(root, filepath.FromSlash(dir), "goos"), nil
		}
	}
	for _, r := range mod.Require {
		if r.Mod.Path == pkg {
			dir, err := moduleDir(root, mod, r.Mod)
			return filepath.Join(dir, "goos"), err
		}
	}
	return "", fmt.Errorf("neither an absolute directory, nor in the module of %s, nor required by it", filepath.Join(root, "go.mod"))
}

// mainModule finds the go.mod that is nearest above the working directory.
func mainModule() (root string, mod *modfile.File, err error) {
	for dir := cwd(); ; dir = filepath.Dir(dir) {
		name := filepath.Join(dir, "go.mod")
		if b, err := os.ReadFile(name); err == nil {
			mod, err := modfile.Parse(name, b, nil)
			return dir, mod, err
		}
		if dir == filepath.Dir(dir) {
			return "", nil, fmt.Errorf("no go.mod above %s; name an absolute directory", cwd())
		}
	}
}

// moduleDir is where the module m, which mod requires, is on the disk.
func moduleDir(root string, mod *modfile.File, m module.Version) (string, error) {
	for _, r := range mod.Replace {
		if r.Old.Path != m.Path || r.Old.Version != "" && r.Old.Version != m.Version {
			continue
		}
		if m = r.New; m.Version == "" { // a directory
			if filepath.IsAbs(m.Path) {
				return m.Path, nil
			}
			return filepath.Join(root, m.Path), nil
		}
		break
	}
	path, err := module.EscapePath(m.Path)
	if err != nil {
		return "", err
	}
	version, err := module.EscapeVersion(m.Version)
	if err != nil {
		return "", err
	}
	dir := filepath.Join(os.Getenv("GOMODCACHE"), path+"@"+version)
	if _, err := os.Stat(dir); err != nil {
		return "", fmt.Errorf("not downloaded: go mod download %s", m.Path)
	}
	return dir, nil
}
