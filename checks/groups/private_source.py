from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason


class PrivateSource(Check):
    """
    The rule lets in private addresses, which never arrive through an internet gateway.

    ## On the wire

    The client's packet arrives with the public address of the client's router. No rule names that
    address, and the packet is dropped.

    ## Why AWS does that

    10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 and 100.64.0.0/10 are not routed on the internet, and
    an internet gateway drops them. The address your own computer shows is usually one of them.

    ## Repair in Terraform

    Name the public addresses of the clients in `cidr_ipv4` or `cidr_blocks`.

    ## Repair in CloudFormation

    Name them in `CidrIp`.

    ## What it does not see

    A VPN or a Direct Connect that is not in the files. With one the rule is right, and the
    instance needs no public address.
    """

    id = "IAC404"
    name = "private-source"
    causes = (Reason.GROUP_PRIVATE_SOURCE,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html"
    breaks = (
        """
        resource "aws_vpc_security_group_ingress_rule" "rdp" {
          cidr_ipv4 = "192.168.1.0/24"
        }
        """,
        """
        Resources:
          Rdp:
            Properties:
              CidrIp: 172.20.0.0/16
        """,
    )
    quiet = (
        """
        resource "aws_vpc_security_group_ingress_rule" "inside" {
          security_group_id = aws_security_group.desktop.id
          ip_protocol       = "tcp"
          from_port         = 3389
          to_port           = 3389
          cidr_ipv4         = "192.168.1.0/24"
        }
        """,
        """
        Resources:
          FromBastion:
            Properties:
              SourceSecurityGroupId: null
              CidrIp: 10.0.1.0/24
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each rule."""
        here = "the instance is reached from the internet"
        help_ = f"name the public addresses of the clients in {cause.blocker.about[0].address}"
        if cause.from_bastion:
            here = f"{cause.from_bastion} dials the public address and so comes with a public one"
            help_ = "dial the private address: host = self.private_ip"
        yield self.blocked(cause, f"the rule lets in private addresses only, and {here}", help_)
