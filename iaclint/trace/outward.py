"""
Out of a VPC to the internet: through the groups, the ACL and the table of a subnet, and a gateway.

https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from iaclint.finding import Label
from iaclint.network import Gateway, Interface, Maybe, Route, RouteTable, Subnet
from iaclint.packet.prefix import Family, Prefix, addresses
from iaclint.packet.region import Region
from iaclint.packet.service import ICMP, TCP, UDP, Service
from iaclint.source import Span
from iaclint.trace.acl import acl_step
from iaclint.trace.group import Peer, group_step
from iaclint.trace.inside import NOBODY, acl_of, region_of
from iaclint.trace.lookup import Row, match
from iaclint.trace.model import Blocker, Direction, Reason, Step
from iaclint.trace.route import rated
from iaclint.value import Unknown

TRANSLATED = (TCP, UDP, ICMP)
"""The protocols that a NAT gateway carries."""


@dataclass(frozen=True, slots=True, eq=False)
class Departure:
    """A connection from an interface to somewhere among `peers`, outside of its VPC."""

    source: Interface
    peers: Region
    family: Family
    service: Service

    def steps(self) -> Iterator[Step]:
        """There and back; an interface without groups is one that nothing filters."""
        yield from self.leaving()
        yield self._route_step()
        yield self.returning()

    def leaving(self) -> Iterator[Step]:
        """Out of the source, and of its subnet."""
        if self.source.groups:
            yield group_step(self.source, Peer(self.peers), self.family, self.service, egress=True)
        yield self._acl("request", True)

    def returning(self) -> Step:
        """The reply, back into the subnet."""
        return self._acl("reply", False)

    def _acl(self, direction: Direction, egress: bool) -> Step:
        acl = acl_of(self.source)
        return acl_step(
            acl, direction, egress, self.family, self.service, self.peers, False, NOBODY
        )

    def _route_step(self) -> Step:
        subnet, peers = self.source.subnet, self.peers
        if isinstance(subnet, Unknown):
            return self._unseen(subnet)
        table = subnet.table
        if isinstance(table, Unknown):
            return self._unseen(table)
        rows = [self._row(route) for route in table.routes]
        found = match(rows, self.family, peers - self._own(), table.rest)
        step = Step(
            "request", table, table.title, "", found.sure, found.possible, peers,
            unknowns=found.unknowns, span=table.span,
        )  # fmt: skip
        verb = {"allow": "leads", "unknown": "may lead", "block": "does not lead"}[step.verdict]
        step = replace(step, message=f"{table.address} {verb} out")
        if step.verdict != "block":
            return step
        blocker = self._no_way(subnet, table, found.wrong)
        return replace(step, blocker=blocker, span=blocker.at.span)

    def _unseen(self, why: Unknown) -> Step:
        return Step(
            "request", self.source, "route table", why.reason, Region(), self.peers, self.peers,
            unknowns=(why,),
        )  # fmt: skip

    def _own(self) -> Region:
        """The VPC's own addresses, to which the local route leads."""
        vpc = self.source.vpc
        known = () if isinstance(vpc, Unknown) else vpc.prefixes
        return addresses((one for one in known if isinstance(one, Prefix)), self.family)

    def _row(self, route: Route) -> Row[Route]:
        target = route.target
        if isinstance(target, Gateway) and target.title == "NAT gateway":
            good, only = self._past_nat(target)
            return replace(rated(route, good), only=only)
        return rated(route, self._leads_out(target))

    def _leads_out(self, target: Maybe[Gateway]) -> bool | Unknown:
        """Whether a target takes the interface's own connections to the internet."""
        if isinstance(target, Unknown):
            return target
        if target.kind == "internet":
            attached = self._attached(target)
            return self._has_address() if attached is True else attached
        if target.checks is True:
            return False
        if target.title == "egress-only internet gateway":
            return self._has_address() if self.family == "ipv6" else False
        if target.kind in ("network", "appliance", "interface", "unknown"):
            return Unknown(f"what is behind {target.address} is not known", target.span)
        return False

    def _attached(self, gateway: Gateway) -> bool | Unknown:
        vpc = self.source.vpc
        return vpc if isinstance(vpc, Unknown) else gateway.attached_to(vpc)

    def _has_address(self) -> bool | Unknown:
        """Whether it has an address that the internet can answer to."""
        return self.source.public.has if self.family == "ipv4" else self.source.ipv6

    def _past_nat(self, gateway: Gateway) -> tuple[bool | Unknown, Region | None]:
        """
        Whether a NAT gateway takes it on, and for which destinations: those to which the table of
        its own subnet leads by an internet gateway, and which the ACL there lets through.
        """
        subnet = gateway.subnet
        if self.service.protocol not in TRANSLATED or gateway.private is True:
            return False, None
        if isinstance(gateway.private, Unknown):
            return gateway.private, None
        if not isinstance(subnet, Subnet):
            return subnet or True, None
        if isinstance(subnet.table, Unknown):
            return subnet.table, None
        rows = [rated(route, _by_gateway(route, subnet)) for route in subnet.table.routes]
        found = match(rows, self.family, self.peers - self._own(), subnet.table.rest)
        if not found.possible:
            return False, None
        if not found.possible <= found.sure:
            return next(iter(found.unknowns), Unknown("where it leads is not known")), None
        return self._past_nat_acl(subnet, found.sure)

    def _past_nat_acl(self, subnet: Subnet, led: Region) -> tuple[bool | Unknown, Region | None]:
        """What the ACL of a NAT gateway's subnet says about both of its sides, there and back."""
        inside = region_of(self.source, self.family)
        sides: list[tuple[Direction, bool, Region, bool]] = [
            ("request", True, led, False),
            ("reply", False, led, False),
            ("request", False, inside, True),
            ("reply", True, inside, True),
        ]
        steps = [
            acl_step(
                subnet.acl, direction, egress, self.family, self.service, peers, one, NOBODY
            )
            for direction, egress, peers, one in sides
        ]  # fmt: skip
        if any(step.verdict == "block" for step in steps):
            return False, None
        only = led & steps[0].possible & steps[1].possible
        perhaps = [step for step in steps if step.verdict == "unknown"]
        if not perhaps:
            return True, only
        partly = Unknown(f"which address {self.source.address} has is not known", self.source.span)
        return next((u for step in perhaps for u in step.unknowns), partly), only

    def _no_way(self, subnet: Subnet, table: RouteTable, wrong: tuple[Route, ...]) -> Blocker:
        span = table.span or subnet.span or Span("", 1)
        node = table if table.span else subnet
        target = wrong[0].target if wrong else None
        if not isinstance(target, Gateway):
            return Blocker(Reason.NO_WAY_OUT, node, Label(span, "has no route out"), (), (subnet,))
        reason, text = self._refusal(target)
        at = Label(wrong[0].span or span, text)
        return Blocker(reason, node, at, about=(subnet, target))

    def _refusal(self, target: Gateway) -> tuple[Reason, str]:
        """Why a gateway does not take the packet on."""
        known = self._attached(target) is True and self._has_address() is False
        if target.kind == "internet" and known:
            text = f"leads to {target.address}, and {self.source.address} has no public address"
            return Reason.NO_ADDRESS_OUT, text
        if target.private is True:
            return Reason.NO_WAY_OUT, f"leads to {target.address}, a private NAT gateway"
        if target.title == "NAT gateway" and self.service.protocol not in TRANSLATED:
            text = f"leads to {target.address}, which carries TCP, UDP and ICMP only"
            return Reason.NAT_PROTOCOL, text
        return Reason.NO_WAY_OUT, f"leads to {target.address}, which does not take it on"


def _by_gateway(route: Route, subnet: Subnet) -> bool | Unknown:
    """Whether a route of a NAT gateway's own subnet leads to the internet."""
    target, vpc = route.target, subnet.vpc
    if isinstance(target, Unknown):
        return target
    if target.kind == "internet":
        return vpc if isinstance(vpc, Unknown) else target.attached_to(vpc)
    if target.kind == "never" or target.checks is True:
        return False
    return Unknown(f"what is behind {target.address} is not known", target.span)
