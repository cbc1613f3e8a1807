"""Whose an address is: as many answers as there are, from the outside in."""

import gdb

from . import cpus, fields, goruntime, heap, machine, physical, program, regions, tables


def brief(address):
    """An address with its symbol, if it has one: what fits into a line."""
    name = program.symbol(address)
    return "%#x <%s>" % (address, name) if name else "%#x" % address


def describe(address):
    """Yield lines about a virtual address."""
    if not machine.canonical(address):
        yield "not canonical: no address that the processor accepts"
        return
    found = regions.find(address) if up() else None
    part = machine.region(address)
    yield part + (": %s, %s, %#x to %#x" % (found.name, found.kind_name, found.start, found.end - 1) if found else "")
    yield from _code_or_data(address)
    yield from _heap(address)
    yield from _stacks(address)
    yield from _memory(address)


def up():
    """Whether the kernel has its own page tables, and so regions and frames."""
    try:
        return fields.number(fields.variable("kernel/start.Space"), "root") != 0
    except gdb.MemoryError:  # not mapped yet
        return False


def _code_or_data(address):
    name = program.symbol(address)
    if name is None:
        return
    try:
        code = gdb.block_for_pc(address)
    except (gdb.error, RuntimeError):
        code = None
    while code is not None and code.function is None:  # in the scope of a local variable
        code = code.superblock
    if code is not None:
        yield "code: " + program.describe(address)
    else:
        yield "symbol: %s" % name


def _heap(address):
    if not machine.HEAP <= address < machine.HEAP_END or not up():
        return
    span = heap.find(address)
    if span is None:
        yield "in no span: free, or never used"
        return
    if span.state == heap.MANUAL:
        yield "span %#x to %#x: a stack, or memory of the runtime's own" % (span.start, span.end - 1)
        return
    found = span.object(address)
    kind = "a large object" if span.size_class == 0 else "objects of %d bytes" % span.size
    yield "span %#x to %#x: %s%s" % (span.start, span.end - 1, kind, ", without pointers" if span.no_pointers else "")
    if found is None:
        yield "behind the span's last object"
        return
    index, start = found
    state = "in use" if span.allocated(index) else "free"
    name = span.type(start) if state == "in use" else ""
    skip = span.header()
    if address < start + skip:
        yield "the type of the object behind it%s" % (": " + name if name else "")
        return
    yield "object %#x, %d bytes, %s%s; this is byte %d of it" % (
        start + skip, span.size - skip, state, ": " + name if name else "", address - start - skip)


def _stacks(address):
    if not up():
        return
    for g in goruntime.goroutines():
        bounds = goruntime.stack(g)
        if bounds.start <= address < bounds.stop - 1:
            yield "stack of goroutine %d (%s), %#x to %#x%s" % (
                fields.number(g, "goid"), goruntime.why(g), bounds.start, bounds.stop - 2, _depth(g, address))
    for m in goruntime.threads():
        for name in ("g0", "gsignal"):
            g = fields.get(m, name)
            if int(g) and address in range(goruntime.stack(g).start, goruntime.stack(g).stop - 1):
                yield "%s stack of thread (M) %d" % (name, fields.number(m, "id"))
    for c in cpus.online():
        for n, what in cpus.CLASSES.items():
            found = regions.find(cpus.stack(c, n) - 1)
            if found and found.start <= address < found.end:
                yield "stack for %s of CPU %d (IST %d)" % (what, fields.number(c, "Index"), n)


def _depth(g, address):
    """Where an address is in a stack that is not in use now."""
    if goruntime.status(g) == goruntime.RUNNING:
        return ""
    sp = goruntime.saved(g)[1]
    return "; not in use now" if address < sp else "; %d bytes above its SP" % (address - sp)


def _memory(address):
    """What the address leads to."""
    how = tables.state()
    if how == "long":
        found = tables.translate(address)
        if found is None:
            yield "not mapped"
            return
        at, flags, size = found
        yield "physical %#x, by a page of %s, %s" % (at, {1 << s: n for s, n in tables.SIZES.items()}[size],
                                                      tables.mode(flags))
    elif how == "off":
        at = address
    else:
        return
    for line in frame(at >> 12, at):
        yield "  " + line


def frame(number, address=None):
    """Yield lines about a frame: its state, and who has it. address: a physical
    one in it, if one is meant."""
    if not up():
        yield "the kernel has no allocator of frames yet"
        return
    a = physical.Frames()
    at = number << 12 if address is None else address
    state = a.state(number)
    if state == physical.NOT_RAM and physical.KINDS[1] in physical.find(physical.memory_map(), at):
        state = "RAM, which the allocator has not been given (start.reclaim gives it the rest)"
    more = ""
    if state == physical.USED and a.owners[number] > 1:
        more = ", %d owners" % a.owners[number]
    elif state == physical.FREE and a.cache_of(number) is not None:
        more = ", in the cache of CPU %d" % a.cache_of(number)
    yield "frame %#x: %s%s" % (number, state, more)
    for name in physical.find(physical.purposes(), at):
        yield name
    if state == physical.NOT_RAM:
        for name in physical.find(physical.devices(), at) or physical.find(physical.memory_map(), at):
            yield name
    tree = tables.Tree(tables.kernel_root())
    for shift, start, table in tree.tables:
        if table >> 12 == number:
            level = next(name for s, name in tables.LEVELS if s == shift)
            yield "page table: the %s%s" % (level, "" if shift == 39 else ", for %#x and up" % start)
    for p in tree.pages:
        if not p.physical <= number << 12 < p.physical + p.size or machine.DIRECT_MAP <= p.start < machine.WINDOW:
            continue
        v = p.start + (number << 12) - p.physical
        yield "mapped at %#x, %s: %s" % (v, tables.mode(p.flags), _purpose(v))


def _purpose(v):
    """What a page outside of the direct map is for, in a few words."""
    found = regions.find(v)
    if found:
        return found.name
    if machine.HEAP <= v < machine.HEAP_END:
        span = heap.find(v)
        if span is None:
            return "Go heap, free"
        if span.state == heap.MANUAL:
            on = [g for g in goruntime.goroutines()
                  if goruntime.stack(g).start < v + 4096 and goruntime.stack(g).stop - 1 > v]
            numbers = " ".join(str(fields.number(g, "goid")) for g in on)
            return "stack of goroutine " + numbers if on else "Go heap, a stack or the runtime's own"
        size = "a large object" if span.size_class == 0 else "objects of %d bytes" % span.size
        if span.size_class == 0 and span.type(span.start):
            size += ", " + span.type(span.start)
        return "Go heap, " + size
    return machine.region(v)
