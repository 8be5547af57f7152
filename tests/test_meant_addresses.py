"""Which addresses and connections say that people log in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.published import NETWORK, PRIVATE_WITH_ADDRESS, said, terraform

# ---- what is meant ------------------------------------------------------------------------------


BASTION = """
    resource "aws_instance" "bastion" {
      ami                         = "ami-0123456789abcdef0"
      subnet_id                   = aws_subnet.public.id
      associate_public_ip_address = true
      key_name                    = "ops"
      vpc_security_group_ids      = [aws_security_group.ssh.id]
    }
"""


def test_an_address_in_a_private_subnet_behind_a_bastion_is_a_slip_and_no_error(
    tmp_path: Path,
) -> None:
    """The address is of no use there, but people get in through the bastion."""
    assert said(terraform(tmp_path, NETWORK, BASTION, PRIVATE_WITH_ADDRESS)) == ["warning IAC201"]


def test_an_address_in_a_private_subnet_without_a_bastion_is_an_error(tmp_path: Path) -> None:
    """Nobody gets in at all, and somebody is meant to."""
    assert said(terraform(tmp_path, NETWORK, PRIVATE_WITH_ADDRESS)) == ["error IAC201"]


def test_a_host_called_bastion_without_address_or_key_is_worth_a_warning(tmp_path: Path) -> None:
    """Its rules let the internet in and its name says what for; nothing else of it works."""
    bare = BASTION.replace("associate_public_ip_address = true", "").replace(
        'key_name                    = "ops"', ""
    )
    alone = NETWORK.replace('cidr_block = "0.0.0.0/0"', 'cidr_block = "192.0.2.0/24"')
    assert "warning IAC101" in said(terraform(tmp_path, alone, bare))


def test_a_host_of_another_name_without_address_or_key_is_left_alone(tmp_path: Path) -> None:
    """A rule alone is no evidence."""
    bare = BASTION.replace("associate_public_ip_address = true", "").replace(
        'key_name                    = "ops"', ""
    )
    alone = NETWORK.replace('cidr_block = "0.0.0.0/0"', 'cidr_block = "192.0.2.0/24"')
    assert said(terraform(tmp_path, alone, bare.replace("bastion", "worker"))) == []


# ---- connections --------------------------------------------------------------------------------


LOGIN = """
    resource "aws_network_interface" "front" {
      subnet_id       = aws_subnet.public.id
      security_groups = [aws_security_group.ssh.id]
    }

    resource "aws_eip" "front" {
      network_interface = aws_network_interface.front.id
    }

    resource "aws_instance" "host" {
      ami      = "ami-0123456789abcdef0"
      key_name = "ops"
      network_interface {
        device_index         = 0
        network_interface_id = aws_network_interface.front.id
      }
      connection {
        host        = self.public_ip
        user        = "ec2-user"
        private_key = KEY
      }
      provisioner "remote-exec" {
        inline = ["uptime"]
      }
      depends_on = [
        aws_eip.front, aws_route_table_association.public, aws_internet_gateway.gw,
      ]
    }
"""


def test_an_elastic_ip_on_an_interface_is_there_before_the_instance(tmp_path: Path) -> None:
    """`self.public_ip` is the Elastic IP then."""
    assert said(terraform(tmp_path, NETWORK, LOGIN.replace("KEY", 'file("~/.ssh/ops")'))) == []


@pytest.mark.parametrize(
    ("key", "expected"),
    [('"REPLACE_ME"', []), ('"~/.ssh/ops"', ["error IAC608"]), ('"ops.pem"', ["error IAC608"])],
)
def test_a_placeholder_for_a_key_is_not_taken_for_a_file(
    tmp_path: Path, key: str, expected: list[str]
) -> None:
    """Only what looks like a path is said to be one."""
    assert said(terraform(tmp_path, NETWORK, LOGIN.replace("KEY", key))) == expected


# ---- private without being called so ------------------------------------------------------------


def test_an_address_that_is_refused_in_a_subnet_made_elsewhere_is_a_choice(tmp_path: Path) -> None:
    """In a subnet that is seen to be public it is a mistake."""
    host = """
        variable "subnet" {}

        resource "aws_instance" "host" {
          ami                         = "ami-0123456789abcdef0"
          subnet_id                   = SUBNET
          associate_public_ip_address = false
          key_name                    = "ops"
          vpc_security_group_ids      = [aws_security_group.ssh.id]
        }
    """
    assert said(terraform(tmp_path, NETWORK, host.replace("SUBNET", "var.subnet"))) == []
    seen = terraform(tmp_path, NETWORK, host.replace("SUBNET", "aws_subnet.public.id"))
    assert said(seen) == ["error IAC101"]


# ---- what an ACL has instead --------------------------------------------------------------------


def test_an_acl_that_lets_somebody_else_in_says_whom(tmp_path: Path) -> None:
    """The entry for the service is shown before those for other ones, with its block."""
    acl = """
        resource "aws_network_acl" "public" {
          vpc_id     = aws_vpc.main.id
          subnet_ids = [aws_subnet.public.id]
          ingress {
            rule_no    = 100
            protocol   = "tcp"
            action     = "allow"
            cidr_block = "0.0.0.0/0"
            from_port  = 443
            to_port    = 443
          }
          ingress {
            rule_no    = 200
            protocol   = "tcp"
            action     = "allow"
            cidr_block = "10.1.0.0/16"
            from_port  = 22
            to_port    = 22
          }
          egress {
            rule_no    = 100
            protocol   = "-1"
            action     = "allow"
            cidr_block = "0.0.0.0/0"
            from_port  = 0
            to_port    = 0
          }
        }
    """
    (found,) = terraform(tmp_path, NETWORK, BASTION, acl).findings
    assert found.primary.text == "no inbound entry allows tcp 22 for the internet"
    assert [label.text for label in found.related][:2] == [
        "allows tcp 22 for 10.1.0.0/16 only",
        "allows only tcp 443 inbound",
    ]


REFUSED_ADDRESS = """
    variable "subnet" {{}}
    resource "aws_security_group" "web" {{
      ingress {{
        from_port   = 22
        to_port     = 22
        protocol    = "tcp"
        cidr_blocks = ["0.0.0.0/0"]
      }}
    }}
    resource "aws_instance" "web" {{
      ami                         = "ami-0abc"
      instance_type               = "t3.nano"
      key_name                    = "operations"
      subnet_id                   = var.subnet
      vpc_security_group_ids      = [aws_security_group.web.id]
      associate_public_ip_address = false
    }}
    {elastic}
"""


@pytest.mark.parametrize(
    ("elastic", "expected"),
    [
        ("", []),
        ('resource "aws_eip" "web" {\n  domain = "vpc"\n}', ["error IAC102"]),
        ('resource "aws_eip" "web" {\n  instance = aws_instance.web.id\n}', []),
    ],
)
def test_an_elastic_ip_that_nothing_uses_was_meant_for_who_refuses_another_address(
    tmp_path: Path, elastic: str, expected: list[str]
) -> None:
    """Without one the refusal is a choice; with one that is associated there is an address."""
    assert said(terraform(tmp_path, REFUSED_ADDRESS.format(elastic=elastic))) == expected
