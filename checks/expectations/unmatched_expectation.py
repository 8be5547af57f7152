from iaclint.check import Check


class UnmatchedExpectation(Check):
    """
    An expectation of the settings names nothing that is here.

    `from` and `to` of an `[[expect]]` name instances by address, by a glob over addresses, or by
    tag (`tag:Name=bastion`). One that matches nothing in any root would be kept by accident, so it
    is an error.

    Correct the address, or remove the entry.
    """

    id = "IAC911"
    name = "unmatched-expectation"
