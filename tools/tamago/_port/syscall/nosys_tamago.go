// What cannot be done without an operating system: ENOSYS.

//go:build tamago

package syscall

import "sync"

// --- files, beyond VFS ---

func Chown(path string, uid, gid int) error                { return ENOSYS }
func Fchown(fd int, uid, gid int) error                    { return ENOSYS }
func Lchown(path string, uid, gid int) error               { return ENOSYS }
func Link(path, link string) error                         { return ENOSYS }
func Fsync(fd int) error                                   { return ENOSYS }
func Dup(fd int) (int, error)                              { return 0, ENOSYS }
func Dup2(fd, newfd int) error                             { return ENOSYS }
func Pipe(fd []int) error                                  { return ENOSYS }
func Sendfile(out, in int, off *int64, n int) (int, error) { return 0, ENOSYS }

// --- processes ---

var ForkLock sync.RWMutex

type WaitStatus uint32

func (w WaitStatus) Exited() bool       { return false }
func (w WaitStatus) ExitStatus() int    { return 0 }
func (w WaitStatus) Signaled() bool     { return false }
func (w WaitStatus) Signal() Signal     { return 0 }
func (w WaitStatus) CoreDump() bool     { return false }
func (w WaitStatus) Stopped() bool      { return false }
func (w WaitStatus) Continued() bool    { return false }
func (w WaitStatus) StopSignal() Signal { return 0 }
func (w WaitStatus) TrapCause() int     { return 0 }

type ProcAttr struct {
	Dir   string
	Env   []string
	Files []uintptr
	Sys   *SysProcAttr
}

type (
	SysProcAttr struct{}
	Rusage      struct{ Utime, Stime Timeval }
	Iovec       struct{}
)

func StartProcess(argv0 string, argv []string, attr *ProcAttr) (int, uintptr, error) {
	return 0, 0, ENOSYS
}
func Wait4(pid int, ws *WaitStatus, options int, ru *Rusage) (int, error) { return 0, ENOSYS }
func Kill(pid int, sig Signal) error                                      { return ENOSYS }
func Exec(argv0 string, argv, envv []string) error                        { return ENOSYS }

func Syscall(trap, a1, a2, a3 uintptr) (r1, r2 uintptr, err Errno)    { return 0, 0, ENOSYS }
func RawSyscall(trap, a1, a2, a3 uintptr) (r1, r2 uintptr, err Errno) { return 0, 0, ENOSYS }
func Syscall6(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2 uintptr, err Errno) {
	return 0, 0, ENOSYS
}

func RawSyscall6(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2 uintptr, err Errno) {
	return 0, 0, ENOSYS
}

// --- sockets ---

func Socket(proto, sotype, unused int) (int, error)         { return 0, ENOSYS }
func Bind(fd int, sa Sockaddr) error                        { return ENOSYS }
func StopIO(fd int) error                                   { return ENOSYS }
func Listen(fd int, backlog int) error                      { return ENOSYS }
func Accept(fd int) (int, Sockaddr, error)                  { return 0, nil, ENOSYS }
func Connect(fd int, sa Sockaddr) error                     { return ENOSYS }
func Shutdown(fd int, how int) error                        { return ENOSYS }
func GetsockoptInt(fd, level, opt int) (int, error)         { return 0, ENOSYS }
func SetsockoptInt(fd, level, opt int, v int) error         { return nil }
func SetReadDeadline(fd int, t int64) error                 { return ENOSYS }
func SetWriteDeadline(fd int, t int64) error                { return ENOSYS }
func Sendto(fd int, p []byte, flags int, to Sockaddr) error { return ENOSYS }
func Recvfrom(fd int, p []byte, flags int) (int, Sockaddr, error) {
	return 0, nil, ENOSYS
}

func Recvmsg(fd int, p, oob []byte, flags int) (n, oobn, rflags int, from Sockaddr, err error) {
	return 0, 0, 0, nil, ENOSYS
}
func SendmsgN(fd int, p, oob []byte, to Sockaddr, flags int) (int, error) { return 0, ENOSYS }
