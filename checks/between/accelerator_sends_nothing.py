from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason

HOST = """
resource "aws_globalaccelerator_accelerator" "main" {
  name    = "main"
  enabled = ENABLED
}

resource "aws_globalaccelerator_listener" "ssh" {
  accelerator_arn = aws_globalaccelerator_accelerator.main.arn
  protocol        = "PROTOCOL"

  port_range {
    from_port = 22
    to_port   = 22
  }
}

resource "aws_globalaccelerator_endpoint_group" "ssh" {
  listener_arn = aws_globalaccelerator_listener.ssh.arn

  endpoint_configuration {
    endpoint_id = aws_instance.bastion.id
    weight      = WEIGHT
  }
}
"""
TEMPLATE = """
Resources:
  Accelerator:
    Type: AWS::GlobalAccelerator::Accelerator
    Properties: {Name: main, Enabled: ENABLED}
  Listener:
    Type: AWS::GlobalAccelerator::Listener
    Properties:
      AcceleratorArn: !Ref Accelerator
      Protocol: PROTOCOL
      PortRanges: [{FromPort: 22, ToPort: 22}]
  EndpointGroup:
    Type: AWS::GlobalAccelerator::EndpointGroup
    Properties:
      EndpointGroupRegion: !Ref AWS::Region
      ListenerArn: !Ref Listener
      EndpointConfigurations: [{EndpointId: !Ref Bastion, Weight: WEIGHT}]
"""


def _with(text: str, enabled: str = "true", protocol: str = "TCP", weight: str = "128") -> str:
    given = text.replace("ENABLED", enabled).replace("PROTOCOL", protocol)
    return given.replace("WEIGHT", weight)


class AcceleratorSendsNothing(Check):
    """
    An accelerator in front of a login port sends nothing to the instance.

    ## On the wire

    The connection to the accelerator's address is never answered.

    ## Why AWS does that

    An accelerator that is not enabled takes no connections, a listener takes one protocol only,
    and an endpoint of weight 0 gets no traffic. SSH and RDP are TCP.

    ## Repair in Terraform

    `protocol = "TCP"` in the `aws_globalaccelerator_listener`, `enabled = true` in the accelerator,
    a `weight` above 0 in the endpoint group.

    ## Repair in CloudFormation

    `Protocol: TCP` in the `AWS::GlobalAccelerator::Listener`, `Enabled: true`, a `Weight` above 0.

    ## What it does not see

    Health checks, and what an accelerator of the kind for custom routing is allowed later.
    """

    id = "IAC522"
    name = "accelerator-sends-nothing"
    causes = (Reason.ACCELERATOR,)
    reference = "https://docs.aws.amazon.com/global-accelerator/latest/dg/about-listeners.html"
    breaks = (
        _with(HOST, protocol="UDP"),
        _with(HOST, enabled="false"),
        _with(HOST, weight="0"),
        _with(TEMPLATE, protocol="UDP"),
        _with(TEMPLATE, weight="0"),
    )
    quiet = (
        _with(HOST),
        _with(HOST, enabled="var.unknown") + '\nvariable "unknown" {}',
        _with(TEMPLATE),
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each thing that has to change."""
        node = cause.blocker.node.address
        yield self.blocked(
            cause,
            f"{node} {cause.blocker.at.text}",
            "let an enabled accelerator take TCP, and give the endpoint a weight",
        )
