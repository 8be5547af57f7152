from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class BalancerTargetPort(Check):
    """
    The load balancer or accelerator sends to another port than the one that is open.

    ## On the wire

    It opens a connection to a port on which the instance lets nobody in, and the
    client waits.

    ## Why AWS does that

    The target group, or the attachment of the instance, names the port of the instance. The
    listener's own port is only for the client. An accelerator keeps the port, unless an override
    of its endpoint group names another.

    ## Repair in Terraform

    `port` of the `aws_lb_target_group` or of the `aws_lb_target_group_attachment`: 22 for SSH,
    3389 for RDP. `endpoint_port` of an override.

    ## Repair in CloudFormation

    `Port` of the target group or of the entry in `Targets`. `EndpointPort` of an override.

    ## What it does not see

    Services that were moved to another port inside of an image; user data that moves sshd is
    taken into account.
    """

    id = "IAC516"
    name = "balancer-target-port"
    causes = (Reason.BALANCER_PORT,)
    reference = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-register-targets.html"
    base = "balanced"
    breaks = (
        """
        resource "aws_lb_listener" "ssh" {
          port = 22
        }

        resource "aws_lb_target_group" "ssh" {
          port = 2022
        }
        """,
        """
        Resources:
          Listener: {Properties: {Port: 22}}
          Targets: {Properties: {Port: 2022}}
        """,
    )
    quiet = (
        """
        resource "aws_lb_listener" "ssh" {
          port = 2022
        }
        """,
        """
        Resources:
          Listener: {Properties: {Port: 22}}
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        node = cause.blocker.node.address
        text = cause.blocker.at.text
        yield self.blocked(
            cause,
            f"{node} {text}",
            f"let {node} send to the port of the service",
        )
