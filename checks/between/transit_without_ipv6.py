from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class TransitWithoutIpv6(Check):
    """
    The attachment carries no IPv6.

    IPv6 support of a VPC attachment is off unless it is asked for.
    """

    id = "IAC508"
    name = "transit-without-ipv6"
    causes = (Reason.TRANSIT_IPV6,)
    reference = "https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        node = cause.blocker.node.address
        yield self.blocked(
            cause,
            f"{node} carries no IPv6",
            f"enable ipv6_support of {node}",
        )
