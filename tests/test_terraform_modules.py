"""Configurations: variables, modules, expansion, data sources, and what a root delivers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import pytest

from iaclint.resource import Inputs, Resource, Root
from iaclint.source import Sources
from iaclint.terraform import load
from iaclint.value import ListValue, MapValue, Scalar, Unknown, Value, elements, refs
from iaclint.value import text as text_of

Load: TypeAlias = Callable[..., list[Root]]


@pytest.fixture
def scan(tmp_path: Path) -> Load:
    """Writes files and loads every directory among them."""

    def run(files: Mapping[str, str], **inputs: object) -> list[Root]:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        found = [tmp_path, *(p for p in tmp_path.rglob("*") if p.is_dir())]
        directories = [p for p in found if ".terraform" not in p.parts]
        given = Inputs(cache=False, **inputs)  # type: ignore[arg-type]
        return load(directories, Sources(base=tmp_path), given)

    return run


def resources(root: Root) -> dict[str, Resource]:
    return {resource.address: resource for resource in root.worlds[0].resources}


def plain(value: Value | None) -> object:
    """The value without its places; unknown ones as the references in them."""
    match value:
        case Scalar():
            return value.value
        case ListValue(items=items):
            return [plain(item) for item in items]
        case MapValue(items=mapping):
            return {key: plain(item) for key, item in mapping.items()}
        case Unknown():
            return {str(ref) for ref in value.refs()}
    return None


def attribute(root: Root, address: str, name: str) -> object:
    return plain(resources(root)[address].attributes.get(name))


def test_attributes_blocks_and_references(scan: Load) -> None:
    """Literals, nested blocks and references to other resources."""
    [root] = scan(
        {
            "main.tf": """
resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_security_group" "s" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port   = 22
    cidr_blocks = [aws_vpc.v.cidr_block]
  }
  ingress {
    from_port = 80
  }
}
"""
        }
    )

    assert attribute(root, "aws_security_group.s", "vpc_id") == {"aws_vpc.v.id"}
    assert attribute(root, "aws_security_group.s", "ingress") == [
        {"from_port": 22, "cidr_blocks": ["10.0.0.0/16"]},
        {"from_port": 80},
    ]
    assert resources(root)["aws_security_group.s"].depends == {"aws_vpc.v"}
    assert root.problems == ()


def test_places_and_origins(scan: Load) -> None:
    """A value knows where the attribute gets it and where its text is written."""
    [root] = scan(
        {
            "main.tf": 'variable "cidrs" {\n  default = [\n    "10.0.0.0/8",\n  ]\n}\n'
            'locals {\n  name = "x"\n}\n'
            'resource "aws_x" "y" {\n  a = var.cidrs\n  b = local.name\n'
            '  c = ["k", local.name]\n}\n'
        }
    )
    found = resources(root)["aws_x.y"].attributes

    a, b, c = found["a"], found["b"], found["c"]

    assert isinstance(a, ListValue) and isinstance(a.items[0], Scalar)
    assert str(a.span) == "main.tf:10:7"
    assert str(a.items[0].origin) == "main.tf:3:5"
    assert isinstance(b, Scalar) and str(b.origin) == "main.tf:7:10"
    assert isinstance(c, ListValue)
    assert [str(item.span) for item in c.items if isinstance(item, Scalar)] == [
        "main.tf:12:8",
        "main.tf:12:13",
    ]


def test_variables_come_from_every_source_in_order(scan: Load, tmp_path: Path) -> None:
    """Environment, terraform.tfvars, auto files, --var-file and --var, the last one wins."""
    names = ["a", "b", "c", "d", "e", "f"]
    files = {
        "main.tf": "".join(f'variable "{n}" {{\n  default = "default"\n}}\n' for n in names)
        + "".join(f'output "{n}" {{\n  value = var.{n}\n}}\n' for n in names),
        "terraform.tfvars": 'b = "file"\nc = "file"\nd = "file"\ne = "file"\n',
        "x.auto.tfvars.json": '{"c": "auto", "d": "auto", "e": "auto"}',
        "given.tfvars": 'd = "given"\ne = "given"\n',
    }
    [root] = scan(
        files,
        environment={"TF_VAR_a": "env", "TF_VAR_b": "env"},
        variable_files=(str(tmp_path / "given.tfvars"),),
        variables={"e": "option"},
    )

    found = {output.name: plain(output.value) for output in root.worlds[0].outputs}

    assert found == {
        "a": "env",
        "b": "file",
        "c": "auto",
        "d": "given",
        "e": "option",
        "f": "default",
    }


def test_types_defaults_and_nullable(scan: Load) -> None:
    """Values are converted to the type; optional attributes and non-nullable variables default."""
    [root] = scan(
        {
            "main.tf": """
variable "ports" { type = list(string) }
variable "rule" {
  type    = object({ port = optional(number, 22), name = string })
  default = { name = "ssh" }
}
variable "n" {
  default  = "d"
  nullable = false
}
variable "old" {
  type    = "list"
  default = []
}
output "ports" { value = var.ports }
output "rule" { value = var.rule }
output "old" { value = var.old }
""",
            "call/main.tf": 'module "m" {\n  source = "../"\n  ports = [22]\n  n = null\n}\n'
            'output "ports" {\n  value = module.m.ports\n}\n'
            'output "rule" {\n  value = module.m.rule.port\n}\n',
        }
    )

    found = {output.name: plain(output.value) for output in root.worlds[0].outputs}

    assert found == {"ports": ["22"], "rule": 22}


def test_count_for_each_and_splats(scan: Load) -> None:
    """Instances have Terraform's addresses, and references find them."""
    [root] = scan(
        {
            "main.tf": """
resource "aws_subnet" "a" {
  count      = 2
  cidr_block = "10.0.${count.index}.0/24"
}
resource "aws_subnet" "b" {
  for_each   = toset(["x"])
  cidr_block = each.value
}
resource "aws_instance" "i" {
  for_each  = { for i, s in aws_subnet.a : "n${i}" => s }
  subnet_id = each.value.id
}
resource "aws_lb" "l" {
  subnets = concat(aws_subnet.a.*.id, values(aws_subnet.b)[*].id)
}
"""
        }
    )

    assert list(resources(root)) == [
        "aws_subnet.a[0]",
        "aws_subnet.a[1]",
        'aws_subnet.b["x"]',
        'aws_instance.i["n0"]',
        'aws_instance.i["n1"]',
        "aws_lb.l",
    ]
    assert attribute(root, 'aws_instance.i["n1"]', "subnet_id") == {"aws_subnet.a[1].id"}
    assert attribute(root, "aws_lb.l", "subnets") == [
        {"aws_subnet.a[0].id"},
        {"aws_subnet.a[1].id"},
        {'aws_subnet.b["x"].id'},
    ]


def test_an_unknown_count_is_one_possible_instance(scan: Load) -> None:
    """Nothing disappears because its number is not known."""
    [root] = scan(
        {
            "main.tf": """
variable "on" { type = bool }
variable "zones" { type = list(string) }
resource "aws_eip" "e" { count = var.on ? 1 : 0 }
resource "aws_subnet" "s" {
  for_each          = toset(var.zones)
  availability_zone = each.value
}
resource "aws_x" "y" {
  eip     = aws_eip.e[0].id
  subnets = [for s in aws_subnet.s : s.id]
}
"""
        }
    )
    found = resources(root)

    assert found["aws_eip.e[0]"].maybe is not None
    maybe = found["aws_subnet.s[*]"].maybe
    assert maybe is not None and maybe.supply == "--var zones=…"
    assert attribute(root, "aws_x.y", "eip") == {"aws_eip.e[0].id"}
    subnets = found["aws_x.y"].attributes["subnets"]
    assert isinstance(subnets, ListValue) and subnets.more is not None
    assert {str(ref) for ref in refs(subnets)} == {"aws_subnet.s[*].id"}


def test_dynamic_blocks(scan: Load) -> None:
    """Nested, with an iterator of their own, and over what is not known."""
    [root] = scan(
        {
            "main.tf": """
variable "open" { type = bool }
resource "aws_security_group" "s" {
  dynamic "ingress" {
    for_each = [22, 80]
    iterator = port
    content {
      from_port = port.value
      dynamic "inner" {
        for_each = { a = 1 }
        content { text = "${inner.key}${port.key}" }
      }
    }
  }
  dynamic "egress" {
    for_each = var.open ? [443] : []
    content { from_port = egress.value }
  }
}
"""
        }
    )
    found = resources(root)["aws_security_group.s"].attributes

    assert plain(found["ingress"]) == [
        {"from_port": 22, "inner": [{"text": "a0"}]},
        {"from_port": 80, "inner": [{"text": "a1"}]},
    ]
    egress = found["egress"]
    assert isinstance(egress, ListValue) and egress.items == ()
    assert egress.more is not None and [plain(c) for c in egress.more.choices] == [
        {"from_port": 443}
    ]


def test_modules_with_count_and_providers(scan: Load) -> None:
    """Addresses, callers, regions and outputs through several levels."""
    [root] = scan(
        {
            "main.tf": """
provider "aws" { region = "eu-west-1" }
provider "aws" {
  alias  = "us"
  region = "us-east-1"
}
module "net" {
  source    = "./net"
  for_each  = { x = "10.0.0.0/16" }
  cidr      = each.value
  providers = { aws = aws.us }
}
resource "aws_instance" "i" { subnet_id = module.net["x"].subnet }
""",
            "net/main.tf": """
variable "cidr" {}
resource "aws_vpc" "v" { cidr_block = var.cidr }
module "sub" {
  source = "../sub"
  vpc    = aws_vpc.v
}
output "subnet" { value = module.sub.id }
""",
            "sub/main.tf": """
variable "vpc" {}
resource "aws_subnet" "s" {
  vpc_id     = var.vpc.id
  cidr_block = cidrsubnet(var.vpc.cidr_block, 8, 1)
}
output "id" { value = aws_subnet.s.id }
""",
        }
    )
    address = 'module.net["x"].module.sub.aws_subnet.s'
    subnet = resources(root)[address]

    assert plain(subnet.attributes["cidr_block"]) == "10.0.1.0/24"
    assert plain(subnet.attributes["vpc_id"]) == {'module.net["x"].aws_vpc.v.id'}
    assert subnet.region == "us-east-1"
    assert [str(span) for span in subnet.callers] == ["main.tf:7:1", "net/main.tf:4:1"]
    assert attribute(root, "aws_instance.i", "subnet_id") == {f"{address}.id"}
    assert resources(root)["aws_instance.i"].region == "eu-west-1"
    assert root.files == ("main.tf", "net/main.tf", "sub/main.tf")


def test_a_module_that_is_not_installed(scan: Load) -> None:
    """Its outputs are unknown, with the command that installs it; installed ones are read."""
    files = {
        "main.tf": 'module "vpc" {\n  source = "somebody/vpc/aws"\n}\n'
        'resource "aws_instance" "i" {\n  subnet_id = module.vpc.public_subnets[0]\n}\n'
    }
    [root] = scan(files)
    value = resources(root)["aws_instance.i"].attributes["subnet_id"]

    assert isinstance(value, Unknown)
    assert "somebody/vpc/aws" in value.reason and value.supply == "terraform get"
    assert root.notes

    manifest = {"Modules": [{"Key": "vpc", "Source": "x", "Dir": ".terraform/modules/vpc"}]}
    files[".terraform/modules/modules.json"] = json.dumps(manifest)
    files[".terraform/modules/vpc/main.tf"] = (
        'resource "aws_subnet" "p" {}\noutput "public_subnets" {\n  value = [aws_subnet.p.id]\n}\n'
    )
    [root] = scan(files)

    assert attribute(root, "aws_instance.i", "subnet_id") == {"module.vpc.aws_subnet.p.id"}
    assert root.notes == ()


def test_override_files(scan: Load) -> None:
    """Arguments and block types of an override file replace those of the base."""
    [root] = scan(
        {
            "a_override.tf": 'resource "aws_x" "y" {\n  b = 2\n  n {\n    v = 3\n  }\n}\n',
            "main.tf": 'resource "aws_x" "y" {\n  a = 1\n  b = 1\n  n {\n    v = 1\n  }\n'
            "  n {\n    v = 2\n  }\n}\n",
            "z.tofu": 'resource "aws_t" "t" {}\n',
            "z.tf": 'resource "aws_t" "never" {}\n',
        }
    )

    assert attribute(root, "aws_x.y", "a") == 1
    assert attribute(root, "aws_x.y", "b") == 2
    assert attribute(root, "aws_x.y", "n") == [{"v": 3}]
    assert "aws_t.t" in resources(root) and "aws_t.never" not in resources(root)


def test_roots_are_found(scan: Load) -> None:
    """A directory that another one calls is no root; one that wants to be called says so."""
    found = scan(
        {
            "modules/a/main.tf": 'variable "x" {}\n',
            "modules/b/main.tf": 'variable "x" {}\n',
            "live/main.tf": 'provider "aws" {}\nmodule "a" {\n  source = "../modules/a"\n}\n'
            'terraform {\n  backend "s3" {\n    bucket = "b"\n    key = "k"\n  }\n}\n',
        }
    )

    assert {root.name: root.library for root in found} == {"live": False, "modules/b": True}
    assert {root.name: root.backend for root in found}["live"] == "s3 bucket=b key=k"


def test_connections(scan: Load) -> None:
    """The connections of resource and provisioner are one; `self` is the resource."""
    [root] = scan(
        {
            "main.tf": """
resource "aws_instance" "i" {
  private_ip = "10.0.0.5"
  connection {
    host = self.public_ip
    user = "admin"
  }
  provisioner "remote-exec" {
    inline = ["true"]
    connection { user = "root" }
  }
  lifecycle { ignore_changes = [tags["x"], ami] }
}
"""
        }
    )
    instance = resources(root)["aws_instance.i"]
    [connection] = instance.connections

    assert connection.provisioner == "remote-exec"
    assert plain(connection.arguments) == {"host": {"aws_instance.i.public_ip"}, "user": "root"}
    assert connection.body is not None and plain(connection.body) == {"inline": ["true"]}
    assert instance.ignored == {"tags", "ami"}


def test_data_sources_that_look_up_what_is_created(scan: Load) -> None:
    """By tag, filter, id or VPC: the thing itself; anything else stays a data source."""
    [root] = scan(
        {
            "main.tf": """
provider "aws" { region = "eu-west-1" }
resource "aws_vpc" "v" { tags = { Name = "main" } }
resource "aws_subnet" "p" {
  vpc_id = aws_vpc.v.id
  tags   = { Tier = "public" }
}
data "aws_vpc" "v" {
  filter {
    name   = "tag:Name"
    values = ["main"]
  }
}
data "aws_vpc" "other" { tags = { Name = "other" } }
data "aws_subnets" "p" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.v.id]
  }
}
data "aws_availability_zones" "z" {}
resource "aws_x" "y" {
  vpc     = data.aws_vpc.v.id
  other   = data.aws_vpc.other.id
  subnets = data.aws_subnets.p.ids
  zone    = data.aws_availability_zones.z.names[1]
  place   = data.aws_availability_zones.z.zone_ids[1]
  many    = length(data.aws_availability_zones.z.zone_ids)
}
"""
        }
    )

    assert attribute(root, "aws_x.y", "vpc") == {"aws_vpc.v.id"}
    assert attribute(root, "aws_x.y", "other") == {"data.aws_vpc.other.id"}
    assert attribute(root, "aws_x.y", "subnets") == [{"aws_subnet.p.id"}]
    assert attribute(root, "aws_x.y", "zone") == "eu-west-1b"
    assert attribute(root, "aws_x.y", "place") == {"data.aws_availability_zones.z.zone_ids[1]"}
    assert attribute(root, "aws_x.y", "many") == 3
    assert resources(root)["data.aws_vpc.other"].mode == "data"


def test_remote_state_of_a_root_in_the_same_scan(scan: Load) -> None:
    """Its outputs, with references that name the other root."""
    backend = 'bucket = "b"\n    key = "net"'
    found = scan(
        {
            "net/main.tf": f'terraform {{\n  backend "s3" {{\n    {backend}\n  }}\n}}\n'
            'resource "aws_subnet" "s" {}\noutput "subnet" {\n  value = aws_subnet.s.id\n}\n'
            'output "cidr" {\n  value = "10.0.0.0/16"\n}\n',
            "app/main.tf": 'data "terraform_remote_state" "n" {\n  backend = "s3"\n  config = {\n'
            f"    {backend}\n  }}\n}}\n"
            'resource "aws_x" "y" {\n  a = data.terraform_remote_state.n.outputs.subnet\n'
            "  b = data.terraform_remote_state.n.outputs.cidr\n}\n",
        }
    )
    app = next(root for root in found if root.name == "app")

    assert attribute(app, "aws_x.y", "a") == {"net//aws_subnet.s.id"}
    assert attribute(app, "aws_x.y", "b") == "10.0.0.0/16"


def test_errors_are_located_and_the_rest_goes_on(scan: Load) -> None:
    """A mistake in one attribute leaves the others alone."""
    [root] = scan(
        {"main.tf": 'resource "aws_x" "y" {\n  a = local.nope\n  b = 1\n}\nbroken {\n}\n'}
    )

    assert attribute(root, "aws_x.y", "b") == 1
    assert isinstance(resources(root)["aws_x.y"].attributes["a"], Unknown)
    assert sorted(str(problem.span) for problem in root.problems) == ["main.tf:2:7", "main.tf:5:1"]


HOSTILE = {
    "locals that refer to each other": "locals {\n  a = local.b\n  b = local.a\n}\n"
    'output "o" {\n  value = local.a\n}\n',
    "a billion instances": 'resource "aws_x" "y" {\n  count = 1000000000\n}\n',
    "a module that calls itself": 'module "m" {\n  source = "./."\n}\n',
    "a value that doubles": "locals {\n  a0 = [1]\n"
    + "".join(f"  a{i} = [local.a{i - 1}, local.a{i - 1}]\n" for i in range(1, 60))
    + '}\noutput "o" {\n  value = local.a59\n}\n',
    "a text that doubles": 'locals {\n  a0 = "x"\n'
    + "".join(f'  a{i} = "${{local.a{i - 1}}}${{local.a{i - 1}}}"\n' for i in range(1, 60))
    + '}\noutput "o" {\n  value = local.a59\n}\n',
    "a number of instances that depends on itself": 'resource "aws_x" "y" {\n'
    "  count = length(aws_x.y)\n}\n",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_configurations_end_in_a_problem(scan: Load, text: str) -> None:
    """Bounded, and said where."""
    [root] = scan({"main.tf": text})

    assert root.problems and all(problem.span.path == "main.tf" for problem in root.problems)


def test_links_that_go_in_circles(scan: Load, tmp_path: Path) -> None:
    """A directory that contains itself is no trouble."""
    (tmp_path / "loop").symlink_to(tmp_path)

    [root] = scan({"main.tf": 'module "m" {\n  source = "./loop/loop"\n}\n'})

    assert root.problems


def test_a_module_as_a_whole_is_the_object_of_its_outputs(scan: Load) -> None:
    """For functions, loops and outputs; and one argument may still depend on another output."""
    (root,) = scan(
        {
            "net/main.tf": """
                variable "cidr" {}
                variable "part" {}
                resource "aws_vpc" "v" { cidr_block = var.cidr }
                output "vpc" { value = aws_vpc.v.id }
                output "cidr" { value = var.cidr }
            """,
            "main.tf": """
                module "net" {
                  source = "./net"
                  cidr   = "10.0.0.0/16"
                  part   = cidrsubnet(module.net.cidr, 8, 1)
                }
                output "all" { value = module.net }
                output "keys" { value = keys(module.net) }
                output "loop" { value = [for name, value in module.net : name] }
            """,
        }
    )

    outputs = {one.name: plain(one.value) for one in root.worlds[0].outputs}
    whole = {"vpc": {"module.net.aws_vpc.v.id"}, "cidr": "10.0.0.0/16"}
    assert outputs == {"all": whole, "keys": ["cidr", "vpc"], "loop": ["cidr", "vpc"]}
    assert root.problems == ()


def test_coalesce_keeps_the_reference_it_takes(scan: Load) -> None:
    """The first that is neither null nor empty is taken as it is."""
    (root,) = scan(
        {
            "main.tf": """
                variable "ami" {
                  type    = string
                  default = null
                }
                data "aws_ssm_parameter" "image" { name = "/aws/service/x" }
                resource "aws_instance" "i" {
                  ami = try(coalesce(var.ami, data.aws_ssm_parameter.image.value), null)
                }
            """
        }
    )

    assert attribute(root, "aws_instance.i", "ami") == {"data.aws_ssm_parameter.image.value"}


PLACEHOLDERS = [
    ("list(string)", "[]", "var.given[0]"),
    ("map(string)", "{}", 'var.given["a"]'),
    ("any", "{}", "var.given.a"),
    ("list(string)", "[]", "cidrsubnet(element(var.given, 0), 8, 1)"),
    ("string", '""', "cidrsubnet(var.given, 8, 1)"),
    ("map(string)", '{ b = "x" }', 'lookup({ x = var.given.a }, "x", 1)'),
]


@pytest.mark.parametrize(("kind", "default", "used"), PLACEHOLDERS)
def test_a_default_that_is_to_be_overridden_is_no_mistake(
    scan: Load, kind: str, default: str, used: str
) -> None:
    """What uses it is not known, and the variable is named with the file that has a value."""
    variable = f'variable "given" {{\n  type    = {kind}\n  default = {default}\n}}\n'
    files = {"main.tf": variable + f'resource "aws_x" "y" {{\n  cidr_block = {used}\n}}\n'}
    [alone] = scan(files)
    [beside] = scan(files | {"stages/test.tfvars": "given = 1\n"})

    def supply(root: Root) -> str:
        value = resources(root)["aws_x.y"].attributes["cidr_block"]
        assert isinstance(value, Unknown)
        return value.supply

    assert (alone.problems, beside.problems) == ((), ())
    assert supply(alone) == "--var given=…"
    assert supply(beside).startswith("--var-file ") and supply(beside).endswith("test.tfvars")


@pytest.mark.parametrize(
    "text",
    [
        'locals {\n  given = []\n}\nresource "aws_x" "y" {\n  a = local.given[0]\n}\n',
        'variable "given" {\n  default = ["a"]\n}\nresource "aws_x" "y" {\n'
        "  a = cidrsubnet(var.given[0], 8, 1)\n}\n",
    ],
)
def test_what_nobody_can_override_or_is_wrong_by_itself_is_a_mistake(scan: Load, text: str) -> None:
    """A local is what it is, and a text that is no block is none."""
    [root] = scan({"main.tf": text})

    assert [problem.check for problem in root.problems] == ["IAC002"]


def test_an_empty_source_is_a_value_that_is_to_be_given(scan: Load) -> None:
    """By the default of a variable; one that is written where it is used stays what it is."""
    variable = 'variable "from" {\n  default = [""]\n}\n'
    rule = 'resource "aws_security_group_rule" "r" {\n  cidr_blocks = %s\n}\n'
    [root] = scan({"main.tf": variable + rule % "var.from"})
    [written] = scan({"main.tf": rule % '[""]'})

    def blocks(found: Root) -> object:
        return resources(found)["aws_security_group_rule.r"].attributes["cidr_blocks"]

    (unknown,) = elements(blocks(root))  # type: ignore[arg-type]
    (plain,) = elements(blocks(written))  # type: ignore[arg-type]
    assert isinstance(unknown, Unknown) and unknown.supply == "--var from=…"
    assert text_of(plain) == ""
