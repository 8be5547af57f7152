from collections.abc import Iterator

from iaclint.check import (
    RDP,
    SSH,
    Check,
    Finding,
    Group,
    Instance,
    Label,
    Level,
    Network,
    Prefix,
    Rule,
    Scalar,
    Span,
    Traffic,
    aws,
    elements,
    parse_prefix,
    session_manager,
)

NOT_REAL = tuple(
    map(parse_prefix, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"))
)
INSIDE = tuple(
    map(parse_prefix, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"))
)
PLACEHOLDERS = tuple(
    map(parse_prefix, ("0.0.0.0/8", "127.0.0.0/8", "1.2.3.4/32", "224.0.0.0/3", "fc00::/7"))
)


class SingleAddressSource(Check):
    """
    One address, written in the file, is all that is let in.

    ## On the wire

    Today the client gets in. When its provider gives it another address, its packets are dropped,
    and it sees a time-out, although nothing was changed.

    ## Why AWS does that

    A rule knows addresses and no people. Lines at home, phones and hotels change theirs within
    days; that of an office stays only where it was ordered so.

    ## Repair in Terraform

    The range of the office or of the VPN in `cidr_ipv4`, or a variable for the address; or an
    `aws_ec2_instance_connect_endpoint` or Session Manager, which need no address at all.

    ## Repair in CloudFormation

    A parameter for `CidrIp`, or `AWS::EC2::InstanceConnectEndpoint`.

    ## What it does not see

    Whether the address is a fixed one. It speaks only where nothing else lets SSH or RDP in, and
    not of addresses that a variable, a parameter or a lookup gives.
    """

    id = "IAC413"
    name = "single-address-source"
    level = Level.NOTE
    reference = (
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/"
        "TroubleshootingInstancesConnecting.html"
    )
    breaks = (
        """
        resource "aws_vpc_security_group_ingress_rule" "rdp" {
          cidr_ipv4 = "15.230.15.29/32"
        }
        """,
        """
        Resources:
          Rdp:
            Properties:
              CidrIp: 15.230.15.29/32
        """,
    )
    quiet = (
        """
        variable "admin" {
          default = "15.230.15.29/32"
        }

        resource "aws_vpc_security_group_ingress_rule" "rdp" {
          cidr_ipv4 = var.admin
        }
        """,
        """
        Resources:
          Rdp:
            Properties:
              CidrIp: 15.230.15.29/32
          Office:
            Type: AWS::EC2::SecurityGroupIngress
            Properties:
              GroupId: !GetAtt DesktopGroup.GroupId
              IpProtocol: tcp
              FromPort: 3389
              ToPort: 3389
              CidrIp: 15.230.16.0/24
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each rule."""
        written = set(_written(network))
        seen: set[Span] = set()
        for instance in network.instances:
            if session_manager(network, instance):
                continue
            for service in (SSH, RDP):
                only = _only(instance, service.protocol, service.port)
                if only is None or only[2] not in written or only[2] in seen:
                    continue
                rule, prefix, span = only
                seen.add(span)
                yield self.about(
                    rule,
                    f"{service} to {instance.address} works from {prefix} alone",
                    Label(span, "one address, which its provider may change"),
                    "name a range that stays, or use Session Manager or an Instance Connect "
                    "Endpoint",
                    targets=(instance.address,),
                    services=(service.key,),
                    identity=str(prefix),
                )


def _only(instance: Instance, protocol: int, port: int) -> tuple[Rule, Prefix, Span] | None:
    """The rule that alone lets a service in, where it names one public address and no more."""
    found: list[Rule] = []
    for interface in instance.interfaces():
        if interface.public.has is not True and interface.ipv6 is not True:
            return None
        for group in interface.groups:
            if not isinstance(group, Group) or group.rest is not None or group.perhaps:
                return None
            for rule in group.ingress:
                if not isinstance(rule.traffic, Traffic) or rule.maybe is not None:
                    return None
                if rule.traffic.covers(protocol, (port, port)):
                    found.append(rule)
    if len(found) != 1 or len(found[0].texts) != 1 or len(found[0].prefixes) != 1:
        return None
    rule = found[0]
    prefix, span = rule.texts[0]
    others = rule.groups or rule.holders or rule.managed
    return None if others or not _is_somebody(prefix) else (rule, prefix, span)


def _is_somebody(prefix: Prefix) -> bool:
    """Whether it is one address that a client on the internet can have."""
    bits = 32 if prefix.family == "ipv4" else 128
    known = any(prefix in other for other in (*NOT_REAL, *INSIDE, *PLACEHOLDERS))
    return prefix.length == bits and not known


def _written(network: Network) -> Iterator[Span]:
    """Where a rule has a block as plain text: no variable, no expression."""
    for declared in network.declared:
        if isinstance(declared, aws.security_group.SecurityGroupRule):
            for value in (declared.cidrs, declared.ipv6_cidrs):
                for one in elements(value) if value is not None else ():
                    if isinstance(one, Scalar) and one.origin is None and _is_literal(one):
                        yield one.span


def _is_literal(scalar: Scalar) -> bool:
    """Whether the text stands there as it is, with quotes or without."""
    length = len(str(scalar.value))
    return scalar.span.end_column - scalar.span.column in (length, length + 2)
