from collections.abc import Iterator

from iaclint.check import (
    FAMILIES,
    Acl,
    Check,
    Finding,
    Interface,
    Label,
    Level,
    Network,
    listed,
    reply_gaps,
)


class PartialReplyPorts(Check):
    """
    The network ACL lets replies out to a part of the clients' ports only.

    ## On the wire

    Some connections work and some hang, depending on the port the client's system happens to
    choose: the reply to a port that is left out is dropped at the border of the subnet.

    ## Why AWS does that

    The client picks its port: most Linux systems one of 32768-60999, Windows and macOS one of
    49152-65535, NAT gateways and load balancers one of 1024-65535.

    ## Repair in Terraform

    `from_port = 1024` and `to_port = 65535` in the outbound `aws_network_acl_rule`.

    ## Repair in CloudFormation

    `PortRange: {From: 1024, To: 65535}` in the entry with `Egress: true`.

    ## What it does not see

    Which systems your clients use. Ranges that leave out no port of Linux, Windows or macOS are
    not reported, nor are small holes.
    """

    id = "IAC306"
    name = "partial-reply-ports"
    level = Level.WARNING
    reference = (
        "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html"
        "#nacl-ephemeral-ports"
    )
    breaks = (
        """
        resource "aws_network_acl_rule" "tcp_out" {
          from_port = 49152
        }

        resource "aws_network_acl_rule" "inward" {
          network_acl_id = aws_network_acl.public.id
          egress         = true
          rule_number    = 200
          protocol       = "tcp"
          rule_action    = "allow"
          cidr_block     = "10.0.0.0/16"
          from_port      = 22
          to_port        = 22
        }
        """,
        """
        Resources:
          TcpOut:
            Properties:
              PortRange: {From: 22, To: 60999}
        """,
    )
    quiet = (
        """
        resource "aws_network_acl_rule" "tcp_out" {
          from_port = 32768
        }

        resource "aws_network_acl_rule" "inward" {
          network_acl_id = aws_network_acl.public.id
          egress         = true
          rule_number    = 200
          protocol       = "tcp"
          rule_action    = "allow"
          cidr_block     = "10.0.0.0/16"
          from_port      = 22
          to_port        = 22
        }
        """,
        """
        Resources:
          TcpOut:
            Properties:
              PortRange: {From: 22, To: 65535}
          Hole:
            Type: AWS::EC2::NetworkAclEntry
            Properties:
              NetworkAclId: !Ref PublicAcl
              Egress: true
              RuleNumber: 90
              Protocol: 6
              RuleAction: deny
              CidrBlock: 0.0.0.0/0
              PortRange: {From: 3389, To: 3389}
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """ACLs of subnets with instances that people outside reach."""
        outside: dict[Acl, dict[str, list[str]]] = {}
        for instance, interface, acl in network.guarded():
            for family in _families(interface):
                outside.setdefault(acl, {}).setdefault(family, []).append(instance.address)
        for acl, families in outside.items():
            for family in FAMILIES:
                gaps = reply_gaps(acl, family) if family in families else []
                if gaps and acl.span is not None:
                    ports = listed([f"{first}-{last}" for first, last in gaps])
                    yield self.about(
                        acl,
                        f"{acl.address} does not let replies out to the client ports {ports}, so "
                        f"that some clients of {listed(families[family])} hang",
                        Label(acl.span, f"no outbound entry for tcp {ports}"),
                        f"let {acl.address} allow tcp 1024-65535 outbound",
                        targets=families[family],
                        identity=family,
                    )


def _families(interface: Interface) -> Iterator[str]:
    """The families in which it is addressed from outside."""
    if interface.public.has is True:
        yield "ipv4"
    if interface.ipv6 is True:
        yield "ipv6"
