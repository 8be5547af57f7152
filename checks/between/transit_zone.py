from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class TransitZone(Check):
    """
    The attachment has no subnet in the zone of the instance.

    A transit gateway reaches the resources of a VPC in those Availability Zones in which the
    attachment has a subnet, and in no other.
    """

    id = "IAC509"
    name = "transit-zone"
    causes = (Reason.TRANSIT_ZONE,)
    reference = "https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        node = cause.blocker.node.address
        text = cause.blocker.at.text
        yield self.blocked(
            cause,
            f"{node} {text}",
            f"add a subnet of that zone to {node}",
        )
