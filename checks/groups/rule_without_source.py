from collections.abc import Iterator

from iaclint.check import Cause, Check, Finding, Label, Level, Network, Reason, Rule


class RuleWithoutSource(Check):
    """
    The rule names nobody.

    ## On the wire

    The rule does not exist, and the packet that it is for is dropped.

    ## Why AWS does that

    A rule is for a block, a prefix list or a group. Terraform and AWS refuse one that names none of
    them; a standalone rule in CloudFormation is left out without a word.

    ## Repair in Terraform

    `cidr_blocks`, `ipv6_cidr_blocks`, `prefix_list_ids`, `security_groups` or `self` in the rule
    (`cidr_ipv4` and its kin in an `aws_vpc_security_group_ingress_rule`).

    ## Repair in CloudFormation

    `CidrIp`, `CidrIpv6`, `SourcePrefixListId` or `SourceSecurityGroupId`.

    ## What it does not see

    A list of sources that is empty by the default of a variable: the answer is undecided then.
    """

    id = "IAC409"
    name = "rule-without-source"
    causes = (Reason.GROUP_NO_SOURCE,)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html"
    breaks = (
        """
        resource "aws_vpc_security_group_ingress_rule" "rdp" {
          cidr_ipv4 = null
        }
        """,
        """
        resource "aws_security_group" "web" {
          name   = "web"
          vpc_id = aws_vpc.main.id

          ingress {
            protocol    = "tcp"
            from_port   = 443
            to_port     = 443
            cidr_blocks = []
          }
        }
        """,
        """
        Resources:
          Rdp:
            Properties:
              CidrIp: null
        """,
    )
    quiet = (
        """
        resource "aws_security_group" "web" {
          name   = "web"
          vpc_id = aws_vpc.main.id

          ingress {
            protocol  = "tcp"
            from_port = 443
            to_port   = 443
            self      = true
          }
        }
        """,
        """
        Parameters:
          Peer:
            Type: AWS::EC2::SecurityGroup::Id
        Resources:
          Rdp:
            Properties:
              CidrIp: null
              SourceSecurityGroupId: !Ref Peer
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each rule."""
        rule = cause.blocker.about[0].address
        yield self.blocked(cause, "the rule names no source", f"name the clients in {rule}")

    def look(self, network: Network) -> Iterator[Finding]:
        """Rules of any service, in both directions."""
        for group in network.groups:
            for rule in (*group.ingress, *group.egress):
                if rule.span is None or rule.maybe is not None or _named(rule):
                    continue
                yield self.about(
                    rule if rule.address != group.address else group,
                    f"a rule of {group.address} names no peer",
                    Label(rule.span, "names nobody"),
                    "name a block, a prefix list or a group",
                    level=Level.WARNING,
                    codes=(Reason.GROUP_NO_SOURCE.code,),
                    identity=str(rule.traffic),
                )


def _named(rule: Rule) -> bool:
    return bool(rule.prefixes or rule.groups or rule.holders or rule.managed or rule.invalid)
