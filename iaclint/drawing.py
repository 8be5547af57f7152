"""
The network as a picture: who is connected to what, and where packets stop.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from iaclint.intent import Judged
from iaclint.network import Gateway, Instance, Network, Node, RouteTable, Subnet, Vpc
from iaclint.report.plain import one_line

Kind = Literal["client", "gateway", "table", "subnet", "instance"]
State = Literal["", "reachable", "blocked", "undecided"]


@dataclass(slots=True)
class Box:
    """A thing of the network. `state` is blocked where it stops an expected packet."""

    id: str
    kind: Kind
    label: str
    address: str = ""
    vpc: str = ""
    state: State = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A connection, or (`flow`) an expected flow with its verdict."""

    start: str
    end: str
    label: str = ""
    state: State = ""
    flow: bool = False


@dataclass(slots=True)
class Picture:
    """Boxes and lines, each once, in the order of the network."""

    boxes: dict[str, Box] = field(default_factory=dict)
    lines: dict[Line, None] = field(default_factory=dict)

    def groups(self) -> dict[str, list[Box]]:
        """The boxes by VPC; those outside of all under an empty name."""
        found: dict[str, list[Box]] = {}
        for box in self.boxes.values():
            found.setdefault(box.vpc, []).append(box)
        return found


def picture(networks: Sequence[Network], judged: Iterable[Judged]) -> Picture:
    """One picture of all networks of a scan."""
    drawn = Picture()
    ids: dict[int, str] = {}
    for network in networks:
        for gateway in network.gateways:
            if gateway.kind == "internet" and not gateway.missing:
                _gateway(drawn, ids, gateway)
        for subnet in network.subnets:
            _subnet(drawn, ids, subnet)
        for instance in network.instances:
            _instance(drawn, ids, instance)
    for each in judged:
        if each.level is not None:
            _flow(drawn, ids, each)
    return drawn


def _box(drawn: Picture, ids: dict[int, str], node: Node, kind: Kind, vpc: str = "") -> str:
    if id(node) not in ids:
        ids[id(node)] = f"n{len(ids)}"
        name = one_line(node.label or node.address)
        drawn.boxes[ids[id(node)]] = Box(ids[id(node)], kind, name, one_line(node.address), vpc)
    return ids[id(node)]


def _client(drawn: Picture, name: str) -> str:
    shown = one_line(name)
    known = next((b.id for b in drawn.boxes.values() if (b.kind, b.label) == ("client", shown)), "")
    if known:
        return known
    identifier = f"c{len(drawn.boxes)}"
    drawn.boxes[identifier] = Box(identifier, "client", shown)
    return identifier


def _gateway(drawn: Picture, ids: dict[int, str], gateway: Gateway) -> None:
    vpc = next((one for one in gateway.vpcs if isinstance(one, Vpc)), None)
    box = _box(drawn, ids, gateway, "gateway", _name(vpc))
    if vpc is not None:
        drawn.lines[Line(_client(drawn, "internet"), box)] = None


def _subnet(drawn: Picture, ids: dict[int, str], subnet: Subnet) -> None:
    vpc = _name(subnet.vpc if isinstance(subnet.vpc, Vpc) else None)
    box = _box(drawn, ids, subnet, "subnet", vpc)
    if isinstance(subnet.table, RouteTable):
        table = _box(drawn, ids, subnet.table, "table", vpc)
        drawn.lines[Line(table, box)] = None
        for route in subnet.table.routes:
            if isinstance(route.target, Gateway) and id(route.target) in ids:
                label = one_line(str(route.to)) if not hasattr(route.to, "reason") else "?"
                drawn.lines[Line(ids[id(route.target)], table, label)] = None


def _instance(drawn: Picture, ids: dict[int, str], instance: Instance) -> None:
    subnets = [i.subnet for i in instance.interfaces() if isinstance(i.subnet, Subnet)]
    vpc = next((_name(one.vpc) for one in subnets if isinstance(one.vpc, Vpc)), "")
    box = _box(drawn, ids, instance, "instance", vpc)
    for subnet in subnets:
        drawn.lines[Line(_box(drawn, ids, subnet, "subnet", vpc), box)] = None


def _flow(drawn: Picture, ids: dict[int, str], each: Judged) -> None:
    """The flow as a line, and what stops it marked."""
    trace, flow = each.trace, each.flow
    target = drawn.boxes[_box(drawn, ids, flow.target, "instance")]
    source = flow.client.instance
    start = _box(drawn, ids, source, "instance") if source else _client(drawn, flow.client.name)
    stops = [one for one in trace.blockers if trace.verdict == "blocked"]
    for blocker in stops:
        if id(blocker.node) in ids:
            drawn.boxes[ids[id(blocker.node)]].state = "blocked"
    why = f": {stops[0].reason.cause}" if stops else ""
    label = f"{flow.service.title} {'' if flow.family == 'ipv4' else 'IPv6 '}{trace.verdict}{why}"
    drawn.lines[Line(start, target.id, label, trace.verdict, True)] = None
    if not (target.state == "reachable" or (trace.verdict == "undecided" and target.state)):
        target.state = trace.verdict


def _name(vpc: Vpc | None) -> str:
    return one_line(vpc.label or vpc.address) if vpc is not None else ""
