"""
How bad it is that a flow does not work: what speaks for it being meant, what against, and whether
there is another way in.
"""

from __future__ import annotations

from iaclint.aws.gateway import CarrierGateway
from iaclint.finding import Level
from iaclint.flow import Flow
from iaclint.intent.access import MANAGER, is_by_chance, unknown_profile
from iaclint.intent.alone import names_itself
from iaclint.intent.chains import Chains
from iaclint.intent.entrances import as_client
from iaclint.intent.evidence import faces_outside, ingress, is_specific, speaks_of
from iaclint.intent.judged import Judged
from iaclint.intent.misplaced import is_misplaced, may_be_reached
from iaclint.intent.named import only_insiders
from iaclint.intent.otherways import from_network, other_way
from iaclint.intent.signs import Signs, all_signs, is_called_bastion
from iaclint.intent.whom import lets_in
from iaclint.network import Acl, Gateway, Instance, Network, Node, Rule, Vpc
from iaclint.packet.prefix import FAMILIES
from iaclint.packet.service import EPHEMERAL, SSH, TCP, Service, Traffic
from iaclint.trace.balancer import doors
from iaclint.trace.model import Blocker, Reason, Trace
from iaclint.trace.remote import is_private
from iaclint.value import Unknown

CARRIER = CarrierGateway.title


def weigh(network: Network, found: Trace, others: list[Trace], chains: Chains) -> Judged:
    """A flow that evidence asks for, among `others` to the same instance."""
    flow = found.flow
    kinds = {evidence.kind for evidence in flow.evidence}
    if kinds & {"declared", "connection"}:
        return Judged(found, Level.ERROR)
    if flow.is_internal:
        return _weigh_internal(network, found, others, chains)
    if flow.through is not None or is_private(flow):
        return _weigh_connected(network, found, chains, chains if flow.through else None)
    return _weigh_outside(network, found, others, chains)


def _weigh_internal(network: Network, found: Trace, others: list[Trace], chains: Chains) -> Judged:
    """
    One of several peers that cannot get in is worth a warning, all of them an error. Of those that
    only share a block that a rule names, one is enough.
    """
    flow = found.flow
    same = [o for o in others if o.flow.is_internal and o.flow.service is flow.service]
    works = any(o.verdict != "blocked" for o in same)
    if not all(evidence.some for evidence in flow.evidence):
        return Judged(found, Level.WARNING if works else Level.ERROR)
    if works and found.verdict == "blocked":
        return Judged(found, None, "others in the block get in")
    return _weigh_connected(network, found, chains, chains)


def _weigh_connected(
    network: Network, found: Trace, chains: Chains, through: Chains | None = None
) -> Judged:
    """
    From a network that is connected, or through a load balancer or an accelerator; by way of
    bastions, too, where they are given as `through`.
    """
    flow = found.flow
    if found.verdict == "reachable":
        return Judged(found, Level.ERROR)
    strong = all(evidence.strong for evidence in flow.evidence)
    way = _other_way(network, flow.target, flow.service, through, flow.through)
    if way and not strong:
        return Judged(found, None, f"{way} is another way in")
    sure = strong or _is_stranded(network, flow, chains)
    return Judged(found, Level.WARNING if way or not sure else Level.ERROR)


def _is_stranded(network: Network, flow: Flow, chains: Chains) -> bool:
    """Whether people are to log in to a host, and nobody at all gets there."""
    target = flow.target
    if target.key is None or flow.service.is_ping or unknown_profile(network, target):
        return False
    if chains.is_partial:
        return False
    return not chains.is_reached(target, flow.service)


def _weigh_outside(network: Network, found: Trace, others: list[Trace], chains: Chains) -> Judged:
    flow, target = found.flow, found.flow.target
    signs = all_signs(network, target, flow.family)
    hidden = not _is_promised(flow) and all(sign.private for sign in signs)
    if hidden and not is_misplaced(network, flow, chains):
        return Judged(found, None, "the instance is private by design")
    against = _against(network, target, found, signs, others)
    if against:
        return Judged(found, None, against)
    if found.verdict == "reachable":
        return Judged(found, Level.ERROR)
    asked = any(sign.asked for sign in signs)
    spare = not asked and _other_family_works(found, others)
    if spare and not _is_promised(flow):
        return Judged(found, None, "the other family works")
    routed = _is_promised(flow) and not all(sign.private for sign in signs)
    behind = _bastion_of(network, found, chains, routed) if _only_mapped(signs) else ""
    if behind:
        return Judged(found, None, f"{behind} is another way in")
    inside = not asked or _acl_decides(found) or _named_private(signs) or _only_key(found)
    inside = inside and not _is_promised(flow)
    way = _other_way(network, target, flow.service, chains if inside else None)
    if way == MANAGER and asked and _is_named(flow) and is_by_chance(network, target):
        way = ""
    entry = way
    if not (way or asked):
        entry = other_way(network, target, SSH)
    if not (entry or asked or _is_promised(flow)):
        entry = from_network(network, target, flow.service)
    if entry and (not asked or _acl_decides(found) or _only_key(found)):
        return Judged(found, None, f"{entry} is another way in")
    strong = any(evidence.strong for evidence in flow.evidence) or target.key is not None
    named = target.key is None and not (_is_sealed(found) or any(sign.public for sign in signs))
    given_up = spare and all(each.public.refused for each in target.interfaces())
    given_up = given_up or (hidden and may_be_reached(network, target))
    if way or given_up or not strong or named or _weak_key(network, found) or _acl_decides(found):
        return Judged(found, Level.WARNING)
    return Judged(found, Level.ERROR)


def _is_sealed(found: Trace) -> bool:
    """Whether nothing at all leads into the VPC from the internet."""
    return any(blocker.reason is Reason.NO_GATEWAY for blocker in found.blockers)


def is_hidden(network: Network, flow: Flow) -> bool:
    """Whether it comes from the internet, and nothing of the target but a rule is for that."""
    outside = not flow.is_internal and flow.through is None and not is_private(flow)
    said = {evidence.kind for evidence in flow.evidence} - {"rule"}
    return (
        outside
        and not said
        and not any(
            sign.public for family in FAMILIES for sign in all_signs(network, flow.target, family)
        )
    )


def _only_mapped(signs: list[Signs]) -> bool:
    """
    Whether nothing but a subnet asks for an address: that flag is copied onto every subnet, and
    says less than a bastion that works. A bastion itself has to be reached from outside.
    """
    return all(sign.mapped or sign.asked is None for sign in signs) and not any(
        sign.bastion for sign in signs
    )


def _bastion_of(network: Network, found: Trace, chains: Chains, promised: bool) -> str:
    """
    A host by which people get to the target, and are meant to: it is called a bastion, or a rule of
    the target names it, its group or its network. Two hosts that are open to everybody, and so to
    each other, are not that; nor are, for a host whose public address is `promised`, those that it
    lets in for everything.
    """
    target, service = found.flow.target, found.flow.service
    for host in chains.last_hosts(target, service):
        flow = Flow(as_client(host), target, service, "ipv4")
        if is_called_bastion(host) or any(
            speaks_of(rule, service, "ipv4") and not faces_outside(rule)
            and (is_specific(rule, service) or not promised)
            and not any(group in interface.groups for group in rule.groups)
            and lets_in(flow, interface, rule)
            for interface in target.interfaces()
            for _, rule in ingress(interface)
        ):  # fmt: skip
            return host.address
    return ""


def _acl_decides(found: Trace) -> bool:
    """
    A group that lets everything in leaves it to the ACL: only what the ACL names is meant. One that
    lets no replies out to anybody is a mistake, whatever it names.
    """
    acl = {Reason.ACL_REQUEST, Reason.ACL_REPLY, Reason.ACL_ORDER}
    open_ = not any(evidence.strong for evidence in found.flow.evidence)
    decides = open_ and bool(found.blockers) and {b.reason for b in found.blockers} <= acl
    return decides and not all(map(_answers_nobody, found.blockers))


def _answers_nobody(blocker: Blocker) -> bool:
    """Whether an ACL surely lets no port out that a client chooses for a TCP connection."""
    acl = blocker.node
    return (
        blocker.reason is Reason.ACL_REPLY
        and isinstance(acl, Acl)
        and acl.rest is None
        and not any(
            entry.egress is not False
            and entry.allow is not False
            and (isinstance(entry.traffic, Unknown) or _lets_some(entry.traffic))
            for entry in acl.entries
        )
    )


def _lets_some(traffic: Traffic) -> bool:
    """Whether it speaks of a port that a client may have chosen."""
    low, high = traffic.ports
    return traffic.meets(TCP) and low <= EPHEMERAL[1] and EPHEMERAL[0] <= high


def _named_private(signs: list[Signs]) -> bool:
    """An address is asked for in a subnet that is called private and leads to no gateway."""
    return all(sign.named == "private" and not sign.routed for sign in signs)


def _only_key(found: Trace) -> bool:
    """Nothing but a key pair asks for it, and that may be for the other way."""
    return all(e.kind == "key" or (e.kind == "name" and not e.strong) for e in found.flow.evidence)


def _weak_key(network: Network, found: Trace) -> bool:
    """
    A key pair alone, on what hardly anybody logs in to (one of a group behind a load balancer;
    what others are routed to), or where the account may have what the files do not show: a
    profile made elsewhere, rules in the default group of the default VPC, hosts that a rule for
    the VPC itself is for.
    """
    target = found.flow.target
    if not _only_key(found):
        return False
    interfaces = tuple(target.interfaces())
    names = {target.address, *(each.address for each in interfaces)}
    routes = (route.target for table in network.tables for route in table.routes)
    forwards = any(isinstance(gate, Gateway) and gate.address in names for gate in routes)
    assumed = all(
        isinstance(each.vpc, Vpc) and each.vpc.assumed and each.groups_span is None
        for each in interfaces
    )
    served = target.scaling and any(door.target.instance is target for door in doors(network))
    inside = names_itself(target, found.flow.service)
    return served or forwards or assumed or inside or unknown_profile(network, target)


def _never_pings(found: Trace) -> bool:
    """All that blocks is a rule with a code that no ping has: nobody gets in by it, ever."""
    return bool(found.blockers) and all(
        blocker.reason is Reason.GROUP_ICMP and any(_has_code(node) for node in blocker.about)
        for blocker in found.blockers
    )


def _has_code(node: Node) -> bool:
    """Whether it is an ICMP rule for one code, other than 0."""
    traffic = node.traffic if isinstance(node, Rule) else None
    return isinstance(traffic, Traffic) and traffic.ports[0] % 256 > 0


def _against(
    network: Network, target: Instance, found: Trace, signs: list[Signs], others: list[Trace]
) -> str:
    """Why the flow is not meant, whatever a rule says."""
    flow = found.flow
    if network.library and all(evidence.kind == "key" for evidence in flow.evidence):
        return "whoever calls the module decides who gets in"
    if flow.service.is_ping and any(s.inward and s.inward.title == CARRIER for s in signs):
        return "the rule is for devices in the carrier's network"
    weak = not any(evidence.strong for evidence in flow.evidence)
    if weak and _only_key(found) and found.verdict == "blocked":
        return "whom its security groups let in is not known"
    if weak and _only_mapped(signs) and only_insiders(network, target, flow.service, flow.family):
        return "what names the service lets in insiders only"
    if _is_promised(flow) or any(sign.public for sign in signs):
        return ""
    if flow.family == "ipv6" and not _only_ipv6(network, found, others):
        return "nothing asks for IPv6"
    if flow.service.is_ping:
        return "" if _never_pings(found) else "nothing but a rule says that it is public"
    if target.key is None and not any(sign.bastion for sign in signs):
        return "nothing but a rule says that it is public"
    return ""


def _is_named(flow: Flow) -> bool:
    """Whether a rule is for the service, and not for everything."""
    return any(each.kind == "rule" and each.strong for each in flow.evidence)


def _is_promised(flow: Flow) -> bool:
    """Whether a rule lets people outside in and an output gives them the address to do so."""
    return {"rule", "name"} <= {evidence.kind for evidence in flow.evidence}


def _only_ipv6(network: Network, found: Trace, others: list[Trace]) -> bool:
    """Whether people are to come by IPv6 alone, to a host in a subnet that is public by IPv4."""
    service, target = found.flow.service, found.flow.target
    asked = any(o.flow.service is service and o.flow.family == "ipv4" for o in others)
    strong = any(evidence.strong for evidence in found.flow.evidence)
    public = any(sign.routed for sign in all_signs(network, target, "ipv4"))
    return strong and public and target.key is not None and not asked


def _other_family_works(found: Trace, others: list[Trace]) -> bool:
    flow = found.flow
    return any(
        o.verdict == "reachable" and not o.flow.is_internal
        for o in others
        if o.flow.service is flow.service and o.flow.family != flow.family
    )


def _other_way(
    network: Network,
    target: Instance,
    service: Service,
    chains: Chains | None,
    beside: Node | None = None,
) -> str:
    """
    Another way in than `beside` that works, or may; empty if there is none. Who asks for a public
    address does not mean to go through a bastion: then no `chains` are given.
    """
    way = other_way(network, target, service, beside)
    if way or chains is None:
        return way
    return " and ".join(chains.through(target, service))
