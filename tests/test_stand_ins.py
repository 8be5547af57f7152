"""
Modules of the registry that are not installed, and that iaclint knows well enough to stand in for.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.terraform.standin import KNOWN, installed_version, stand_in
from tests.nets import Net, written
from tests.published import checked, said

VPC = """
module "vpc" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "VERSION"
  name    = "main"
  cidr    = "10.0.0.0/16"
  azs     = ["eu-west-1a", "eu-west-1b"]
  public_subnets  = ["10.0.101.0/24", "10.0.102.0/24"]
  private_subnets = ["10.0.1.0/24", "10.0.2.0/24"]
  MORE
}
"""
GROUP = """
module "ssh" {
  source  = "terraform-aws-modules/security-group/aws"
  version = "~> 5.0"
  name    = "ssh"
  vpc_id  = module.vpc.vpc_id
  RULES
}
"""
HOST = """
module "host" {
  source  = "terraform-aws-modules/ec2-instance/aws"
  version = "VERSION"
  name    = "host"
  ami     = "ami-0123456789abcdef0"
  subnet_id              = SUBNET
  key_name               = "ops"
  vpc_security_group_ids = [GROUP]
  MORE
}
"""
OPEN = """ingress_cidr_blocks = ["0.0.0.0/0"]
  ingress_rules       = ["ssh-tcp"]
  egress_rules        = ["all-all"]"""
PUBLIC = "map_public_ip_on_launch = true"


def vpc(version: str = "~> 5.0", more: str = "") -> str:
    """A VPC with two tiers."""
    return VPC.replace("VERSION", version).replace("MORE", more)


def group(rules: str = OPEN) -> str:
    """A group by keywords."""
    return GROUP.replace("RULES", rules)


def host(
    more: str = "",
    version: str = "~> 5.0",
    subnet: str = "module.vpc.public_subnets[0]",
    group: str = "module.ssh.security_group_id",
) -> str:
    """A host in a group of its own choice."""
    text = HOST.replace("VERSION", version).replace("SUBNET", subnet).replace("GROUP", group)
    return text.replace("MORE", more)


def net(folder: Path, *parts: str) -> Net:
    """The network that some calls make."""
    return written(folder, {"main.tf": "".join(parts)})


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((vpc(more=PUBLIC), group(), host()), []),
        ((vpc("~> 3.0"), group(), host()), []),
        ((vpc(), group(), host()), ["IAC101"]),
        ((vpc(), group(), host("associate_public_ip_address = true")), []),
        ((vpc(more=PUBLIC), group(OPEN.replace("ssh-tcp", "http-80-tcp")), host()), ["IAC401"]),
        ((vpc(more=f"{PUBLIC}\n create_igw = false"), group(), host()), ["IAC204"]),
        ((vpc(more=PUBLIC), group(), host("create_eip = true", "~> 6.0")), []),
        ((vpc(more=PUBLIC), group(), host(version="2.21.0", more="instance_count = 2")), []),
    ],
)
def test_what_the_call_says_decides_as_it_does_in_the_module(
    tmp_path: Path, parts: tuple[str, ...], expected: list[str]
) -> None:
    assert net(tmp_path, *parts).errors == expected


def test_the_call_is_the_place_and_the_address_is_that_of_the_module(tmp_path: Path) -> None:
    acl = "public_dedicated_network_acl = true\n  public_inbound_acl_rules = [" + (
        '{ rule_number = 100, rule_action = "allow", from_port = 443, to_port = 443, '
        'protocol = "tcp", cidr_block = "0.0.0.0/0" }]'
    )
    (found,) = [
        f for f in net(tmp_path, vpc(more=f"{PUBLIC}\n  {acl}"), group(), host()).findings
        if f.check == "IAC301"
    ]  # fmt: skip
    assert found.resource == "module.vpc.aws_network_acl.public[0]"
    assert (Path(found.primary.span.path).name, found.primary.span.line) == ("main.tf", 2)
    assert found.primary.text.startswith("module.vpc.aws_network_acl.public[0] ")
    assert found.fix is None


@pytest.mark.parametrize(
    "parts",
    [
        (vpc(more="no_such_argument = 1"), group(), host()),
        (vpc().replace("vpc/aws", "vpc/aws//modules/vpc-endpoints"), group(), host()),
        (vpc().replace("terraform-aws-modules", "somebody"), group(), host()),
        (vpc().replace("~> 5.0", "1.2.3"), group(), host()),
        (vpc(more="early = true"), group(), host()),
    ],
)
def test_a_call_of_something_else_is_undecided(tmp_path: Path, parts: tuple[str, ...]) -> None:
    found = net(tmp_path, *parts)
    assert found.errors == []
    assert {each.trace.verdict for each in found.judged} <= {"undecided"}


@pytest.mark.parametrize(
    "rules",
    [
        'ingress_rules = ["no-such-keyword"]\n  ingress_cidr_blocks = ["0.0.0.0/0"]',
        "ingress_rules = { ssh = { from_port = 22 } }",
    ],
)
def test_rules_in_words_that_are_not_known_leave_it_undecided(tmp_path: Path, rules: str) -> None:
    found = net(
        tmp_path,
        vpc(more=PUBLIC),
        group(f"{rules}\n  egress_rules = ['all-all']".replace("'", '"')),
        host(),
    )
    assert found.errors == []


def test_a_group_that_names_itself_is_no_circle(tmp_path: Path) -> None:
    rules = (
        OPEN
        + """
  ingress_with_source_security_group_id = [
    { rule = "all-all", source_security_group_id = module.ssh.security_group_id }
  ]"""
    )
    assert net(tmp_path, vpc(more=PUBLIC), group(rules), host()).errors == []


def without_version(text: str) -> str:
    """The call of whatever version is the newest."""
    return "\n".join(line for line in text.splitlines() if "version " not in line) + "\n"


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((without_version(vpc()), group(), host()), ["error IAC101"]),
        ((vpc(">= 3.0, < 5.0"), group(), host()), ["error IAC101"]),
        ((vpc(">= 3.0, < 4.0"), group(), host()), []),
        (
            (vpc(more=PUBLIC), without_version(host(group="")).replace("[]", "null")),
            ["warning IAC401"],
        ),
    ],
)
def test_without_a_version_it_is_the_newest_as_far_as_the_one_before_was_the_same(
    tmp_path: Path, parts: tuple[str, ...], expected: list[str]
) -> None:
    (tmp_path / "main.tf").write_text("".join(parts))
    assert said(checked(tmp_path)) == expected


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        ("", (6, False)),
        ("5.1.2", (5, True)),
        ("= 5.1", (5, True)),
        ("v5.1", (5, True)),
        ("~> 5.0", (5, True)),
        ("~> 5.1.0", (5, True)),
        ("~> 5", (6, False)),
        (">= 3.0", (6, False)),
        ("> 3.0, < 5.0", (4, True)),
        ("<= 5.0", (5, True)),
        ("< 5.0.0", (4, True)),
        ("!= 5.0", (6, False)),
        ("~> 6.0", (6, True)),
        ("1.0", None),
        ("7.0", None),
        (">= 7", None),
        ("five", None),
    ],
)
def test_a_constraint_admits_a_newest_major_version(
    constraint: str, expected: tuple[int, bool] | None
) -> None:
    assert installed_version(constraint, KNOWN["vpc"]) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("terraform-aws-modules/vpc/aws", ("vpc", "", 4)),
        ("registry.terraform.io/terraform-aws-modules/vpc/aws", ("vpc", "", 4)),
        ("terraform-aws-modules/security-group/aws//modules/ssh", ("security-group", "ssh", 4)),
        (
            "git::https://github.com/terraform-aws-modules/terraform-aws-vpc.git?ref=v3.2.0",
            ("vpc", "", 3),
        ),
        ("github.com/terraform-aws-modules/terraform-aws-vpc", ("vpc", "", 6)),
        (
            "git@github.com:terraform-aws-modules/terraform-aws-ec2-instance.git?ref=5.0.0",
            ("ec2-instance", "", 5),
        ),
        ("git::https://github.com/terraform-aws-modules/terraform-aws-vpc.git?ref=main", None),
        ("terraform-aws-modules/eks/aws", None),
        ("terraform-aws-modules/vpc/aws//modules/flow-log", None),
        ("terraform-aws-modules/security-group/aws//examples/http", None),
        ("./modules/vpc", None),
    ],
)
def test_a_source_is_a_known_module_or_none(
    source: str, expected: tuple[str, str, int] | None
) -> None:
    found = stand_in(source, "~> 4.0")
    assert (found and found[:3]) == expected
