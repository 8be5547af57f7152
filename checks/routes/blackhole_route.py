from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class BlackholeRoute(Check):
    """
    The route leads to a gateway that is not attached to the VPC.

    Such a route wins over every wider one and drops what it gets, or EC2 refuses it on apply.
    """

    id = "IAC208"
    name = "blackhole-route"
    causes = (Reason.BLACKHOLE,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        yield self.blocked(
            cause,
            f"the route leads to {cause.blocker.about[0].address}, which is not attached to the VPC",
            f"attach {cause.blocker.about[0].address} to the VPC, or route to the gateway that is",
        )
