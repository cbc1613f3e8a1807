package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Result is what a derivation tells.
type Result struct {
	GOROOT  string  `json:"goroot"`  // the derived one
	Stock   string  `json:"stock"`   // the GOROOT that it comes from
	Version string  `json:"version"` // of Go: go1.26.4
	Cached  bool    `json:"cached"`  // it was there already
	Seconds float64 `json:"seconds"` // what it took
}

// deriveFrom returns the GOROOT that is derived from stock, from the cache or
// by making it.
//
// Errors: *AnchorError, or why the disk or the compiler would not.
func deriveFrom(ctx context.Context, stock *stockGo, cache string, p *progress) (*Result, error) {
	start := time.Now()
	tree := filepath.Join(cache, address(stock))
	result := &Result{GOROOT: tree, Stock: stock.root, Version: stock.version}
	defer func() { result.Seconds = time.Since(start).Seconds() }()
	if complete(tree) {
		touch(tree)
		result.Cached = true
		return result, nil
	}
	unlock, err := lock(ctx, tree, func() { p.note("somebody else is deriving %s; waiting", tree) })
	if err != nil {
		return nil, err
	}
	defer unlock()
	if complete(tree) { // while this process waited
		result.Cached = true
		return result, nil
	}
	sweep(cache, tree)
	if err := makeTree(ctx, stock, cache, tree, p); err != nil {
		return nil, err
	}
	prune(cache, tree)
	return result, nil
}

// makeTree derives tree. It works in a temporary directory and renames that
// at the end, so tree is never half-made.
func makeTree(ctx context.Context, stock *stockGo, cache, tree string, p *progress) error {
	if !stock.known() {
		p.note("%s is newer than the versions that are known to work (%s to %s); trying", stock.version, oldest, newest)
	}
	plan, err := newPlan(stock)
	if err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(cache, filepath.Base(tree)+".tmp")
	if err != nil {
		return cacheError(err)
	}
	defer os.RemoveAll(tmp)
	if err := os.Chmod(tmp, 0o755); err != nil { // others may use it, too
		return err
	}
	src := filepath.Join(tmp, "src")

	p.step("copying %s's sources for GOOS=tamago, once for this version", stock.version)
	if err := copyStock(stock, tmp); err != nil {
		return fmt.Errorf("copying: %w", err)
	}
	// The go command runs on the host, so it is built with the library as it
	// was. Then its sources go: nothing of cmd is for the bare machine.
	p.step("building its go command")
	if err := writeFiles(src, plan.command.files); err != nil {
		return err
	}
	if err := buildGo(ctx, stock, tmp, cache); err != nil {
		return err
	}
	if err := os.RemoveAll(filepath.Join(src, "cmd")); err != nil {
		return err
	}
	p.step("changing the library")
	if err := writeFiles(src, plan.library.files); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return install(tmp, tree)
}

// install gives the finished tree its name. If another process was faster,
// its tree stands: the two are the same.
func install(tmp, tree string) error {
	err := os.Rename(tmp, tree)
	if err == nil || complete(tree) {
		return nil
	}
	// Something else is in the way, as a tree from which bin/go was removed.
	if err := os.RemoveAll(tree); err != nil {
		return err
	}
	return os.Rename(tmp, tree)
}
