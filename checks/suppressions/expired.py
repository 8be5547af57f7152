from iaclint.check import Check, Level


class SuppressionExpired(Check):
    """
    The day until which a finding was accepted is over.

    The finding is reported again. Repair it, or give the comment a later day if the reason still
    holds:

        # iaclint: ignore[IAC201] until=2027-03-01 -- the peering is ordered

    The day itself still counts.
    """

    id = "IAC903"
    name = "suppression-expired"
    level = Level.WARNING
