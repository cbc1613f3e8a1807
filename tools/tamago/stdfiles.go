package main

// Which files of the standard library take part in a build for tamago is
// said by their build constraints. Two other systems are close to it:
//
//   - js: no threads of its own, no processes, no sockets. Package os and its
//     surroundings are to be for tamago what they are for js.
//   - plan9: its runtime has a heap that grows by a break, and semaphores.
//
// constraints.go rewrites the constraints accordingly.

// likeJS are the packages in which tamago takes part where js does. The rule
// is applied to files that name js, so that it also holds for files that a
// later Go adds.
var likeJS = []string{
	"archive/tar", "crypto/x509", "internal/filepathlite", "internal/poll",
	"internal/syscall/unix", "internal/testenv", "mime", "net", "net/http",
	"net/internal/socktest", "os", "os/exec", "os/exec/internal/fdtest",
	"os/signal", "os/user", "path/filepath", "syscall", "testing", "time",
}

// notLikeJS are files of these packages to which the rule does not apply:
// they are about the browser, or _port has its own.
var notLikeJS = map[string]bool{
	"net/http/roundtrip.go":              true, // the ordinary HTTP client, not the browser's
	"net/http/roundtrip_js.go":           true,
	"net/http/transport_default_wasm.go": true,
	"syscall/fs_js.go":                   true,
	"syscall/net_js.go":                  true,
	"syscall/syscall_js.go":              true,
	"time/zoneinfo_js.go":                true,
}

// participation puts one file into the build for tamago, or keeps it out.
type participation struct {
	File    string
	Take    bool
	Purpose string
}

// participations are files outside the rule.
var participations = []participation{
	{"runtime/lock_sema.go", true, "locks made of semaphores, which os_tamago.go has"},
	{"runtime/mem_sbrk.go", true, "a heap that grows by a break"},

	{"runtime/mem_nonsbrk.go", false, "mem_sbrk.go is used"},
	{"runtime/mmap.go", false, "there is no mmap"},
	{"runtime/sigqueue.go", false, "there are no signals; signal_tamago.go has stubs"},
	{"runtime/sigqueue_note.go", false, "there are no signals"},
	{"runtime/stubs2.go", false, "os_tamago.go has read, open, exit and usleep"},
	{"runtime/stubs3.go", false, "os_tamago.go has nanotime1"},
	{"runtime/timestub2.go", false, "os_tamago.go has walltime"},
}
