# Four processors: the way of the first further one, from real mode on; then
# where all of them are, at moments of all kinds.

echo == real mode\n
vit at trampoline
continue
x/3i $pc
bt
echo == stepping\n
# The first processor waits for this one, but not for ever.
set scheduler-locking step
python
# Until paging is on: the next instruction is the jump into 64-bit mode.
while not vitrine.machine.register("cr0") >> 31:
    gdb.execute("stepi")
end
x/2i $pc
bt
echo == 64 bits\n
stepi
x/2i $pc
bt
echo == Go\n
set scheduler-locking replay
tbreak smp.main
continue
bt
info symbol 0
echo == message\n
tbreak interrupts.woken
continue
bt
echo == prompt\n
tbreak shell.(*Session).Script
continue
thread apply all bt
echo == cpus\n
vit cpus
echo == tick\n
tbreak runtime.irqpreempt
continue
thread apply all bt
info goroutines
goroutine all bt
echo == report\n
tbreak crash.(*Reporter).Exception
continue
thread apply all bt
vit cpus
