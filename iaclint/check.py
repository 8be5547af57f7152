"""
All that a check may import.

A check explains: the engine has decided what is blocked and by what, and the check says so to a
person. `explain` gets one cause with everything it blocks; `look` sees the whole network, for
what can never be valid whoever wants to get in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from iaclint import aws
from iaclint.aws.keys import Fault, PrivateKey, PublicKey, private_key
from iaclint.aws.shape import Declared, blocks, dig
from iaclint.finding import Edit, Finding, Fix, Label, Level
from iaclint.host.accounts import DEFAULT_USERS
from iaclint.host.setup import Change, Fact
from iaclint.intent import Judged
from iaclint.intent.access import is_managers, session_manager
from iaclint.intent.signs import is_called_private
from iaclint.intent.wish import (
    Wish,
    changed,
    for_outsiders,
    lets_in,
    rule_elsewhere,
    rule_for,
    wish,
)
from iaclint.network import (
    Acl,
    AclEntry,
    FirewallRule,
    Gateway,
    Group,
    Instance,
    Interface,
    KeyFile,
    KeyPair,
    Login,
    Misencoded,
    Network,
    Node,
    Route,
    RouteTable,
    Rule,
    Subnet,
    Vpc,
)
from iaclint.packet.prefix import (
    FAMILIES,
    NotAPrefix,
    Prefix,
    everything,
    has_host_bits,
    parse_prefix,
)
from iaclint.packet.service import PING, RDP, SSH, Traffic
from iaclint.repair import Id, New, add, spelled
from iaclint.resource import Resource
from iaclint.source import Span
from iaclint.trace.acl import loses_too_big, reply_gaps
from iaclint.trace.between import overlapping
from iaclint.trace.manager import manager_ways
from iaclint.trace.model import Blocker, Reason, Way
from iaclint.value import (
    ListValue,
    MapValue,
    Ref,
    Scalar,
    Unknown,
    Value,
    elements,
    refs,
    text,
    truth,
    whole,
)

__all__ = [
    "DEFAULT_USERS",
    "FAMILIES",
    "PING",
    "RDP",
    "SSH",
    "Acl",
    "AclEntry",
    "Blocker",
    "Cause",
    "Change",
    "Check",
    "Declared",
    "Edit",
    "Fact",
    "Fault",
    "Finding",
    "FirewallRule",
    "Fix",
    "Gateway",
    "Group",
    "Id",
    "Instance",
    "Interface",
    "Iterator",
    "KeyFile",
    "KeyPair",
    "Label",
    "Level",
    "ListValue",
    "Login",
    "MapValue",
    "Misencoded",
    "Network",
    "New",
    "Node",
    "NotAPrefix",
    "Prefix",
    "PrivateKey",
    "PublicKey",
    "Reason",
    "Ref",
    "Resource",
    "Route",
    "RouteTable",
    "Rule",
    "Scalar",
    "Span",
    "Subnet",
    "Traffic",
    "Unknown",
    "Value",
    "Vpc",
    "Way",
    "Wish",
    "add",
    "aws",
    "blocks",
    "changed",
    "client_commands",
    "dig",
    "elements",
    "everything",
    "for_outsiders",
    "has_host_bits",
    "is_called_private",
    "is_managers",
    "lets_in",
    "listed",
    "loses_too_big",
    "manager_ways",
    "overlapping",
    "parse_prefix",
    "private_key",
    "refs",
    "reply_gaps",
    "rule_elsewhere",
    "rule_for",
    "session_manager",
    "spelled",
    "text",
    "truth",
    "whole",
    "wish",
]


@dataclass(frozen=True, slots=True, eq=False)
class Cause:
    """
    One thing that is wrong, and every flow it blocks. `blocker` is the first of them, `ways` are
    the ways that it stops, each with the flow it belongs to.
    """

    blocker: Blocker
    judged: tuple[Judged, ...]
    ways: tuple[Way, ...]
    network: Network

    @property
    def level(self) -> Level:
        """The worst of its flows; a warning where only some placements are cut off."""
        worst = max(j.level for j in self.judged if j.level is not None)
        partly = all(j.trace.verdict != "blocked" for j in self.judged)
        return min(worst, Level.WARNING) if partly else worst

    @property
    def targets(self) -> tuple[str, ...]:
        """The addresses of the instances that cannot be reached."""
        return tuple(dict.fromkeys(j.flow.target.address for j in self.judged))

    @property
    def services(self) -> tuple[str, ...]:
        """The services, by the key of the command line."""
        return tuple(dict.fromkeys(j.flow.service.key for j in self.judged))

    @property
    def families(self) -> tuple[str, ...]:
        """`ipv4`, `ipv6`, or both."""
        return tuple(sorted({j.flow.family for j in self.judged}))

    @property
    def source(self) -> str:
        """Who cannot get in: the client of the way that is shown first."""
        return listed(list(dict.fromkeys(j.flow.client.name for j in self.judged)))

    @property
    def what(self) -> str:
        """
        `SSH to aws_instance.bastion is`, `SSH and ping to aws_instance.a and 3 more are`,
        `ping between aws_instance.a and aws_instance.b is`.
        """
        titles = list(dict.fromkeys(j.flow.service.title for j in self.judged))
        over = " over IPv6" if self.families == ("ipv6",) else ""
        clients = [j.flow.client for j in self.judged]
        names = list(dict.fromkeys(client.name for client in clients))
        inner = {client.name for client in clients if client.interface is not None}
        if len(inner) > 1 and set(names) == set(self.targets):
            ends = f"between {listed(self.targets)}"
        else:
            ends = f"to {listed(self.targets)}" + (f" from {listed(names)}" if inner else "")
        return f"{listed(titles, 3)} {ends}{over} {'is' if len(titles) == 1 else 'are'}"

    @property
    def has(self) -> str:
        """Who lacks something, as the second half of a sentence begins: `it has`, `they have`."""
        return "it has" if len(self.targets) == 1 else "they have"

    @property
    def from_bastion(self) -> str:
        """The bastion that dials the public address of the target; empty where none does."""
        client = self.judged[0].flow.client
        outside = client.interface is None and isinstance(client.node, Instance)
        return client.name if outside else ""

    @property
    def them(self) -> str:
        """The services again, in the second half of a sentence: `it`, or `them`."""
        return "it" if len(self.services) == 1 else "them"

    @property
    def state(self) -> str:
        """`blocked`, or `reachable only from 52.0.0.0/8` where the rest is lost."""
        only = {j.only for j in self.judged}
        return f"reachable only from {only.pop()}" if len(only) == 1 and all(only) else "blocked"

    @property
    def is_declared(self) -> bool:
        """Whether the settings ask for one of its flows."""
        return any(e.kind == "declared" for j in self.judged for e in j.flow.evidence)

    @property
    def asked(self) -> str:
        """The packets of the requests: `tcp 22`, `icmp type 8 code 0`."""
        asked = (str(j.flow.service.request(j.flow.family)) for j in self.judged)
        return listed(list(dict.fromkeys(asked)), 3)

    @property
    def answered(self) -> str:
        """The packets of the replies: `tcp 1024-65535`."""
        asked = (str(j.flow.service.reply(j.flow.family)) for j in self.judged)
        return listed(list(dict.fromkeys(asked)), 3)

    @property
    def vpc(self) -> Vpc | None:
        """The VPC of the first target."""
        vpc = self.ways[0].interface.vpc
        return vpc if isinstance(vpc, Vpc) else None

    @property
    def gateway(self) -> Gateway | None:
        """The internet gateway of that VPC, where there is exactly one for certain."""
        vpc = self.vpc
        found = self.network.internet_gateways(vpc) if vpc is not None else []
        sure = [g for g in found if vpc is not None and g.attached_to(vpc) is True]
        return sure[0] if len(found) == len(sure) == 1 else None

    @property
    def table(self) -> str:
        """The table that lacks a route; that of a VPC is its main one."""
        node = self.blocker.node
        return f"main route table of {node.address}" if isinstance(node, Vpc) else node.address

    @property
    def other_table(self) -> str:
        """The first half of a repair, where another table of the VPC leads out already."""
        about = self.blocker.about
        subnet = next((each for each in about if isinstance(each, Subnet)), None)
        table = next((each for each in about if isinstance(each, RouteTable)), None)
        if subnet is None or table is None:
            return ""
        fitting = [each for each in self.network.subnets if each.table is table]
        if is_called_private(subnet) and fitting:
            return f"put the instance into {fitting[0].address}, or "
        return f"associate {subnet.address} with {table.address}, or "

    @property
    def destination(self) -> str:
        """The whole of the family: `0.0.0.0/0` or `::/0`."""
        return str(everything("ipv6" if self.families == ("ipv6",) else "ipv4"))


class Check:
    """
    Base of every check. The docstring of the subclass is its page: the first line says what is
    wrong, the rest what it means on the wire and how to repair it, in both languages. `breaks` and
    `quiet` are changes to the network that `base` names: one of `catalogue.NETWORKS`.
    """

    id: ClassVar[str]
    name: ClassVar[str]
    level: ClassVar[Level] = Level.ERROR
    causes: ClassVar[tuple[Reason, ...]] = ()
    reference: ClassVar[str] = ""
    base: ClassVar[str] = "base"
    breaks: ClassVar[tuple[str, ...]] = ()
    quiet: ClassVar[tuple[str, ...]] = ()

    @property
    def reasons(self) -> tuple[str, ...]:
        """The reason codes it reports."""
        return tuple(dict.fromkeys(cause.code for cause in self.causes))

    def explain(self, cause: Cause) -> Iterator[Finding]:
        """The finding for a cause of one of its `causes`."""
        return iter(())

    def look(self, network: Network) -> Iterator[Finding]:
        """Findings about the network itself."""
        return iter(())

    def blocked(
        self,
        cause: Cause,
        why: str,
        help: str = "",
        *,
        related: Sequence[Label] = (),
        fix: Fix | None = None,
        resource: str = "",
        level: Level | None = None,
    ) -> Finding:
        """
        A finding that says: so-and-so cannot be reached, because. It is no worse than `level`.
        """
        blocker = cause.blocker
        evidence = cause.judged[0].flow.evidence
        said = (*evidence[:1], *(e for e in evidence[1:] if e.kind == "name" and e.strong))
        labels = (*blocker.near, *related, *(e.label for e in said))
        node = blocker.node
        return Finding(
            check=self.id,
            name=self.name,
            level=min(cause.level, self.level if level is None else level),
            message=f"{cause.what} {cause.state}: {why}",
            resource=resource or node.address,
            primary=(first := _changeable(blocker.at, node.resource))[0],
            related=_distinct(first[0], (*first[1:], *labels), node.resource),
            help=help or blocker.help,
            targets=cause.targets,
            services=cause.services,
            families=cause.families,
            source=cause.source,
            reason_codes=(blocker.reason.code,),
            trace=tuple(step.hop for step in cause.ways[0].steps),
            fix=_own(fix),
            evidence=evidence[0].kind if evidence else "",
            identity=blocker.reason.name,
        )

    def about(
        self,
        node: Node | Resource,
        message: str,
        at: Label,
        help: str = "",
        *,
        related: Sequence[Label] = (),
        level: Level | None = None,
        codes: Sequence[str] = (),
        targets: Sequence[str] = (),
        services: Sequence[str] = (),
        fix: Fix | None = None,
        identity: str = "",
    ) -> Finding:
        """A finding about a thing of the network, whoever wants to get in."""
        resource = node if isinstance(node, Resource) else node.resource
        return Finding(
            check=self.id,
            name=self.name,
            level=self.level if level is None else level,
            message=message,
            resource=node.address,
            primary=(first := _changeable(at, resource))[0],
            related=_distinct(first[0], (*first[1:], *related), resource),
            help=help,
            targets=tuple(targets),
            services=tuple(services),
            reason_codes=tuple(codes),
            fix=_own(fix),
            identity=identity,
        )


def _changeable(at: Label, node: Resource | None) -> tuple[Label, ...]:
    """
    The line the author can change: in an installed module that is the nearest call of it that he
    wrote. What is to be said stands there, and the place in the module comes behind it.
    """
    if at.span.within and node is not None:
        return (Label(at.span, f"{node.address} {at.text}"),)
    if ".terraform/" not in at.span.path or node is None:
        return (at,)
    written = [span for span in node.callers if ".terraform/" not in span.path]
    if not written:
        return (at,)
    return (Label(written[-1], f"{node.address} {at.text}"), Label(at.span, "in this module"))


def _own(fix: Fix | None) -> Fix | None:
    """A fix of files that are the author's; an installed module is not."""
    foreign = fix is not None and any(
        ".terraform/" in edit.span.path or edit.span.within for edit in fix.edits
    )
    return None if foreign else fix


def _distinct(primary: Label, labels: Sequence[Label], node: Resource | None) -> tuple[Label, ...]:
    """Each other place once, then the module calls that lead to the primary one."""
    seen = {primary.span}
    kept: list[Label] = []
    for label in labels:
        if label.span.path and label.span not in seen:
            seen.add(label.span)
            kept.append(label)
    for caller in reversed(node.callers if node is not None else ()):
        if caller not in seen:
            seen.add(caller)
            kept.append(Label(caller, "called from here"))
    return tuple(kept)


def client_commands(network: Network) -> Iterator[str]:
    """What Terraform runs on the client while it applies, as far as it is known."""
    for resource in network.resources:
        for connection in resource.connections:
            body = connection.body if connection.provisioner == "local-exec" else None
            command = body.get("command") if body is not None else None
            if isinstance(command, Unknown):
                yield "".join(part for part in command.parts if isinstance(part, str))
            elif isinstance(command, Scalar):
                yield str(command.value)


def listed(names: Sequence[str], most: int = 2) -> str:
    """`a`, `a and b`, `a, b and 3 more`."""
    if len(names) <= 1:
        return "".join(names)
    if len(names) <= most:
        return f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{', '.join(names[: most - 1])} and {len(names) - most + 1} more"
