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
    breaks = (
        """
        resource "aws_lb" "front" {
          load_balancer_type = "network"
          subnets            = [aws_subnet.public.id]
        }

        resource "aws_lb_listener" "ssh" {
          load_balancer_arn = aws_lb.front.arn
          port              = 22
          protocol          = "TCP"

          default_action {
            type             = "forward"
            target_group_arn = aws_lb_target_group.ssh.arn
          }
        }

        resource "aws_lb_target_group" "ssh" {
          vpc_id   = aws_vpc.main.id
          port     = 2022
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
              Port: 22
              Protocol: TCP
              DefaultActions: [{Type: forward, TargetGroupArn: !Ref Targets}]
          Targets:
            Type: AWS::ElasticLoadBalancingV2::TargetGroup
            Properties:
              VpcId: !Ref Vpc
              Port: 2022
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
          port              = 2022
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
              Port: 22
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
            f"let {node} send to the port of the service",
        )
