"""Outbound rules of a bastion: which of the hosts of a subnet they are meant for."""

from __future__ import annotations

from pathlib import Path
from string import Template

import pytest

from tests.test_promised import findings

PARTS = {
    "terraform": """
        resource "aws_security_group" "outer" {
          vpc_id = aws_vpc.main.id
          ingress {
            from_port   = 22
            to_port     = 22
            protocol    = "tcp"
            cidr_blocks = ["0.0.0.0/0"]
          }
          egress {
            from_port   = 22
            to_port     = 22
            protocol    = "tcp"
            cidr_blocks = ["$towards"]
          }
        }

        resource "aws_security_group" "inner" {
          vpc_id = aws_vpc.main.id
          ingress {
            from_port   = 22
            to_port     = 22
            protocol    = "tcp"
            cidr_blocks = ["$inner"]
          }
          egress {
            from_port   = 0
            to_port     = 0
            protocol    = "-1"
            cidr_blocks = ["0.0.0.0/0"]
          }
        }

        resource "aws_security_group" "vault" {
          vpc_id = aws_vpc.main.id
          ingress {
            from_port   = 22
            to_port     = 22
            protocol    = "tcp"
            cidr_blocks = ["10.0.2.20/32"]
          }
        }

        resource "aws_subnet" "private" {
          vpc_id     = aws_vpc.main.id
          cidr_block = "10.0.2.0/24"
        }

        resource "aws_instance" "outer" {
          ami                         = "ami-1"
          instance_type               = "t3.nano"
          key_name                    = "operations"
          subnet_id                   = aws_subnet.public.id
          associate_public_ip_address = true
          vpc_security_group_ids      = [aws_security_group.outer.id]
        }

        resource "aws_instance" "inner" {
          ami                    = "ami-1"
          instance_type          = "t3.nano"
          key_name               = "operations"
          subnet_id              = aws_subnet.private.id
          private_ip             = "10.0.2.20"
          vpc_security_group_ids = [aws_security_group.inner.id]
        }

        resource "aws_instance" "vault" {
          ami                    = "ami-1"
          instance_type          = "t3.nano"
          key_name               = "vault"
          subnet_id              = aws_subnet.private.id
          vpc_security_group_ids = [aws_security_group.vault.id]
        }
    """,
    "cloudformation": """
      OuterGroup:
        Type: AWS::EC2::SecurityGroup
        Properties:
          GroupDescription: first hop
          VpcId: !Ref Vpc
          SecurityGroupIngress:
            - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}
          SecurityGroupEgress:
            - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: $towards}
      InnerGroup:
        Type: AWS::EC2::SecurityGroup
        Properties:
          GroupDescription: second hop
          VpcId: !Ref Vpc
          SecurityGroupIngress:
            - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: $inner}
      VaultGroup:
        Type: AWS::EC2::SecurityGroup
        Properties:
          GroupDescription: vault
          VpcId: !Ref Vpc
          SecurityGroupIngress:
            - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 10.0.2.20/32}
      Private:
        Type: AWS::EC2::Subnet
        Properties:
          VpcId: !Ref Vpc
          CidrBlock: 10.0.2.0/24
      Outer:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-1
          KeyName: operations
          NetworkInterfaces:
            - DeviceIndex: "0"
              SubnetId: !Ref Public
              AssociatePublicIpAddress: true
              GroupSet: [!Ref OuterGroup]
      Inner:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-1
          KeyName: operations
          SubnetId: !Ref Private
          PrivateIpAddress: 10.0.2.20
          SecurityGroupIds: [!Ref InnerGroup]
      Vault:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-1
          KeyName: vault
          SubnetId: !Ref Private
          SecurityGroupIds: [!Ref VaultGroup]
    """,
}


@pytest.mark.parametrize("language", PARTS)
@pytest.mark.parametrize(
    ("towards", "inner", "expected"),
    [
        ("10.0.2.20/32", "10.0.1.0/24", []),
        ("10.0.2.0/24", "10.0.1.0/24", ["warning IAC410"]),
        ("10.0.2.20/32", "10.0.3.0/24", ["error IAC410"]),
        ("10.0.2.99/32", "10.0.1.0/24", ["error IAC410", "error IAC411"]),
    ],
)
def test_a_rule_out_to_an_address_is_for_whoever_has_it_and_one_to_a_subnet_for_some_of_it(
    tmp_path: Path, language: str, towards: str, inner: str, expected: list[str]
) -> None:
    text = Template(PARTS[language]).substitute(towards=towards, inner=inner)
    assert findings(tmp_path, language, text) == expected
