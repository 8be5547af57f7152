from iaclint.check import Check


class BeyondLimits(Check):
    """
    A value or a file is larger or deeper than any real configuration.

    Nesting, the lengths of texts and lists, the numbers of instances, and the work for one
    expression have limits, so that a mistake (`count = 1e9`) or a hostile file ends in this finding
    and not in a machine that hangs. What is beyond the limit is not known, and flows that depend on
    it are undecided.
    """

    id = "IAC004"
    name = "beyond-limits"
