# The kernel, from its start to the prompt.

echo == Main\n
break kernel.Main
continue
bt

echo == line\n
tbreak @LINE@
continue

echo == strings\n
tbreak log.(*Ring).put
continue
info args

echo == slices\n
tbreak uart.(*Port).Write
continue
p b
p $len(b)
p $go("kernel.theMachine").console
delete

echo == tick\n
# The runtime's part of a timer interrupt, on a stack of its own.
tbreak runtime.irqpreempt
continue
bt

echo == typed\n
# The top half, when it has interrupted the idle processor, at the prompt.
tbreak tty.(*Terminal).ReadLine
continue
python
class WhenIdle(gdb.Breakpoint):
    def stop(self):
        frame = gdb.newest_frame()
        while frame is not None:
            if frame.name() == "vitrine/kernel/cpu.WaitForInterrupt":
                return True
            frame = frame.older()
        return False

WhenIdle("uart.(*Port).Interrupt")
end
continue
bt
echo == frame\n
vit trapframe
echo == goroutines\n
info goroutines
echo == other goroutine\n
goroutine 1 bt
echo == here again\n
bt 1
echo == idt\n
vit idt 36
vit idt
echo == log\n
vit log 3
echo == panic\n
vit panic
echo == pagewalk\n
vit pagewalk $sp
python gdb.execute("monitor gva2gpa %#x" % int(gdb.parse_and_eval("$sp")))
echo == step\n
delete
break *(&'vitrine/interrupts.vectors' + 16 * 36)
continue
delete
source tools/systest/testdata/debug/step_interrupt.py
