from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class BalancerProtocol(Check):
    """
    The load balancer does not carry the service.

    SSH and RDP are plain TCP. An application load balancer speaks HTTP only, and a TLS or HTTP
    listener ends the connection itself. A network load balancer with a TCP listener passes it
    on, and so does a classic one.
    """

    id = "IAC515"
    name = "balancer-protocol"
    causes = (Reason.BALANCER_PROTOCOL,)
    reference = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        node = cause.blocker.node.address
        text = cause.blocker.at.text
        yield self.blocked(
            cause,
            f"{node} {text}",
            "use a TCP listener of a network load balancer",
        )
