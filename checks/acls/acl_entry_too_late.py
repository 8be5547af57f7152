from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class AclEntryTooLate(Check):
    """
    An entry of the network ACL that would allow it comes after one that denies it.

    Entries are evaluated in the order of their numbers, and the first that matches decides.
    """

    id = "IAC305"
    name = "acl-entry-too-late"
    causes = (Reason.ACL_ORDER,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        yield self.blocked(
            cause,
            f"entry {_number(cause, 0)} of {cause.blocker.node.address} denies it before entry {_number(cause, 1)} can allow it",
            f"give the entry that allows it a lower number than {_number(cause, 0)}",
        )


def _number(cause: Cause, index: int) -> str:
    return cause.blocker.about[index].label
