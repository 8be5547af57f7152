from iaclint.check import Check, Level


class SuppressionNotUnderstood(Check):
    """
    A comment wants to accept findings, and cannot be understood.

    It accepts nothing until it is repaired. It has to name checks, by id, name or prefix, that
    exist; then may follow a last day, and a reason:

        # iaclint: ignore[IAC201, no-key-pair] until=2027-03-01 -- reason
        # iaclint: ignore-file[IAC3] -- reason
    """

    id = "IAC904"
    name = "suppression-not-understood"
    level = Level.WARNING
