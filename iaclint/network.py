"""
The network as AWS would build it: nouns with every default and reference already resolved.

A field that the files do not decide holds an `Unknown`. Objects are compared by identity; the
engine walks them and never looks at a resource again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, TypeVar

from iaclint.aws.image import ImageFamily
from iaclint.aws.keys import Fault, KeyKind, PrivateKey, PublicKey
from iaclint.aws.shape import Declared
from iaclint.host.setup import NOTHING, Setup
from iaclint.packet.prefix import Family, Prefix
from iaclint.packet.service import Traffic
from iaclint.packet.side import ANYWHERE, Side
from iaclint.resource import Connection, Output, Resource
from iaclint.source import Span
from iaclint.value import Unknown, Value

T = TypeVar("T")
Maybe: TypeAlias = T | Unknown


@dataclass(slots=True, eq=False, kw_only=True)
class Node:
    """
    A noun of the network. `span` is None for what AWS makes by itself (the main table, the
    default VPC); `label` is the short name for a path line.
    """

    address: str
    label: str
    span: Span | None = None
    resource: Resource | None = None

    @property
    def declared(self) -> bool:
        """Whether somebody wrote it."""
        return self.span is not None


@dataclass(slots=True, eq=False, kw_only=True)
class Vpc(Node):
    """
    `prefixes` are its blocks of both families. `ipv6` says whether it has an IPv6 block at all:
    Amazon's blocks are assigned on apply, so the prefix is then not known. `assumed` is the
    account's default VPC, `foreign` one that is made elsewhere.
    """

    prefixes: tuple[Maybe[Prefix], ...] = ()
    ipv6: Maybe[bool] = False
    dns_hostnames: Maybe[bool] = False
    assumed: bool = False
    foreign: bool = False


GatewayKind = Literal["internet", "never", "network", "appliance", "interface", "local", "unknown"]


@dataclass(slots=True, eq=False, kw_only=True)
class Gateway(Node):
    """
    What a route leads to. `kind` says who can come in through it, `title` what it is called;
    `vpcs` are the VPCs it is attached to. `missing` is set when nothing of that name is declared.
    """

    kind: GatewayKind
    title: str
    vpcs: tuple[Maybe[Vpc], ...] = ()
    attachments: tuple[Span, ...] = ()
    missing: bool = False
    subnet: Maybe[Subnet] | None = None
    """Where a NAT gateway stands."""
    private: Maybe[bool] = False
    """A NAT gateway between networks, whose packets an internet gateway drops."""
    checks: Maybe[bool] | None = None
    """Source/destination check of an instance or interface that a route leads to."""

    def attached_to(self, vpc: Vpc) -> Maybe[bool]:
        """Whether it serves a VPC."""
        if vpc in self.vpcs:
            return True
        unknown = next((v for v in self.vpcs if isinstance(v, Unknown)), None)
        return unknown if unknown is not None else False


FirewallAction = Literal["pass", "drop", "inspect"]
"""What a firewall does with a packet; `inspect`: it hands it to the stateful engine."""

Stage = Literal["any", "opening", "established"]
"""The packets of a connection: those of the handshake, and those that come after it."""


@dataclass(slots=True, eq=False, kw_only=True)
class FirewallRule(Node):
    """
    A rule of a firewall. `protocols` are numbers, none of them means every one; `application` is
    the protocol that the engine recognises by the content. `doubts` say why it may match less.
    """

    action: Maybe[FirewallAction]
    source: Side = ANYWHERE
    destination: Side = ANYWHERE
    protocols: tuple[int, ...] = ()
    application: str = ""
    both: bool = False
    """It is about connections in either direction."""
    requests: bool = False
    """It is only about packets from the client to the server."""
    stage: Stage = "any"
    doubts: tuple[Unknown, ...] = ()


@dataclass(slots=True, eq=False, kw_only=True)
class Verdicts:
    """What a firewall policy does with packets that no rule speaks about, and where it says so."""

    stateless: Maybe[FirewallAction]
    opening: Maybe[FirewallAction] = "pass"
    established: Maybe[FirewallAction] = "pass"
    stateless_span: Span | None = None
    stateful_span: Span | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class FirewallPolicy(Node):
    """
    The rules of a firewall, each list in the order in which its engine asks them. The stateless
    rules see every packet by itself, the stateful ones the connections that those hand on.
    """

    stateless: tuple[FirewallRule, ...]
    stateful: tuple[FirewallRule, ...]
    otherwise: Verdicts


@dataclass(slots=True, eq=False, kw_only=True)
class Middlebox(Gateway):
    """
    The endpoints of a firewall, or of the appliances behind a Gateway Load Balancer, to which
    routes lead: `interfaces` are the endpoints, one a subnet.
    """

    policy: Maybe[FirewallPolicy]
    interfaces: tuple[Interface, ...] = ()


@dataclass(slots=True, eq=False, kw_only=True)
class Peering(Gateway):
    """
    A peering connection: `ends` are its two VPCs, `active` says whether the other side accepted
    it. It carries nothing but addresses of its two VPCs.
    """

    ends: tuple[Maybe[Vpc], Maybe[Vpc]]
    active: Maybe[bool] = True
    same_region: Maybe[bool] = True

    def joins(self, one: Vpc, other: Vpc) -> Maybe[bool]:
        """Whether it connects two VPCs; an `Unknown` where an end is made elsewhere."""
        if {id(one), id(other)} == {id(end) for end in self.ends}:
            return True
        unknown = next((e for e in self.ends if isinstance(e, Unknown)), None)
        known = [e for e in self.ends if isinstance(e, Vpc)]
        if unknown is not None and all(e is one or e is other for e in known):
            return unknown
        return False


@dataclass(slots=True, eq=False, kw_only=True)
class TransitRoute(Node):
    """
    A route of a transit gateway's table. `attachment` is None for a blackhole; `propagated` routes
    lose against static ones for the same block.
    """

    to: Maybe[Prefix]
    attachment: Maybe[Attachment] | None
    propagated: bool = False
    maybe: Unknown | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class TransitTable(Node):
    """A route table of a transit gateway. `rest` as in `RouteTable`."""

    transit: Maybe[Gateway]
    routes: list[TransitRoute] = field(default_factory=list)
    rest: Unknown | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class Attachment(Node):
    """
    A network at a transit gateway. `vpc` is an `Unknown` for what is no VPC of these files (a VPN,
    another gateway). `table` decides where what comes in through it goes; None: nothing does.
    """

    transit: Maybe[Gateway]
    vpc: Maybe[Vpc]
    subnets: tuple[Maybe[Subnet], ...] = ()
    table: Maybe[TransitTable] | None = None
    ipv6: Maybe[bool] = False
    references: Maybe[bool] = False
    """Whether rules may name groups of the other VPCs, at the gateway and here."""
    appliance: Maybe[bool] = False
    """Whether both directions of a connection are kept in one zone."""
    other: Attachment | None = None
    """The other end of a peering attachment, at another transit gateway."""
    active: Maybe[bool] = True
    """Whether the owner of the other end accepted the peering."""
    unnamed: Unknown | None = None
    """Why its association and the routes to it are made elsewhere: no template can name it."""

    @property
    def elsewhere(self) -> bool:
        """Whether it is only looked up: it may be one that is declared, by another name."""
        return self.resource is not None and self.resource.mode == "data"


RouteOrigin = Literal["static", "prefix list", "propagated", "local"]


@dataclass(slots=True, eq=False, kw_only=True)
class Route(Node):
    """
    A destination and where it leads. `family` is that of a destination whose block is not known;
    None where it may be of either.
    """

    to: Maybe[Prefix]
    target: Maybe[Gateway]
    origin: RouteOrigin = "static"
    maybe: Unknown | None = None
    family: Family | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class RouteTable(Node):
    """
    `main` is the table of all subnets of the VPC that name none. `rest` says why there may be
    routes that are not known. `propagation` says that a VPN gateway writes routes into it.
    """

    vpc: Maybe[Vpc] | None
    routes: list[Route] = field(default_factory=list)
    main: bool = False
    rest: Unknown | None = None
    propagation: Unknown | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class AclEntry(Node):
    """One numbered entry. `family` and `prefix` go together; unknown ones may match anything."""

    number: Maybe[int]
    egress: Maybe[bool]
    allow: Maybe[bool]
    traffic: Maybe[Traffic]
    prefix: Maybe[Prefix]
    maybe: Unknown | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class Acl(Node):
    """A network ACL. `adopted` is the default ACL under management."""

    vpc: Maybe[Vpc] | None
    entries: list[AclEntry] = field(default_factory=list)
    allows_all: bool = False
    """The default ACL as AWS makes it."""
    rest: Unknown | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class Rule(Node):
    """
    One permission of a group: traffic, and from (or to) whom. The peers are blocks, groups, and
    what is not known; `managed` names AWS's own prefix lists among them.
    """

    traffic: Maybe[Traffic]
    prefixes: tuple[Maybe[Prefix], ...] = ()
    groups: tuple[Maybe[Group], ...] = ()
    holders: tuple[str, ...] = ()
    """Addresses of instances or interfaces whose private address is let in."""
    public_of: tuple[tuple[str, Unknown], ...] = ()
    """Those among the blocks that are the public address of a resource, and of which one."""
    managed: tuple[str, ...] = ()
    invalid: str = ""
    """Why AWS would refuse the rule or silently not make it."""
    maybe: Unknown | None = None
    texts: tuple[tuple[Prefix, Span], ...] = ()
    """Where each block is written."""
    says: str = ""
    """What its author calls it, and says it is for."""


@dataclass(slots=True, eq=False, kw_only=True)
class Group(Node):
    """A security group. `default` is a VPC's default group; `rest` as in `RouteTable`."""

    vpc: Maybe[Vpc] | None
    ingress: list[Rule] = field(default_factory=list)
    egress: list[Rule] = field(default_factory=list)
    default: bool = False
    rest: Unknown | None = None
    rest_out: Unknown | None = None
    """Why it may have further outbound rules."""
    perhaps: list[tuple[Rule, bool]] = field(default_factory=list)
    """Rules that may belong to it, and whether each is outbound: theirs is a group not known."""
    also: tuple[Maybe[Vpc], ...] = ()
    """Further VPCs in which it may be used."""


@dataclass(slots=True, eq=False, kw_only=True)
class Subnet(Node):
    """`association` is where the table was given to it; None when it uses the main table."""

    vpc: Maybe[Vpc]
    prefix: Maybe[Prefix] | None = None
    ipv6: Maybe[Prefix] | None = None
    """Its IPv6 block; None when it has none."""
    table: Maybe[RouteTable]
    association: Span | None = None
    acl: Maybe[Acl]
    maps_public: Maybe[bool] = False
    maps_public_span: Span | None = None
    assigns_ipv6: Maybe[bool] = False
    only_ipv6: Maybe[bool] = False
    zone: str = ""
    assumed: bool = False


AddressHow = Literal["elastic", "requested", "subnet", "existing"]


@dataclass(slots=True, eq=False, kw_only=True)
class PublicAddress:
    """
    Whether an interface has a public IPv4 address, and what decides it. `asked` says that the
    author asked for one in some place, whether or not it works.
    """

    has: Maybe[bool]
    why: str
    span: Span | None = None
    how: AddressHow | None = None
    asked: Span | None = None
    obstacle: str = ""
    """Reason code of why asking did not help."""
    refused: bool = False
    """The launch says that it wants none, whatever the subnet does."""
    early: bool = False
    """The address is given to an interface that is made before the instance, and waits there."""
    elastic: Resource | None = None
    """The Elastic IP."""


@dataclass(slots=True, eq=False, kw_only=True)
class Interface(Node):
    """
    `groups_span` is where the groups are given; None with `groups` holding the default group when
    no group was given. `ipv6` says whether it has an IPv6 address.
    """

    subnet: Maybe[Subnet]
    groups: tuple[Maybe[Group], ...] = ()
    groups_span: Span | None = None
    public: PublicAddress
    ipv6: Maybe[bool] = False
    private: tuple[Maybe[Prefix], ...] = ()
    ipv6_addresses: tuple[Maybe[Prefix], ...] = ()
    checks: Maybe[bool] = True

    @property
    def vpc(self) -> Maybe[Vpc]:
        """The VPC it is in."""
        return self.subnet if isinstance(self.subnet, Unknown) else self.subnet.vpc


@dataclass(slots=True, eq=False, kw_only=True)
class KeyPair(Node):
    """
    A key pair of EC2. `public` is what its public key is, None where it is not known or AWS makes
    it; `generated` the `tls_private_key` it comes from. `format` is that of the private key file
    AWS stores (`pem`, `ppk`), empty for a key that was made elsewhere.
    """

    name: Maybe[str] | None
    public: PublicKey | Fault | None = None
    material: Value | None = None
    generated: Resource | None = None
    attribute: str = ""
    """The attribute of the generated key that is imported."""
    kind: KeyKind = "unknown"
    bits: int | None = None
    format: str = ""


@dataclass(slots=True, eq=False, kw_only=True)
class KeyFile(Node):
    """A private key that Terraform writes to a file. `mode` are its permissions."""

    path: Maybe[str] | None
    mode: Maybe[int]
    mode_span: Span | None = None
    generated: Resource | None = None
    attribute: str = ""
    private: PrivateKey | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class Misencoded(Node):
    """User data in an encoding that EC2 does not take; `words` completes "user data …"."""

    words: str
    refused: bool = True
    """Whether EC2 refuses it; otherwise the host gets it and cannot run it."""


LoginKind = Literal["connection", "bastion", "output", "script"]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Login:
    """
    A place where the files say how somebody logs in to an instance: a connection block, the
    bastion of one, a command in an output or in a script on the client.

    `user` is None where none is given (`span` is then the block's). `key` is the private key of a
    connection, `key_file` the one of a command. `host` is the address that is dialled.
    """

    kind: LoginKind
    protocol: Literal["ssh", "winrm"]
    user: Maybe[str] | None
    span: Span
    host: Value | None = None
    key: Value | None = None
    key_file: str = ""
    of_a_pair: bool = False
    """The file has the name that AWS gives to the private key of a key pair, whichever it is."""
    port: Maybe[int] | None = None
    resource: Resource | None = None
    connection: Connection | None = None

    @property
    def is_provisioner(self) -> bool:
        """Whether Terraform itself logs in while it applies."""
        return self.kind in ("connection", "bastion")


Platform = Literal["linux", "windows"]


@dataclass(slots=True, eq=False, kw_only=True)
class Instance(Node):
    """
    Something a person could log in to. `placements` are the ways it can be made: one for an
    instance, one a subnet for an auto scaling group; each has the instance's interfaces.
    """

    placements: tuple[tuple[Interface, ...], ...]
    key: Maybe[str] | None = None
    key_span: Span | None = None
    key_pair: Maybe[Resource] | None = None
    platform: Platform | None = None
    image: Value | None = None
    user_data: Value | None = None
    profile: Value | None = None
    connections: tuple[Connection, ...] = ()
    name: str = ""
    scaling: bool = False
    launches: tuple[Resource, ...] = ()
    """The resources its settings come from, the instance itself first."""
    elsewhere: Unknown | None = None
    """Why more settings may come from a launch template that is not among them."""
    managed: str = ""
    """The service that owns it (EKS, ECS …), if one does: nobody is expected to log in."""
    password: bool = False
    pair: KeyPair | None = None
    """The key pair, when it is declared here."""
    image_family: ImageFamily | None = None
    setup: Setup = NOTHING
    """What its user data changes."""
    logins: tuple[Login, ...] = ()

    def interfaces(self) -> Iterator[Interface]:
        """All interfaces it can have."""
        for placement in self.placements:
            yield from placement


BalancerKind = Literal["network", "classic", "application", "gateway"]


@dataclass(slots=True, eq=False, kw_only=True)
class Target:
    """An instance behind a load balancer. `port` overrides the port of its target group."""

    instance: Instance
    interface: Interface | None = None
    port: Maybe[int] | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class TargetGroup(Node):
    """
    Where a listener sends what it takes. `preserves` says whether the targets see the address of
    the client, `proxy` whether a proxy protocol header comes before the data.
    """

    port: Maybe[int] | None
    protocol: Maybe[str]
    kind: str = "instance"
    preserves: Maybe[bool] = True
    proxy: Maybe[bool] = False
    targets: list[Target] = field(default_factory=list)
    rest: Unknown | None = None
    """Why there may be further targets."""


@dataclass(slots=True, eq=False, kw_only=True)
class Listener(Node):
    """A port of a load balancer, and the target groups it forwards to."""

    port: Maybe[int]
    protocol: Maybe[str]
    groups: tuple[Maybe[TargetGroup], ...] = ()


@dataclass(slots=True, eq=False, kw_only=True)
class Balancer(Node):
    """A load balancer. Without `groups` it filters nothing itself."""

    kind: BalancerKind
    internal: Maybe[bool]
    subnets: tuple[Maybe[Subnet], ...] = ()
    groups: tuple[Maybe[Group], ...] = ()
    groups_span: Span | None = None
    listeners: list[Listener] = field(default_factory=list)
    cross_zone: Maybe[bool] = False


@dataclass(slots=True, eq=False, kw_only=True)
class Entrance(Node):
    """
    An endpoint group of an accelerator, as far as it is about one endpoint. `ports` are those of
    the listener, `moved` those that arrive at another port of the endpoint; `to` is what the
    endpoint is, and `address_only` says that it is named by an Elastic IP, so that the client's
    address is lost.
    """

    listener: Node
    ports: tuple[Maybe[range], ...]
    protocol: Maybe[str]
    moved: tuple[tuple[Maybe[int] | None, Maybe[int] | None], ...] = ()
    weight: Maybe[int] | None = None
    """None: an equal share."""
    to: Maybe[Instance | Balancer]
    address_only: bool = False


@dataclass(slots=True, eq=False, kw_only=True)
class Accelerator(Node):
    """An accelerator of Global Accelerator. `rest` says why there may be further endpoints."""

    enabled: Maybe[bool] = True
    ipv6: Maybe[bool] = False
    entrances: list[Entrance] = field(default_factory=list)
    rest: Unknown | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class ConnectEndpoint(Node):
    """
    An EC2 Instance Connect Endpoint: `interface` is its own, in its subnet and with its groups.
    `preserves` says whether instances see the address of the user.
    """

    interface: Interface
    preserves: Maybe[bool]


@dataclass(slots=True, eq=False, kw_only=True)
class ServiceEndpoint(Node):
    """
    A VPC endpoint. `service` is the last part of the service's name (`ssm`); `interfaces` are
    those of an interface endpoint, `tables` those with a route to a gateway endpoint.
    """

    vpc: Maybe[Vpc]
    service: Maybe[str]
    is_interface: Maybe[bool]
    private_dns: Maybe[bool]
    interfaces: tuple[Interface, ...] = ()
    tables: tuple[Maybe[RouteTable], ...] = ()


@dataclass(slots=True, eq=False, kw_only=True)
class Remote(Node):
    """
    A network outside of AWS that is connected: `prefixes` are its blocks as far as they are
    written down, `gateway` is how its packets come in.
    """

    gateway: Gateway
    prefixes: tuple[Maybe[Prefix], ...] = ()


@dataclass(slots=True, eq=False, kw_only=True)
class ClientVpn(Node):
    """
    People with a VPN client: they arrive from `interfaces`, in the associated subnets, and may go
    to the `allowed` blocks.
    """

    interfaces: tuple[Interface, ...] = ()
    allowed: tuple[Maybe[Prefix], ...] = ()


@dataclass(slots=True, eq=False, kw_only=True)
class Exclusion(Node):
    """A VPC or a subnet that VPC Block Public Access leaves alone, in the named direction."""

    place: Maybe[Vpc] | Maybe[Subnet]
    mode: Maybe[str]


@dataclass(slots=True, eq=False, kw_only=True)
class Network:
    """Everything of one world of a scan."""

    vpcs: list[Vpc] = field(default_factory=list)
    gateways: list[Gateway] = field(default_factory=list)
    tables: list[RouteTable] = field(default_factory=list)
    acls: list[Acl] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    subnets: list[Subnet] = field(default_factory=list)
    interfaces: list[Interface] = field(default_factory=list)
    instances: list[Instance] = field(default_factory=list)
    edges: dict[int, RouteTable] = field(default_factory=dict)
    """Edge tables by the identity of their gateway."""
    spare_addresses: list[Resource] = field(default_factory=list)
    """Elastic IPs that nothing uses."""
    key_pairs: list[KeyPair] = field(default_factory=list)
    key_files: list[KeyFile] = field(default_factory=list)
    misencoded: list[Misencoded] = field(default_factory=list)
    lost_logins: list[Login] = field(default_factory=list)
    """Logins to a host that is not one of the instances."""
    resources: tuple[Resource, ...] = ()
    declared: tuple[Declared, ...] = ()
    """What is written, as the shapes read it: for checks of values that AWS refuses."""
    outputs: tuple[Output, ...] = ()
    attachments: list[Attachment] = field(default_factory=list)
    transit_tables: list[TransitTable] = field(default_factory=list)
    balancers: list[Balancer] = field(default_factory=list)
    target_groups: list[TargetGroup] = field(default_factory=list)
    accelerators: list[Accelerator] = field(default_factory=list)
    connect_endpoints: list[ConnectEndpoint] = field(default_factory=list)
    service_endpoints: list[ServiceEndpoint] = field(default_factory=list)
    remotes: list[Remote] = field(default_factory=list)
    client_vpns: list[ClientVpn] = field(default_factory=list)
    policy: Maybe[str] = ""
    """Mode of VPC Block Public Access, empty when nothing is declared."""
    policy_node: Node | None = None
    """What declares it."""
    exclusions: list[Exclusion] = field(default_factory=list)
    assumption: str = ""
    library: bool = False
    """A module that others call: what it lacks, they may add."""

    def internet_gateways(self, vpc: Vpc) -> list[Gateway]:
        """The internet gateways attached to a VPC; by certainty or perhaps."""
        return [
            g for g in self.gateways if g.kind == "internet" and g.attached_to(vpc) is not False
        ]

    @property
    def peerings(self) -> list[Peering]:
        """All peering connections."""
        return [g for g in self.gateways if isinstance(g, Peering)]

    def main_table(self, vpc: Vpc) -> RouteTable | None:
        """The main route table of a VPC."""
        return next((t for t in self.tables if t.main and t.vpc is vpc), None)

    def subnets_of(self, vpc: Vpc) -> list[Subnet]:
        """The subnets of a VPC."""
        return [s for s in self.subnets if s.vpc is vpc]

    def members(self, group: Group) -> list[tuple[Instance, Interface]]:
        """The instances, and the interfaces of them, that carry a group."""
        return [
            (instance, interface)
            for instance in self.instances
            for interface in instance.interfaces()
            if group in interface.groups
        ]


def family_of(prefix: Maybe[Prefix]) -> Family | None:
    """The family of a block that is known."""
    return None if isinstance(prefix, Unknown) else prefix.family
