# At the prompt, after the shell has said what it thinks: what do our commands
# say? A key has been pressed, and its bytes are on their way.

python
class WhenTyped(gdb.Breakpoint):
    """The bottom half begins, and the ring has a press of the key Shift."""

    def stop(self):
        port = vitrine.fields.get(vitrine.fields.variable("kernel.theMachine"), "controller.first")
        return "2a" in vitrine.commands.kbd.ring(port["ring"])

WhenTyped("ps2.(*Keyboard).Events")
end
continue
delete
echo == maps\n
vit maps
echo == pages\n
vit maps -p
echo == regions\n
vit regions
echo == audit\n
vit audit
echo == irq\n
vit irq
echo == frames\n
vit frames
echo == idt\n
vit idt 33
echo == gdt\n
vit gdt
echo == tss\n
vit tss
echo == kbd\n
vit kbd
echo == goroutines\n
vit goroutines
echo == root\n
python print("%x" % (vitrine.tables.root() >> 12))
vit frame $cr3 >> 12
echo == who\n
vit who $sp
vit who &'vitrine/kernel.theMachine'
vit who $go("kernel.theMachine").controller
vit who frame.(*Allocator).Alloc
vit who kernel.theMachine
python
for i in range(8):
    gdb.execute("vit who kernel/main.go:46", to_string=i < 7)
end
vit who 0xffff8000000b8004
python gdb.execute("vit who %#x" % (vitrine.cpus.stack(vitrine.cpus.current(), 1) - 8))
vit who 0
vit who 0x8000000000000000
echo == printers\n
p 'io.EOF'
p 'vitrine/kernel/start.LowPage'
p $go("kernel.theMachine").keys.typematic.Delay
p $go("interrupts.lines")[4]
p $go("start.Regions").regions[1].Range
p $go("start.Space").root
p $go("kernel.theMachine").session.Shell.byName
p $go("kernel.stages").array[0]
p $go("kernel.theMachine").terminal.news
p $go("kernel.theMachine").mouse.decoder.protocol
python
text = gdb.parse_and_eval('$go("interrupts.lines")')[4]["name"].type
for address in 0xffff800000000000, 0xffff8000000b8000:  # the BIOS's vectors, the screen
    print("not:", gdb.Value(address).cast(text.pointer()).dereference().format_string())
end
echo == line\n
tbreak tty.(*Editor).Refresh
continue
vit kbd
echo == help\n
help vit who
python
for typed in ("vit fr", "vit at chapter:pa", "vit at kernel.Mai", "vit at uart.(*Port).Int", "vit who start.Hwi",
              "vit pagewalk $rs", "vit maps -"):
    print(gdb.execute("complete " + typed, to_string=True), end="")
end
echo == errors\n
python
for command in ("vit frames 1", "vit frame", "vit who", "vit idt 256", "vit at chapter:nothing", "vit at interrupt:x",
                "vit at nothing", "vit at *nothing", "vit at trampoline", "vit who nothing", "vit who 1 2",
                "vit who \"text\"", "vit idt 1.5", "vit frame -1", "vit log nothing", "vit attach", "goroutine nothing bt", "vit who main.go:99999", "vit maps -x"):
    try:
        gdb.execute(command)
    except gdb.error as e:
        print("%s: %s" % (command, e))
end
