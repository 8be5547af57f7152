from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class AclDeniesReply(Check):
    """
    The network ACL of the subnet does not let the reply out.

    ACLs keep no state: the reply is a packet of its own and needs an outbound entry. It goes to the port
    the client chose, 1024-65535, and never to port 22 or 3389.
    """

    id = "IAC302"
    name = "acl-denies-reply"
    causes = (Reason.ACL_REPLY,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        yield self.blocked(
            cause,
            f"{cause.blocker.node.address} does not let the reply through",
            "add an outbound entry that allows tcp 1024-65535 to the clients (for ping, ICMP echo reply)",
        )
