from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class DivertedInside(Check):
    """
    A route narrower than the VPC takes packets out of it.

    Inside of a VPC the local route leads everywhere. A route for a whole subnet may lead to an
    appliance instead; it has to bring the packets back, and on the same way for both
    directions.
    """

    id = "IAC512"
    name = "diverted-inside"
    causes = (Reason.LOCAL_ELSEWHERE,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        node = cause.blocker.node.address
        text = cause.blocker.at.text
        yield self.blocked(
            cause,
            f"{node} {text}",
            "remove the route, or let it lead to an appliance that forwards",
        )
