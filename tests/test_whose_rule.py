"""Whom a rule or an ACL lets in, and who may add others."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.published import (
    KEY_ONLY,
    NETWORK,
    OPEN_HOST,
    PRIVATE_WITH_ADDRESS,
    TEMPLATE,
    cloudformation,
    said,
    terraform,
)

# ---- groups -------------------------------------------------------------------------------------


def test_the_name_of_a_group_will_do_in_the_default_vpc(tmp_path: Path) -> None:
    """`SecurityGroupIds` takes what `Ref` of a group without VpcId gives, where no subnet is."""
    answer = cloudformation(
        tmp_path,
        """
        Resources:
          Group:
            Type: AWS::EC2::SecurityGroup
            Properties:
              GroupDescription: ssh
              SecurityGroupIngress:
                - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}
          Host:
            Type: AWS::EC2::Instance
            Properties:
              ImageId: ami-0123456789abcdef0
              KeyName: ops
              SecurityGroupIds: [!Ref Group]
        """,
    )
    assert said(answer) == []


@pytest.mark.parametrize(("kind", "expected"), [("ingress", []), ("egress", ["warning IAC813"])])
def test_inline_rules_out_and_rules_of_their_own_in_do_not_meet(
    tmp_path: Path, kind: str, expected: list[str]
) -> None:
    """Terraform minds each direction of a group for itself."""
    answer = terraform(
        tmp_path,
        f"""
        resource "aws_security_group" "web" {{
          vpc_id = "vpc-0123456789abcdef0"
          egress {{
            from_port   = 0
            to_port     = 0
            protocol    = "-1"
            cidr_blocks = ["0.0.0.0/0"]
          }}
        }}
        resource "aws_security_group_rule" "more" {{
          security_group_id = aws_security_group.web.id
          type              = "{kind}"
          from_port         = 443
          to_port           = 443
          protocol          = "tcp"
          cidr_blocks       = ["198.51.100.0/24"]
        }}
        """,
    )
    assert said(answer) == expected


# ---- blocks that only look public ---------------------------------------------------------------


PINGED = """
    resource "aws_security_group" "ping" {
      vpc_id = aws_vpc.main.id
      ingress {
        from_port   = -1
        to_port     = -1
        protocol    = "icmp"
        cidr_blocks = ["11.0.0.0/16"]
      }
    }

    resource "aws_instance" "host" {
      ami                         = "ami-0123456789abcdef0"
      subnet_id                   = aws_subnet.SUBNET.id
      associate_public_ip_address = true
      key_name                    = "ops"
      vpc_security_group_ids      = [aws_security_group.ssh.id, aws_security_group.ping.id]
    }
"""

BEHIND_VPN = """
    resource "aws_vpn_gateway" "gw" {
      vpc_id = aws_vpc.main.id
    }

    resource "aws_customer_gateway" "office" {
      bgp_asn    = 65000
      ip_address = "198.51.100.1"
      type       = "ipsec.1"
    }

    resource "aws_vpn_connection" "office" {
      vpn_gateway_id      = aws_vpn_gateway.gw.id
      customer_gateway_id = aws_customer_gateway.office.id
      type                = "ipsec.1"
      static_routes_only  = true
    }

    resource "aws_vpn_connection_route" "office" {
      destination_cidr_block = "11.0.0.0/16"
      vpn_connection_id      = aws_vpn_connection.office.id
    }

    resource "aws_vpn_gateway_route_propagation" "office" {
      vpn_gateway_id = aws_vpn_gateway.gw.id
      route_table_id = aws_route_table.public.id
    }
"""


def test_a_block_behind_a_vpn_is_not_the_internet(tmp_path: Path) -> None:
    """The replies leave by the VPN, as they should, whatever registry the block is from."""
    assert said(terraform(tmp_path, NETWORK, PINGED.replace("SUBNET", "public"), BEHIND_VPN)) == []


def test_the_same_block_without_the_vpn_is(tmp_path: Path) -> None:
    """Somebody has those addresses, and pings from the internet."""
    private = PRIVATE_WITH_ADDRESS[: PRIVATE_WITH_ADDRESS.index('resource "aws_instance"')]
    answer = terraform(tmp_path, NETWORK, private, PINGED.replace("SUBNET", "private"))
    assert {j.flow.client.name for j in answer.judged if j.flow.service.is_ping} == {"11.0.0.0/16"}


def test_the_block_of_another_vpc_is_not_the_internet(tmp_path: Path) -> None:
    """A VPC of 11.0.0.0/16 is one, however unwise."""
    other = 'resource "aws_vpc" "other" {\n  cidr_block = "11.0.0.0/16"\n}'
    answer = terraform(tmp_path, NETWORK, PINGED.replace("SUBNET", "public"), other)
    assert not [j for j in answer.judged if j.flow.service.is_ping]


# ---- what a program is given, it may change -----------------------------------------------------


PROGRAM = """
      Swap:
        Type: Custom::MainTable
        Properties:
          ServiceToken: arn:aws:lambda:eu-west-1:111122223333:function:swap
          VpcId: !Ref Vpc
"""


def test_a_custom_resource_that_has_the_vpc_may_exchange_its_main_table(tmp_path: Path) -> None:
    """Without it the subnet without a table is an error."""
    loose = TEMPLATE[: TEMPLATE.index("      Joined:")]
    assert said(cloudformation(tmp_path, loose + OPEN_HOST)) == ["error IAC203"]
    answer = cloudformation(tmp_path, loose + OPEN_HOST + PROGRAM)
    assert said(answer) == []
    assert {j.trace.verdict for j in answer.judged} == {"undecided"}


@pytest.mark.parametrize(("given", "expected"), [("game", []), ("ssh", ["error IAC401"])])
def test_a_command_that_is_given_a_group_may_add_rules(
    tmp_path: Path, given: str, expected: list[str]
) -> None:
    """It may call the AWS command line."""
    host = KEY_ONLY.replace("iam_instance_profile        = PROFILE", "")
    command = f"""
        resource "null_resource" "rule" {{
          provisioner "local-exec" {{
            command = "open-ssh ${{aws_security_group.{given}.id}}"
          }}
        }}
    """
    assert said(terraform(tmp_path, NETWORK, host, command)) == expected


# ---- whose rule it is ---------------------------------------------------------------------------


def test_a_group_that_some_are_reached_by_is_no_error_for_the_others(tmp_path: Path) -> None:
    """The peer's block is let in for the hosts whose table leads there; the jump host shares it."""
    peer = """
        resource "aws_vpc" "peer" {
          cidr_block = "10.9.0.0/16"
        }

        resource "aws_subnet" "peer" {
          vpc_id     = aws_vpc.peer.id
          cidr_block = "10.9.1.0/24"
        }

        resource "aws_vpc_peering_connection" "peer" {
          vpc_id      = aws_vpc.main.id
          peer_vpc_id = aws_vpc.peer.id
          auto_accept = true
        }

        resource "aws_route_table" "peer" {
          vpc_id = aws_vpc.peer.id
          route {
            cidr_block                = "10.0.0.0/16"
            vpc_peering_connection_id = aws_vpc_peering_connection.peer.id
          }
        }

        resource "aws_route_table_association" "peer" {
          subnet_id      = aws_subnet.peer.id
          route_table_id = aws_route_table.peer.id
        }

        resource "aws_security_group" "shared" {
          vpc_id = aws_vpc.main.id
          ingress {
            from_port   = -1
            to_port     = -1
            protocol    = "icmp"
            cidr_blocks = ["10.9.0.0/16"]
          }
        }

        resource "aws_instance" "jump" {
          ami                    = "ami-0123456789abcdef0"
          subnet_id              = aws_subnet.public.id
          vpc_security_group_ids = [aws_security_group.shared.id]
        }
    """
    inner = """
        resource "aws_subnet" "inner" {
          vpc_id     = aws_vpc.main.id
          cidr_block = "10.0.2.0/24"
        }

        resource "aws_route_table" "inner" {
          vpc_id = aws_vpc.main.id
          route {
            cidr_block                = "10.9.0.0/16"
            vpc_peering_connection_id = aws_vpc_peering_connection.peer.id
          }
        }

        resource "aws_route_table_association" "inner" {
          subnet_id      = aws_subnet.inner.id
          route_table_id = aws_route_table.inner.id
        }

        resource "aws_instance" "inner" {
          ami                    = "ami-0123456789abcdef0"
          subnet_id              = aws_subnet.inner.id
          vpc_security_group_ids = [aws_security_group.shared.id]
        }
    """
    assert said(terraform(tmp_path, NETWORK, peer)) == ["error IAC501"]
    assert said(terraform(tmp_path, NETWORK, peer, inner)) == ["warning IAC501"]


# ---- groups that are looked up ------------------------------------------------------------------

PEOPLE = """
resource "aws_subnet" "private" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.2.0/24"
}
resource "aws_instance" "jump" {
  ami                         = "ami-0123456789abcdef0"
  subnet_id                   = aws_subnet.public.id
  associate_public_ip_address = true
  key_name                    = "ops"
  vpc_security_group_ids      = [aws_security_group.ssh.id]
}
%s
resource "aws_security_group" "inner" {
  vpc_id = aws_vpc.main.id
  ingress {
    from_port       = 22
    to_port         = 22
    protocol        = "tcp"
    security_groups = [%s]
  }
}
resource "aws_instance" "inner" {
  ami                    = "ami-0123456789abcdef0"
  subnet_id              = aws_subnet.private.id
  key_name               = "ops"
  vpc_security_group_ids = [aws_security_group.inner.id]
}
"""


@pytest.mark.parametrize(
    ("group", "id_", "expected"),
    [
        (
            'data "aws_security_group" "people" {\n  name = "people"\n}',
            "data.aws_security_group.people.id",
            [],
        ),
        (
            'resource "aws_security_group" "people" {\n  vpc_id = aws_vpc.main.id\n}',
            "aws_security_group.people.id",
            ["error IAC410"],
        ),
    ],
    ids=["looked up", "made here"],
)
def test_a_group_that_is_looked_up_is_carried_by_others(
    tmp_path: Path, group: str, id_: str, expected: list[str]
) -> None:
    """Nobody is shut out by a rule for it; one that is made here is of no use."""
    assert said(terraform(tmp_path, NETWORK + PEOPLE % (group, id_))) == expected
