from collections.abc import Iterator

from iaclint.check import Check, Finding, Label, Level, Network, Unknown


class BalancerWithoutTargets(Check):
    """
    The load balancer forwards a login port to a target group in which nothing is.

    ## On the wire

    The load balancer resets or drops each connection: there is nobody to pass it to.

    ## Why AWS does that

    A listener for SSH or RDP hands connections to its target group. Instances get into a group
    by an attachment, by its list of targets, or by the auto scaling group that lists it.

    ## Repair in Terraform

    An `aws_lb_target_group_attachment` with the instance, or `target_group_arns` of the auto
    scaling group.

    ## Repair in CloudFormation

    `Targets` of the target group, or `TargetGroupARNs` of the auto scaling group.

    ## What it does not see

    Targets that a program or another stack registers. That is why it is a warning.
    """

    id = "IAC519"
    name = "balancer-without-targets"
    level = Level.WARNING
    reference = (
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/"
        "target-group-register-targets.html"
    )
    base = "balanced"
    breaks = (
        """
        resource "aws_lb_listener" "ssh" {
          port = 22
        }

        resource "aws_lb_target_group_attachment" "ssh" {
          count = 0
        }
        """,
        """
        Resources:
          Listener: {Properties: {Port: 22}}
          Targets: {Properties: {Targets: null}}
        """,
    )
    quiet = (
        """
        resource "aws_lb_listener" "ssh" {
          port = 22
        }

        resource "aws_lb_target_group_attachment" "ssh" {
          port = 22
        }
        """,
        """
        Resources:
          Listener: {Properties: {Port: 22}}
          Targets: {Properties: {Targets: [{Id: !Ref Bastion, Port: 22}]}}
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each listener that leads to nobody."""
        for balancer in network.balancers:
            if balancer.kind not in ("network", "classic") or network.library:
                continue
            for listener in balancer.listeners:
                groups = listener.groups
                known = [g for g in groups if not isinstance(g, Unknown) and g.rest is None]
                if listener.port not in (22, 3389) or len(known) != len(groups) or not groups:
                    continue
                if listener.span is not None and not any(group.targets for group in known):
                    yield self.about(
                        listener,
                        f"port {listener.port} of {balancer.address} is forwarded to nobody",
                        Label(listener.span, f"{known[0].address} has no target"),
                        f"put the instance into {known[0].address}",
                        codes=("ELBV2_LISTENER_HAS_NO_TG",),
                    )
