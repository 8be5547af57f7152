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
          vpc_id            = aws_vpc.main.id
          port              = 2022
          protocol          = "TCP"
          proxy_protocol_v2 = false
        }
        resource "aws_lb_target_group_attachment" "ssh" {
          target_group_arn = aws_lb_target_group.ssh.arn
          target_id        = aws_instance.bastion.id
        }
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
          vpc_id            = aws_vpc.main.id
          port              = 22
          protocol          = "TCP"
          proxy_protocol_v2 = false
        }
        resource "aws_lb_target_group_attachment" "ssh" {
          target_group_arn = aws_lb_target_group.ssh.arn
          target_id        = aws_instance.bastion.id
        }
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        node = cause.blocker.node.address
        text = cause.blocker.at.text
        yield self.blocked(
            cause,
            f"{node} {text}",
            "let the target group send to the port of the service",
        )
