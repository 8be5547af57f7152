from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class RuleWithoutSource(Check):
    """
    The rule names nobody.

    A rule without a block, a group or a prefix list lets nobody in: Terraform refuses it, and
    CloudFormation leaves it out without a word.
    """

    id = "IAC409"
    name = "rule-without-source"
    causes = (Reason.GROUP_NO_SOURCE,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        yield self.blocked(cause, "the rule names no source", "name the clients in the rule")
