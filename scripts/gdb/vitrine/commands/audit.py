from .. import audit, machine
from .command import Command, size, table

# CR4 and the other places where the processor is told to protect (kernel/start).
PROTECTIONS = (("cr0", 16, "WP"), ("efer", 11, "NX"), ("cr4", 20, "SMEP"), ("cr4", 21, "SMAP"), ("cr4", 11, "UMIP"))
KEPT = 100


class Audit(Command):
    """Ask the page tables whether the kernel keeps its promises: vit audit

What the shell's command audit asks (mm/audit): is a page both writable and
executable, a guard mapped, a mapped frame free, a page table in use twice, and
more. The machine stands, perhaps in the middle of a change of its tables: what
looks wrong may be right an instruction later."""

    name = "audit"

    def run(self, words):
        r = audit.Audit()
        table(("CHECKED", ">", "KEPT, UNLESS LISTED BELOW"), (
            ("address spaces", 1, "kernel: empty lower half, and closed to users"),
            ("runs of pages", len(r.mappings), "none both writable and executable"),
            ("executable", size(r.executable), "not writable under any other address"),
            ("regions", len(r.regions), "nothing in the %d guards, nowhere more rights" % r.guards),
            ("page tables", len(r.tree.tables), "in use, each in one place, none mapped as a page"),
            ("frames mapped", len(r.pages), "none free, and of the %d mapped twice each well owned" % r.shared),
            ("frames of RAM", r.frames.total, "%d free + %d used + %d reserved" % r.counts()),
            ("processor",) + protections()))
        for line in r.violations[:KEPT]:
            print(line)
        if len(r.violations) > KEPT:
            print("and %d more" % (len(r.violations) - KEPT))
        if r.violations:
            print("violations: %d" % len(r.violations))
        else:
            print("in order: %s mapped, %s of tables, no violation" % (size(len(r.pages) * 4096),
                                                                       size(len(r.tree.tables) * 4096)))


def protections():
    """(how many, which) protections the processor has switched on."""
    values = {name: machine.system_register(name) for name in ("cr0", "cr4", "efer")}
    on = [name for register, bit, name in PROTECTIONS if (values[register] or 0) >> bit & 1]
    unknown = [name.upper() for name, value in values.items() if value is None]
    if unknown:
        on.append("(%s is not in this core)" % ", ".join(unknown))
    return len(on) - bool(unknown), " ".join(on)


def register():
    Audit()
