"""
The network as a picture: who is connected to what, and where packets stop.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from iaclint.flow import Flow
from iaclint.intent import Judged
from iaclint.network import (
    Acl,
    Gateway,
    Group,
    Instance,
    Maybe,
    Network,
    Node,
    RouteTable,
    Subnet,
    Vpc,
)
from iaclint.report.plain import one_line
from iaclint.trace.balancer import doors

Kind = Literal["client", "gateway", "door", "table", "filter", "subnet", "instance"]
State = Literal["", "reachable", "blocked", "undecided"]


@dataclass(slots=True)
class Box:
    """
    A thing of the network. `state` is blocked where it stops an expected packet. A door is what
    people come in by beside a gateway: a load balancer, an accelerator, an endpoint, a VPN, an
    attachment; a filter is drawn where it stops something.
    """

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
        _doors(drawn, ids, network)
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


def _doors(drawn: Picture, ids: dict[int, str], network: Network) -> None:
    """Load balancers, endpoints, VPNs and attachments, by the subnets they are in."""
    for balancer in network.balancers:
        box = _door(drawn, ids, balancer, balancer.subnets)
        if balancer.internal is not True:
            drawn.lines[Line(_client(drawn, "internet"), box)] = None
    _accelerators(drawn, ids, network)
    for door in doors(network):
        end = _box(drawn, ids, door.target.instance, "instance")
        port = door.port if isinstance(door.port, int) else "?"
        drawn.lines[Line(ids[id(door.balancer)], end, f"port {port}")] = None
    for endpoint in network.connect_endpoints:
        _door(drawn, ids, endpoint, (endpoint.interface.subnet,))
    for vpn in network.client_vpns:
        _door(drawn, ids, vpn, [each.subnet for each in vpn.interfaces])
    for service in network.service_endpoints:
        if service.interfaces:
            _door(drawn, ids, service, [each.subnet for each in service.interfaces])
    for attachment in network.attachments:
        box = _door(drawn, ids, attachment, attachment.subnets)
        if isinstance(attachment.transit, Gateway):
            hub = _box(drawn, ids, attachment.transit, "gateway")
            drawn.lines[Line(hub, box)] = None


def _accelerators(drawn: Picture, ids: dict[int, str], network: Network) -> None:
    for accelerator in network.accelerators:
        box = _box(drawn, ids, accelerator, "door")
        drawn.lines[Line(_client(drawn, "internet"), box)] = None
        for entrance in accelerator.entrances:
            if isinstance(entrance.to, Node):
                drawn.lines[Line(box, _box(drawn, ids, entrance.to, "instance"))] = None


def _door(drawn: Picture, ids: dict[int, str], node: Node, subnets: Iterable[Maybe[Subnet]]) -> str:
    known = [one for one in subnets if isinstance(one, Subnet)]
    vpc = next((_name(one.vpc) for one in known if isinstance(one.vpc, Vpc)), "")
    box = _box(drawn, ids, node, "door", vpc)
    for subnet in known:
        drawn.lines[Line(box, _box(drawn, ids, subnet, "subnet", vpc))] = None
    return box


def _filter(drawn: Picture, ids: dict[int, str], node: Node, target: Box) -> None:
    """A group or an ACL that stops the flow, before what it stops it from."""
    if isinstance(node, Acl | Group) and id(node) not in ids:
        box = _box(drawn, ids, node, "filter", target.vpc)
        drawn.lines[Line(box, target.id)] = None


def _flow(drawn: Picture, ids: dict[int, str], each: Judged) -> None:
    """The flow as a line, and what stops it marked."""
    trace, flow = each.trace, each.flow
    target = drawn.boxes[_box(drawn, ids, flow.target, "instance")]
    start = _start(drawn, ids, flow)
    stops = [one for one in trace.blockers if trace.verdict == "blocked"]
    for blocker in stops:
        _filter(drawn, ids, blocker.node, target)
        if id(blocker.node) in ids:
            drawn.boxes[ids[id(blocker.node)]].state = "blocked"
    why = f": {stops[0].reason.cause}" if stops else ""
    label = f"{flow.service.title} {'' if flow.family == 'ipv4' else 'IPv6 '}{trace.verdict}{why}"
    drawn.lines[Line(start, target.id, label, trace.verdict, True)] = None
    if not (target.state == "reachable" or (trace.verdict == "undecided" and target.state)):
        target.state = trace.verdict


def _start(drawn: Picture, ids: dict[int, str], flow: Flow) -> str:
    """Where the line of a flow begins: at the load balancer it goes through, if it does."""
    known = (flow.through, flow.client.instance, flow.client.node)
    node = next((one for one in known if one is not None and id(one) in ids), None)
    return ids[id(node)] if node is not None else _client(drawn, flow.client.name)


def _name(vpc: Vpc | None) -> str:
    return one_line(vpc.label or vpc.address) if vpc is not None else ""
