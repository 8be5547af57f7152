from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class PeeringNotAccepted(Check):
    """
    Nobody accepts the peering connection.

    A peering connection is a request until the other side accepts it, and expires after seven
    days. In Terraform `auto_accept = true` does it where both VPCs belong to one account and
    Region; otherwise an `aws_vpc_peering_connection_accepter` with `auto_accept = true`, which
    is off by default there too.
    """

    id = "IAC503"
    name = "peering-not-accepted"
    causes = (Reason.PEERING_PENDING,)
    reference = "https://docs.aws.amazon.com/vpc/latest/peering/accept-vpc-peering-connection.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        node = cause.blocker.node.address
        yield self.blocked(
            cause,
            f"{node} is never accepted",
            "set `auto_accept = true`, or add an `aws_vpc_peering_connection_accepter` that does",
        )
