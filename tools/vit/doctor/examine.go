package doctor

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
)

// Finding is what was found about a Need.
type Finding struct {
	Name    string `json:"name"`
	OK      bool   `json:"ok"`
	File    string `json:"file,omitempty"`    // where it is
	Problem string `json:"problem,omitempty"` // why it is not there
	Package string `json:"package,omitempty"` // what would install it here
	Hint    string `json:"hint,omitempty"`
}

// Report is the result of an examination.
type Report struct {
	Purpose  string    `json:"purpose"`
	OK       bool      `json:"ok"`
	Findings []Finding `json:"findings"`
	// Install is the command that installs what is missing.
	Install string `json:"install,omitempty"`

	manager string
}

// Examine looks for the needs of a purpose.
func Examine(purpose string, needs []Need) Report {
	return examine(purpose, needs, packageManager())
}

// examine looks for needs on a host with the given package manager.
func examine(purpose string, needs []Need, manager string) Report {
	r := Report{Purpose: purpose, OK: true, manager: manager}
	for _, n := range needs {
		f := Finding{Name: n.Name, OK: true}
		var err error
		if f.File, err = n.Find(); err != nil {
			f.OK, f.Problem, f.Package = false, err.Error(), n.Packages[manager]
			if f.Package == "" {
				f.Hint = n.Hint
			}
			r.OK = false
		}
		r.Findings = append(r.Findings, f)
	}
	if command, err := r.InstallCommand(); err == nil && !r.OK {
		var lines []string
		for _, c := range command {
			lines = append(lines, strings.Join(c, " "))
		}
		r.Install = strings.Join(lines, " && ")
	}
	return r
}

// Missing returns the names of what is missing.
func (r Report) Missing() []string {
	var out []string
	for _, f := range r.Findings {
		if !f.OK {
			out = append(out, f.Name)
		}
	}
	return out
}

// Files returns the files that were found.
func (r Report) Files() []string {
	var out []string
	for _, f := range r.Findings {
		if f.OK {
			out = append(out, f.File)
		}
	}
	return out
}

// Print writes the report as text.
func (r Report) Print(w io.Writer) {
	for _, f := range r.Findings {
		if f.OK {
			fmt.Fprintf(w, "ok       %-24s %s\n", f.Name, f.File)
			continue
		}
		fmt.Fprintf(w, "missing  %-24s %s\n", f.Name, f.Problem)
		if f.Hint != "" {
			fmt.Fprintf(w, "         %-24s %s\n", "", f.Hint)
		}
	}
	if r.Install != "" {
		fmt.Fprintf(w, "\nThis installs what is missing:\n\n  %s\n\nor let 'vit doctor --install --for %s' do it.\n", r.Install, r.Purpose)
	}
}

// program returns a function that finds one of the named programs.
func program(names ...string) func() (string, error) {
	return func() (string, error) {
		for _, name := range names {
			if path, err := exec.LookPath(name); err == nil {
				return path, nil
			}
		}
		return "", errors.New("not in PATH")
	}
}

// anyFile returns a function that finds one of the named files.
func anyFile(names ...string) func() (string, error) {
	return func() (string, error) {
		for _, name := range names {
			if _, err := os.Stat(name); err == nil {
				return name, nil
			}
		}
		return "", fmt.Errorf("no %s", names[0])
	}
}

// goVersion finds the version in the output of 'go version'.
var goVersion = regexp.MustCompile(`\bgo1\.(\d+)`)

// oldestGo is the first Go, 1.21, that can fetch the one that go.mod names.
const oldestGo = 21

// findGo finds a go command that is not too old.
func findGo() (string, error) {
	path, err := exec.LookPath("go")
	if err != nil {
		return "", errors.New("not in PATH")
	}
	command := exec.Command(path, "version")
	command.Env = append(os.Environ(), "GOTOOLCHAIN=local") // ask this one, not the one it would fetch
	command.Dir = "/"
	out, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("%s version: %w", path, err)
	}
	if err := checkGo(string(out)); err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	return path, nil
}

// checkGo tells whether the output of 'go version' is of a Go that will do.
func checkGo(out string) error {
	m := goVersion.FindStringSubmatch(out)
	if m == nil {
		return nil // a development version
	}
	if minor, _ := strconv.Atoi(m[1]); minor < oldestGo {
		return fmt.Errorf("%s is too old", m[0])
	}
	return nil
}
