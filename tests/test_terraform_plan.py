"""Plans in JSON: values, unknowns and references, with and without the configuration beside."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from iaclint.aws.image import WINDOWS, family_of
from iaclint.aws.lookedup import LookedUp
from iaclint.resource import Inputs, Resource, Root
from iaclint.source import Sources, Span, Unreadable
from iaclint.terraform import load_plan
from iaclint.value import ListValue, MapValue, Scalar, Value, refs

CONFIGURATION = """
variable "cidr" {}
resource "aws_vpc" "v" {
  cidr_block = var.cidr
}
module "net" {
  source = "./net"
  vpc    = aws_vpc.v.id
}
resource "aws_instance" "i" {
  ami       = "ami-1"
  subnet_id = module.net.subnets[0]
}
"""
NET = """
variable "vpc" {}
resource "aws_subnet" "s" {
  count  = 2
  vpc_id = var.vpc
}
output "subnets" { value = aws_subnet.s[*].id }
"""


def resource(address: str, values: dict[str, Any]) -> dict[str, Any]:
    kind, name = address.split("[")[0].split(".")[-2:]
    return {
        "address": address,
        "mode": "managed",
        "type": kind,
        "name": name,
        "values": values,
        "sensitive_values": {},
    }


def change(address: str, unknown: dict[str, Any]) -> dict[str, Any]:
    return {"address": address, "change": {"actions": ["create"], "after_unknown": unknown}}


SUBNETS = ["module.net.aws_subnet.s[0]", "module.net.aws_subnet.s[1]"]
PLAN: dict[str, Any] = {
    "format_version": "1.2",
    "variables": {"cidr": {"value": "10.0.0.0/16"}},
    "planned_values": {
        "root_module": {
            "resources": [
                resource("aws_vpc.v", {"cidr_block": "10.0.0.0/16", "enable_dns_support": True}),
                resource("aws_instance.i", {"ami": "ami-1", "user_data": None, "ipv6": []}),
            ],
            "child_modules": [
                {"address": "module.net", "resources": [resource(a, {}) for a in SUBNETS]}
            ],
        }
    },
    "resource_changes": [
        change("aws_vpc.v", {"id": True, "arn": True}),
        change("aws_instance.i", {"id": True, "subnet_id": True}),
        *(change(address, {"id": True, "vpc_id": True}) for address in SUBNETS),
    ],
    "configuration": {
        "provider_config": {
            "aws": {"name": "aws", "expressions": {"region": {"constant_value": "eu-west-1"}}}
        },
        "root_module": {
            "resources": [
                {
                    "address": "aws_vpc.v",
                    "provider_config_key": "aws",
                    "expressions": {"cidr_block": {"references": ["var.cidr"]}},
                },
                {
                    "address": "aws_instance.i",
                    "provider_config_key": "aws",
                    "expressions": {
                        "ami": {"constant_value": "ami-1"},
                        "subnet_id": {"references": ["module.net.subnets[0]", "module.net"]},
                    },
                },
            ],
            "module_calls": {
                "net": {
                    "expressions": {"vpc": {"references": ["aws_vpc.v.id", "aws_vpc.v"]}},
                    "module": {
                        "outputs": {"subnets": {"expression": {"references": ["aws_subnet.s"]}}},
                        "resources": [
                            {
                                "address": "aws_subnet.s",
                                "provider_config_key": "net:aws",
                                "expressions": {"vpc_id": {"references": ["var.vpc"]}},
                            }
                        ],
                    },
                }
            },
        },
    },
}


def read(directory: Path, document: Any = PLAN) -> Root:
    path = directory / "plan.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return load_plan(path, Sources(base=directory), Inputs(cache=False))


def resources(root: Root) -> dict[str, Resource]:
    return {one.address: one for one in root.worlds[0].resources}


def referred(one: Resource, name: str) -> set[str]:
    return {str(ref) for ref in refs(one.attributes[name])}


def test_values_and_references_of_a_plan_alone(tmp_path: Path) -> None:
    """Without the configuration, the recorded references are followed through modules."""
    found = resources(read(tmp_path))

    cidr = found["aws_vpc.v"].attributes["cidr_block"]
    assert isinstance(cidr, Scalar) and cidr.value == "10.0.0.0/16"
    assert found["aws_vpc.v"].region == "eu-west-1"
    assert referred(found[SUBNETS[1]], "vpc_id") == {"aws_vpc.v.id"}
    assert referred(found["aws_instance.i"], "subnet_id") == {f"{a}.id" for a in SUBNETS}
    assert found["aws_instance.i"].depends == set(SUBNETS)


def test_what_nobody_set_is_left_out(tmp_path: Path) -> None:
    """Attributes that the provider decides, and empty ones, are not planned; defaults are."""
    found = resources(read(tmp_path))

    assert set(found["aws_vpc.v"].attributes) == {"cidr_block", "enable_dns_support"}
    assert set(found["aws_instance.i"].attributes) == {"ami", "subnet_id"}


def test_the_configuration_beside_gives_places_and_exact_references(tmp_path: Path) -> None:
    """With the configuration beside the plan, unknown values are evaluated there."""
    (tmp_path / "net").mkdir()
    (tmp_path / "main.tf").write_text(CONFIGURATION)
    (tmp_path / "net" / "main.tf").write_text(NET)

    root = read(tmp_path)
    found = resources(root)

    assert referred(found["aws_instance.i"], "subnet_id") == {f"{SUBNETS[0]}.id"}
    assert str(found["aws_instance.i"].span) == "main.tf:10:1"
    assert str(found["aws_instance.i"].attributes["ami"].span) == "main.tf:11:15"
    assert str(found[SUBNETS[0]].callers[0]) == "main.tf:6:1"
    assert root.files == ("plan.json", "main.tf", "net/main.tf")


def test_nested_blocks_with_unknown_members(tmp_path: Path) -> None:
    """Known and unknown members of one block stand side by side."""
    document = json.loads(json.dumps(PLAN))
    vpc = document["planned_values"]["root_module"]["resources"][0]
    vpc["values"]["route"] = [{"cidr_block": "0.0.0.0/0"}]
    document["resource_changes"][0]["change"]["after_unknown"]["route"] = [{"gateway_id": True}]
    expressions = document["configuration"]["root_module"]["resources"][0]["expressions"]
    expressions["route"] = [
        {
            "cidr_block": {"constant_value": "0.0.0.0/0"},
            "gateway_id": {"references": ["aws_internet_gateway.g.id", "aws_internet_gateway.g"]},
        }
    ]

    route = resources(read(tmp_path, document))["aws_vpc.v"].attributes["route"]

    assert isinstance(route, ListValue) and len(route.items) == 1
    assert {str(ref) for ref in refs(route)} == {"aws_internet_gateway.g.id"}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format_version": "1.2"}', "[" * 100_000])
def test_what_is_no_plan_is_said_to_be_none(tmp_path: Path, text: str) -> None:
    """Other JSON, and no JSON at all, is refused in words."""
    with pytest.raises(Unreadable):
        read(tmp_path, text)


@pytest.mark.parametrize(
    "part", ["resource_changes", "configuration", "planned_values", "variables", "prior_state"]
)
@pytest.mark.parametrize("value", [None, [], {}, "x", 3, [None], {"root_module": 5}])
def test_a_mangled_plan_does_not_crash(tmp_path: Path, part: str, value: Any) -> None:
    """Parts of another shape than expected are passed over."""
    assert read(tmp_path, {**PLAN, part: value}).language == "terraform"


def test_the_argument_tells_the_attribute_that_the_plan_leaves_out(tmp_path: Path) -> None:
    """Of `aws_vpc.v[each.key].default_route_table_id` a plan records `aws_vpc.v` only."""
    document = json.loads(json.dumps(PLAN))
    keys = ['["a"]', '["b"]']
    vpcs = [resource("aws_vpc.v" + key, {}) for key in keys]
    tables = [resource("aws_default_route_table.t" + key, {}) for key in keys]
    subnets = [resource("aws_subnet.s" + key, {}) for key in keys]
    document["planned_values"]["root_module"] = {"resources": vpcs + tables + subnets}
    document["resource_changes"] = [
        change("aws_default_route_table.t" + key, {"default_route_table_id": True}) for key in keys
    ] + [change("aws_subnet.s" + key, {"vpc_id": True}) for key in keys]
    both = {"references": ["aws_vpc.v", "each.key"]}
    document["configuration"]["root_module"] = {
        "resources": [
            {
                "address": "aws_default_route_table.t",
                "expressions": {"default_route_table_id": both},
            },
            {"address": "aws_subnet.s", "expressions": {"vpc_id": both}},
        ]
    }

    found = resources(read(tmp_path, document))

    table, subnet = found['aws_default_route_table.t["b"]'], found['aws_subnet.s["a"]']
    table_id = "default_route_table_id"
    assert referred(table, table_id) == {f'aws_vpc.v["b"].{table_id}'}
    assert referred(subnet, "vpc_id") == {'aws_vpc.v["a"].id'}


def test_a_null_argument_is_not_taken_for_an_unknown_one(tmp_path: Path) -> None:
    """What is made of constants is known; if the plan does not know it, the provider decides."""
    document = json.loads(json.dumps(PLAN))
    subnet = document["configuration"]["root_module"]["module_calls"]["net"]["module"]["resources"]
    subnet[0]["expressions"]["ipv6_cidr_block"] = {"references": ["var.ipv6"]}
    for one in document["resource_changes"][2:]:
        one["change"]["after_unknown"]["ipv6_cidr_block"] = True

    found = resources(read(tmp_path, document))

    assert set(found[SUBNETS[0]].attributes) == {"vpc_id"}


def test_of_several_references_those_count_that_the_plan_has(tmp_path: Path) -> None:
    """`try(a[0].id, b[0].id)` names two resources, one of which is not created."""
    document = json.loads(json.dumps(PLAN))
    instance = document["configuration"]["root_module"]["resources"][1]["expressions"]
    instance["subnet_id"]["references"] = ["aws_subnet.none[0].id", "aws_vpc.v.id"]

    found = resources(read(tmp_path, document))

    assert referred(found["aws_instance.i"], "subnet_id") == {"aws_vpc.v.id"}


def test_an_image_that_the_plan_has_looked_up_is_what_its_data_source_asks_for() -> None:
    """The plan has the id only; the data source with that answer tells the system."""
    place = Span("plan.json", 1)
    names = ListValue((Scalar("Windows_Server-2022-English-Full-Base-*", place),), place)
    kind = MapValue({"name": Scalar("name", place), "values": names}, place)
    attributes: dict[str, Value] = {
        "id": Scalar("ami-1", place),
        "filter": ListValue((kind,), place),
    }
    address = "data.aws_ami.w"
    source = Resource("aws_ami", address, attributes, place, "terraform", mode="data")

    found = family_of(Scalar("ami-1", place), LookedUp([source]))

    assert found is WINDOWS
    assert family_of(Scalar("ami-2", place), LookedUp([source])) is None
