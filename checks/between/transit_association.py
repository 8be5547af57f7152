from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class TransitAssociation(Check):
    """
    The attachment is associated with no route table of the transit gateway.

    What comes in through an attachment is routed by the table it is associated with. Where the
    default association is disabled, at the gateway or at the attachment, each attachment needs
    an association of its own.
    """

    id = "IAC506"
    name = "transit-association"
    causes = (Reason.TRANSIT_ASSOCIATION,)
    reference = "https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        node = cause.blocker.node.address
        yield self.blocked(
            cause,
            f"{node} is associated with no route table of the transit gateway",
            f"associate {node} with a route table, or leave "
            "default_route_table_association enabled",
        )
