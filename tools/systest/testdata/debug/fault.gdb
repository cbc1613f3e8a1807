# An exception that becomes a Go panic.

tbreak interrupts.exception
condition $bpnum f.Vector == 14 && f.Error == 0
continue
echo == exception\n
bt
vit trapframe
info goroutines
echo == panic\n
tbreak runtime.sigpanic
continue
bt
