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
    breaks = (
        """
        resource "aws_subnet" "public" {
          availability_zone = "eu-west-1a"
        }

        resource "aws_subnet" "desktops" {
          availability_zone = "eu-west-1b"
        }

        resource "aws_lb" "front" {
          load_balancer_type = "network"
          subnets            = [aws_subnet.desktops.id]
        }

        resource "aws_lb_listener" "ssh" {
          load_balancer_arn = aws_lb.front.arn
          port              = 2222
          protocol          = "TCP"

          default_action {
            type             = "forward"
            target_group_arn = aws_lb_target_group.ssh.arn
          }
        }

        resource "aws_lb_target_group" "ssh" {
          vpc_id   = aws_vpc.main.id
          port     = 22
          protocol = "TCP"
        }

        resource "aws_lb_target_group_attachment" "ssh" {
          target_group_arn = aws_lb_target_group.ssh.arn
          target_id        = aws_instance.bastion.id
        }
        """,
        """
        Resources:
          PublicSubnet: {Properties: {AvailabilityZone: eu-west-1a}}
          DesktopSubnet: {Properties: {AvailabilityZone: eu-west-1b}}
          Front:
            Type: AWS::ElasticLoadBalancingV2::LoadBalancer
            DependsOn: Attachment
            Properties:
              Type: network
              Subnets: [!Ref DesktopSubnet]
          Listener:
            Type: AWS::ElasticLoadBalancingV2::Listener
            Properties:
              LoadBalancerArn: !Ref Front
              Port: 2222
              Protocol: TCP
              DefaultActions: [{Type: forward, TargetGroupArn: !Ref Targets}]
          Targets:
            Type: AWS::ElasticLoadBalancingV2::TargetGroup
            Properties:
              VpcId: !Ref Vpc
              Port: 22
              Protocol: TCP
              Targets: [{Id: !Ref Bastion}]
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
          load_balancer_type = "network"
          subnets            = [aws_subnet.public.id, aws_subnet.desktops.id]
        }

        resource "aws_lb_listener" "ssh" {
          load_balancer_arn = aws_lb.front.arn
          port              = 2222
          protocol          = "TCP"

          default_action {
            type             = "forward"
            target_group_arn = aws_lb_target_group.ssh.arn
          }
        }

        resource "aws_lb_target_group" "ssh" {
          vpc_id   = aws_vpc.main.id
          port     = 22
          protocol = "TCP"
        }

        resource "aws_lb_target_group_attachment" "ssh" {
          target_group_arn = aws_lb_target_group.ssh.arn
          target_id        = aws_instance.bastion.id
        }
        """,
        """
        Resources:
          PublicSubnet: {Properties: {AvailabilityZone: eu-west-1a}}
          DesktopSubnet: {Properties: {AvailabilityZone: eu-west-1b}}
          Front:
            Type: AWS::ElasticLoadBalancingV2::LoadBalancer
            DependsOn: Attachment
            Properties:
              Type: network
              Subnets: [!Ref PublicSubnet, !Ref DesktopSubnet]
          Listener:
            Type: AWS::ElasticLoadBalancingV2::Listener
            Properties:
              LoadBalancerArn: !Ref Front
              Port: 2222
              Protocol: TCP
              DefaultActions: [{Type: forward, TargetGroupArn: !Ref Targets}]
          Targets:
            Type: AWS::ElasticLoadBalancingV2::TargetGroup
            Properties:
              VpcId: !Ref Vpc
              Port: 22
              Protocol: TCP
              Targets: [{Id: !Ref Bastion}]
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
