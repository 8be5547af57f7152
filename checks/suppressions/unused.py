from iaclint.check import Check, Level


class SuppressionUnused(Check):
    """
    A comment accepts findings that are not there.

    Either what it accepted was repaired, or the comment stands in the wrong place: it speaks for
    its own line, or, on a line of its own, for the block, list or module call below it. A comment
    that accepts nothing today hides something tomorrow; `--fix` deletes it.

    Only checks that ran count: with `--select` other comments are left alone.
    """

    id = "IAC902"
    name = "suppression-unused"
    level = Level.WARNING
