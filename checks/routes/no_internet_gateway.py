from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class NoInternetGateway(Check):
    """
    The VPC has no internet gateway.

    Nothing comes into a VPC from the internet except through an internet gateway that is attached to it,
    and a VPC that you make has none.
    """

    id = "IAC204"
    name = "no-internet-gateway"
    causes = (Reason.NO_GATEWAY,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        yield self.blocked(
            cause,
            f"{cause.blocker.node.address} has no internet gateway",
            f"add an internet gateway for {cause.blocker.node.address}, and a route for {cause.destination} to it",
        )
