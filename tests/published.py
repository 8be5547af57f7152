"""A public network in each language, and what is said about a folder with it."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from iaclint import run
from iaclint.discover import discover
from iaclint.registry import load
from iaclint.resource import Inputs
from iaclint.source import Sources

CHECKS = tuple(load(plugins=False).checks)

NETWORK = """
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }

    resource "aws_internet_gateway" "gw" {
      vpc_id = aws_vpc.main.id
    }

    resource "aws_subnet" "public" {
      vpc_id     = aws_vpc.main.id
      cidr_block = "10.0.1.0/24"
    }

    resource "aws_route_table" "public" {
      vpc_id = aws_vpc.main.id
      route {
        cidr_block = "0.0.0.0/0"
        gateway_id = aws_internet_gateway.gw.id
      }
    }

    resource "aws_route_table_association" "public" {
      subnet_id      = aws_subnet.public.id
      route_table_id = aws_route_table.public.id
    }

    resource "aws_security_group" "ssh" {
      vpc_id = aws_vpc.main.id
      ingress {
        from_port   = 22
        to_port     = 22
        protocol    = "tcp"
        cidr_blocks = ["0.0.0.0/0"]
      }
      egress {
        from_port   = 0
        to_port     = 0
        protocol    = "-1"
        cidr_blocks = ["0.0.0.0/0"]
      }
    }
"""

TEMPLATE = """
    Resources:
      Vpc:
        Type: AWS::EC2::VPC
        Properties:
          CidrBlock: 10.0.0.0/16
      Gateway:
        Type: AWS::EC2::InternetGateway
      Attachment:
        Type: AWS::EC2::VPCGatewayAttachment
        Properties:
          VpcId: !Ref Vpc
          InternetGatewayId: !Ref Gateway
      Table:
        Type: AWS::EC2::RouteTable
        Properties:
          VpcId: !Ref Vpc
      Route:
        Type: AWS::EC2::Route
        DependsOn: Attachment
        Properties:
          RouteTableId: !Ref Table
          DestinationCidrBlock: 0.0.0.0/0
          GatewayId: !Ref Gateway
      Public:
        Type: AWS::EC2::Subnet
        Properties:
          VpcId: !Ref Vpc
          CidrBlock: 10.0.1.0/24
      Joined:
        Type: AWS::EC2::SubnetRouteTableAssociation
        Properties:
          SubnetId: !Ref Public
          RouteTableId: !Ref Table
"""

PRIVATE_WITH_ADDRESS = """
    resource "aws_subnet" "private" {
      vpc_id     = aws_vpc.main.id
      cidr_block = "10.0.2.0/24"
    }

    resource "aws_route_table" "private" {
      vpc_id = aws_vpc.main.id
    }

    resource "aws_route_table_association" "private" {
      subnet_id      = aws_subnet.private.id
      route_table_id = aws_route_table.private.id
    }

    resource "aws_instance" "inner" {
      ami                         = "ami-0123456789abcdef0"
      subnet_id                   = aws_subnet.private.id
      associate_public_ip_address = true
      key_name                    = "ops"
      vpc_security_group_ids      = [aws_security_group.ssh.id]
    }
"""

KEY_ONLY = """
    resource "aws_security_group" "game" {
      vpc_id = aws_vpc.main.id
      ingress {
        from_port   = 25565
        to_port     = 25565
        protocol    = "tcp"
        cidr_blocks = ["0.0.0.0/0"]
      }
      egress {
        from_port   = 0
        to_port     = 0
        protocol    = "-1"
        cidr_blocks = ["0.0.0.0/0"]
      }
    }

    resource "aws_instance" "game" {
      ami                         = "ami-0123456789abcdef0"
      subnet_id                   = aws_subnet.public.id
      associate_public_ip_address = true
      key_name                    = "ops"
      vpc_security_group_ids      = [aws_security_group.game.id]
      iam_instance_profile        = PROFILE
    }
"""

OPEN_HOST = """
      Open:
        Type: AWS::EC2::SecurityGroup
        Properties:
          GroupDescription: SSH
          VpcId: !Ref Vpc
          SecurityGroupIngress:
            - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}
      Host:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-0123456789abcdef0
          KeyName: ops
          NetworkInterfaces:
            - DeviceIndex: "0"
              SubnetId: !Ref Public
              AssociatePublicIpAddress: true
              GroupSet: [!Ref Open]
"""


def said(answer: run.Answer) -> list[str]:
    """Level and id of all warnings and errors."""
    return sorted(f"{f.level} {f.check}" for f in answer.findings if f.level >= 2)


def checked(folder: Path) -> run.Answer:
    """What is said about everything in a folder."""
    found = discover((folder,), (), folder)
    sources = Sources(base=folder)
    roots = run.load(found.directories, found.templates, sources, Inputs(cache=False))
    return run.answer(roots, CHECKS, [])


def terraform(folder: Path, *texts: str) -> run.Answer:
    """What is said about a configuration."""
    (folder / "main.tf").write_text("\n".join(dedent(text) for text in texts))
    return checked(folder)


def cloudformation(folder: Path, *texts: str) -> run.Answer:
    """What is said about a template."""
    (folder / "template.yaml").write_text("\n".join(dedent(text) for text in texts))
    return checked(folder)


def services(answer: run.Answer) -> set[str]:
    """The services that are expected of any instance."""
    return {j.flow.service.key for j in answer.judged if j.level is not None}
