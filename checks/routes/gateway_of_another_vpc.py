from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class GatewayOfAnotherVpc(Check):
    """
    The internet gateway is attached to another VPC.

    A gateway serves exactly one VPC. A route in a table of another VPC cannot lead to it: EC2 refuses the
    route.
    """

    id = "IAC206"
    name = "gateway-of-another-vpc"
    causes = (Reason.GATEWAY_ELSEWHERE,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        yield self.blocked(
            cause,
            f"{cause.blocker.node.address} is attached to another VPC",
            f"attach a gateway to {cause.blocker.about[0].address}, or correct the attachment of {cause.blocker.node.address}",
        )
