from collections.abc import Iterator

from iaclint.check import (
    Cause,
    Check,
    Finding,
    Fix,
    Group,
    Id,
    Label,
    New,
    NotAPrefix,
    Reason,
    Rule,
    add,
    listed,
    parse_prefix,
    rule_elsewhere,
)


class NoRuleForService(Check):
    """
    No security group on the instance has a rule that lets the service in.

    ## On the wire

    The packet reaches the interface and is dropped there without an answer. The client sees a
    time-out, never "connection refused".

    ## Why AWS does that

    A group lets in only what one of its rules names, and the rules of all groups of an interface
    count together. Linux is reached on tcp 22, Windows on tcp 3389; ping is ICMP echo request.

    ## Repair in Terraform

    An `aws_vpc_security_group_ingress_rule` (or an `ingress` block, whichever the group uses
    already) for the port, from the addresses of the clients.

    ## Repair in CloudFormation

    An entry in `SecurityGroupIngress`, or an `AWS::EC2::SecurityGroupIngress`.

    ## What it does not see

    Rules that are added by hand, and SSH daemons that listen on another port without a rule or a
    `connection` block that says so.
    """

    id = "IAC401"
    name = "no-rule-for-service"
    causes = (Reason.GROUP_NO_RULE, Reason.GROUP_EMPTY)
    reference = "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html"
    breaks = (
        """
        resource "aws_vpc_security_group_ingress_rule" "rdp" {
          count = 0
        }
        """,
        """
        resource "aws_vpc_security_group_ingress_rule" "rdp" {
          from_port = 443
          to_port   = 443
        }
        """,
        """
        Resources:
          Rdp: null
        """,
    )
    quiet = (
        """
        resource "aws_vpc_security_group_ingress_rule" "rdp" {
          from_port = 3000
          to_port   = 4000
        }
        """,
        """
        Resources:
          Rdp: null
          DesktopGroup:
            Properties:
              SecurityGroupIngress:
                - {IpProtocol: "-1", CidrIp: 203.0.113.0/24}
        """,
    )

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """One finding for each group."""
        if cause.blocker.help:
            yield self.blocked(cause, "no security group lets it in", cause.blocker.help)
            return
        outbound = _outbound(cause)
        group = cause.blocker.node.address
        added = f"add an inbound rule for {cause.asked} from {_clients(cause)} to {group}"
        if outbound is None:
            other, near = _spare(cause)
            help, fix = added + other, _fix(cause)
        else:
            own = outbound.address != group
            help, fix = f"make {outbound.address} an inbound rule" if own else added, None
            near = _labels(outbound)
        yield self.blocked(cause, "no security group lets it in", help, related=near, fix=fix)


def _spare(cause: Cause) -> tuple[str, tuple[Label, ...]]:
    """A rule that would do, in a group on no instance: what else one can do, and where it is."""
    flow = cause.judged[0].flow
    found = None if flow.is_internal else rule_elsewhere(cause.network, cause.vpc, flow.service)
    if found is None or found[1].span is None:
        return "", ()
    group, rule = found
    label = Label(found[1].span, f"lets {flow.service} in, and {group.address} is on no instance")
    if rule.address != group.address:
        return f", or move {rule.address} to that group", (label,)
    return f", or put {group.address} on {listed(cause.targets)}", (label,)


def _outbound(cause: Cause) -> Rule | None:
    """A rule that lets just this service out: it was perhaps meant for the other direction."""
    group = cause.blocker.node
    asked = {j.flow.service.request(j.flow.family) for j in cause.judged}
    rules = group.egress if isinstance(group, Group) else ()
    return next((rule for rule in rules if rule.traffic in asked), None)


def _labels(outbound: Rule | None) -> tuple[Label, ...]:
    found = outbound.span if outbound is not None else None
    return (Label(found, "lets it out, not in"),) if found is not None else ()


def _clients(cause: Cause) -> str:
    inner = cause.judged[0].flow.client.instance
    return inner.address if inner is not None else cause.source


def _fix(cause: Cause) -> Fix | None:
    """A rule for the whole internet: nobody is named, so the author has to agree."""
    group, flow = cause.blocker.node, cause.judged[0].flow
    one = len(cause.families) == len(cause.services) == 1
    if not isinstance(group, Group) or not one or flow.service.is_ping or flow.is_internal:
        return None
    if any(rule.address == group.address for rule in group.ingress):
        return None
    block = "cidr_ipv6" if cause.families == ("ipv6",) else "cidr_ipv4"
    new = New(
        "aws_vpc_security_group_ingress_rule",
        "AWS::EC2::SecurityGroupIngress",
        f"{group.label}_{flow.service.key.replace('/', '_')}",
        {
            "security_group_id": Id(group, "GroupId"),
            "ip_protocol": "tcp",
            "from_port": flow.service.port,
            "to_port": flow.service.port,
            block: _source(cause),
        },
    )
    return add(new, group, cause.network.resources)


def _source(cause: Cause) -> str:
    """The clients, where they are one block."""
    try:
        return str(parse_prefix(cause.source))
    except NotAPrefix:
        return cause.destination
