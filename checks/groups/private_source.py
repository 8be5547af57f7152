from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class PrivateSource(Check):
    """
    The rule lets in private addresses, which never arrive through an internet gateway.

    An internet gateway drops packets from 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 and 100.64.0.0/10, and
    clients behind a router arrive with the public address of that router.
    """

    id = "IAC404"
    name = "private-source"
    causes = (Reason.GROUP_PRIVATE_SOURCE,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        yield self.blocked(
            cause,
            "the rule lets in private addresses only, and the instance is reached from the internet",
            "name the public addresses of the clients",
        )
