"""
Data sources of which something is known without asking the cloud: what looks up a thing that a
root of the scan creates is that thing, and some facts are the same in every account.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from iaclint.terraform import cty, doubt
from iaclint.terraform.created import answers, created, quiet
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
    in the regions that have as many. Exclusions are applied.
    """
    region = region_of(member, module)
    shown = region if "-" in region else DEFAULT_REGION
    excluded = [text_of(name) for name in cty.children(quiet(found, "exclude_names"))]
    names = [shown + letter for letter in ZONES.get(shown, "abc")]
    kept = [name for name in names if name not in excluded]
    return {
        "names": lambda: cty.list_(cty.STRING, kept),
        "zone_ids": lambda: None,
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
    def look(member: Member, module: Module, found: doubt.Instance) -> Attributes:
        matching = answers(member, module, found, kinds)
        if not matching:
            return {}
        ids = [doubt.attribute(one, "id") for one in matching]
        return {"ids": lambda: cty.list_(cty.STRING, ids)}

    return look


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
_VPCS = ("aws_vpc", "aws_default_vpc")

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
