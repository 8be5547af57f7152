from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class DisconnectedNetworks(Check):
    """
    Nothing connects the two networks.

    Private addresses do not travel between VPCs by themselves. It takes a peering connection, a
    transit gateway to which both are attached, or a VPN. Peering is not transitive: two VPCs
    that are each peered with a third one are not connected with each other.
    """

    id = "IAC505"
    name = "disconnected-networks"
    causes = (Reason.DISCONNECTED,)
    reference = "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        text = cause.blocker.at.text
        yield self.blocked(
            cause,
            text,
            "connect them by a peering connection or a transit gateway, with routes on both sides",
        )
