"""
The answer of the engine: hops, what each lets through, and why it stops the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

from iaclint.finding import Hop, HopVerdict, Label, Verdict
from iaclint.flow import Flow
from iaclint.network import Interface, Node
from iaclint.packet.region import Region
from iaclint.source import Span
from iaclint.value import Unknown

Direction = Literal["request", "reply"]


class Reason(Enum):
    """
    Why a hop stops a packet. The value is the explanation code of AWS Reachability Analyzer where
    one fits, and one of ours (`X_…`) where none does; a few share a code and differ in the cause.

    https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html
    """

    def __init__(self, cause: str, code: str) -> None:
        self.cause = cause
        self.code = code

    NO_GATEWAY = ("no gateway", "X_NO_INTERNET_GATEWAY")
    GATEWAY_NOT_ATTACHED = ("gateway not attached", "BAD_STATE_ATTACHMENT")
    GATEWAY_ELSEWHERE = ("gateway of another VPC", "BAD_STATE_ATTACHMENT")
    NO_PUBLIC_ADDRESS = ("no public address", "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS")
    UNASSOCIATED_ADDRESS = ("address not used", "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS")
    SEVERAL_INTERFACES = ("several interfaces", "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS")
    NO_IPV6_ADDRESS = ("no IPv6 address", "X_NO_IPV6_ADDRESS")
    NO_ROUTE = ("no route", "NO_ROUTE_TO_DESTINATION")
    CANNOT_ROUTE = ("no route that covers the client", "CANNOT_ROUTE")
    MAIN_TABLE = ("main table", "NO_ROUTE_TO_DESTINATION")
    OUTBOUND_ONLY = ("outbound-only route", "NGW_SOURCE_ADDRESS_REASSIGN")
    DIVERTED = ("route leads elsewhere", "MORE_SPECIFIC_ROUTE")
    BLACKHOLE = ("route leads nowhere", "BAD_STATE_ROUTE")
    ACL_EMPTY = ("ACL without entries", "SUBNET_ACL_RESTRICTION")
    ACL_REQUEST = ("ACL denies the request", "SUBNET_ACL_RESTRICTION")
    ACL_REPLY = ("ACL denies the reply", "SUBNET_ACL_RESTRICTION")
    ACL_ICMP = ("ACL entry with the wrong ICMP type", "SUBNET_ACL_RESTRICTION")
    ACL_ORDER = ("ACL entry comes too late", "SUBNET_ACL_RESTRICTION")
    GROUP_EMPTY = ("group without rules", "SG_HAS_NO_RULES")
    GROUP_NO_RULE = ("no rule for the service", "ENI_SG_RULES_MISMATCH")
    GROUP_PORT = ("rule with another port", "ENI_SG_RULES_MISMATCH")
    GROUP_PROTOCOL = ("rule with another protocol", "ENI_SG_RULES_MISMATCH")
    GROUP_SOURCE = ("rule with another source", "ENI_SG_RULES_MISMATCH")
    GROUP_PRIVATE_SOURCE = ("private source", "IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS")
    GROUP_FAMILY = ("rule of the other family", "ENI_SG_RULES_MISMATCH")
    GROUP_ICMP = ("rule with the wrong ICMP type", "ENI_SG_RULES_MISMATCH")
    GROUP_DEFAULT = ("default group", "ENI_SG_RULES_MISMATCH")
    GROUP_NO_SOURCE = ("rule without a source", "ENI_SG_RULES_MISMATCH")
    EGRESS_RULE = ("no outbound rule at the client", "ENI_SG_RULES_MISMATCH")
    DISCONNECTED = ("no connection between the VPCs", "DISCONNECTED_VPCS")
    NARROW = ("nothing passes all hops", "NO_PATH")
    NO_PEER_ROUTE = ("no route to the other network", "NO_ROUTE_TO_DESTINATION")
    PEER_ROUTE_ELSEWHERE = ("route to the other network leads elsewhere", "MORE_SPECIFIC_ROUTE")
    PEERING_PENDING = ("peering connection not accepted", "BAD_STATE_ATTACHMENT")
    OVERLAP = ("blocks of the VPCs overlap", "VPC_LOCAL_ROUTE_CIDR_RESTRICTION")
    TRANSIT_ASSOCIATION = ("no association", "TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION")
    TRANSIT_NO_ROUTE = ("no transit route", "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT")
    TRANSIT_ELSEWHERE = ("transit route leads elsewhere", "TGW_RTB_MORE_SPECIFIC_ROUTE")
    TRANSIT_BLACKHOLE = ("transit route drops", "TGW_RTB_BAD_STATE_ROUTE")
    TRANSIT_IPV6 = ("no IPv6 at the transit gateway", "X_TGW_WITHOUT_IPV6")
    TRANSIT_ZONE = ("no attachment in the zone", "TGW_ROUTE_AZ_RESTRICTION")
    GROUP_ELSEWHERE = ("group of another network", "SG_REFERENCES_NOT_PRESERVED")
    SOURCE_CHECK = ("source/destination check", "ENI_SOURCE_DEST_CHECK_RESTRICTION")
    LOCAL_ELSEWHERE = ("route inside of the VPC leads elsewhere", "MORE_SPECIFIC_ROUTE")
    VPN_NO_ROUTE = ("no route back to the VPN", "NO_ROUTE_TO_DESTINATION")
    VPN_NOT_ALLOWED = ("not authorized by the Client VPN", "X_CLIENT_VPN_AUTHORIZATION")
    VPN_ROUTE = ("no route at the Client VPN", "X_CLIENT_VPN_ROUTE")
    FIREWALL_REQUEST = ("firewall drops the request", "FIREWALL_RULES_RESTRICTION")
    FIREWALL_REPLY = ("firewall drops the reply", "FIREWALL_RULES_RESTRICTION")
    FIREWALL_ROUTE = ("no route behind the firewall", "NO_ROUTE_TO_DESTINATION")
    BALANCER_PROTOCOL = ("protocol the load balancer does not forward", "PROTOCOL_RESTRICTION")
    BALANCER_PORT = ("target port", "TARGET_PORT_RESTRICTION")
    BALANCER_PROXY = ("proxy protocol", "X_PROXY_PROTOCOL")
    BALANCER_ZONE = ("load balancer not in the zone", "ELB_NOT_CROSSZONE")
    ACCELERATOR = ("accelerator that sends nothing", "X_ACCELERATOR")
    ENDPOINT_DNS = ("endpoint without private DNS", "X_ENDPOINT_WITHOUT_PRIVATE_DNS")
    NO_WAY_OUT = ("no way out", "NO_ROUTE_TO_DESTINATION")
    NO_ADDRESS_OUT = ("no address to leave with", "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS")
    NAT_PROTOCOL = ("protocol the NAT gateway does not carry", "PROTOCOL_RESTRICTION")
    ENDPOINT_PROTOCOL = (
        "protocol the endpoint does not carry",
        "VPCE_GATEWAY_PROTOCOL_RESTRICTION",
    )
    NO_LISTENER = ("no listener on the port", "ELBV2_LISTENERS_MISMATCH")
    NOBODY_THERE = ("an address that nothing has", "NO_POSSIBLE_DESTINATION")
    PUBLIC_ACCESS_BLOCKED = ("VPC Block Public Access", "VPC_BLOCK_PUBLIC_ACCESS_ENABLED")


@dataclass(frozen=True, slots=True, eq=False)
class Blocker:
    """
    What stops the packet. `node` is what has to change, `at` the line; `about` are the other
    things that take part, and `near` the places to show with it. `toward` is where something
    leads that is missing: two that are missing at one place are two things to add.
    """

    reason: Reason
    node: Node
    at: Label
    near: tuple[Label, ...] = ()
    about: tuple[Node, ...] = ()
    help: str = ""
    toward: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """
    One hop. `sure` are the peer addresses it lets through whatever the unknown values are,
    `possible` those it may let through.
    """

    direction: Direction
    node: Node
    name: str
    message: str
    sure: Region
    possible: Region
    peers: Region
    one: bool = False
    """The peer is one address of the region, which one is not known."""
    blocker: Blocker | None = None
    unknowns: tuple[Unknown, ...] = ()
    span: Span | None = None

    @property
    def verdict(self) -> HopVerdict:
        """Whether the hop by itself lets the flow through."""
        if not self.possible & self.peers:
            return "block"
        if self.one:
            return "allow" if self.peers <= self.sure else "unknown"
        return "allow" if self.sure & self.peers else "unknown"

    @property
    def hop(self) -> Hop:
        """The step as reports show it."""
        code = self.blocker.reason.code if self.blocker and self.verdict == "block" else ""
        return Hop(
            self.direction,
            self.node.address,
            self.name,
            self.verdict,
            self.message,
            self.span,
            code,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """One way to the target: through one interface, hop by hop, there and back."""

    kind: str
    interface: Interface
    steps: tuple[Step, ...]
    joint: bool = True
    """All hops judge the same set of clients, so that the sets can be intersected."""
    placement: int = 0

    @property
    def sure(self) -> Region:
        """The clients that get through whatever the unknown values are."""
        return self._meet([step.sure & step.peers for step in self.steps])

    @property
    def possible(self) -> Region:
        """The clients that may get through."""
        return self._meet([step.possible & step.peers for step in self.steps])

    @staticmethod
    def _meet(regions: list[Region]) -> Region:
        met = regions[0]
        for region in regions[1:]:
            met = met & region
        return met

    @property
    def verdict(self) -> Verdict:
        """Reachable, blocked for every completion of the unknown values, or undecided."""
        verdicts = {step.verdict for step in self.steps}
        if "block" in verdicts or (self.joint and not self.possible):
            return "blocked"
        if "unknown" in verdicts or (self.joint and not self.sure):
            return "undecided"
        return "reachable"

    @property
    def blockers(self) -> tuple[Blocker, ...]:
        """
        Every hop that stops the flow by itself, in the order of the hops; where none does and
        still nobody passes all of them, the two that share no client.
        """
        alone = tuple(
            s.blocker for s in self.steps if s.verdict == "block" and s.blocker is not None
        )
        return alone or (self._narrow() if self.verdict == "blocked" else ())

    def _narrow(self) -> tuple[Blocker, ...]:
        """The hop at which the last client is lost, and the narrowest one before it."""
        left = self.steps[0].peers
        for step in self.steps:
            met = left & step.possible
            if not met:
                return _apart(step, self.steps)
            left = met
        return ()

    @property
    def unknowns(self) -> tuple[Unknown, ...]:
        """What is not known on the way."""
        open_ = [s for s in self.steps if s.verdict == "unknown"] or self.steps
        return tuple(u for s in open_ for u in s.unknowns)


def _apart(step: Step, steps: tuple[Step, ...]) -> tuple[Blocker, ...]:
    others = [s for s in steps if s is not step and s.span and not s.possible & step.possible]
    narrow = next(
        (s for s in steps if s is not step and s.span and not s.peers <= s.possible), None
    )
    other = others[0] if others else narrow
    span = step.span or (other.span if other is not None else None)
    if span is None:
        return ()
    near = (Label(other.span, "lets other clients through"),) if other and other.span else ()
    text = "lets none of the clients through that the other hops let through"
    about = (other.node,) if other else ()
    return (Blocker(Reason.NARROW, step.node, Label(span, text), near, about),)


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """
    The answer for a flow: for each placement of the target the best way.
    """

    flow: Flow
    ways: tuple[Way, ...] = field(default_factory=tuple)

    @property
    def verdict(self) -> Verdict:
        """Over all placements: blocked when none works, undecided when one is not known."""
        verdicts = {way.verdict for way in self.ways}
        if verdicts == {"blocked"} or not verdicts:
            return "blocked"
        return "undecided" if "undecided" in verdicts else "reachable"

    @property
    def partly_blocked(self) -> tuple[Way, ...]:
        """Placements from which nobody is reached while others work."""
        blocked = tuple(way for way in self.ways if way.verdict == "blocked")
        return blocked if len(blocked) < len(self.ways) else ()

    @property
    def blockers(self) -> tuple[Blocker, ...]:
        """The blockers of all ways that are blocked."""
        return tuple(b for w in self.ways for b in w.blockers)

    @property
    def unknowns(self) -> tuple[Unknown, ...]:
        """What is not known on the undecided ways."""
        return tuple(u for w in self.ways if w.verdict == "undecided" for u in w.unknowns)
