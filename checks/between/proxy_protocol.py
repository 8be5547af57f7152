from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class ProxyProtocol(Check):
    """
    The load balancer puts a proxy protocol header before the data.

    ## On the wire

    The first bytes that reach sshd are those of the load balancer. It does not know them and
    closes the connection.

    ## Why AWS does that

    With proxy protocol a network load balancer puts a header with the client's address before
    the data. The service has to expect it; SSH and RDP servers do not.

    ## Repair in Terraform

    `proxy_protocol_v2 = false` in the `aws_lb_target_group`.

    ## Repair in CloudFormation

    The attribute `proxy_protocol_v2.enabled` of the target group, set to false.

    ## What it does not see

    Proxies on the instance that take the header off.
    """

    id = "IAC517"
    name = "proxy-protocol"
    causes = (Reason.BALANCER_PROXY,)
    reference = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html"
    base = "balanced"
    breaks = (
        """
        resource "aws_lb_target_group" "ssh" {
          proxy_protocol_v2 = true
        }
        """,
        """
        Resources:
          Targets:
            Properties:
              TargetGroupAttributes: [{Key: proxy_protocol_v2.enabled, Value: true}]
        """,
    )
    quiet = (
        """
        resource "aws_lb_target_group" "ssh" {
          proxy_protocol_v2 = false
        }
        """,
        """
        Resources:
          Targets:
            Properties:
              TargetGroupAttributes: [{Key: proxy_protocol_v2.enabled, Value: false}]
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
