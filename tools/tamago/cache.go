package main

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// The cache directory holds, for each content address,
//
//	go1.26.4-0123456789ab/         a derived GOROOT. It comes into being by a
//	                               rename, so it is complete if it is there
//	go1.26.4-0123456789ab.lock     who derives it holds this file's lock
//	go1.26.4-0123456789ab.tmp*/    it is under way, or was when it was killed
//
// The kernel of the host drops the lock of a process that dies, however it
// dies. So whoever gets the lock knows that temporary trees of that address
// are rubbish.

// portRoot is the directory of added files, as port names it.
const portRoot = "_port"

//go:embed _port
var port embed.FS

// self are the files that determine what a derivation makes. They are part
// of the content address: after a change here, everybody derives anew.
//
//go:embed constraints.go copy.go derive.go edits.go edits_cmdgo.go gocmd.go plan.go stdfiles.go
var self embed.FS

// address names the tree that is derived from stock. It has all that
// determines the result; other than by the path, a Go is known by its file
// VERSION, as reading all of it would take too long.
func address(stock *stockGo) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n%s/%s\n", stock.root, stock.stamp, runtime.GOOS, runtime.GOARCH)
	for _, files := range []fs.FS{self, port} {
		err := fs.WalkDir(files, ".", func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			b, err := fs.ReadFile(files, p)
			fmt.Fprintf(h, "%s %d\n%s", p, len(b), b)
			return err
		})
		if err != nil {
			panic(err) // the files are in this program
		}
	}
	return stock.version + "-" + hex.EncodeToString(h.Sum(nil))[:12]
}

// cacheDir makes the cache directory, which is dir, or if that is empty,
// ours in the user's.
func cacheDir(dir string) (string, error) {
	if dir == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("there is no place for the derived Go: %w; set one of these, or name a directory with -cache", err)
		}
		dir = filepath.Join(user, "vitrine", "goroots")
	}
	dir, err := filepath.Abs(dir)
	if err == nil {
		err = os.MkdirAll(dir, 0o777)
	}
	if err != nil {
		return "", cacheError(err)
	}
	return dir, nil
}

func cacheError(err error) error {
	return fmt.Errorf("the cache directory cannot be used: %w; name a writable one with -cache, or set XDG_CACHE_HOME", err)
}

// complete reports whether the derived tree is there.
func complete(tree string) bool {
	_, err := os.Stat(filepath.Join(tree, "bin", "go"))
	return err == nil
}

// lock waits until this process is the only one that derives tree. Where the
// file system has no locks, it does not wait: then the first rename wins.
// waiting is called if there is somebody else.
func lock(ctx context.Context, tree string, waiting func()) (unlock func(), err error) {
	f, err := os.OpenFile(tree+".lock", os.O_CREATE|os.O_RDWR, 0o666)
	if err != nil {
		return nil, cacheError(err)
	}
	for first := true; ; first = false {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return func() { f.Close() }, nil
		}
		if first {
			waiting()
		}
		select {
		case <-ctx.Done():
			f.Close()
			return nil, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// sweep removes what killed derivations have left in the cache directory:
// temporary trees of which nobody holds the lock. The caller holds that of
// own.
func sweep(cache, own string) {
	left, _ := filepath.Glob(filepath.Join(cache, "*.tmp*"))
	for _, tmp := range left {
		tree := tmp[:strings.LastIndex(tmp, ".tmp")]
		if tree == own {
			os.RemoveAll(tmp)
			continue
		}
		ifUnlocked(tree, func() { os.RemoveAll(tmp) })
	}
}

// unused is how long a derived tree is kept that nobody asks for.
const unused = 30 * 24 * time.Hour

// touch notes that somebody has asked for tree, by the time of its lock file.
func touch(tree string) {
	now := time.Now()
	os.Chtimes(tree+".lock", now, now) // if it fails, the tree is derived anew one day
}

// prune removes the trees for which nobody has asked for long. Their lock
// files stay: somebody may be waiting for one.
func prune(cache, own string) {
	locks, _ := filepath.Glob(filepath.Join(cache, "go*.lock"))
	for _, l := range locks {
		tree := strings.TrimSuffix(l, ".lock")
		info, err := os.Stat(l)
		if tree == own || err != nil || time.Since(info.ModTime()) < unused {
			continue
		}
		ifUnlocked(tree, func() { os.RemoveAll(tree) })
	}
}

// ifUnlocked calls f with the lock of tree, if nobody else holds it.
func ifUnlocked(tree string, f func()) {
	l, err := os.OpenFile(tree+".lock", os.O_CREATE|os.O_RDWR, 0o666)
	if err != nil {
		return
	}
	defer l.Close()
	if syscall.Flock(int(l.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
		f()
	}
}
