from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class NoPeerRoute(Check):
    """
    The route table has no route to the other network.

    A peering connection or a transit gateway carries packets only where a route leads to it,
    and both sides need one: the request leaves by the table of the client's subnet, the reply
    by that of the instance's subnet. A route on one side only is the usual mistake.
    """

    id = "IAC501"
    name = "no-peer-route"
    causes = (Reason.NO_PEER_ROUTE,)
    reference = "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        node = cause.blocker.node.address
        about = cause.blocker.about
        yield self.blocked(
            cause,
            f"{node} has no route to {about[2].address} by {about[0].address}",
            f"add a route for the block of {about[2].address} to {about[0].address}",
        )
