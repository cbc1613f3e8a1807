// This file lets syscall_tamago.go declare a function without a body.
