from .. import fields, goroutines, goruntime, program
from .command import Command, table


class Goroutines(Command):
    """Show all goroutines, and what each waits for: vit goroutines

As `info goroutines`, with who has started each, and the size of its stack.
`goroutine N bt` shows the stack itself."""

    name = "goroutines"

    def run(self, words):
        found = [(fields.number(g, "goid"), g) for g in goruntime.goroutines()]
        if not found:
            print("There are no goroutines yet: the runtime is not up.")
            return
        rows = []
        for goid, g in sorted(found, key=lambda pair: pair[0]):
            state, where, what = goroutines.row(g)
            bounds = goruntime.stack(g)
            rows.append(("*" if goruntime.status(g) == goruntime.RUNNING else "", goid, state,
                         "%dK" % ((bounds.stop - 1 - bounds.start) >> 10), where, origin(g), what))
        table(("", ">G", "STATE", ">STACK", "WHERE", "STARTED BY", "WAITS FOR"), rows)


def origin(g):
    """The function that has started g; '' for the first ones."""
    names = goruntime.functions(fields.number(g, "gopc"))
    return names[-1] if names else program.symbol(fields.number(g, "gopc")) or ""


def register():
    Goroutines()
