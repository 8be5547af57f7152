from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class SourceNotLetIn(Check):
    """
    The rule for the service lets in others than the clients.

    A rule that names a group matches members of it by their private address, never somebody who comes
    through the internet gateway.
    """

    id = "IAC410"
    name = "source-not-let-in"
    causes = (Reason.GROUP_SOURCE,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        yield self.blocked(cause, "the rule lets in others only", "add the clients to the rule")
