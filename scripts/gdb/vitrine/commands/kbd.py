from .. import fields, program
from .command import Command, flags, table

LIGHTS = {0: "scroll", 1: "num", 2: "caps"}  # ps2.LEDs
MODIFIERS = ((2, "Ctrl-"), (4, "Alt-"))  # key.Mod; Shift is told of named keys only
SHIFT = 1
HELD = ("LeftShift", "RightShift", "LeftCtrl", "RightCtrl", "LeftAlt", "RightAlt")  # keymap.held
PREFIXES = ("", "e0", "e1", "e1 ctrl")  # ps2.prefix
TROUBLE = ((("ring", "overruns"), "lost"), (("damaged",), "damaged"), (("timeouts",), "cut off"),
           (("sender", "resends"), "sent again"), (("sender", "abandoned"), "commands given up"))


class Keyboard(Command):
    """Show the keyboard's pipeline: vit kbd

Every stage between the key and the line being typed, with what is in it:

    8042        the controller, and the interrupts it has raised
    ring        bytes that the top half has taken and the bottom half has not
    event       whether the bottom half is to be told, or has been
    commands    what is on its way to the keyboard
    decoder     the beginning of a sequence whose end is to come
    keys held   as far as bytes have told
    layout      modifiers, locks, and an accent that waits for its letter
    terminal    presses that nobody has read
    line        the line being typed; | is the cursor"""

    name = "kbd"

    def run(self, words):
        m = fields.variable("kernel.theMachine")
        controller, keys = fields.get(m, "controller"), fields.get(m, "keys")
        if int(controller) == 0:
            print("There is no PS/2 controller, or it is not up yet (the stage keyboard).")
            return
        rows = [("8042", "config %#04x, %s; %d interrupts, %d with nothing to read" % (
            fields.number(controller, "config"),
            "listening" if fields.number(controller, "listening") else "not listening yet: bytes are read by polling",
            fields.number(controller, "interrupts"), fields.number(controller, "spurious")))]
        if int(keys) == 0:
            rows.append(("device", "no keyboard"))
        else:
            rows += list(device(keys)) + list(decoding(keys))
        if int(fields.get(m, "keyboard")):
            rows.append(("layout", layout(fields.get(m, "keyboard.State"))))
        if int(fields.get(m, "terminal")):
            rows += list(terminal(fields.get(m, "terminal")))
        table(("STAGE", "HOLDS"), rows)


def device(keys):
    port = fields.get(keys, "port")
    identity = " ".join("%02x" % int(b) for b in fields.elements(port, "id"))
    delay, period = (round(fields.number(keys, "typematic." + n) / 10**6) for n in ("Delay", "Period"))
    lights = flags(fields.number(keys, "leds"), LIGHTS)
    yield "device", "identity %s, scan code set %d, repeats after %d ms each %d ms, lights: %s" % (
        identity, fields.number(keys, "decoder.set"), delay, period, lights or "none")
    waiting = ring(fields.get(port, "ring"))
    size = fields.get(port, "ring.slots").type.range()[1] + 1
    trouble = "".join(", %d %s" % (fields.number(port, ".".join(path)), text) for path, text in TROUBLE
                      if fields.number(port, ".".join(path)))
    yield "ring", "%d of %d bytes%s; %d bytes so far%s" % (
        len(waiting), size, ": " + " ".join(waiting) if waiting else "", fields.number(port, "bytes"), trouble)
    yield "event", event("key typed")
    yield "commands", commands(fields.get(port, "sender"))


def ring(r):
    """The bytes in a ps2.ring, oldest first; gap stands for lost ones."""
    slots = fields.get(r, "slots")
    size, out = slots.type.range()[1] + 1, []
    for i in range(fields.number(r, "tail"), fields.number(r, "head")):
        slot = int(slots[i % size])
        out.append(("gap " if slot & 0x100 else "") + "%02x" % (slot & 0xFF))
    return out


def event(name):
    """How far the news of a top half have come."""
    word = fields.number(fields.variable("interrupts.pending"))
    for i, line in enumerate(fields.elements(fields.variable("interrupts.lines"))):
        if fields.text(line, "name") == name:
            bit = "set" if word >> i & 1 else "not set"
            token = "holds a token" if fields.number(fields.get(line, "wake"), "qcount") else "empty"
            return "'%s', raised %d times; pending bit %d %s, its channel %s" % (
                name, fields.number(line, "count"), i, bit, token)
    return "none is registered"


def commands(sender):
    n = fields.number(sender, "queued")
    queue = fields.get(sender, "queue")
    texts = [" ".join("%02x" % int(b) for b in fields.elements(queue[i], "bytes")[: fields.number(queue[i], "n")])
             for i in range(n)]
    state = "; waits for the answer to byte %d" % (fields.number(sender, "sent") + 1) if int(sender["waiting"]) else ""
    return ("%d: %s%s" % (n, ", ".join(texts), state)) if n else "none"


def decoding(keys):
    decoder = fields.get(keys, "decoder")
    seen = PREFIXES[fields.number(decoder, "prefix") & 3]
    if int(fields.get(decoder, "release")):
        seen = (seen + " f0").strip()
    counts = "".join(", %d %s" % (fields.number(decoder, name), text) for name, text in (
        ("Resyncs", "senseless sequences"), ("Errors", "errors"), ("Unknown", "unknown codes"))
        if fields.number(decoder, name))
    yield "decoder", "waits after: %s%s" % (seen or "none", counts)
    names = fields.variable("drivers/ps2.keys")
    down = [fields.text(names[i], "name") for i, held in enumerate(fields.elements(keys, "held")) if int(held)]
    yield "keys held", " ".join(down) or "none"


def layout(state):
    held, accent = fields.number(state, "held"), fields.number(state, "accent")
    return "%s, modifiers: %s, locks: %s, accent: %s" % (
        fields.text(fields.get(state, "layout"), "Name"), flags(held, dict(enumerate(HELD))) or "none",
        flags(fields.number(state, "locks"), LIGHTS) or "none", chr(accent) if accent else "none")


def terminal(t):
    presses = [press(p) for p in fields.elements(t, "typed")]
    yield "terminal", "%d presses nobody has read%s" % (len(presses), ": " + " ".join(presses) if presses else "")
    editor = fields.get(t, "editor")
    history = fields.number(editor, "history.lines.len")
    if not int(fields.get(t, "editing")):
        yield "line", "nobody reads one; %d lines of history" % history
        return
    text, at = runes(editor, "line"), fields.number(editor, "cursor")
    yield "line", "%s%s|%s; %d lines of history" % (runes(editor, "prompt.text"), text[:at], text[at:], history)


def press(p):
    """A key.Press, as its String method writes it; a space as ' '."""
    mod, name = fields.number(p, "Mod"), fields.number(p, "Name")
    out = "".join(text for bit, text in MODIFIERS if mod & bit)
    if name:
        names = fields.variable("kernel/key.names")
        return out + ("Shift-" if mod & SHIFT else "") + program.go_string(names[name])
    rune = fields.number(p, "Rune")
    return out + ("' '" if rune == 32 else chr(rune))


def runes(value, path):
    return "".join(chr(int(r)) for r in fields.elements(value, path))


def register():
    Keyboard()
