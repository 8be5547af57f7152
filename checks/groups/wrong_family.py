from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class WrongFamily(Check):
    """
    The rule lets in addresses of the other family.

    `0.0.0.0/0` never contains an IPv6 address, and `::/0` never an IPv4 one.
    """

    id = "IAC405"
    name = "wrong-family"
    causes = (Reason.GROUP_FAMILY,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        yield self.blocked(
            cause,
            "the rules let in addresses of the other family only",
            f"add a rule with a block such as {cause.destination}",
        )
