package main

// commandEdits change cmd/go, the only tool that is rebuilt.
//
// The stock compiler, assembler, linker and vet run with GOOS=linux in their
// environment. All that they take from it is the object format (ELF) and where
// the current goroutine is kept (-8(FS)); what they see of GOOS=tamago are the
// files that cmd/go hands them, and the assembler's -D GOOS_tamago.
var commandEdits = []edit{
	{
		File:    "cmd/go/internal/work/shell.go",
		Purpose: "run the stock tools with GOOS=linux",
		Old:     "\tcmd.Env = append(cmd.Env, env...)\n\tstart := time.Now()\n",
		New:     "\tcmd.Env = append(cmd.Env, env...)\n\tif cfg.Goos == \"tamago\" {\n\t\tcmd.Env = append(cmd.Env, \"GOOS=linux\")\n\t}\n\tstart := time.Now()\n",
	},
	{
		File:    "cmd/go/internal/work/buildid.go",
		Purpose: "ask the stock tools for their versions with GOOS=linux",
		Old:     "\t\tcmd := exec.Command(cmdline[0], cmdline[1:]...)\n\t\tvar stdout, stderr strings.Builder\n",
		New:     "\t\tcmd := exec.Command(cmdline[0], cmdline[1:]...)\n\t\tif cfg.Goos == \"tamago\" {\n\t\t\tcmd.Env = append(os.Environ(), \"GOOS=linux\")\n\t\t}\n\t\tvar stdout, stderr strings.Builder\n",
	},
	{
		File:    "cmd/go/internal/work/buildid.go",
		Purpose: "keep apart in the build cache what upstream's tools of the same version compile",
		Old:     "\t\t// Use the whole line.\n\t\treturn strings.TrimSpace(line)\n",
		New:     "\t\t// Use the whole line.\n\t\tif cfg.Goos == \"tamago\" {\n\t\t\treturn strings.TrimSpace(line) + \" run with GOOS=linux for tamago\"\n\t\t}\n\t\treturn strings.TrimSpace(line)\n",
	},
	{
		File:    "cmd/go/internal/work/gc.go",
		Purpose: "link with tamago's entry symbol; its assembly refers to other packages",
		Old:     "\tldflags = append(ldflags, \"-buildmode=\"+ldBuildmode)\n",
		New:     "\tldflags = append(ldflags, \"-buildmode=\"+ldBuildmode)\n\tif cfg.Goos == \"tamago\" {\n\t\tldflags = append(ldflags, \"-E=_rt0_\"+cfg.Goarch+\"_tamago\", \"-checklinkname=0\")\n\t}\n",
	},
	{
		File:    "cmd/go/internal/fsys/fsys.go",
		Purpose: "put GOOSPKG's package in the place of runtime/goos",
		Old:     "\tif OverlayFile == \"\" {\n\t\treturn nil\n\t}\n",
		New:     "\tif OverlayFile == \"\" {\n\t\treturn initGoos(nil)\n\t}\n",
	},
	{
		File:    "cmd/go/internal/fsys/fsys.go",
		Purpose: "do the same when there is an overlay",
		Old:     "\treturn initFromJSON(b)\n",
		New:     "\treturn initGoos(b)\n",
	},
	{
		File:    "cmd/go/internal/toolchain/select.go",
		Purpose: "never hand over to another toolchain, which would not know tamago",
		Old:     "\tgotoolchain := cfg.Getenv(\"GOTOOLCHAIN\")\n",
		New:     "\tgotoolchain := \"local\"\n",
	},
}
