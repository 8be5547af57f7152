from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class NoInternetRoute(Check):
    """
    The replies have no route to the internet.

    An internet gateway delivers to any instance that has a public address, whatever the route table of
    the subnet says. The replies leave by that table, though: with no route for the address of the client
    they are dropped in the subnet, and the client sees a time-out.

    Add a route to the internet gateway that contains the client, usually `0.0.0.0/0` or `::/0`.
    """

    id = "IAC201"
    name = "no-internet-route"
    causes = (
        Reason.NO_ROUTE,
        Reason.CANNOT_ROUTE,
    )
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        yield self.blocked(
            cause,
            "replies have no route to the internet",
            f"add a route for {cause.destination} to the internet gateway of the VPC to {cause.blocker.node.address}",
        )
