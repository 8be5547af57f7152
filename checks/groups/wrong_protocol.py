from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class WrongProtocol(Check):
    """
    A rule names the port of the service with another protocol.

    SSH is TCP, and RDP needs TCP before it uses UDP.
    """

    id = "IAC403"
    name = "wrong-protocol"
    causes = (Reason.GROUP_PROTOCOL,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        yield self.blocked(
            cause,
            "the rule has another protocol",
            f"let {cause.judged[0].flow.service.request(cause.judged[0].flow.family)} in",
        )
