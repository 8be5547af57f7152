from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class BalancerZone(Check):
    """
    The load balancer does not send to the zone of the instance.

    ## On the wire

    The load balancer accepts the connection in its own zone and has no target there.

    ## Why AWS does that

    A load balancer sends to targets in the Availability Zones of its subnets; without
    cross-zone load balancing, which a network load balancer has off by default, each node sends
    to its own zone only.

    ## Repair in Terraform

    A subnet of the instance's zone in `subnets` of the `aws_lb`; or
    `enable_cross_zone_load_balancing = true` where the zone of the target is enabled already.

    ## Repair in CloudFormation

    The same in `Subnets`, or the attribute `load_balancing.cross_zone.enabled`.

    ## What it does not see

    Zones that are chosen while the configuration is applied.
    """

    id = "IAC518"
    name = "balancer-zone"
    causes = (Reason.BALANCER_ZONE,)
    reference = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html"
    base = "balanced"
    breaks = (
        """
        resource "aws_subnet" "public" {
          availability_zone = "eu-west-1a"
        }

        resource "aws_subnet" "desktops" {
          availability_zone = "eu-west-1b"
        }

        resource "aws_lb" "front" {
          subnets = [aws_subnet.desktops.id]
        }
        """,
        """
        Resources:
          PublicSubnet: {Properties: {AvailabilityZone: eu-west-1a}}
          DesktopSubnet: {Properties: {AvailabilityZone: eu-west-1b}}
          Front: {Properties: {Subnets: [!Ref DesktopSubnet]}}
        """,
    )
    quiet = (
        """
        resource "aws_subnet" "public" {
          availability_zone = "eu-west-1a"
        }

        resource "aws_subnet" "desktops" {
          availability_zone = "eu-west-1b"
        }

        resource "aws_lb" "front" {
          subnets = [aws_subnet.public.id, aws_subnet.desktops.id]
        }
        """,
        """
        Resources:
          PublicSubnet: {Properties: {AvailabilityZone: eu-west-1a}}
          DesktopSubnet: {Properties: {AvailabilityZone: eu-west-1b}}
          Front: {Properties: {Subnets: [!Ref PublicSubnet, !Ref DesktopSubnet]}}
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        node = cause.blocker.node.address
        text = cause.blocker.at.text
        yield self.blocked(
            cause,
            f"{node} does not serve the zone: {text}",
            f"give {node} a subnet in that zone, or switch cross-zone load balancing on",
        )
