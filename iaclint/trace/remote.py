"""
From a network outside of AWS, and to one: by VPN or Direct Connect.

https://docs.aws.amazon.com/vpn/latest/s2svpn/VPC_VPN.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from iaclint.finding import Label
from iaclint.flow import Flow
from iaclint.network import Attachment, Gateway, Interface, Maybe, Network, Remote, RouteTable, Vpc
from iaclint.packet.prefix import PRIVATE, Family, Prefix, addresses
from iaclint.packet.region import Region
from iaclint.source import Span
from iaclint.trace.acl import acl_step
from iaclint.trace.attachment import delivered, filtered, sent, shares
from iaclint.trace.forwarding import forwarded, forwarders, sent_on
from iaclint.trace.group import Peer, group_step
from iaclint.trace.inside import NOBODY, acl_of, region_of
from iaclint.trace.model import Blocker, Direction, Reason, Step, Way
from iaclint.trace.outward import Departure
from iaclint.trace.table import led, table_of, table_step
from iaclint.trace.transit import Hops, transit_paths, transit_steps, turned
from iaclint.value import Unknown

NOWHERE = Span("", 1)


def remote_ways(network: Network, flow: Flow, interface: Interface) -> Iterator[Way]:
    """From clients with private addresses, by every connection the target's VPC has to them."""
    if flow.is_internal or flow.through is not None or not is_private(flow):
        return
    vpc, peers = interface.vpc, flow.client.region(flow.family)
    if isinstance(vpc, Unknown):
        unsure = _undecided(interface, vpc, peers)
        if interface.groups:
            let_in = group_step(interface, Peer(peers), flow.family, flow.service)
            unsure = replace(unsure, steps=(*unsure.steps, let_in))
        yield unsure
        return
    gateways = _connections(network, interface, vpc, flow.family, peers)
    for gateway in gateways:
        for hops in _over(network, gateway, vpc, flow.family, peers) or [()]:
            yield _way(network, flow, interface, gateway, vpc, hops)
    hosts = forwarders(network, vpc, peers)
    yield from (forwarded(flow, interface, host) for host in hosts)
    if not gateways and not hosts:
        yield _nothing(interface, vpc, peers)


def departing_ways(network: Network, departure: Departure) -> Iterator[Way]:
    """To private addresses outside of the VPC, by every connection it has to them."""
    source, peers, family = departure.source, departure.peers, departure.family
    vpc = source.vpc
    if isinstance(vpc, Unknown):
        yield _undecided(source, vpc, peers)
        return
    gateways = _connections(network, source, vpc, family, peers)
    for gateway in gateways:
        for hops in _over(network, gateway, vpc, family, peers) or [()]:
            yield Way("remote", source, tuple(_leaving(network, departure, gateway, vpc, hops)))
    hosts = forwarders(network, vpc, peers)
    yield from (sent_on(departure, host) for host in hosts)
    if not gateways and not hosts:
        yield _nothing(source, vpc, peers)


def _leaving(
    network: Network, departure: Departure, gateway: Gateway, vpc: Vpc, hops: Hops
) -> Iterator[Step]:
    source, peers, family = departure.source, departure.peers, departure.family
    yield from departure.leaving()
    yield _route_to(network, source, peers, family, gateway, "request")
    yield _gateway_step(gateway, vpc, peers)
    returning: tuple[Step, ...] = (departure.returning(),)
    if hops:
        yield from _transit_out(network, hops, departure, "request")
        yield from _transit_in(network, hops, departure, "reply")
        returning = tuple(filtered(returning, shares(hops[-1][1], source, "")))
    yield from returning


def _connections(
    network: Network, interface: Interface, vpc: Vpc, family: Family, peers: Region
) -> list[Gateway]:
    """What connects a VPC to a network in which these addresses can be."""
    return [
        gateway
        for gateway in (*network.gateways, *_elsewhere(network, interface))
        if gateway.kind == "network"
        and gateway.attached_to(vpc) is not False
        and _may_be_behind(network, gateway, family, peers, vpc)
    ]


def _elsewhere(network: Network, interface: Interface) -> Iterator[Gateway]:
    """What the subnet's routes lead to and nothing declares: a gateway known by its id alone."""
    table = table_of(interface)
    if isinstance(table, Unknown):
        return
    targets = (route.target for route in table.routes)
    met = {id(each): each for each in targets if isinstance(each, Gateway)}
    yield from (each for each in met.values() if each not in network.gateways)


def _nothing(interface: Interface, vpc: Vpc, peers: Region) -> Way:
    why = _hidden(interface)
    if why is not None:
        return _undecided(interface, why, peers)
    text = f"nothing connects {vpc.address} to a network with these addresses"
    at = Label(vpc.span or interface.span or NOWHERE, text)
    blocker = Blocker(Reason.DISCONNECTED, interface, at, about=(vpc,))
    step = Step(
        "request", interface, "connection", text, Region(), Region(), peers, blocker=blocker,
        span=at.span,
    )  # fmt: skip
    return Way("remote", interface, (step,))


def _undecided(interface: Interface, why: Unknown, peers: Region) -> Way:
    step = Step(
        "request", interface, "connection", why.reason, Region(), peers, peers, unknowns=(why,)
    )
    return Way("remote", interface, (step,))


def _hidden(interface: Interface) -> Unknown | None:
    """Why routes of the subnet may lead to such a network after all."""
    table = table_of(interface)
    if isinstance(table, Unknown):
        return table
    targets = (route.target for route in table.routes)
    return table.rest or next((t for t in targets if isinstance(t, Unknown)), None)


def is_private(flow: Flow) -> bool:
    """Whether no client of a flow can have a public address."""
    region = flow.client.region(flow.family)
    return bool(region) and region <= addresses(PRIVATE, flow.family)


def _may_be_behind(
    network: Network, gateway: Gateway, family: Family, peers: Region, vpc: Vpc
) -> bool:
    """Whether clients with these addresses can be at the other end of a connection."""
    if gateway.title == "peering connection":
        ends = [v for v in gateway.vpcs if v is not vpc]
        return any(_holds(end, family, peers) for end in ends)
    if gateway.title == "transit gateway":
        alone = all(a.vpc is vpc for a in network.attachments if a.transit is gateway)
        shared = alone or gateway.elsewhere
        return shared or bool(_over(network, gateway, vpc, family, peers))
    behind = [r for r in network.remotes if r.gateway is gateway]
    return not behind or any(_are_among(r.prefixes, family, peers) for r in behind)


def _holds(vpc: Vpc | Unknown, family: Family, peers: Region) -> bool:
    """Whether the clients can be in a network that is made elsewhere; others are modelled."""
    if isinstance(vpc, Unknown):
        return True
    return vpc.foreign and _are_among(vpc.prefixes, family, peers)


def _are_among(blocks: tuple[Maybe[Prefix], ...], family: Family, peers: Region) -> bool:
    """Whether some of the clients may be in a network of which some blocks are known, or none."""
    known = addresses((block for block in blocks if isinstance(block, Prefix)), family)
    unknown = any(isinstance(block, Unknown) for block in blocks)
    return unknown or not blocks or bool(peers & known)


def _way(
    network: Network, flow: Flow, interface: Interface, gateway: Gateway, vpc: Vpc, hops: Hops
) -> Way:
    peers = flow.client.region(flow.family)
    family, service = flow.family, flow.service
    acl, clients = acl_of(interface), Departure(interface, peers, family, service)
    entering: tuple[Step, ...] = (
        acl_step(acl, "request", False, family, service, peers, False, NOBODY),
        *([group_step(interface, Peer(peers), family, service)] if interface.groups else []),
    )
    answering = (
        acl_step(acl, "reply", True, family, service, peers, False, NOBODY),
        _route_to(network, interface, peers, family, gateway, "reply"),
    )
    steps = [_gateway_step(gateway, vpc, peers)]
    if hops:
        steps += _transit_in(network, hops, clients, "request")
        entering = tuple(filtered(entering, shares(hops[-1][1], interface, "")))
    steps += [*entering, *answering]
    if hops:
        steps += _transit_out(network, hops, clients, "reply")
    return Way("remote", interface, tuple(steps))


def _gateway_step(gateway: Gateway, vpc: Vpc, peers: Region) -> Step:
    attached = gateway.attached_to(vpc)
    unknowns = (attached,) if isinstance(attached, Unknown) else ()
    message = f"{gateway.address} connects {vpc.address} to other networks"
    return Step(
        "request", gateway, gateway.address, message, Region() if unknowns else peers, peers,
        peers, unknowns=unknowns, span=gateway.span,
    )  # fmt: skip


def _route_to(
    network: Network,
    interface: Interface,
    peers: Region,
    family: Family,
    gateway: Gateway,
    direction: Direction,
) -> Step:
    table = table_of(interface)
    learns = table.propagation if isinstance(table, RouteTable) and _is_vpn(gateway) else None
    silent = _silent(network, gateway)
    if isinstance(table, RouteTable) and learns and not silent:
        found = led(table, interface.vpc, family, peers, gateway, direction)
        if not found.sure:
            return Step(
                direction, table, table.title, learns.reason, found.sure, peers,
                peers, unknowns=(learns,), span=learns.span,
            )  # fmt: skip
    step = table_step(interface, peers, family, gateway, direction, gateway, one=False)
    if step.blocker is None or step.blocker.reason is not Reason.NO_PEER_ROUTE:
        return step
    blocker = _no_way_back(step.blocker, gateway, silent if learns else None)
    return replace(step, blocker=blocker, span=blocker.at.span)


def _is_vpn(gateway: Gateway) -> bool:
    """Whether it writes routes into tables that take them: a transit gateway does not."""
    return gateway.title == "VPN gateway"


def _silent(network: Network, gateway: Gateway) -> Remote | None:
    """A VPN with static routes only, and none, where nothing else is at the gateway."""
    behind = [remote for remote in network.remotes if remote.gateway is gateway]
    return behind[0] if behind and not any(remote.prefixes for remote in behind) else None


def _no_way_back(old: Blocker, gateway: Gateway, silent: Remote | None) -> Blocker:
    if silent is not None and silent.span is not None:
        text = "has static routes only, and none of them: nothing is propagated"
        help_ = f"add the blocks behind {silent.address} as static routes of the VPN connection"
        at = Label(silent.span, text)
        return Blocker(Reason.VPN_NO_ROUTE, silent, at, (old.at,), old.about, help_)
    help_ = f"propagate the routes of {gateway.address} into the table, or add one to it"
    return replace(old, reason=Reason.VPN_NO_ROUTE, help=help_ if _is_vpn(gateway) else "")


def _over(
    network: Network, gateway: Gateway, vpc: Vpc, family: Family, peers: Region
) -> list[Hops]:
    """From wherever the clients can be to the VPC, over its transit gateway."""
    mine = [a for a in network.attachments if a.transit is gateway and a.vpc is vpc]
    theirs = [a for a in network.attachments if a.vpc is not vpc and _ends(a, family, peers)]
    return [
        hops for here in mine for there in theirs for hops in transit_paths(network, there, here)
    ]


def _ends(there: Attachment, family: Family, peers: Region) -> bool:
    """Whether the clients can be behind an attachment, and not behind another gateway of ours."""
    if there.other is not None:
        return isinstance(there.other.transit, Unknown)
    return _holds(there.vpc, family, peers)


def _transit_in(
    network: Network, hops: Hops, back: Departure, direction: Direction
) -> Iterator[Step]:
    """In through the transit gateways: what comes looks for the interface, whoever sends it."""
    source, family = back.source, back.family
    for step in (
        *transit_steps(hops, region_of(source, family), None, family, direction),
        *delivered(network, hops[-1][1], source, "", direction, family, back.service),
    ):
        yield _for_clients(step, back.peers)


def _transit_out(
    network: Network, hops: Hops, back: Departure, direction: Direction
) -> Iterator[Step]:
    """Out, to wherever the peers are."""
    source, family = back.source, back.family
    for step in sent(network, hops[-1][1], source, direction, family, back.service):
        yield _for_clients(step, back.peers)
    yield from transit_steps(turned(hops), back.peers, source, family, direction, one=False)


def _for_clients(step: Step, peers: Region) -> Step:
    """A hop that asks about the target, as an answer about the clients."""
    sure = peers if step.verdict == "allow" else Region()
    possible = Region() if step.verdict == "block" else peers
    return replace(step, sure=sure, possible=possible, peers=peers, one=False)
