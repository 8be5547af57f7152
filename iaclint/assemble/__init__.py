"""From resources to the network: references become objects, defaults become facts."""

from __future__ import annotations

from iaclint.assemble.accelerators import build_accelerators
from iaclint.assemble.access import build_access
from iaclint.assemble.acls import build_acls
from iaclint.assemble.assigned import with_stand_ins
from iaclint.assemble.balancers import build_balancers
from iaclint.assemble.build import Build
from iaclint.assemble.elastic import build_addresses, unassociated
from iaclint.assemble.endpoints import build_endpoints, place_nats
from iaclint.assemble.firewalls import build_firewalls
from iaclint.assemble.gateways import build_gateways
from iaclint.assemble.index import Index
from iaclint.assemble.instances import attach_later, build_instances
from iaclint.assemble.interfaces import attach_groups, build_interfaces
from iaclint.assemble.opaque import build_opaque
from iaclint.assemble.peerings import build_peerings
from iaclint.assemble.policies import build_connect_endpoints, build_policies
from iaclint.assemble.remotes import build_remotes
from iaclint.assemble.rules import build_dormant, build_groups
from iaclint.assemble.subnets import build_subnets
from iaclint.assemble.tables import build_tables
from iaclint.assemble.transit import build_transit
from iaclint.assemble.vpcs import build_vpcs
from iaclint.aws.shape import decode
from iaclint.network import Network
from iaclint.resource import World
from iaclint.value import Unknown, refs

STAGES = (
    build_vpcs,
    build_gateways,
    build_peerings,
    build_tables,
    build_acls,
    build_groups,
    build_subnets,
    place_nats,
    build_interfaces,
    build_instances,
    attach_later,
    attach_groups,
    build_addresses,
    build_transit,
    build_balancers,
    build_accelerators,
    build_policies,
    build_connect_endpoints,
    build_endpoints,
    build_firewalls,
    build_remotes,
    build_access,
    build_opaque,
)
"""In the order in which each needs what the earlier ones made."""


def assemble(world: World, library: bool = False) -> Network:
    """
    The network that one world of a root describes. The groups and tables a library hands out in
    its outputs may get further rules and routes from those who call it.
    """
    resources = with_stand_ins(world.resources)
    build = Build(Index(decode(resources), resources))
    network = build.network
    network.resources, network.outputs = resources, world.outputs
    network.declared = tuple(build.index.declared)
    network.assumption, network.library = world.assumption, library
    for stage in STAGES:
        stage(build)
    build_dormant(build, world.dormant)
    if library:
        _open_outputs(build, world)
    network.spare_addresses = [each.resource for each in unassociated(build)]
    return network


def _open_outputs(build: Build, world: World) -> None:
    for output in world.outputs:
        for ref in refs(output.value):
            group = build.groups.get(ref.address)
            if group is not None and group.rest is None:
                group.rest = Unknown(
                    f"whoever calls the module may add rules to {group.address}", output.span
                )
            table = build.tables.get(ref.address)
            if table is not None and table.rest is None:
                why = f"whoever calls the module may add routes to {table.address}"
                table.rest, table.only_more = Unknown(why, output.span), True
