from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class ProxyProtocol(Check):
    """
    The load balancer puts a proxy protocol header before the data.

    SSH and RDP servers do not read that header and close the connection.
    """

    id = "IAC517"
    name = "proxy-protocol"
    causes = (Reason.BALANCER_PROXY,)
    reference = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html"
    breaks = (
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
          proxy_protocol_v2 = true
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
        yield self.blocked(
            cause,
            f"{node} sends a proxy protocol header first",
            f"switch the proxy protocol of {node} off",
        )
