from iaclint.check import Check, Level


class SuppressionWithoutReason(Check):
    """
    A finding is accepted, and nobody says why.

    Whoever meets the comment later cannot tell whether it still holds. The acceptance counts all
    the same. Add the reason behind two dashes, in Terraform and in YAML:

        # iaclint: ignore[IAC201] -- reached through the VPN only

    and in a JSON template beside the ids:

        "Metadata": {"iaclint": {"ignore": ["IAC201 -- reached through the VPN only"]}}
    """

    id = "IAC901"
    name = "suppression-without-reason"
    level = Level.WARNING
