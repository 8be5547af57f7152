from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class DivertedRoute(Check):
    """
    The route for the replies leads elsewhere than to the internet gateway.

    The longest prefix that contains the client decides. Where it leads to a peering connection, a transit
    gateway, a VPN or an instance, the reply does not go back the way the request came.
    """

    id = "IAC207"
    name = "diverted-route"
    causes = (Reason.DIVERTED,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        yield self.blocked(
            cause,
            f"replies leave by {cause.blocker.about[0].address}, not by the internet gateway",
            f"send {cause.destination} to the internet gateway",
        )
