from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class WrongPort(Check):
    """
    A rule that looks meant for the service names another port.

    Port 0 to 0 is port 0 and not every port; that is only so for protocol -1. A range whose first port is
    larger than its last is refused.
    """

    id = "IAC402"
    name = "wrong-port"
    causes = (Reason.GROUP_PORT,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        yield self.blocked(
            cause,
            "the rule names another port",
            f"let {cause.judged[0].flow.service.request(cause.judged[0].flow.family)} in",
        )
