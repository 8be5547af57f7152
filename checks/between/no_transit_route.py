from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class NoTransitRoute(Check):
    """
    The route table of the transit gateway does not lead to the other network.

    The table with which an attachment is associated needs a route to the other attachment, by
    propagation or as a static route. The longest prefix decides; a blackhole drops what it
    matches; at one block a static route beats a propagated one.
    """

    id = "IAC507"
    name = "no-transit-route"
    causes = (
        Reason.TRANSIT_NO_ROUTE,
        Reason.TRANSIT_ELSEWHERE,
        Reason.TRANSIT_BLACKHOLE,
    )
    reference = "https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        about = cause.blocker.about
        text = cause.blocker.at.text
        yield self.blocked(
            cause,
            f"{about[0].address} does not lead to {about[1].address}: {text}",
            f"propagate {about[1].address} into {about[0].address}, or add a static route to it",
        )
