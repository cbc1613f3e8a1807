package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

// buildGo builds the derived go command from tree, which has the stock
// library and the changed sources of cmd/go, with the stock go command.
//
// It builds from the copy because the stock tree may be in the module cache,
// where the go command does not allow files to be replaced by an overlay. The
// result depends on the sources only: -trimpath keeps the name of the
// directory out of it, and the environment is cleared of settings.
func buildGo(ctx context.Context, stock *stockGo, tree, cache string) error {
	cmd := exec.CommandContext(ctx, stock.goCommand(), "build", "-trimpath", "-buildvcs=false",
		"-ldflags=-s -w -buildid=", "-o", filepath.Join(tree, "bin", "go"), "cmd/go")
	cmd.Dir = filepath.Join(tree, "src", "cmd")
	cmd.Env = append(withoutGo(os.Environ()),
		"GOROOT="+tree, "GOENV=off", "GOTOOLCHAIN=local", "GOWORK=off", "CGO_ENABLED=0",
		"GOOS="+runtime.GOOS, "GOARCH="+runtime.GOARCH, "GOCACHE="+buildCache(ctx, stock, cache))
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output

	// The builder must not outlive this process, even if that is killed. The
	// host's kernel sees to it as long as the thread that started it lives.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("building cmd/go of %s: %w\n%s", stock.version, err, output.Bytes())
	}
	return nil
}

// withoutGo is env without the variables that configure Go.
func withoutGo(env []string) (rest []string) {
	for _, v := range env {
		if !strings.HasPrefix(v, "GO") && !strings.HasPrefix(v, "CGO_") {
			rest = append(rest, v)
		}
	}
	return rest
}

// buildCache is where the user's go command keeps compiled packages. Without
// one, as without a home directory, there is one in our cache.
func buildCache(ctx context.Context, stock *stockGo, cache string) string {
	cmd := exec.CommandContext(ctx, stock.goCommand(), "env", "GOCACHE")
	cmd.Env = append(os.Environ(), "GOTOOLCHAIN=local")
	out, err := cmd.Output()
	if dir := strings.TrimSpace(string(out)); err == nil && filepath.IsAbs(dir) {
		return dir
	}
	return filepath.Join(cache, "go-build")
}
