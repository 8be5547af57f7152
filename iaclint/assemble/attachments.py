"""
Attachments of transit gateways: VPCs, other transit gateways, VPNs and Direct Connect.

https://docs.aws.amazon.com/vpc/latest/tgw/working-with-transit-gateways.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from iaclint.assemble.build import Build, place
from iaclint.assemble.index import direct_ref, flat
from iaclint.assemble.interfaces import find_subnet
from iaclint.assemble.vpcs import find_vpc, prefix_of
from iaclint.aws import transit as shapes
from iaclint.aws.shape import Declared
from iaclint.aws.vpn import DirectConnectAssociation, VpnConnection, VpnRoute
from iaclint.network import Attachment, Gateway, Maybe, TransitTable
from iaclint.packet.prefix import Prefix
from iaclint.value import Unknown, Value, text, truth

NEVER: list[Maybe[Prefix]] = []
"""What a peering announces: there is no propagation over it."""


@dataclass(slots=True)
class Attachments:
    """
    All attachments by the addresses that name them; a peering has an end at each of its gateways
    under one name. `learned` is what an attachment without a VPC announces, by its identity.
    """

    named: dict[str, tuple[Attachment, ...]] = field(default_factory=dict)
    learned: dict[int, list[Maybe[Prefix]]] = field(default_factory=dict)
    accepters: dict[int, shapes.AttachmentAccepter] = field(default_factory=dict)

    def ends(self, value: Value | None) -> tuple[Attachment, ...]:
        """What a value names: one attachment, or both ends of a peering."""
        ref = direct_ref(value)
        return self.named.get(ref.address, ()) if ref is not None else ()

    def end(self, value: Value | None, table: TransitTable) -> Maybe[Attachment] | None:
        """What a value names at the transit gateway of a table."""
        ends = self.ends(value)
        if len(ends) < 2:
            return ends[0] if ends else None
        here = [end for end in ends if end.transit is table.transit]
        unsure = Unknown(f"which side of {ends[0].address} {table.address} is on is not known")
        return here[0] if here else unsure


def build_attachments(build: Build) -> Attachments:
    """Every attachment, also under the names of its accepters and look-ups."""
    made = Attachments()
    for vpc in build.index.all(shapes.VpcAttachment, data=True):
        _register(build, made, vpc, _vpc(build, vpc))
    for peering in build.index.all(shapes.PeeringAttachment):
        _register(build, made, peering, *_peering(build, peering))
    for connect in build.index.all(shapes.ConnectAttachment, data=True):
        what = "what is behind it is not known"
        _register(build, made, connect, _outside(build, connect, connect.transit, what))
    for vpn in build.index.all(VpnConnection):
        if vpn.transit is not None:
            _register(build, made, vpn, _vpn(build, made, vpn))
    for direct in build.index.all(DirectConnectAssociation):
        found = build.index.find(direct.gateway, shapes.TransitGateway)
        if isinstance(found, shapes.TransitGateway):
            what = "learns its routes by BGP"
            _register(build, made, direct, _outside(build, direct, direct.gateway, what))
    _accept(build, made)
    _look_up(build, made)
    return made


def find_transit(build: Build, value: Value | None) -> Maybe[Gateway]:
    """The transit gateway a value names."""
    found = build.index.find(value, shapes.TransitGateway)
    if isinstance(found, shapes.TransitGateway):
        return build.gateways[found.address]
    return found or Unknown("no transit gateway is given")


def _register(build: Build, made: Attachments, declared: Declared, *ends: Attachment) -> None:
    made.named[declared.address] = ends
    build.network.attachments += ends


# ---- of a VPC --------------------------------------------------------------------------------


def _vpc(build: Build, declared: shapes.VpcAttachment) -> Attachment:
    transit = find_transit(build, declared.transit)
    vpc = declared.maybe or find_vpc(build, declared.vpc)
    if declared.is_data:
        vpc = Unknown(f"{declared.address} is made elsewhere", declared.span)
    if isinstance(transit, Gateway):
        transit.vpcs += (vpc,)
    return Attachment(
        **place(declared),
        transit=transit,
        vpc=vpc,
        subnets=tuple(
            find_subnet(build, each, declared.resource) for each in flat(declared.subnets)
        ),
        ipv6=shapes.enabled(declared.ipv6, False),
        references=_references(build, declared),
        appliance=shapes.enabled(declared.appliance, False),
    )


def _references(build: Build, declared: shapes.VpcAttachment) -> Maybe[bool]:
    """Off at the gateway unless asked for, on at an attachment unless refused."""
    found = build.index.find(declared.transit, shapes.TransitGateway)
    if not isinstance(found, shapes.TransitGateway):
        return found or Unknown("no transit gateway is given")
    if found.is_data:
        return Unknown(f"{found.address} is made elsewhere", found.span)
    at_gateway = shapes.enabled(found.references, False)
    here = shapes.enabled(declared.references, True)
    if at_gateway is False or here is False:
        return False
    return at_gateway if isinstance(at_gateway, Unknown) else here


# ---- of another transit gateway --------------------------------------------------------------


def _peering(build: Build, declared: shapes.PeeringAttachment) -> tuple[Attachment, Attachment]:
    near = _outside(build, declared, declared.transit, "leads to another transit gateway")
    far = _outside(build, declared, declared.peer, "leads to another transit gateway")
    near.other, far.other = far, near
    near.active = far.active = _pending(build, declared)
    return near, far


def _pending(build: Build, declared: shapes.PeeringAttachment) -> Maybe[bool]:
    """
    Nothing accepts it by itself. CloudFormation has no resource that would, so that it is always
    done elsewhere; so is what belongs to another account, or is only looked up.
    """
    near = build.index.find(declared.transit, shapes.TransitGateway)
    far = build.index.find(declared.peer, shapes.TransitGateway)
    ours = isinstance(far, shapes.TransitGateway) and not far.is_data
    known = ours and isinstance(near, shapes.TransitGateway)
    if declared.is_terraform and known and not isinstance(text(declared.account), str):
        return False
    why = f"whether {declared.address} is accepted is decided elsewhere"
    return declared.maybe or Unknown(why, declared.span)


def _accept(build: Build, made: Attachments) -> None:
    for consent in build.index.all(shapes.AttachmentAccepter):
        made.named[consent.address] = ends = made.ends(consent.attachment)
        for end in ends:
            made.accepters[id(end)] = consent
    for accepter in build.index.all(shapes.PeeringAttachmentAccepter):
        ends = made.ends(accepter.attachment) or _only_peering(build, made)
        made.named[accepter.address] = ends
        for end in ends:
            end.active = accepter.maybe or True
        for end in ends[1:]:
            end.address, end.span = accepter.address, accepter.span
            end.label, end.resource = place(accepter)["label"], accepter.resource
        if not ends:
            _accept_some(build, made, accepter)


def _accept_some(
    build: Build, made: Attachments, accepter: shapes.PeeringAttachmentAccepter
) -> None:
    """Which of several peerings it accepts is not known: any that nothing else does."""
    why = Unknown(f"which peering {accepter.address} accepts is not known", accepter.span)
    for peering in build.index.all(shapes.PeeringAttachment):
        for end in made.named[peering.address]:
            end.active = end.active or why


def _only_peering(build: Build, made: Attachments) -> tuple[Attachment, ...]:
    """The one peering there is: a look-up on the other side means it."""
    found = list(build.index.all(shapes.PeeringAttachment))
    return made.named[found[0].address] if len(found) == 1 else ()


# ---- outside of AWS --------------------------------------------------------------------------


def _outside(build: Build, declared: Declared, transit: Value | None, why: str) -> Attachment:
    return Attachment(
        unnamed=_unnamed(declared),
        **place(declared),
        transit=find_transit(build, transit),
        vpc=Unknown(f"{declared.address} {why}", declared.span),
        ipv6=True,
    )


def _unnamed(declared: Declared) -> Unknown | None:
    """CloudFormation tells nobody the id of the attachment of a VPN or of Direct Connect."""
    if declared.is_terraform or not isinstance(declared, VpnConnection | DirectConnectAssociation):
        return None
    return Unknown(f"a template cannot name the attachment of {declared.address}", declared.span)


def _vpn(build: Build, made: Attachments, declared: VpnConnection) -> Attachment:
    found = _outside(build, declared, declared.transit, "leads to networks that are not known")
    inside = text(declared.inside)
    if isinstance(inside, Unknown):
        found.ipv6 = inside
    elif inside != "ipv6":
        found.ipv6 = Unknown(f"{declared.address} carries IPv4", declared.span)
    some = (declared.maybe,) if declared.maybe else behind(build, declared)
    made.learned[id(found)] = list(some)
    return found


def behind(build: Build, vpn: VpnConnection) -> Iterator[Maybe[Prefix]]:
    """The blocks behind a VPN, as far as its static routes say them."""
    for route in build.index.all(VpnRoute):
        found = build.index.find(route.connection, VpnConnection)
        if isinstance(found, Unknown):
            yield found
        elif found is vpn:
            yield route.maybe or prefix_of(route.to) or Unknown("the VPN route has no block")
    if truth(vpn.static) is not True:
        yield Unknown(f"{vpn.address} learns its routes by BGP", vpn.span)


# ---- other names -----------------------------------------------------------------------------


def _look_up(build: Build, made: Attachments) -> None:
    for vpn in build.index.all(shapes.VpnAttachment, data=True):
        connection = build.index.find(vpn.connection, VpnConnection)
        if isinstance(connection, VpnConnection):
            made.named[vpn.address] = made.named.get(connection.address, ())
    for direct in build.index.all(shapes.DirectConnectAttachment, data=True):
        transit = find_transit(build, direct.transit)
        made.named[direct.address] = tuple(
            end
            for association in build.index.all(DirectConnectAssociation)
            if _is_same(association.direct, direct.gateway)
            for end in made.named.get(association.address, ())
            if end.transit is transit
        )
    for peering in build.index.all(shapes.PeeringAttachment, data=True):
        if peering.is_data:
            made.named[peering.address] = _only_peering(build, made)


def _is_same(one: Value | None, other: Value | None) -> bool:
    """Whether two values name the same thing: one that is declared, or by an id."""
    ref, said = direct_ref(one), text(one)
    if ref is not None:
        return ref == direct_ref(other)
    return isinstance(said, str) and said == text(other)
