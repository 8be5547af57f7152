from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class BalancerTargetPort(Check):
    """
    The load balancer sends to another port than the one that is open.

    The target group, or the attachment of the instance, names the port of the instance. The
    listener's own port is only for the client.
    """

    id = "IAC516"
    name = "balancer-target-port"
    causes = (Reason.BALANCER_PORT,)
    reference = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-register-targets.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        node = cause.blocker.node.address
        text = cause.blocker.at.text
        yield self.blocked(
            cause,
            f"{node} {text}",
            "let the target group send to the port of the service",
        )
