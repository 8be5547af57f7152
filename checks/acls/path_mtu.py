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
    Vpc,
    listed,
    loses_too_big,
)


class PathMtu(Check):
    """
    The network ACL lets SSH or RDP in, and not the message that a packet was too big.

    ## On the wire

    The connection is made, the login may even work, and then it hangs: the first full packet is
    larger than a link on the way can carry, and the answer that says so is dropped at the border
    of the subnet. The sender repeats it until it gives up.

    ## Why AWS does that

    A security group lets such answers in with the connection they belong to. A network ACL knows
    no connections. Routers never cut IPv6 packets, so IPv6 depends on the message everywhere; over
    IPv4 it matters where a VPN takes a part of each packet.

    ## Repair in Terraform

    An inbound `aws_network_acl_rule`: for IPv6 `protocol = "ipv6-icmp"`, `icmp_type = 2` and
    `icmp_code = 0`; for IPv4 `protocol = "icmp"`, `icmp_type = 3` and `icmp_code = 4`.

    ## Repair in CloudFormation

    An `AWS::EC2::NetworkAclEntry` with `Protocol: 58`, `Icmp: {Type: 2, Code: 0}`, or with
    `Protocol: 1`, `Icmp: {Type: 3, Code: 4}`.

    ## What it does not see

    How large the packets are that the links on the way carry. IPv4 without a VPN is left alone:
    both ends agree on a size there that fits nearly always.
    """

    id = "IAC307"
    name = "path-mtu"
    level = Level.NOTE
    reference = (
        "https://docs.aws.amazon.com/vpc/latest/userguide/network_mtu.html#path_mtu_discovery"
    )
    breaks = (
        """
        resource "aws_network_acl_rule" "ping_in_ipv6" {
          icmp_type = 128
          icmp_code = 0
        }
        """,
        """
        Resources:
          PingInIpv6:
            Properties:
              Icmp: {Type: 128, Code: 0}
        """,
        """
        resource "aws_network_acl_rule" "ping_in" {
          icmp_type = 8
          icmp_code = 0
        }

        resource "aws_vpn_gateway" "office" {
          vpc_id = aws_vpc.main.id
        }

        resource "aws_customer_gateway" "office" {
          bgp_asn    = 65000
          ip_address = "198.51.100.1"
          type       = "ipsec.1"
        }

        resource "aws_vpn_connection" "office" {
          vpn_gateway_id      = aws_vpn_gateway.office.id
          customer_gateway_id = aws_customer_gateway.office.id
          type                = "ipsec.1"
        }
        """,
    )
    quiet = (
        """
        resource "aws_network_acl_rule" "ping_in" {
          icmp_type = 8
          icmp_code = 0
        }
        """,
        """
        resource "aws_network_acl_rule" "ping_in_ipv6" {
          icmp_type = 128
          icmp_code = 0
        }

        resource "aws_network_acl_rule" "too_big" {
          network_acl_id  = aws_network_acl.public.id
          rule_number     = 140
          protocol        = "ipv6-icmp"
          rule_action     = "allow"
          ipv6_cidr_block = "::/0"
          icmp_type       = 2
          icmp_code       = 0
        }
        """,
        """
        Resources:
          PingIn:
            Properties:
              Icmp: {Type: 8, Code: 0}
        """,
        """
        Resources:
          PingInIpv6:
            Properties:
              Icmp: {Type: 128, Code: 0}
          TooBig:
            Type: AWS::EC2::NetworkAclEntry
            Properties:
              NetworkAclId: !Ref PublicAcl
              RuleNumber: 140
              Protocol: 58
              RuleAction: allow
              Ipv6CidrBlock: ::/0
              Icmp: {Type: 2, Code: -1}
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """ACLs of subnets with instances, once for each family."""
        found: dict[Acl, dict[str, list[str]]] = {}
        for instance, interface, acl in network.guarded():
            for family in _families(network, interface):
                found.setdefault(acl, {}).setdefault(family, []).append(instance.address)
        for acl, families in found.items():
            for family in FAMILIES:
                if family in families and acl.span and loses_too_big(acl, family):
                    at = Label(acl.span, "lets TCP in, and not what says that a packet was too big")
                    yield self._finding(acl, at, family, families[family])

    def _finding(self, acl: Acl, at: Label, family: str, targets: list[str]) -> Finding:
        message = "icmp type 3 code 4" if family == "ipv4" else "icmpv6 type 2 code 0"
        return self.about(
            acl,
            f"connections to {listed(list(dict.fromkeys(targets)))} may hang: {acl.address} drops "
            f"{message}",
            at,
            f"let {acl.address} allow {message} inbound",
            targets=targets,
            identity=family,
        )


def _families(network: Network, interface: Interface) -> Iterator[str]:
    """The families in which packets for it may be too big for a link on their way."""
    if interface.ipv6 is True:
        yield "ipv6"
    vpc = interface.vpc
    inside = [i.vpc for vpn in network.client_vpns for i in vpn.interfaces]
    if isinstance(vpc, Vpc) and (
        any(remote.gateway.attached_to(vpc) is True for remote in network.remotes) or vpc in inside
    ):
        yield "ipv4"
