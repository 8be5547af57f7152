from collections.abc import Iterator

from iaclint.check import (
    Check,
    Declared,
    Finding,
    Label,
    Level,
    Network,
    NotAPrefix,
    Scalar,
    Value,
    aws,
    elements,
    has_host_bits,
    parse_prefix,
)


class InvalidBlock(Check):
    """
    The address block is not one, is of the other family, or names a single host.

    ## On the wire

    Nothing: what the block stands in is refused.

    ## Why AWS does that

    A block is an address and a length, `203.0.113.0/24` or `2001:db8::/32`, each in the argument of
    its family. Terraform also refuses bits behind the length in inline rules: `10.0.0.5/16` could
    be meant as `10.0.0.0/16` or as `10.0.0.5/32`.

    ## Repair in Terraform

    `cidr_blocks` for IPv4, `ipv6_cidr_blocks` for IPv6, both with a length.

    ## Repair in CloudFormation

    `CidrIp` and `CidrIpv6`; in routes and ACL entries the names with `Ipv6`.

    ## What it does not see

    Values that are known only on apply.
    """

    id = "IAC803"
    name = "invalid-block"
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html"
    breaks = (
        """
        resource "aws_security_group" "web" {
          name   = "web"
          vpc_id = aws_vpc.main.id

          ingress {
            protocol    = "tcp"
            from_port   = 443
            to_port     = 443
            cidr_blocks = ["10.0.0.5/16"]
          }
        }
        """,
        """
        resource "aws_vpc_security_group_ingress_rule" "office" {
          security_group_id = aws_security_group.bastion.id
          ip_protocol       = "tcp"
          from_port         = 443
          to_port           = 443
          cidr_ipv4         = "office"
        }
        """,
        """
        Resources:
          Web:
            Type: AWS::EC2::SecurityGroupIngress
            Properties:
              GroupId: !GetAtt BastionGroup.GroupId
              IpProtocol: tcp
              FromPort: 443
              ToPort: 443
              CidrIp: ::/0
        """,
    )
    quiet = (
        """
        resource "aws_security_group" "web" {
          name   = "web"
          vpc_id = aws_vpc.main.id

          ingress {
            protocol         = "tcp"
            from_port        = 443
            to_port          = 443
            cidr_blocks      = ["10.0.0.5/32", "10.1.0.0/16"]
            ipv6_cidr_blocks = ["2001:db8::/32"]
          }
        }
        """,
        """
        Parameters:
          Office: {Type: String}
        Resources:
          Web:
            Type: AWS::EC2::SecurityGroupIngress
            Properties:
              GroupId: !GetAtt BastionGroup.GroupId
              IpProtocol: tcp
              FromPort: 443
              ToPort: 443
              CidrIp: !Ref Office
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """Rules, entries and routes."""
        for declared in network.declared:
            if declared.maybe is not None or declared.is_data:
                continue
            for family, value in _blocks(declared):
                why = _wrong(declared, family, value)
                if why:
                    yield self.about(
                        declared.resource,
                        f'{declared.address}: "{value.value}" {why}',
                        Label(value.span, why),
                        "write an address and a length, in the argument of its family",
                        related=_made_of(value),
                        level=Level.WARNING if value.origin is not None else None,
                        identity=str(value.value),
                    )


def _made_of(value: Scalar) -> tuple[Label, ...]:
    """Where it comes from: whoever deploys it may give something else."""
    if value.origin is None:
        return ()
    return (Label(value.origin, "it comes from here, unless something else is given"),)


def _blocks(declared: Declared) -> Iterator[tuple[str, Scalar]]:
    found: tuple[Value | None, Value | None] = (None, None)
    if isinstance(declared, aws.security_group.SecurityGroupRule):
        found = (declared.cidrs, declared.ipv6_cidrs)
    elif isinstance(declared, (aws.network_acl.NetworkAclEntry, aws.routing.Route)):
        found = (declared.ipv4, declared.ipv6)
    for family, value in zip(("ipv4", "ipv6"), found, strict=True):
        for each in elements(value):
            if isinstance(each, Scalar) and isinstance(each.value, str) and each.value:
                yield family, each


def _wrong(declared: Declared, family: str, value: Scalar) -> str:
    plain = str(value.value)
    try:
        prefix = parse_prefix(plain)
    except NotAPrefix:
        return "is not an address block"
    if "/" not in plain:
        return "has no length"
    if prefix.family != family:
        return f"is not an {'IPv4' if family == 'ipv4' else 'IPv6'} block"
    inline = getattr(declared, "inline", None) not in (None, False)
    inline = inline or (
        isinstance(declared, aws.network_acl.NetworkAclEntry) and (declared.inline is not None)
    )
    if declared.is_terraform and inline and has_host_bits(plain):
        return f"has bits behind its length: the block is {prefix}"
    return ""
