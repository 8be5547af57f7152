"""
What a VPC brings with it, and data sources find: its main route table, default group and default
ACL. A subnet that is given no table uses the main one.

https://docs.aws.amazon.com/vpc/latest/userguide/WorkWithRouteTables.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iaclint.terraform import cty, doubt
from iaclint.terraform.created import created, criteria, matches, quiet
from iaclint.terraform.cty import CtyValue
from iaclint.value import Unknown

if TYPE_CHECKING:
    from iaclint.terraform.module import Module

MAIN, GROUP, ACL = "main_route_table_id", "default_security_group_id", "default_network_acl_id"
_VPC = re.compile(r"(^|[./])aws_(default_)?vpc\.[\w-]+(\[.*\])?$")
_MADE_HERE = re.compile(r"^(module\.[\w-]+(\[[^\]]*\])?\.)*aws_vpc\.")


def of_vpc(value: CtyValue, name: str) -> Unknown | None:
    """What the VPC brings whose id a value is."""
    plain = cty.unmark(value)[0]
    if cty.is_sequence(plain) and len(plain.items) == 1:
        plain = cty.unmark(plain.items[0])[0]
    if not isinstance(plain, Unknown) or plain.ref is None or plain.ref.attribute != "id":
        return None
    address = plain.ref.address
    return doubt.known_on_apply(address, name) if _VPC.search(address) else None


def of_subnet(module: Module, subnet: CtyValue) -> CtyValue:
    """The id of the table of a subnet; None where it is not certain."""
    tables: list[CtyValue] = []
    for each in created(module, ("aws_route_table_association",)):
        mine = quiet(each.value, "subnet_id")
        if each.member.maybe is not None or _is_open(mine):
            return None
        if matches(mine, subnet):
            tables.append(quiet(each.value, "route_table_id"))
    if tables:
        return tables[0] if len(tables) == 1 else None
    for each in created(module, ("aws_subnet",)):
        if matches(doubt.attribute(each.value, "id"), subnet):
            return of_vpc(quiet(each.value, "vpc_id"), MAIN)
    return None


def _is_open(value: CtyValue) -> bool:
    plain = cty.unmark(value)[0]
    return isinstance(plain, Unknown) and plain.ref is None


def brought(
    found: doubt.Instance, name: str, word: tuple[str, str], every: bool = False
) -> Unknown | None:
    """
    What a VPC brings, if a data source asks for it: by its VPC alone, or with the one word that is
    true of it too. It has no tags. Of `every` thing in a VPC all is known where that is made here.
    """
    wanted = dict(criteria(found))
    vpc = wanted.pop("vpc_id", None)
    asked = wanted.pop(word[0], None)
    if vpc is None or wanted or not (asked is None or matches(cty.string(word[1]), asked)):
        return None
    value = of_vpc(vpc, name)
    if value is None or value.ref is None:
        return None
    return value if not every or _MADE_HERE.search(value.ref.address) else None


def is_alone(found: doubt.Instance) -> bool:
    """Whether a data source asks for nothing but a VPC."""
    return set(criteria(found)) == {"vpc_id"}
