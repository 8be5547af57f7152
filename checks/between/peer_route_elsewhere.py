from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class PeerRouteElsewhere(Check):
    """
    The route for the other network leads elsewhere than to the connection with it.

    The longest prefix that contains the destination decides. Peering is not transitive: a
    connection to a third VPC does not lead on to the one behind it.
    """

    id = "IAC502"
    name = "peer-route-elsewhere"
    causes = (Reason.PEER_ROUTE_ELSEWHERE,)
    reference = "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        about = cause.blocker.about
        yield self.blocked(
            cause,
            f"the route for {about[2].address} leads to {about[3].address}, not to "
            f"{about[0].address}",
            f"send the block of {about[2].address} to {about[0].address}",
        )
