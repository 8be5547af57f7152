from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class GroupOfAnotherNetwork(Check):
    """
    The rule names a security group of a network from which groups cannot be named.

    A rule that names a group lets in the private addresses of its members. That works inside of
    a VPC, over a peering connection within one Region, and over a transit gateway only where
    the gateway *and* the attachment support it, for inbound rules.
    """

    id = "IAC510"
    name = "group-of-another-network"
    causes = (Reason.GROUP_ELSEWHERE,)
    reference = "https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        about = cause.blocker.about
        yield self.blocked(
            cause,
            f"the rule names a group, which counts for nothing over {about[1].address}",
            "name the block of the other network in the rule",
        )
