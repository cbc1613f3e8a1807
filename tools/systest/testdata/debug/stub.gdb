# From the stub's first instruction to the jump to Go.

echo == start\n
bt
x/3i $pc

echo == too early\n
python
import re

def every_command():
    """What each of our commands says first."""
    for command in re.findall("^vit [a-z]+", gdb.execute("help vit", to_string=True), re.MULTILINE):
        command += {"vit pagewalk": " $sp", "vit who": " $sp", "vit frame": " 1"}.get(command, "")
        if not command.startswith("vit at"):
            try:
                said = gdb.execute(command, to_string=True)
            except gdb.error as e:
                said = str(e)
            print("%s: %s" % (command, (said.splitlines() or [""])[0]))

every_command()
end
info goroutines

echo == call\n
tbreak serial_init
continue
bt
x/2i $pc
finish

echo == next\n
# Over a call, and not into it.
python
def instruction():
    return gdb.selected_frame().architecture().disassemble(int(gdb.parse_and_eval("$pc")))[0]["asm"].split()

while instruction()[:1] != ["call"]:
    gdb.execute("next", to_string=True)
end
x/i $pc
next
bt

echo == long mode\n
tbreak long_mode
continue
x/2i $pc
vit pagewalk 0x100000

echo == high\n
tbreak high
continue
bt
x/i $pc

echo == CR3\n
vit pagewalk 0
python
while instruction()[:1] != ["mov"] or not instruction()[1].endswith(",%cr3"):
    gdb.execute("stepi", to_string=True)
gdb.execute("stepi")
end
vit pagewalk 0
stepi

echo == Go\n
tbreak start.entry
continue
bt
echo == before the memory\n
tbreak start.early
continue
python every_command()
