from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class DefaultSecurityGroup(Check):
    """
    The instance names no security group, so it gets the default one of its VPC.

    The default group lets in nobody but its own members.
    """

    id = "IAC406"
    name = "default-security-group"
    causes = (Reason.GROUP_DEFAULT,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        yield self.blocked(
            cause,
            "it has the default security group, which lets nobody else in",
            "name a security group that lets the service in",
        )
