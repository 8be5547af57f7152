from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class NoOutboundRule(Check):
    """
    The security group of the client lets nothing out to the target.

    Whoever starts a connection needs an outbound rule. Terraform removes the allow-all rule a new group
    has, so that a group without `egress` lets nothing out.
    """

    id = "IAC411"
    name = "no-outbound-rule"
    causes = (Reason.EGRESS_RULE,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        yield self.blocked(
            cause,
            "the security group of the client does not let it out",
            f"add an outbound rule to {cause.blocker.node.address}",
        )
