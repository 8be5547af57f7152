from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class AclIcmpType(Check):
    """
    The ICMP entry of the network ACL allows another type than ping uses.

    Ping is an echo request (type 8) in and an echo reply (type 0) out; over IPv6 types 128 and 129. In
    Terraform a type that is not written is 0, which is the echo reply only.
    """

    id = "IAC304"
    name = "acl-icmp-type"
    causes = (Reason.ACL_ICMP,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        yield self.blocked(
            cause,
            f"an ICMP entry of {cause.blocker.node.address} has another type than ping uses",
            "allow type 8 inbound and type 0 outbound, or -1 with code -1 for all types",
        )
