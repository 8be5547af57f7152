from iaclint.check import Check


class UnreadableFile(Check):
    """
    A file cannot be read.

    It is missing, no regular file, larger than 10 MB, not UTF-8 text, or its permissions do not let
    it be read. What would have come from it is missing in the network.
    """

    id = "IAC003"
    name = "unreadable-file"
