"""What is not there, or only under a condition: elements, blocks, modules, variables."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.published import NETWORK, TEMPLATE, checked, cloudformation, said, terraform

# ---- what only holds under a condition ----------------------------------------------------------


GUARDED = """
    Parameters:
      Number:
        Type: Number
      Names:
        Type: CommaDelimitedList
        Default: ""
    Conditions:
      Several: !Not [!Equals [!Ref Number, 1]]
      SeveralNamed: !And
        - !Condition Several
        - !Not [!Equals [!Select [1, !Ref Names], none]]
    Resources:
      Vpc:
        Type: AWS::EC2::VPC
        Properties:
          CidrBlock: 10.0.0.0/16
          Tags:
            - Key: Name
              Value: !If [Several, !Select [1, !Ref Names], one]
            - Key: Named
              Value: !If [SeveralNamed, "yes", "no"]
"""


def test_an_element_that_only_an_open_condition_asks_for_is_not_missing(tmp_path: Path) -> None:
    """Who gives the parameter that opens the condition also gives the list."""
    assert said(cloudformation(tmp_path, GUARDED)) == []


def test_an_element_that_is_always_asked_for_is_missing(tmp_path: Path) -> None:
    """Without a condition the template fails with its own defaults."""
    text = GUARDED.replace("!If [Several, !Select [1, !Ref Names], one]", "!Select [1, !Ref Names]")
    assert said(cloudformation(tmp_path, text)) == ["warning IAC002"]


# ---- Terraform as it was written before 0.12 ----------------------------------------------------


def test_a_quoted_list_type_takes_lists_of_anything(tmp_path: Path) -> None:
    """Terraform 0.11 gave a list in brackets to `type = "list"` and flattened it."""
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "main.tf").write_text(
        'variable "ids" {\n  type = "list"\n}\noutput "first" {\n  value = "${var.ids[0]}"\n}\n'
    )
    answer = terraform(
        tmp_path,
        NETWORK,
        """
        module "inner" {
          source = "./inner"
          ids    = ["${aws_subnet.public.*.id}"]
        }
        output "first" {
          value = "${module.inner.first}"
        }
        """,
    )
    assert said(answer) == []


# ---- what a syntax error takes away -------------------------------------------------------------


def test_what_an_unreadable_block_declares_is_not_said_to_be_missing(tmp_path: Path) -> None:
    """One mistake is one finding: the block is reported, and what refers to it is not."""
    answer = terraform(
        tmp_path,
        """
        resource "aws_vpc" "main" {
          cidr_block = "10.0.0.0/16"
          tags = {
            Name = = "main"
          }
        }
        resource "aws_subnet" "one" {
          vpc_id     = aws_vpc.main.id
          cidr_block = "10.0.1.0/24"
        }
        """,
    )
    assert said(answer) == ["error IAC001"]


SCALED = """
    resource "aws_launch_configuration" "bastion" {{
      image_id                    = "ami-0abc"
      instance_type               = "t3.nano"
      key_name                    = "operations"
      security_groups             = [aws_security_group.ssh.id]
      associate_public_ip_address = false
    }}

    resource "aws_autoscaling_group" "bastion" {{
      min_size             = 1
      max_size             = 1
      launch_configuration = aws_launch_configuration.bastion.name
      vpc_zone_identifier  = [aws_subnet.public.id]
      {front}
    }}
"""


@pytest.mark.parametrize(
    "front", ["load_balancers = [module.balancer.name]", 'load_balancers = ["made-by-hand"]']
)
def test_a_load_balancer_made_elsewhere_may_let_people_in(tmp_path: Path, front: str) -> None:
    """Hosts without an address may be reached through what is not shown."""
    module = 'module "balancer" {\n source = "acme/balancer/aws"\n}'
    answer = terraform(tmp_path, NETWORK, SCALED.format(front=front), module)

    assert said(answer) == []


def test_the_same_hosts_with_nothing_in_front_cannot_be_reached(tmp_path: Path) -> None:
    """The rule, the key and the route say public, and no address is asked for."""
    answer = terraform(tmp_path, NETWORK, SCALED.format(front=""))

    assert "IAC101" in " ".join(said(answer))


def test_a_module_that_is_not_there_may_put_a_load_balancer_in_front(tmp_path: Path) -> None:
    """It is given the instance, so what it does with it is not known."""
    instance = """
    resource "aws_instance" "bastion" {
      ami                    = "ami-0abc"
      instance_type          = "t3.nano"
      key_name               = "operations"
      subnet_id              = aws_subnet.public.id
      vpc_security_group_ids = [aws_security_group.ssh.id]
    }

    module "balancer" {
      source = "acme/balancer/aws"
      target = aws_instance.bastion.id
    }
    """
    answer = terraform(tmp_path, NETWORK, instance)

    assert said(answer) == []


def test_a_bastion_with_the_tag_of_a_cluster_is_still_asked_about(tmp_path: Path) -> None:
    """A key and a rule say that somebody logs in, whatever cluster the host belongs to."""
    instance = """
    resource "aws_instance" "bastion" {
      ami                    = "ami-0abc"
      instance_type          = "t3.nano"
      key_name               = "operations"
      subnet_id              = aws_subnet.public.id
      vpc_security_group_ids = [aws_security_group.ssh.id]
      tags                   = { "kubernetes.io/cluster/one" = "owned" }
    }
    """
    answer = terraform(tmp_path, NETWORK, instance)

    assert "IAC101" in " ".join(said(answer))


def test_a_node_of_a_cluster_with_a_key_and_no_rule_is_nobodys_login(tmp_path: Path) -> None:
    """Nodes get keys by habit."""
    node = """
    resource "aws_security_group" "node" {
      vpc_id = aws_vpc.main.id
      ingress {
        from_port   = 443
        to_port     = 443
        protocol    = "tcp"
        cidr_blocks = ["0.0.0.0/0"]
      }
    }

    resource "aws_instance" "node" {
      ami                         = "ami-0abc"
      instance_type               = "t3.nano"
      key_name                    = "operations"
      subnet_id                   = aws_subnet.public.id
      associate_public_ip_address = true
      vpc_security_group_ids      = [aws_security_group.node.id]
      tags                        = { "kubernetes.io/cluster/one" = "owned" }
    }
    """
    answer = terraform(tmp_path, NETWORK, node)

    assert said(answer) == []


# ---- modules that are not there -----------------------------------------------------------------


def test_the_providers_of_a_module_are_no_references(tmp_path: Path) -> None:
    """`aws.west` is a configuration of a provider, also where the module is not installed."""
    answer = terraform(
        tmp_path,
        """
        provider "aws" {
          alias  = "west"
          region = "us-west-2"
        }

        module "hosts" {
          source    = "example/hosts/aws"
          version   = "1.0.0"
          providers = { aws = aws.west }
        }
        """,
    )
    assert said(answer) == []


def test_flattening_leaves_objects_whole(tmp_path: Path) -> None:
    """Which objects there are is not known; that they are objects is."""
    answer = terraform(
        tmp_path,
        """
        variable "today" {}

        locals {
          plans = [{ version = "v1", days = ["Monday"] }, { version = "v2", days = ["Sunday"] }]
          now   = flatten([for plan in local.plans : [plan] if contains(plan.days, var.today)])
        }

        resource "aws_vpc" "main" {
          cidr_block = "10.0.0.0/16"
          tags       = { Version = local.now[0].version }
        }
        """,
    )
    assert said(answer) == []


# ---- said once ----------------------------------------------------------------------------------


def test_a_missing_variable_is_one_finding_with_all_its_places(tmp_path: Path) -> None:
    """Declaring it once repairs them all."""
    answer = terraform(
        tmp_path,
        """
        resource "aws_vpc" "one" {
          cidr_block = var.block
        }
        resource "aws_vpc" "two" {
          cidr_block = var.block
        }
        resource "aws_vpc" "three" {
          cidr_block = var.other
        }
        """,
    )
    found = [f for f in answer.findings if f.check == "IAC002"]
    assert [len(f.related) for f in found] == [1, 0]


def test_a_name_that_two_templates_miss_is_two_findings(tmp_path: Path) -> None:
    """Each template declares its own names."""
    bad = TEMPLATE.replace("VpcId: !Ref Vpc", "VpcId: !Ref Gone")
    for name in ("one.yaml", "two.yaml"):
        (tmp_path / name).write_text(dedent(bad))
    found = [f for f in checked(tmp_path).findings if f.check == "IAC002"]
    assert sorted(f.primary.span.path for f in found) == ["one.yaml", "two.yaml"]


def test_a_mistake_in_a_module_of_two_roots_is_said_once(tmp_path: Path) -> None:
    """It is one line, whoever calls it."""
    (tmp_path / "module").mkdir()
    (tmp_path / "module" / "main.tf").write_text('output "a" {\n  value = var.gone\n}\n')
    for name in ("staging", "production"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text(
            'module "m" {\n  source = "../module"\n}\noutput "a" {\n  value = module.m.a\n}\n'
        )
    assert said(checked(tmp_path)) == ["warning IAC002"]
