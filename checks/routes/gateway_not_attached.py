from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class GatewayNotAttached(Check):
    """
    The internet gateway is attached to no VPC.

    A gateway that is only declared carries nothing: it works once it is attached, by `vpc_id` or an
    attachment resource.
    """

    id = "IAC205"
    name = "gateway-not-attached"
    causes = (Reason.GATEWAY_NOT_ATTACHED,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        yield self.blocked(
            cause,
            f"{cause.blocker.node.address} is attached to no VPC",
            f"attach {cause.blocker.node.address} to {cause.blocker.about[0].address}",
        )
