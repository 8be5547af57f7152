"""
Reports made by hand, for the tests of the writers.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from iaclint.catalogue import Page
from iaclint.finding import (
    Edit,
    Finding,
    Fix,
    Hop,
    Label,
    Level,
    Report,
    Summary,
    Suppressed,
    Undecided,
)
from iaclint.report import Context
from iaclint.source import Sources, Span

NETWORK = "\n" * 30 + 'resource "aws_route_table" "public" {\n  vpc_id = aws_vpc.main.id\n}\n'
BASTION = (
    'resource "aws_security_group" "bastion" {\n'
    + "\n" * 10
    + '    cidr_blocks = ["203.0.113.0/24"]\n}\n'
)
TEXTS = {"infra/network.tf": NETWORK, "infra/bastion.tf": BASTION}

TABLE = Span("infra/network.tf", 31, 1, 31, 36)
RULE = Span("infra/bastion.tf", 12, 20, 12, 36)

HOPS = (
    Hop("request", "aws_internet_gateway.gw", "aws_internet_gateway.gw", "allow", "is attached"),
    Hop("request", "acl", "acl (default)", "allow", "rule 100 allows"),
    Hop("request", "aws_security_group.bastion", "sg bastion", "allow", "rule allows", RULE),
    Hop("reply", "acl", "acl (default)", "allow", "rule 100 allows"),
    Hop(
        "reply",
        "aws_route_table.public",
        "route table public",
        "block",
        "no route for 203.0.113.0/24",
        TABLE,
        "NO_ROUTE_TO_DESTINATION",
    ),
)

FINDING = Finding(
    check="IAC201",
    name="no-internet-route",
    level=Level.ERROR,
    message="SSH to aws_instance.bastion is blocked: replies have no route to the internet",
    resource="aws_route_table.public",
    primary=Label(TABLE, "no route for 0.0.0.0/0 here"),
    related=(Label(RULE, "SSH is let in from there"),),
    help="add a route for 0.0.0.0/0 to aws_internet_gateway.gw",
    targets=("aws_instance.bastion",),
    services=("ssh",),
    families=("ipv4",),
    source="internet",
    reason_codes=("NO_ROUTE_TO_DESTINATION",),
    trace=HOPS,
    evidence="rule",
    fix=Fix(
        "add the route",
        (
            Edit(
                Span("infra/network.tf", 33, 1, 33, 1),
                '  route {\n    cidr_block = "0.0.0.0/0"\n  }\n',
            ),
        ),
        safe=True,
    ),
)

UNDECIDED = Undecided(
    "aws_instance.web", "ssh", 'variable "subnet_id" has no default', "--var subnet_id=…", RULE
)

SUMMARY = Summary(roots=1, files=4, instances=3, reachable=2, blocked=1, errors=1)

REPORT = Report(findings=(FINDING,), summary=SUMMARY, roots=("infra",))

PAGE = Page(
    "IAC201",
    "no-internet-route",
    Level.ERROR,
    "Replies have no route to the internet.",
    "An internet gateway delivers to any instance with a public address.",
    "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html",
    "Routes and gateways",
    breaks=('resource "aws_route" "internet" {\n  count = 0\n}',),
)


def context(texts: dict[str, str] | None = None, base: Path = Path("/repo")) -> Context:
    """A context over sources that are only in memory."""
    sources = Sources(base, dict(TEXTS if texts is None else texts))
    return Context(sources, {"IAC201": PAGE}, top=base, version="0.1.0")


def many(count: int, level: Level = Level.ERROR) -> Report:
    """A report of that many findings that differ in their resource."""
    findings = tuple(
        replace(FINDING, resource=f"aws_route_table.t{index}", level=level)
        for index in range(count)
    )
    return Report(findings, summary=replace(SUMMARY, errors=count))


def hostile(text: str) -> Finding:
    """A finding with that text everywhere a name from the input can be."""
    return replace(
        FINDING,
        message=f"SSH to {text} is blocked",
        resource=text,
        targets=(text, "other"),
        help=f"change {text}",
        source=text,
        notes=(text,),
        primary=Label(replace(TABLE, path=f"infra/{text}.tf"), text),
        related=(Label(RULE, text),),
        trace=(Hop("request", text, text, "block", text),),
    )


def accepted() -> Report:
    """A report with everything in it: known before, suppressed, undecided, remarks."""
    known = replace(FINDING, resource="aws_route_table.old")
    warning = replace(
        FINDING,
        check="IAC305",
        name="ephemeral-ports-blocked",
        level=Level.WARNING,
        resource="aws_network_acl.main",
        fix=None,
        targets=tuple(f"aws_instance.web[{index}]" for index in range(12)),
    )
    return Report(
        findings=(FINDING, warning),
        undecided=(UNDECIDED,),
        suppressed=(Suppressed(known, "only by VPN", TABLE),),
        known_before=(known,),
        summary=replace(SUMMARY, instances=5, warnings=1, undecided=1, suppressed=1),
        roots=("infra",),
        remarks=('module "vpc" is not installed: run `terraform init`',),
    )
