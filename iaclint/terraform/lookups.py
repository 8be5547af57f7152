"""
Data sources of which something is known without asking the cloud: what looks up a thing that a
root of the scan creates is that thing, and some facts are the same in every account.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from iaclint.terraform import brought, cty, doubt
from iaclint.terraform.created import answers, created, criteria, matches, quiet
from iaclint.terraform.cty import CtyValue
from iaclint.terraform.expand import Member
from iaclint.terraform.foreign import outputs
from iaclint.terraform.provider import region_of
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


def _zones(member: Member, module: Module, found: doubt.Instance) -> Attributes:
    """
    The names are a, b, c of the region: some account may see others, but never fewer than three
    in the regions that have as many. Exclusions are applied. The ids are as many, and nobody knows
    one: which name means which zone differs between accounts.

    https://docs.aws.amazon.com/ram/latest/userguide/working-with-az-ids.html
    """
    region = region_of(member, module)
    shown = region if "-" in region else DEFAULT_REGION
    excluded = [text_of(name) for name in cty.children(quiet(found, "exclude_names"))]
    names = [shown + letter for letter in ZONES.get(shown, "abc")]
    kept = [name for name in names if name not in excluded]
    ids = [
        replace(doubt.known_on_apply(member.address, f"zone_ids[{i}]"), type="string")
        for i, _ in enumerate(kept)
    ]
    return {
        "names": lambda: cty.list_(cty.STRING, kept),
        "zone_ids": lambda: cty.list_(cty.STRING, ids),
        "id": lambda: shown,
    }


def _current_region(member: Member, module: Module, found: doubt.Instance) -> Attributes:
    named = text_of(found.lookup("name"))
    region = named or region_of(member, module)
    if "-" not in region:
        return {}
    return {name: lambda: region for name in ("name", "id", "region")}


def _partition(member: Member, module: Module, found: doubt.Instance) -> Attributes:
    region = region_of(member, module)
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


# --- what the scan creates ------------------------------------------------------------------------


def _one(*kinds: str) -> Lookup:
    def look(member: Member, module: Module, found: doubt.Instance) -> Attributes | doubt.Instance:
        matching = answers(member, module, found, kinds)
        return matching[0] if len(matching) == 1 else {}

    return look


def _vpc(member: Member, module: Module, found: doubt.Instance) -> Attributes | doubt.Instance:
    """`default = true` is the default VPC when the root manages that as a resource."""
    if text_of(quiet(found, "default")) != "true":
        return _one("aws_vpc", "aws_default_vpc")(member, module, found)
    managed = [each.value for each in created(module, ("aws_default_vpc",))]
    return managed[0] if len(managed) == 1 else {}


def _several(*kinds: str) -> Lookup:
    def look(member: Member, module: Module, found: doubt.Instance) -> Attributes | doubt.Instance:
        matching = answers(member, module, found, kinds)
        if not matching:
            return {}
        ids = [doubt.attribute(one, "id") for one in matching]
        return {"ids": lambda: doubt.Unordered(cty.STRING, tuple(ids))}

    return look


def _brought(name: str, word: tuple[str, str], *kinds: str) -> Lookup:
    """The one thing of its kind that is asked for, or that the VPC brings."""

    def look(member: Member, module: Module, found: doubt.Instance) -> Attributes | doubt.Instance:
        own = brought.brought(found, name, word)
        if own is None:
            return _one(*kinds)(member, module, found)
        more = brought.is_alone(found) and answers(member, module, found, kinds[:1])
        return {} if more else _identified(own)

    return look


def _identified(value: CtyValue) -> Attributes:
    return dict.fromkeys(("id", "route_table_id"), lambda: value)


def _and_brought(name: str, word: tuple[str, str], *kinds: str) -> Lookup:
    """All things of a kind that are asked for, and what the VPC brings."""

    def look(member: Member, module: Module, found: doubt.Instance) -> Attributes | doubt.Instance:
        own = brought.brought(found, name, word, every=True)
        if own is None:
            return _several(*kinds)(member, module, found)
        matching = answers(member, module, found, kinds) if brought.is_alone(found) else []
        ids = [doubt.attribute(each, "id") for each in matching]
        if not any(each.ref and kinds[1] in each.ref.address for each in matching):
            ids.append(own)
        return {"ids": lambda: cty.list_(cty.STRING, ids)}

    return look


def _table(member: Member, module: Module, found: doubt.Instance) -> Attributes | doubt.Instance:
    """By its subnet, or like the other things that a VPC has one of from the start."""
    subnet = criteria(found).get("subnet_id")
    if subnet is None:
        return _brought(*_MAIN, *_TABLES)(member, module, found)
    value = brought.of_subnet(module, subnet)
    return {} if value is None else _identified(value)


def _instances(member: Member, module: Module, found: doubt.Instance) -> Attributes:
    """All of them, unless a group or a request may make more with the same tags."""
    if any(created(module, ("aws_autoscaling_group", "aws_spot_instance_request"))):
        return {}
    matching = answers(member, module, found, ("aws_instance",))
    if not matching:
        return {}
    return {
        name: lambda attribute=attribute: cty.list_(  # type: ignore[misc]
            cty.STRING, [doubt.attribute(one, attribute) for one in matching]
        )
        for name, attribute in _OF_EACH.items()
    }


_OF_EACH = {"ids": "id", "public_ips": "public_ip", "private_ips": "private_ip"}


def _interface(
    member: Member, module: Module, found: doubt.Instance
) -> Attributes | doubt.Instance:
    """One that is written down, or the primary one of an instance that is asked for."""
    wanted = dict(criteria(found))
    owner = wanted.pop("attachment.instance-id", None)
    first = matches(cty.string("0"), wanted.pop("attachment.device-index", cty.string("0")))
    if owner is None or wanted or not first:
        return _one("aws_network_interface")(member, module, found)
    several = any(created(module, ("aws_network_interface",)))
    if several and "attachment.device-index" not in criteria(found):
        return {}
    for each in created(module, ("aws_instance",)):
        if each.value.ref and matches(doubt.attribute(each.value, "id"), owner):
            address = each.value.ref.address
            return _identified(doubt.known_on_apply(address, "primary_network_interface_id"))
    return {}


def _parameter(member: Member, module: Module, found: doubt.Instance) -> Attributes:
    """
    What Parameter Store holds when a root of the scan writes it there.

    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ssm_parameter
    """
    matching = answers(member, module, found, ("aws_ssm_parameter",))
    if len(matching) != 1:
        return {}
    written = next((v for n in _WRITTEN if not cty.is_null(v := quiet(matching[0], n))), None)
    return dict.fromkeys(("value", "insecure_value"), lambda: written)


_WRITTEN = ("value", "insecure_value", "value_wo")


def _remote_state(member: Member, module: Module, found: doubt.Instance) -> Attributes:
    remote = module.session.remote
    root = remote(found, module.root) if remote is not None else None
    if root is None:
        return {}
    name = module.session.sources.name
    module.notes[f"{name(module.root)} reads the state of {name(root.root)}"] = None
    return {"outputs": lambda: outputs(root)}


_SUBNETS = ("aws_subnet", "aws_default_subnet")
_GROUPS = ("aws_security_group", "aws_default_security_group")
_TABLES = ("aws_route_table", "aws_default_route_table")
_ACLS = ("aws_network_acl", "aws_default_network_acl")
_VPCS = ("aws_vpc", "aws_default_vpc")
_MAIN = (brought.MAIN, ("association.main", "true"))
_DEFAULT_GROUP = (brought.GROUP, ("name", "default"))

TABLE: Mapping[str, Lookup] = {
    "aws_availability_zones": _zones,
    "aws_region": _current_region,
    "aws_partition": _partition,
    "aws_caller_identity": _account,
    "http": _address,
    "terraform_remote_state": _remote_state,
    "aws_ssm_parameter": _parameter,
    "aws_vpc": _vpc,
    "aws_vpcs": _several(*_VPCS),
    "aws_subnet": _one(*_SUBNETS),
    "aws_subnets": _several(*_SUBNETS),
    "aws_subnet_ids": _several(*_SUBNETS),
    "aws_security_group": _brought(*_DEFAULT_GROUP, *_GROUPS),
    "aws_security_groups": _and_brought(*_DEFAULT_GROUP, *_GROUPS),
    "aws_route_table": _table,
    "aws_route_tables": _and_brought(*_MAIN, *_TABLES),
    "aws_network_acls": _and_brought(brought.ACL, ("default", "true"), *_ACLS),
    "aws_internet_gateway": _one("aws_internet_gateway"),
    "aws_key_pair": _one("aws_key_pair"),
    "aws_instance": _one("aws_instance"),
    "aws_instances": _instances,
    "aws_eip": _one("aws_eip"),
    "aws_network_interface": _interface,
    "aws_lb": _one("aws_lb", "aws_alb"),
}
"""What is known of each kind: attributes, or the resource that the data source is."""
