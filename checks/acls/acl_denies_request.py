from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class AclDeniesRequest(Check):
    """
    The network ACL of the subnet does not let the request in.

    An ACL is asked before any security group, for every packet that enters the subnet. What no entry
    allows is denied.
    """

    id = "IAC301"
    name = "acl-denies-request"
    causes = (Reason.ACL_REQUEST,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        yield self.blocked(
            cause,
            f"{cause.blocker.node.address} does not let the request through",
            "add an inbound entry that allows the service from the clients",
        )
