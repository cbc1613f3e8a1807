# Every place that `make debug AT=` knows by name, in one boot.

python
from vitrine import places

for names, location, _ in places.CHAPTERS:
    print("file %s" % names[0])
    for name in names:
        assert places.find("chapter:" + name).location == location, name
for names, _, _ in places.CHAPTERS[1:]:
    gdb.execute("vit at chapter:" + names[1])
gdb.execute("vit at interrupt:33")
gdb.execute("vit at fault:14")

def go_on():
    gdb.execute("continue")
    print("stopped in %s" % gdb.newest_frame().name())
    if gdb.newest_frame().name() == "vitrine/kernel/start.startSpace":
        print("== CR3")
        load_cr3()
        print("== stops")

def load_cr3():
    """Goes over the instruction by which the kernel begins to use its tables."""
    gdb.execute("tbreak cpu.SetCR3")
    gdb.execute("continue")
    here = gdb.newest_frame
    while "%cr3" not in here().architecture().disassemble(here().pc())[0]["asm"]:
        gdb.execute("stepi", to_string=True)
    for _ in range(2):
        gdb.execute("x/i $pc")
        print("root %#x" % vitrine.tables.root())
        gdb.execute("vit pagewalk $sp")
        gdb.execute("vit frame 0x100")
        gdb.execute("bt 2")
        gdb.execute("stepi")
end
echo == stops\n
python
while gdb.newest_frame().name() != "vitrine/interrupts.exception":
    go_on()
end
echo == fault\n
vit trapframe
bt 4
echo == into the handler\n
break *(&'vitrine/interrupts.vectors' + 16 * 14)
continue
delete $bpnum
source tools/systest/testdata/debug/step_interrupt.py
vit pagewalk 0xffffff8030001000
echo == any fault\n
vit at fault
continue
echo == prompt\n
python go_on()
