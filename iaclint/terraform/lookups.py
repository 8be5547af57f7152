"""
Data sources of which something is known without asking the cloud: what looks up a thing that the
same configuration creates is that thing, and some facts are the same in every account.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from iaclint.terraform import cty, doubt
from iaclint.terraform.constant import traversal
from iaclint.terraform.cty import CtyValue, TerraformError
from iaclint.terraform.expand import Member
from iaclint.terraform.session import text_of
from iaclint.value import Unknown

if TYPE_CHECKING:
    from iaclint.terraform.module import Module

Attributes: TypeAlias = Mapping[str, Callable[[], CtyValue]]
Lookup: TypeAlias = Callable[[Member, "Module", doubt.Instance], Attributes | doubt.Instance]

DEFAULT_REGION = "us-east-1"
ZONES = {
    "us-east-1": "abcdef", "us-west-2": "abcd", "ap-northeast-1": "acd", "ap-northeast-2": "abcd",
    "us-west-1": "abc", "ca-central-1": "abd", "cn-north-1": "abd",
}  # fmt: skip
"""The letters of a region's zones where they are not a, b and c."""

_TAG = "tag:"


def _region(member: Member, module: Module) -> str:
    from iaclint.terraform.deliver import provider_region

    node = member.block.body.value("provider")
    return provider_region(traversal(node) if node is not None else "aws", module)


def _zones(member: Member, module: Module, found: doubt.Instance) -> Attributes:
    """
    The names are a, b, c of the region: some account may see others, but never fewer than three
    in the regions that have as many. Exclusions are applied.
    """
    region = _region(member, module)
    shown = region if "-" in region else DEFAULT_REGION
    excluded = [text_of(name) for name in cty.children(_quiet(found, "exclude_names"))]
    names = [shown + letter for letter in ZONES.get(shown, "abc")]
    kept = [name for name in names if name not in excluded]
    return {
        "names": lambda: cty.list_(cty.STRING, kept),
        "zone_ids": lambda: None,
        "id": lambda: shown,
    }


def _current_region(member: Member, module: Module, found: doubt.Instance) -> Attributes:
    named = text_of(found.lookup("name"))
    region = named or _region(member, module)
    if "-" not in region:
        return {}
    return {name: lambda: region for name in ("name", "id", "region")}


def _partition(member: Member, module: Module, found: doubt.Instance) -> Attributes:
    region = _region(member, module)
    kind = "aws-cn" if region.startswith("cn-") else "aws"
    kind = "aws-us-gov" if region.startswith("us-gov-") else kind
    suffix = "amazonaws.com.cn" if kind == "aws-cn" else "amazonaws.com"
    return {
        "partition": lambda: kind,
        "id": lambda: kind,
        "dns_suffix": lambda: suffix,
        "reverse_dns_prefix": lambda: ".".join(reversed(suffix.split("."))),
    }


def _account(member: Member, module: Module, found: doubt.Instance) -> Attributes:
    account = module.session.inputs.account
    if not account:
        return {}
    return {"account_id": lambda: account, "id": lambda: account}


def _address(member: Member, module: Module, found: doubt.Instance) -> Attributes:
    """A web service that tells the caller's address: some public address, whichever it is."""
    url = text_of(found.lookup("url"))
    if not any(word in url for word in ("ip", "addr", "whois")):
        return {}
    why = Unknown(f"it is the public address of whoever runs Terraform ({url})", type="string")
    return dict.fromkeys(("body", "response_body"), lambda: why)


# --- lookups of what the same root creates -------------------------------------------------------


def _created(module: Module, kinds: tuple[str, ...]) -> Iterator[tuple[doubt.Instance, str]]:
    """The instances of some kinds anywhere in the root, with their addresses."""
    top = module
    while top.parent is not None:
        top = top.parent
    yield from _within(top, kinds)


def _within(module: Module, kinds: tuple[str, ...]) -> Iterator[tuple[doubt.Instance, str]]:
    for key in module.configuration.resources:
        if key[0] == "resource" and key[1] in kinds:
            for member in _settled(lambda key=key: module.expansion(key)):  # type: ignore[misc]
                found = module.instance(member)
                if isinstance(found, doubt.Instance):
                    yield found, member.address
    for name in module.call_names():
        for member in _settled(lambda name=name: module.calls(name)):  # type: ignore[misc]
            child = module.child(name, member)
            if child is not None:
                yield from _within(child, kinds)


def _settled(expansion: Callable[[], Any]) -> list[Member]:
    """The members of an expansion; none while it is being worked out, or when it is wrong."""
    try:
        return [member for _, member in expansion().members]
    except TerraformError:
        return []


def _criteria(found: doubt.Instance) -> dict[str, CtyValue]:
    """What is asked for: arguments, `tags` and `filter` blocks, by attribute or `tag:Name`."""
    wanted: dict[str, CtyValue] = {}
    for name in ("id", "vpc_id", "cidr_block", "name", "group_id", "subnet_id", "route_table_id"):
        value = _quiet(found, name)
        if not cty.is_null(value):
            wanted["id" if name in ("group_id", "route_table_id") else name] = value
    tags = cty.unmark(_quiet(found, "tags"))[0]
    if cty.is_mapping(tags):
        wanted.update({_TAG + key: value for key, value in tags.items.items()})
    filters = _quiet(found, "filter")
    for one in cty.children(filters):
        name = text_of(doubt.attribute(one, "name"))
        values = cty.unmark(doubt.attribute(one, "values"))[0]
        wanted[_FILTERS.get(name, name)] = values
    return wanted


_FILTERS = {
    "vpc-id": "vpc_id", "subnet-id": "id", "group-id": "id", "group-name": "name",
    "attachment.vpc-id": "vpc_id", "association.subnet-id": "subnet_id", "cidr": "cidr_block",
    "cidr-block": "cidr_block", "availability-zone": "availability_zone", "route-table-id": "id",
    "availabilityZone": "availability_zone", "internet-gateway-id": "id",
}  # fmt: skip


def _quiet(found: doubt.Instance, name: str) -> CtyValue:
    try:
        return found.lookup(name)
    except TerraformError:
        return None


def _answers(candidate: doubt.Instance, wanted: Mapping[str, CtyValue]) -> bool:
    return all(_has(candidate, name, value) for name, value in wanted.items())


def _has(candidate: doubt.Instance, name: str, wanted: CtyValue) -> bool:
    if name.startswith(_TAG):
        tags = cty.unmark(_quiet(candidate, "tags"))[0]
        key = name.removeprefix(_TAG)
        if not cty.is_mapping(tags) or key not in tags.items:
            return False
        return _matches(tags.items[key], wanted)
    try:
        return _matches(doubt.attribute(candidate, name), wanted)
    except TerraformError:
        return False


def _matches(mine: CtyValue, wanted: CtyValue) -> bool:
    """Whether a value is the wanted one, or among several wanted ones; `*` stands for any text."""
    from fnmatch import fnmatchcase

    plain = cty.unmark(wanted)[0]
    if cty.is_sequence(plain):
        return any(_matches(mine, one) for one in plain.items)
    mine = cty.unmark(mine)[0]
    if isinstance(mine, Unknown) or isinstance(plain, Unknown):
        return _same_unknown(mine, plain)
    return fnmatchcase(text_of(mine), text_of(plain)) and text_of(plain) != ""


def _same_unknown(mine: CtyValue, wanted: CtyValue) -> bool:
    if not (isinstance(mine, Unknown) and isinstance(wanted, Unknown)):
        return False
    if mine.ref is not None:
        return mine.ref == wanted.ref
    return bool(mine.parts) and [_part(p) for p in mine.parts] == [_part(p) for p in wanted.parts]


def _part(part: str | Unknown) -> object:
    return part if isinstance(part, str) else (part.ref or part.reason)


def _one(*kinds: str) -> Lookup:
    def look(member: Member, module: Module, found: doubt.Instance) -> Attributes | doubt.Instance:
        wanted = _criteria(found)
        if not wanted:
            return {}
        matching = [one for one, _ in _created(module, kinds) if _answers(one, wanted)]
        return matching[0] if len(matching) == 1 else {}

    return look


def _vpc(member: Member, module: Module, found: doubt.Instance) -> Attributes | doubt.Instance:
    """`default = true` is the default VPC when the root manages that as a resource."""
    if text_of(_quiet(found, "default")) != "true":
        return _one("aws_vpc", "aws_default_vpc")(member, module, found)
    managed = [one for one, _ in _created(module, ("aws_default_vpc",))]
    return managed[0] if len(managed) == 1 else {}


def _several(*kinds: str) -> Lookup:
    def look(member: Member, module: Module, found: doubt.Instance) -> Attributes:
        wanted = _criteria(found)
        if not wanted:
            return {}
        matching = [one for one, _ in _created(module, kinds) if _answers(one, wanted)]
        if not matching:
            return {}
        ids = [doubt.attribute(one, "id") for one in matching]
        return {"ids": lambda: cty.list_(cty.STRING, ids)}

    return look


def _remote_state(member: Member, module: Module, found: doubt.Instance) -> Attributes:
    remote = module.session.remote
    if remote is None:
        return {}
    outputs = remote(found, module.root)
    return {} if outputs is None else {"outputs": lambda: outputs}


_SUBNETS = ("aws_subnet", "aws_default_subnet")
_GROUPS = ("aws_security_group", "aws_default_security_group")
_TABLES = ("aws_route_table", "aws_default_route_table")
_VPCS = ("aws_vpc", "aws_default_vpc")

TABLE: Mapping[str, Lookup] = {
    "aws_availability_zones": _zones,
    "aws_region": _current_region,
    "aws_partition": _partition,
    "aws_caller_identity": _account,
    "http": _address,
    "terraform_remote_state": _remote_state,
    "aws_vpc": _vpc,
    "aws_vpcs": _several(*_VPCS),
    "aws_subnet": _one(*_SUBNETS),
    "aws_subnets": _several(*_SUBNETS),
    "aws_subnet_ids": _several(*_SUBNETS),
    "aws_security_group": _one(*_GROUPS),
    "aws_security_groups": _several(*_GROUPS),
    "aws_route_table": _one(*_TABLES),
    "aws_route_tables": _several(*_TABLES),
    "aws_internet_gateway": _one("aws_internet_gateway"),
    "aws_key_pair": _one("aws_key_pair"),
    "aws_instance": _one("aws_instance"),
    "aws_eip": _one("aws_eip"),
    "aws_network_interface": _one("aws_network_interface"),
    "aws_lb": _one("aws_lb", "aws_alb"),
}
"""What is known of each kind: attributes, or the resource that the data source is."""
