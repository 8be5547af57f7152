from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class EmptyAcl(Check):
    """
    The network ACL has no entries, so it denies everything.

    An ACL that you make starts with no entries, and `aws_default_network_acl` removes those of the
    default one.
    """

    id = "IAC303"
    name = "empty-acl"
    causes = (Reason.ACL_EMPTY,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        yield self.blocked(
            cause,
            f"{cause.blocker.node.address} has no entries and denies everything",
            "add entries for the service inbound and for the replies outbound, or do not associate this ACL",
        )
