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
    breaks = (
        """
        resource "aws_lb" "front" {
          load_balancer_type = "network"
          subnets            = [aws_subnet.public.id]
        }

        resource "aws_lb_listener" "ssh" {
          load_balancer_arn = aws_lb.front.arn
          port              = 2222
          protocol          = "TLS"

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
          Front:
            Type: AWS::ElasticLoadBalancingV2::LoadBalancer
            DependsOn: Attachment
            Properties:
              Type: network
              Subnets: [!Ref PublicSubnet]
          Listener:
            Type: AWS::ElasticLoadBalancingV2::Listener
            Properties:
              LoadBalancerArn: !Ref Front
              Port: 2222
              Protocol: TLS
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
        resource "aws_lb" "front" {
          load_balancer_type = "network"
          subnets            = [aws_subnet.public.id]
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
          Front:
            Type: AWS::ElasticLoadBalancingV2::LoadBalancer
            DependsOn: Attachment
            Properties:
              Type: network
              Subnets: [!Ref PublicSubnet]
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
            f"{node} {text}",
            "use a TCP listener of a network load balancer",
        )
