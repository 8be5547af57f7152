from collections.abc import Iterator

from iaclint.check import Check, Finding, Label, Level, Network, Rule, parse_prefix

PLACEHOLDERS = tuple(
    map(parse_prefix, ("0.0.0.0/32", "1.2.3.4/32", "255.255.255.255/32", "127.0.0.0/8"))
)


class PlaceholderSource(Check):
    """
    The rule lets in an address that nobody has.

    ## On the wire

    No client ever arrives with such an address, so that the rule lets nobody in.

    ## Why AWS does that

    AWS takes any block. `1.2.3.4/32` and its kin are what examples write until somebody puts in
    the address of the real clients.

    ## Repair in Terraform

    Give the variable the address of the clients (`--var`, a tfvars file), or write it in the rule.

    ## Repair in CloudFormation

    Give the parameter a value, or write the block in the rule.

    ## What it does not see

    Ranges for documentation such as 203.0.113.0/24: they count as public addresses here.
    """

    id = "IAC412"
    name = "placeholder-source"
    level = Level.NOTE
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html"
    breaks = (
        """
        variable "office" {
          default = "1.2.3.4/32"
        }

        resource "aws_vpc_security_group_ingress_rule" "office" {
          security_group_id = aws_security_group.bastion.id
          ip_protocol       = "tcp"
          from_port         = 22
          to_port           = 22
          cidr_ipv4         = var.office
        }
        """,
        """
        Parameters:
          Office: {Type: String, Default: 0.0.0.0/32}
        Resources:
          FromOffice:
            Type: AWS::EC2::SecurityGroupIngress
            Properties:
              GroupId: !GetAtt BastionGroup.GroupId
              IpProtocol: tcp
              FromPort: 22
              ToPort: 22
              CidrIp: !Ref Office
        """,
    )
    quiet = (
        """
        variable "office" {
          default = "203.0.113.7/32"
        }

        resource "aws_vpc_security_group_ingress_rule" "office" {
          security_group_id = aws_security_group.bastion.id
          ip_protocol       = "tcp"
          from_port         = 22
          to_port           = 22
          cidr_ipv4         = var.office
        }
        """,
        """
        Resources:
          InnerGroup:
            Properties:
              SecurityGroupEgress:
                - {IpProtocol: "-1", CidrIp: 127.0.0.1/32}
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """Inbound rules; outbound ones of this kind are how people write "nobody"."""
        for group in network.groups:
            for rule in group.ingress:
                yield from self._rule(rule)

    def _rule(self, rule: Rule) -> Iterator[Finding]:
        for prefix, span in rule.texts:
            if any(prefix in placeholder for placeholder in PLACEHOLDERS):
                yield self.about(
                    rule,
                    f"{rule.address} lets in {prefix}, an address that nobody has",
                    Label(span, "a placeholder"),
                    "put in the address of the clients",
                    identity=str(prefix),
                )
