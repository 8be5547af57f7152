from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class MainRouteTable(Check):
    """
    The subnet is associated with no route table, and the main one has no route out.

    A subnet that names no table uses the main table of its VPC. AWS makes that table with local routes
    only, so that no reply leaves the VPC. Usually the table with the route exists and only the
    association is missing.
    """

    id = "IAC203"
    name = "main-route-table"
    causes = (Reason.MAIN_TABLE,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        yield self.blocked(
            cause,
            f"{cause.blocker.node.address} is associated with no route table, and the main one has no route out",
            _help(cause),
        )


def _help(cause: Cause) -> str:
    subnet, about = cause.blocker.node.address, cause.blocker.about
    if len(about) > 1:
        return f"associate {subnet} with {about[1].address}"
    return (
        f"make a route table with a route for {cause.destination} to the internet gateway, and "
        f"associate {subnet} with it"
    )
