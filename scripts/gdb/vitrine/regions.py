"""What address ranges are for: the kernel's region.Set (mm/region)."""

from . import fields

KINDS = ("demand-zero", "guard", "fixed", "shared")  # region.Kind
DEMAND, GUARD, FIXED, SHARED = range(4)


class Region:
    def __init__(self, value):
        self.start, self.end = fields.number(value, "Range.Start"), fields.number(value, "Range.End")
        self.kind, self.flags = fields.number(value, "Kind"), fields.number(value, "Flags")
        self.name, self.pages = fields.text(value, "Name"), fields.number(value, "Pages")

    @property
    def kind_name(self):
        return KINDS[self.kind] if self.kind < len(KINDS) else "kind %d" % self.kind


def read():
    """All regions, upwards."""
    held = fields.variable("kernel/start.Regions")
    array = fields.get(held, "regions")
    return [Region(array[i]) for i in range(fields.number(held, "n"))]


def find(address):
    """The region that an address lies in, or None."""
    return next((r for r in read() if r.start <= address < r.end), None)
