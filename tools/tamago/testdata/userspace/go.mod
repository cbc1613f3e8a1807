module userspace

go 1.26
