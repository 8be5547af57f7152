"""
In what subnets differ of which nobody knows which one it is: in nothing only if it is sure.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from iaclint.assemble.alike import differ
from iaclint.network import Acl, AclEntry, Interface, Network, Subnet
from iaclint.packet.prefix import parse_prefix
from iaclint.packet.service import Traffic
from iaclint.value import Ref, Unknown
from tests.facts import bare
from tests.parts import HOME, OTHER, SOME, gate, line, place, table, vpc

SUPPLIED = replace(SOME, supply="--var some=…")
REFERRED = replace(SOME, ref=Ref("aws_thing.a", "id"))
GATE, EXIT = gate("igw", HOME), gate("other", HOME)
TO_ANY = "0.0.0.0/0"
OUT = table((TO_ANY, GATE))


def acl(*entries: tuple[int, bool, bool], **more: Any) -> Acl:
    """An ACL with entries: number, whether outbound, whether it allows."""
    given = {"address": "acl", "label": "acl", "span": line(5), "vpc": HOME, **more}
    found = Acl(**given)
    for number, egress, allow in entries:
        found.entries.append(
            AclEntry(
                address="entry", label="entry", number=number, egress=egress, allow=allow,
                traffic=Traffic(None), prefix=parse_prefix(TO_ANY),
            )
        )  # fmt: skip
    return found


BLOCK = parse_prefix("fd00::/64")
ACL, OPEN, RESTED = acl((1, False, True)), acl(rest=SOME), table(rest=SOME)
NORMAL = {"table": OUT, "acl": ACL, "maps_public": True, "ipv6": BLOCK, "zone": "eu-west-1a"}


def nat(where: Any, name: str = "nat", **more: Any) -> Any:
    """A NAT gateway in a subnet."""
    return gate(name, HOME, kind="never", title="NAT gateway", subnet=where, **more)


def by_nat(table_: Any, acl_: Any = ACL, home: Any = HOME, **more: Any) -> dict[str, Any]:
    """A subnet that goes out by a NAT gateway in a subnet of its own, with that table and ACL."""
    return {"table": table((TO_ANY, nat(place(table=table_, acl=acl_, vpc=home), **more)))}


@pytest.mark.parametrize(
    ("first", "second", "what"),
    [
        ({}, {}, ""),
        ({}, {"vpc": vpc("other", "10.0.0.0/16")}, "VPCs"),
        # tables
        ({}, {"table": table((TO_ANY, GATE))}, ""),
        ({}, {"table": table((TO_ANY, EXIT))}, "route tables"),
        ({}, {"table": table(("10.0.0.0/8", GATE))}, "route tables"),
        ({}, {"table": table((TO_ANY, SOME))}, "route tables"),
        ({"table": table((TO_ANY, SOME))}, {"table": table((TO_ANY, SOME))}, ""),
        ({"table": table((TO_ANY, SOME))}, {"table": table((TO_ANY, OTHER))}, "route tables"),
        ({}, {"table": table((TO_ANY, GATE), rest=SOME)}, "route tables"),
        ({"table": table((TO_ANY, GATE), rest=SOME)}, {}, "route tables"),
        ({"table": RESTED}, {"table": RESTED}, ""),
        ({}, {"table": table((TO_ANY, GATE), propagation=SOME)}, "route tables"),
        ({"table": table((TO_ANY, GATE), propagation=SOME)}, {}, "route tables"),
        ({}, {"table": SUPPLIED}, "route tables"),
        ({"table": SUPPLIED}, {"table": SUPPLIED}, ""),
        ({"table": SUPPLIED}, {}, "route tables"),
        # each zone has a NAT gateway of its own
        (by_nat(OUT), by_nat(table((TO_ANY, GATE))), ""),
        (by_nat(OUT), by_nat(table()), "route tables"),
        (by_nat(OUT), by_nat(OUT, acl_=acl()), "route tables"),
        (by_nat(OUT), by_nat(OUT, home=vpc("other", "10.0.0.0/16")), "route tables"),
        (by_nat(OUT), by_nat(OUT, private=True), "route tables"),
        (by_nat(OUT), by_nat(SOME), "route tables"),
        (by_nat(SOME), by_nat(SOME), "route tables"),
        ({"table": table((TO_ANY, nat(SOME)))}, {"table": table((TO_ANY, nat(SOME)))},
         "route tables"),
        # ACLs
        ({}, {"acl": acl((1, False, True))}, ""),
        ({}, {"acl": acl((1, False, False))}, "network ACLs"),
        ({}, {"acl": acl((1, True, True))}, "network ACLs"),
        ({}, {"acl": acl((1, False, True), rest=SOME)}, "network ACLs"),
        ({"acl": acl((1, False, True), rest=SOME)}, {}, "network ACLs"),
        ({}, {"acl": acl((1, False, True), allows_all=True)}, "network ACLs"),
        ({"acl": acl((1, False, True), allows_all=True)}, {}, "network ACLs"),
        ({"acl": acl(rest=SOME)}, {"acl": acl(rest=SOME)}, "network ACLs"),
        ({"acl": OPEN}, {"acl": OPEN}, ""),
        ({"acl": SUPPLIED}, {"acl": SUPPLIED}, ""),
        ({"acl": SUPPLIED}, {}, "network ACLs"),
        ({}, {"acl": SUPPLIED}, "network ACLs"),
        # public addresses
        ({}, {"maps_public": False}, "public addresses"),
        ({}, {"maps_public": SOME}, "public addresses"),
        ({"maps_public": SOME}, {}, "public addresses"),
        ({"maps_public": SOME}, {"maps_public": SOME}, ""),
        ({"maps_public": SOME}, {"maps_public": replace(SOME)}, "public addresses"),
        ({"maps_public": SUPPLIED}, {"maps_public": replace(SUPPLIED)}, ""),
        ({"maps_public": REFERRED}, {"maps_public": replace(REFERRED)}, ""),
        ({"maps_public": SUPPLIED}, {"maps_public": SOME}, "public addresses"),
        # IPv6
        ({}, {"ipv6": None}, "IPv6 addresses"),
        ({}, {"ipv6": parse_prefix("fd00:1::/64")}, ""),
        ({"assigns_ipv6": True}, {}, "IPv6 addresses"),
        ({}, {"only_ipv6": True}, "IPv6 addresses"),
        # zones
        ({}, {"zone": "eu-west-1b"}, ""),
        ({}, {"zone": "us-west-2-lax-1a"}, "kinds of zones"),
        ({}, {"zone": ""}, ""),
        ({"zone": ""}, {"zone": "us-west-2-lax-1a"}, ""),
    ],
)  # fmt: skip
def test_subnets_differ_in_what_a_packet_may_meet(
    first: dict[str, Any], second: dict[str, Any], what: str
) -> None:
    """Two things that are not known are alike only if it is the same that is not known."""
    one, other = (place(**{**NORMAL, **each}) for each in (first, second))
    assert (differ(one, other), differ(other, one)) == (what, what)


SUBNET = """
resource "aws_subnet" "%s" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.%d.0/24"
  %s
}
"""
HOST = 'resource "aws_instance" "h" {\nsubnet_id = %s\n}\n'


def host(network: Network) -> Interface:
    ((card,),) = network.instances[0].placements
    return card


def several(folder: Path, *bodies: str) -> Subnet | Unknown:
    """Where a host is that may be in any of so many subnets."""
    names = [f"n{number}" for number in range(len(bodies))]
    made = [SUBNET % (name, 10 + n, bodies[n]) for n, name in enumerate(names)]
    listed = ", ".join(f"aws_subnet.{name}.id" for name in names)
    return host(bare(folder, *made, HOST % f"sort([{listed}])[0]")).subnet


PUBLIC = "map_public_ip_on_launch = true"


@pytest.mark.parametrize(
    ("bodies", "words"),
    [
        (("", PUBLIC), "in aws_subnet.n0 or aws_subnet.n1, and"),
        (("", "", PUBLIC), "in aws_subnet.n0 or aws_subnet.n1 or aws_subnet.n2, and"),
        (("", "", PUBLIC, ""), "aws_subnet.n1 or aws_subnet.n2 or one of 1 more, and"),
        (("", "", PUBLIC, "", ""), "aws_subnet.n1 or aws_subnet.n2 or one of 2 more, and"),
    ],
)
def test_only_some_of_many_subnets_are_named(
    tmp_path: Path, bodies: tuple[str, ...], words: str
) -> None:
    found = several(tmp_path, *bodies)
    assert isinstance(found, Unknown)
    assert words in found.reason
    assert found.reason.endswith("their public addresses differ")


IPV6 = 'ipv6_cidr_block = "fd00:0:0:%d::/64"'


@pytest.mark.parametrize(
    ("bodies", "ipv6", "zone"),
    [
        (("", ""), False, ""),
        ((IPV6 % 1, IPV6 % 2), True, ""),
        (('availability_zone = "eu-west-1a"',) * 2, False, "eu-west-1a"),
        (('availability_zone = "eu-west-1a"', 'availability_zone = "eu-west-1b"'), False, ""),
    ],
)
def test_alike_subnets_have_what_all_of_them_have(
    tmp_path: Path, bodies: tuple[str, ...], ipv6: bool, zone: str
) -> None:
    """The blocks are those of one of them."""
    found = several(tmp_path, *bodies)
    assert isinstance(found, Subnet)
    assert [each.address for each in found.among] == ["aws_subnet.n0", "aws_subnet.n1"]
    assert isinstance(found.prefix, Unknown)
    assert (isinstance(found.ipv6, Unknown), found.ipv6 is None) == (ipv6, not ipv6)
    assert found.zone == zone


def test_a_variable_that_decides_between_subnets_is_the_reason(tmp_path: Path) -> None:
    chosen = 'var.some == "x" ? aws_subnet.n0.id : aws_subnet.n1.id'
    text = SUBNET % ("n0", 10, "") + SUBNET % ("n1", 11, PUBLIC) + HOST % chosen
    found = host(bare(tmp_path, text)).subnet
    assert isinstance(found, Unknown)
    assert (found.reason, found.supply) == ('variable "some" has no default', "--var some=…")
