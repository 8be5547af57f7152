"""Which flows are meant to work, and how bad it is when one does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from iaclint.finding import Level
from iaclint.flow import INTERNET_CLIENT, Client, Flow
from iaclint.intent.access import session_manager, unknown_profile
from iaclint.intent.candidates import all_signs, candidates
from iaclint.intent.outward import gets_out
from iaclint.intent.signs import Signs
from iaclint.network import Instance, Network, Vpc
from iaclint.packet.prefix import Family
from iaclint.packet.service import RDP, SSH, Service
from iaclint.trace.engine import trace
from iaclint.trace.model import Trace


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """
    A flow, what the engine says, and what that means: `level` is None where it is not expected to
    work; `why_not` then says what speaks against it.
    """

    trace: Trace
    level: Level | None
    why_not: str = ""

    @property
    def flow(self) -> Flow:
        """The flow that was judged."""
        return self.trace.flow


def judge(
    network: Network, client: Client | None = None, declared: Sequence[Flow] = ()
) -> list[Judged]:
    """All flows of a network that the settings or the evidence ask for, traced and weighed."""
    judged = [Judged(trace(network, flow), Level.ERROR) for flow in declared]
    for instance in network.instances:
        traces = [trace(network, flow) for flow in candidates(network, instance, client)]
        judged += [_weigh(network, each, traces) for each in traces]
    return judged


def _weigh(network: Network, found: Trace, others: list[Trace]) -> Judged:
    flow = found.flow
    kinds = {evidence.kind for evidence in flow.evidence}
    if kinds & {"declared", "connection"}:
        return Judged(found, Level.ERROR)
    if flow.is_internal:
        return _weigh_internal(found, others)
    return _weigh_outside(network, found, others)


def _weigh_internal(found: Trace, others: list[Trace]) -> Judged:
    """One of several peers that cannot get in is worth a warning, all of them an error."""
    same = [o for o in others if o.flow.is_internal and o.flow.service is found.flow.service]
    works = any(o.verdict != "blocked" for o in same)
    return Judged(found, Level.WARNING if works else Level.ERROR)


def _weigh_outside(network: Network, found: Trace, others: list[Trace]) -> Judged:
    flow, target = found.flow, found.flow.target
    signs = all_signs(network, target, flow.family)
    against = _against(network, target, flow, signs)
    if against:
        return Judged(found, None, against)
    if found.verdict == "reachable":
        return Judged(found, Level.ERROR)
    asked = any(sign.asked for sign in signs)
    if not asked and _other_family_works(found, others):
        return Judged(found, None, "the other family works")
    way = _other_way(network, target, flow.service, bastions=not asked)
    if way and not asked:
        return Judged(found, None, f"{way} is another way in")
    strong = any(evidence.strong for evidence in flow.evidence) or target.key is not None
    if way or not strong or _weak_key(found):
        return Judged(found, Level.WARNING)
    return Judged(found, Level.ERROR)


def _weak_key(found: Trace) -> bool:
    """
    A key pair alone, where the account may have what the files do not show: a profile made
    elsewhere, rules in the default group of the default VPC.
    """
    flow = found.flow
    if any(evidence.kind != "key" for evidence in flow.evidence):
        return False
    assumed = all(
        isinstance(each.vpc, Vpc) and each.vpc.assumed and each.groups_span is None
        for each in flow.target.interfaces()
    )
    return assumed or unknown_profile(flow.target)


def _against(network: Network, target: Instance, flow: Flow, signs: list[Signs]) -> str:
    """Why the flow is not meant, whatever a rule says."""
    if network.library and all(evidence.kind == "key" for evidence in flow.evidence):
        return "whoever calls the module decides who gets in"
    if all(sign.private for sign in signs):
        return "the instance is private by design"
    if any(sign.public for sign in signs):
        return ""
    if flow.family == "ipv6":
        return "nothing asks for IPv6"
    if target.key is None or flow.service.is_ping:
        return "nothing but a rule says that it is public"
    return ""


def _other_family_works(found: Trace, others: list[Trace]) -> bool:
    flow = found.flow
    return any(
        o.verdict == "reachable" and not o.flow.is_internal
        for o in others
        if o.flow.service is flow.service and o.flow.family != flow.family
    )


def _other_way(network: Network, target: Instance, service: Service, bastions: bool) -> str:
    """
    Another way in that works, or may; empty if there is none. Who asks for a public address
    does not mean to go through a bastion.
    """
    manager = session_manager(network, target)
    if manager and any(gets_out(network, each) for each in target.interfaces()):
        return manager
    for bastion in network.instances if bastions else ():
        if bastion is not target and _is_bastion(network, bastion):
            through = Client(bastion.address, {}, bastion, bastion.placements[0][0])
            if trace(network, Flow(through, target, service, "ipv4")).verdict != "blocked":
                return bastion.address
    return ""


def _is_bastion(network: Network, instance: Instance) -> bool:
    """Whether people outside can log in to it, or perhaps can."""
    if not instance.placements:
        return False
    families: tuple[Family, ...] = ("ipv4", "ipv6")
    return any(
        trace(network, Flow(INTERNET_CLIENT, instance, service, family)).verdict != "blocked"
        for service in (SSH, RDP)
        for family in families
    )
