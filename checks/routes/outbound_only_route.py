from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class OutboundOnlyRoute(Check):
    """
    The route leads to a gateway that lets nobody in.

    A NAT gateway and an egress-only internet gateway carry connections that start inside. The reply to a
    connection from outside would leave with another address, or not at all.

    Send the default route of the subnet to the internet gateway, or move the instance to a subnet whose
    table does.
    """

    id = "IAC202"
    name = "outbound-only-route"
    causes = (Reason.OUTBOUND_ONLY,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        yield self.blocked(
            cause,
            f"replies leave by {cause.blocker.about[0].address}, which lets nobody in",
            f"send {cause.destination} to the internet gateway, or put the instance into a public subnet",
        )
