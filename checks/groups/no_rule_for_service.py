from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class NoRuleForService(Check):
    """
    No security group on the instance has a rule that lets the service in.

    A group lets in only what one of its rules names. Linux is reached on tcp 22, Windows on tcp 3389, ping
    is ICMP echo request.
    """

    id = "IAC401"
    name = "no-rule-for-service"
    causes = (
        Reason.GROUP_NO_RULE,
        Reason.GROUP_EMPTY,
    )
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        yield self.blocked(
            cause,
            "no security group lets it in",
            f"add an inbound rule for {cause.judged[0].flow.service.request(cause.judged[0].flow.family)} from the clients to {cause.blocker.node.address}",
        )
