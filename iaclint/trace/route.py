"""
Route tables: the longest prefix that contains the destination decides.

https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
"""

from __future__ import annotations

from collections.abc import Iterator

from iaclint.finding import Label
from iaclint.network import (
    Gateway,
    Maybe,
    Middlebox,
    Network,
    Node,
    Route,
    RouteTable,
    Subnet,
    Vpc,
)
from iaclint.packet.prefix import INTERNET, Family, Prefix, addresses, everything, show
from iaclint.packet.region import Region
from iaclint.source import Span
from iaclint.trace.lookup import Match, Row, match
from iaclint.trace.model import Blocker, Reason, Step
from iaclint.value import Unknown

PRIORITY = {"local": 0, "static": 1, "prefix list": 2, "propagated": 3}


def routed(
    table: RouteTable, vpc: Maybe[Vpc], family: Family, peers: Region, network: Network
) -> Match[Route]:
    """
    Which of the peers a table sends to an internet gateway of the VPC, or to a middlebox on the
    way to it. Where it is not known which VPC that is, a table without such a route has none.
    """
    rows = [rated(route, _good(route, vpc, network)) for route in table.routes]
    asked = outside(vpc, family, peers)
    if table.as_written and asked <= (found := match(rows, family, asked)).sure:
        return found
    known = [row for row in rows if not _is_beside(row)]
    rest = None if table.only_more else table.rest
    found = match(known, family, asked, rest)
    if INTERNET[family] <= peers and found.sure.size > INTERNET[family].size // 2:
        return found
    return match(rows, family, asked, table.rest)


def _is_beside(row: Row[Route]) -> bool:
    """
    A route to a network that is connected, for a block that is not known. Beside a route for the
    whole internet it is for less than that: a table has one route for each destination.

    https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
    """
    target = row.route.target
    network = isinstance(target, Gateway) and target.kind == "network"
    return network and isinstance(row.to, Unknown)


def outside(vpc: Maybe[Vpc], family: Family, peers: Region) -> Region:
    """To the VPC's own blocks the local route leads, and no route for more than them."""
    if isinstance(vpc, Unknown):
        return peers
    return peers - addresses((p for p in vpc.prefixes if isinstance(p, Prefix)), family)


def local_routes(table: RouteTable, vpc: Vpc | Unknown) -> Iterator[Route]:
    """The routes AWS puts into every table, unless one for the same block replaces them."""
    if isinstance(vpc, Unknown):
        return
    written = {route.to for route in table.routes if isinstance(route.to, Prefix)}
    local = Gateway(address="local", label="local", kind="local", title="local")
    for prefix in vpc.prefixes:
        if isinstance(prefix, Prefix) and prefix not in written:
            yield Route(
                address=table.address, label=str(prefix), to=prefix, target=local, origin="local"
            )


def rated(route: Route, good: bool | Unknown) -> Row[Route]:
    """A route with the answer whether it leads where a packet should go."""
    return Row(route, route.to, good, PRIORITY[route.origin], route.maybe, route.family)


def _good(route: Route, vpc: Maybe[Vpc], network: Network) -> bool | Unknown:
    """Whether a route leads to the internet and back."""
    target = route.target
    if isinstance(target, Unknown):
        return target
    if target.kind == "internet":
        return _serves(target, vpc)
    if isinstance(target, Middlebox):
        return True
    if target.kind == "appliance" or (target.kind == "interface" and _inspected(vpc, network)):
        return Unknown(f"{target.address} decides what passes", target.span)
    return Unknown("the gateway is not known", target.span) if target.kind == "unknown" else False


def _serves(gateway: Gateway, vpc: Maybe[Vpc]) -> bool | Unknown:
    if isinstance(vpc, Unknown):
        return vpc if gateway.vpcs else False
    return gateway.attached_to(vpc)


def _inspected(vpc: Maybe[Vpc], network: Network) -> bool:
    """An edge table at the internet gateway may send what comes in to an appliance first."""
    if isinstance(vpc, Unknown):
        return True
    return any(id(gateway) in network.edges for gateway in network.internet_gateways(vpc))


def internet_route_step(
    subnet: Subnet, vpc: Maybe[Vpc], family: Family, peers: Region, network: Network
) -> Step:
    """The reply leaves by the subnet's table, through an internet gateway."""
    table = subnet.table
    if isinstance(table, Unknown):
        return Step(
            "reply", subnet, "route table", table.reason, Region(), peers, peers, False, None,
            (table,),
        )  # fmt: skip
    found = routed(table, vpc, family, peers, network)
    step = Step("reply", table, table.title, "", found.sure, found.possible, peers)
    blocker = None
    if step.verdict == "block":
        blocker = _blocker(subnet, table, vpc, family, peers, found, network)
    verb = {"allow": "has a route", "unknown": "may have a route", "block": "has no route"}
    message = f"{table.address} {verb[step.verdict]} to {show(peers, family)} by a gateway"
    return Step(
        "reply", table, step.name, message, found.sure, found.possible, peers, False, blocker,
        found.unknowns, blocker.at.span if blocker else table.span,
    )  # fmt: skip


def _blocker(
    subnet: Subnet,
    table: RouteTable,
    vpc: Maybe[Vpc],
    family: Family,
    peers: Region,
    found: Match[Route],
    network: Network,
) -> Blocker:
    meant = intended_table(vpc, family, network)
    if found.wrong and not (subnet.association is None and meant and _leads_out(found.wrong[0])):
        return _wrong_target(subnet, table, found.wrong, vpc, _better(subnet, vpc, family, network))
    partial = [r for r in table.routes if _to_internet(r) and r.span is not None]
    kept = partial or (table.span is not None and meant is None)
    if subnet.association is None and not kept:
        return _main_table(subnet, table, meant)
    if table.span is None and partial:
        return _beside(partial[0], table, family, subnet)
    span = table.span or subnet.span or Span("", 1)
    same = [r for r in partial if isinstance(r.to, Prefix) and r.to.family == family]
    if same and same[0].span is not None:
        text = f"covers only {same[0].label}"
        here = (Label(span, f"the table of {subnet.address}"),)
        return Blocker(Reason.CANNOT_ROUTE, table, Label(same[0].span, text), here, (subnet,))
    text = f"no route for {everything(family)} here"
    near = tuple(Label(r.span, f"covers only {r.label}") for r in partial[:1] if r.span is not None)
    about = (subnet, *_better(subnet, vpc, family, network))
    return Blocker(Reason.NO_ROUTE, table, Label(span, text), near, about)


def _better(
    subnet: Subnet, vpc: Maybe[Vpc], family: Family, network: Network
) -> tuple[RouteTable, ...]:
    """Another table of the VPC that leads to the internet, for subnets that were given a table."""
    meant = intended_table(vpc, family, network) if subnet.association is not None else None
    return (meant,) if meant is not None and meant is not subnet.table else ()


def _given(subnet: Subnet, better: tuple[RouteTable, ...]) -> tuple[Label, ...]:
    """Where a subnet was given its table, if another one would do."""
    if not better or subnet.association is None:
        return ()
    table = f" {subnet.table.address}" if isinstance(subnet.table, RouteTable) else ""
    return (Label(subnet.association, f"gives{table} to {subnet.address}"),)


def _leads_out(route: Route) -> bool:
    """A route that is right for a private subnet, and so in its table for a reason."""
    return isinstance(route.target, Gateway) and route.target.kind == "never"


def _to_internet(route: Route) -> bool:
    target = route.target
    return isinstance(target, Gateway) and target.kind == "internet"


def _wrong_target(
    subnet: Subnet,
    table: RouteTable,
    wrong: tuple[Route, ...],
    vpc: Maybe[Vpc],
    better: tuple[RouteTable, ...],
) -> Blocker:
    route = wrong[0]
    target = route.target
    assert isinstance(target, Gateway)
    span = route.span or table.span or Span("", 1)
    if target.kind == "internet":
        where = "any VPC" if isinstance(vpc, Unknown) else vpc.address
        text = f"leads to {target.address}, which is not attached to {where}"
        return Blocker(Reason.BLACKHOLE, table, Label(span, text), (), (target, subnet))
    if target.kind == "never":
        text = f"leads to a {target.title}, which lets nobody in"
        near = _given(subnet, better)
        about = (target, subnet, *better)
        return Blocker(Reason.OUTBOUND_ONLY, table, Label(span, text), near, about)
    text = f"leads to a {target.title}, not to the internet gateway"
    return Blocker(Reason.DIVERTED, table, Label(span, text), (), (target, subnet))


def _beside(route: Route, table: RouteTable, family: Family, subnet: Subnet) -> Blocker:
    """The table is written nowhere, and a route in it is: a further one belongs beside that."""
    assert route.span is not None
    at = Label(route.span, f"covers only {route.label}, and {table.address} has nothing else")
    return Blocker(Reason.NO_ROUTE, route, at, (), (subnet,))


def _main_table(subnet: Subnet, table: RouteTable, meant: RouteTable | None) -> Blocker:
    """The subnet names no table: point at the one that was probably meant."""
    span = subnet.span or table.span or Span("", 1)
    text = (
        "is associated with no route table, so it uses the main one, which has no route to the "
        "internet gateway"
    )
    near: tuple[Label, ...] = ()
    about: tuple[Node, ...] = (table,)
    if meant is not None and meant.span is not None:
        near = (Label(meant.span, "has the route to the internet gateway"),)
        about = (table, meant)
    return Blocker(Reason.MAIN_TABLE, subnet, Label(span, text), near, about)


def intended_table(vpc: Maybe[Vpc], family: Family, network: Network) -> RouteTable | None:
    """A table of the VPC that has the route the subnet lacks; unused ones first."""
    used = {id(s.table) for s in network.subnets if s.association is not None}
    fitting = [
        t
        for t in network.tables
        if t.vpc is vpc
        and any(
            _to_internet(r) and isinstance(r.to, Prefix) and r.to.family == family for r in t.routes
        )
    ]
    fitting.sort(key=lambda t: id(t) in used)
    return fitting[0] if fitting else None
