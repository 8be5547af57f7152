from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class BalancerZone(Check):
    """
    The load balancer does not send to the zone of the instance.

    A load balancer sends to targets in the Availability Zones of its subnets; without
    cross-zone load balancing, which a network load balancer has off by default, each node sends
    to its own zone only.
    """

    id = "IAC518"
    name = "balancer-zone"
    causes = (Reason.BALANCER_ZONE,)
    reference = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html"

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        node = cause.blocker.node.address
        text = cause.blocker.at.text
        yield self.blocked(
            cause,
            f"{node} does not serve the zone: {text}",
            f"give {node} a subnet in that zone, or switch cross-zone load balancing on",
        )
