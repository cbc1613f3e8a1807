import gdb

from .. import places, program
from .command import Command, complete


class At(Command):
    """Stop once at a place, when the machine gets there: vit at PLACE

PLACE is any location of GDB's, or one of

    interrupt:33       the first instruction of a vector's entry
    fault, fault:14    the handler of exceptions
    trampoline         the first instruction of another processor
    chapter:paging     where a chapter of the book begins to act

`make debug AT=PLACE` does the same for a machine that begins. Without PLACE,
the list of chapters."""

    name, most = "at", 1

    def complete(self, text, word):
        return complete(places.names() + program.functions(), text, word, gdb.COMPLETE_LOCATION)

    def run(self, words):
        if not words:
            print(places.possible())
            return
        place = places.find(words[0])
        place.stop_once()
        print("The machine will stop there once%s" % (": " + place.text if place.text else "."))


def register():
    At()
