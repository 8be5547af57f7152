from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class BalancerProtocol(Check):
    """
    The load balancer does not carry the service.

    ## On the wire

    The load balancer answers in its own protocol, and an SSH or RDP client hangs up.

    ## Why AWS does that

    SSH and RDP are plain TCP. An application load balancer speaks HTTP only, and a TLS or HTTP
    listener ends the connection itself. A network load balancer with a TCP listener passes it
    on, and so does a classic one.

    ## Repair in Terraform

    `load_balancer_type = "network"` and `protocol = "TCP"` in the `aws_lb_listener`.

    ## Repair in CloudFormation

    `Type: network` of the load balancer and `Protocol: TCP` of the listener.

    ## What it does not see

    Clients that wrap SSH in TLS themselves.
    """

    id = "IAC515"
    name = "balancer-protocol"
    causes = (Reason.BALANCER_PROTOCOL,)
    reference = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html"
    base = "balanced"
    breaks = (
        """
        resource "aws_lb_listener" "ssh" {
          protocol = "TLS"
        }
        """,
        """
        Resources:
          Listener: {Properties: {Protocol: TLS}}
        """,
    )
    quiet = (
        """
        resource "aws_lb_listener" "ssh" {
          protocol = "TCP"
        }
        """,
        """
        Resources:
          Listener: {Properties: {Protocol: TCP}}
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        node = cause.blocker.node.address
        text = cause.blocker.at.text
        yield self.blocked(
            cause,
            f"{node} {text}",
            "use a TCP listener of a network load balancer",
        )
