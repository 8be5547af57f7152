from collections.abc import Iterator

from iaclint.check import Check, Declared, Finding, Label, Level, Network, Unknown, Value, aws, refs

GROUP = aws.security_group.SecurityGroup
NEW = ("aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule")


class TwoStyles(Check):
    """
    Rules, entries or routes are written inline and as resources of their own.

    ## On the wire

    It works after one run of Terraform and not after the next: the inline set is the whole truth
    for Terraform, and takes away what is not in it. (Inbound and outbound rules are a set each.)

    ## Why AWS does that

    It is Terraform that does. AWS knows only one set of rules; two owners of it overwrite each
    other.

    ## Repair in Terraform

    Write all rules as `aws_vpc_security_group_ingress_rule` and `..._egress_rule`, all routes as
    `aws_route`, all entries as `aws_network_acl_rule`, or all of them inline.

    ## Repair in CloudFormation

    Not needed: a template never takes a rule away that it did not make.

    ## What it does not see

    Rules that another configuration adds to the group: `lifecycle { ignore_changes }` is needed
    then.
    """

    id = "IAC813"
    name = "two-styles"
    level = Level.WARNING
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html"
    breaks = (
        """
        resource "aws_security_group" "desktop" {
          ingress {
            protocol    = "tcp"
            from_port   = 443
            to_port     = 443
            cidr_blocks = ["203.0.113.0/24"]
          }
        }
        """,
        """
        resource "aws_route_table" "private" {
          route {
            cidr_block = "192.0.2.0/24"
            gateway_id = aws_internet_gateway.main.id
          }
        }

        resource "aws_route" "private" {
          route_table_id         = aws_route_table.private.id
          destination_cidr_block = "198.51.100.0/24"
          gateway_id             = aws_internet_gateway.main.id
        }
        """,
        """
        resource "aws_default_route_table" "main" {
          default_route_table_id = aws_vpc.main.default_route_table_id
        }

        resource "aws_main_route_table_association" "main" {
          vpc_id         = aws_vpc.main.id
          route_table_id = aws_route_table.private.id
        }
        """,
        """
        resource "aws_security_group_rule" "web" {
          security_group_id = aws_security_group.desktop.id
          type              = "ingress"
          protocol          = "tcp"
          from_port         = 443
          to_port           = 443
          cidr_blocks       = ["203.0.113.0/24"]
        }
        """,
    )
    quiet = (
        """
        resource "aws_security_group" "web" {
          name   = "web"
          vpc_id = aws_vpc.main.id

          egress {
            protocol    = "-1"
            from_port   = 0
            to_port     = 0
            cidr_blocks = ["0.0.0.0/0"]
          }
        }

        resource "aws_security_group_rule" "web" {
          security_group_id = aws_security_group.web.id
          type              = "ingress"
          protocol          = "tcp"
          from_port         = 443
          to_port           = 443
          cidr_blocks       = ["203.0.113.0/24"]
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
            cidr_blocks = ["203.0.113.0/24"]
          }
        }
        """,
        """
        Resources:
          DesktopGroup:
            Properties:
              SecurityGroupIngress:
                - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 203.0.113.0/24}
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """What is added from outside to something that has a set of its own."""
        yield from self._main_tables(network)
        owners = {d.address: d for d in network.declared if d.is_terraform and _inline(d)}
        styles: dict[str, Declared] = {}
        seen: set[tuple[str, str]] = set()
        for declared in network.declared:
            what, owner = _belongs(declared)
            if not owner or declared.maybe is not None or (what, owner) in seen:
                continue
            other = owners.get(owner)
            if other is None or not _same_direction(declared, other):
                other = _other_style(declared, owner, styles)
            if other is None:
                continue
            seen.add((what, owner))
            yield self.about(
                declared.resource,
                f"the {what} of {owner} are written in two styles that overwrite each other",
                Label(declared.span, "one style"),
                f"write all {what} of {owner} in one of the two",
                related=(Label(other.span, "another style"),),
                identity=f"{what} {owner}",
            )

    def _main_tables(self, network: Network) -> Iterator[Finding]:
        """A main table that is taken over, and another one that is made the main one."""
        kept = [
            d for d in network.declared if isinstance(d, aws.routing.RouteTable) and d.is_default
        ]
        for declared in network.declared:
            if not isinstance(declared, aws.routing.MainAssociation) or declared.maybe:
                continue
            vpc = _address(declared.vpc)
            same = [d for d in kept if vpc and vpc in {ref.address for ref in refs(d.adopts)}]
            if same:
                yield self.about(
                    declared.resource,
                    f"two resources decide which is the main route table of {vpc}",
                    Label(declared.span, "makes another table the main one"),
                    f"keep {declared.address} or {same[0].address}",
                    related=(Label(same[0].span, "takes the main table over"),),
                    identity=f"main table {vpc}",
                )


def _inline(declared: Declared) -> bool:
    """Whether it has rules, entries or routes of its own, and Terraform minds others."""
    if isinstance(declared, (GROUP, aws.network_acl.NetworkAcl)):
        names = {"ingress", "egress"}
        written = declared.ingress is not None or declared.egress is not None
    elif isinstance(declared, aws.routing.RouteTable):
        names, written = {"route"}, declared.routes is not None
    else:
        return False
    return written and not declared.resource.ignored & names


def _belongs(declared: Declared) -> tuple[str, str]:
    """What kind of thing it is, and the address of what it is added to."""
    if not declared.is_terraform or declared.is_data:
        return "", ""
    if isinstance(declared, aws.security_group.SecurityGroupRule) and not declared.inline:
        return "rules", _address(declared.group)
    if isinstance(declared, aws.network_acl.NetworkAclEntry) and declared.inline is None:
        return "entries", _address(declared.acl)
    if isinstance(declared, aws.routing.Route) and not declared.inline:
        return "routes", _address(declared.table)
    return "", ""


def _same_direction(declared: Declared, owner: Declared) -> bool:
    """Terraform minds the inbound and the outbound rules of a group each for themselves."""
    if not isinstance(owner, (GROUP, aws.network_acl.NetworkAcl)):
        return True
    names = {"ingress": owner.ingress, "egress": owner.egress}
    direction = None
    if isinstance(declared, aws.security_group.SecurityGroupRule):
        direction = declared.direction
    elif isinstance(declared, aws.network_acl.NetworkAclEntry):
        out = declared.egress
        direction = out if isinstance(out, Unknown) else "egress" if out else "ingress"
    if direction is None or isinstance(direction, Unknown):
        return False
    return names[direction] is not None


def _address(value: Value | None) -> str:
    if isinstance(value, Unknown) and value.ref is not None and value.ref.attribute == "id":
        return value.ref.address
    return ""


def _other_style(declared: Declared, owner: str, styles: dict[str, Declared]) -> Declared | None:
    """Old and new rule resources on one group: documented as conflicting, too."""
    if not isinstance(declared, aws.security_group.SecurityGroupRule):
        return None
    first = styles.setdefault(owner, declared)
    mixed = (first.resource.kind in NEW) != (declared.resource.kind in NEW)
    return first if mixed else None
