from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Reason, Rule


class SourceNotLetIn(Check):
    """
    The rule for the service lets in others than the clients.

    ## On the wire

    The packet arrives with an address that no rule names, and is dropped. The client sees a
    time-out.

    ## Why AWS does that

    A rule that names a group matches the members of it by their private address. Somebody who
    comes through the internet gateway is no member, and neither is an instance that connects to
    the public address of another one. A rule that names the public address of a bastion does not
    match the bastion inside of the VPC, where it comes with its private address. A bastion that
    dials the public address (`host = self.public_ip` beside a `bastion_host`) comes with its public
    one. Behind a network load balancer that does not preserve them, or translates between IPv4 and
    IPv6, no rule for the addresses of clients counts: all that comes is from the load balancer.

    ## Repair in Terraform

    Add the clients to the rule: `cidr_ipv4` in a rule of its own, or the group of the client in
    `referenced_security_group_id`.

    ## Repair in CloudFormation

    A further rule with `CidrIp`, or `SourceSecurityGroupId` with the group of the client.

    ## What it does not see

    Clients whose address is in a variable without a default: the answer is undecided then.
    """

    id = "IAC410"
    name = "source-not-let-in"
    causes = (Reason.GROUP_SOURCE,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html"
    breaks = (
        """
        resource "aws_vpc_security_group_ingress_rule" "rdp" {
          cidr_ipv4                    = null
          referenced_security_group_id = aws_security_group.desktop.id
        }
        """,
        """
        Resources:
          Rdp:
            Properties:
              CidrIp: null
              SourceSecurityGroupId: !GetAtt DesktopGroup.GroupId
        """,
        """
        resource "aws_eip" "bastion" {
          domain   = "vpc"
          instance = aws_instance.bastion.id
        }

        resource "aws_vpc_security_group_ingress_rule" "from_bastion" {
          cidr_ipv4                    = "${aws_eip.bastion.public_ip}/32"
          referenced_security_group_id = null
        }
        """,
        """
        Resources:
          FromBastion:
            Properties:
              CidrIp: !Sub ${Bastion.PublicIp}/32
              SourceSecurityGroupId: null
        """,
        """
        Resources:
          Address:
            Type: AWS::EC2::EIP
            Properties:
              InstanceId: !Ref Bastion
          FromBastion:
            Properties:
              CidrIp: !Sub ${Address}/32
              SourceSecurityGroupId: null
        """,
    )
    quiet = (
        """
        resource "aws_vpc_security_group_ingress_rule" "members" {
          security_group_id            = aws_security_group.desktop.id
          ip_protocol                  = "tcp"
          from_port                    = 3389
          to_port                      = 3389
          referenced_security_group_id = aws_security_group.desktop.id
        }
        """,
        """
        Resources:
          Members:
            Type: AWS::EC2::SecurityGroupIngress
            Properties:
              GroupId: !GetAtt DesktopGroup.GroupId
              IpProtocol: tcp
              FromPort: 3389
              ToPort: 3389
              SourceSecurityGroupId: !GetAtt DesktopGroup.GroupId
        """,
        """
        resource "aws_vpc_security_group_ingress_rule" "from_bastion" {
          cidr_ipv4                    = "${aws_instance.bastion.private_ip}/32"
          referenced_security_group_id = null
        }
        """,
        """
        resource "aws_eip" "bastion" {
          domain   = "vpc"
          instance = aws_instance.bastion.id
        }

        resource "aws_vpc_security_group_ingress_rule" "rdp" {
          cidr_ipv4 = "${aws_eip.bastion.public_ip}/32"
        }
        """,
        """
        Resources:
          FromBastion:
            Properties:
              CidrIp: !Sub ${Bastion.PrivateIp}/32
              SourceSecurityGroupId: null
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each rule."""
        inner = cause.judged[0].flow.client.instance
        rule, group = cause.blocker.about[:2]
        if inner is not None and isinstance(rule, Rule) and rule.public_of:
            yield self.blocked(
                cause,
                f"the rule names a public address, and {inner.address} comes with its private one",
                f"let in the security group of {inner.address}, or its private address",
            )
            return
        if cause.from_bastion:
            yield self.blocked(cause, *_by_public_address(cause.from_bastion))
            return
        clients = inner.address if inner is not None else cause.source
        where = (
            f"by a rule beside {rule.address}"
            if rule.address != group.address
            else f"by a rule of {group.address}"
        )
        yield self.blocked(
            cause,
            "the rule lets in others only",
            cause.blocker.help or f"let {cause.asked} in from {clients} too, {where}",
        )


def _by_public_address(bastion: str) -> tuple[str, str]:
    """What happens, and what to do, where a bastion dials the public address of the target."""
    return (
        f"{bastion} dials the public address and so comes with its own public one, which the rule "
        "does not let in",
        "dial the private address: host = self.private_ip",
    )
