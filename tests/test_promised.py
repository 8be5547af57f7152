"""Doors that are there for others and lead nowhere, and commands that outputs promise to work."""

from __future__ import annotations

from pathlib import Path
from string import Template
from textwrap import dedent, indent

import pytest

from tests.published import NETWORK, TEMPLATE, cloudformation, said, terraform

HOSTS = {
    "terraform": """
        resource "aws_security_group" "bastion" {
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

        resource "aws_security_group" "balancer" {
          vpc_id = aws_vpc.main.id
        }

        resource "aws_lb" "web" {
          subnets         = [aws_subnet.public.id]
          security_groups = [aws_security_group.balancer.id]
        }

        resource "aws_security_group" "app" {
          vpc_id = aws_vpc.main.id
          ingress {
            description     = "$says"
            from_port       = 22
            to_port         = 22
            protocol        = "tcp"
            security_groups = [aws_security_group.$group.id]
          }
        }

        resource "aws_security_group" "bastions" {
          vpc_id = aws_vpc.main.id
        }

        resource "aws_security_group" "waiting" {
          vpc_id = aws_vpc.main.id
        }

        resource "aws_ssm_parameter" "trusted" {
          name  = "/network/trusted-group"
          type  = "String"
          value = aws_security_group.waiting.id
        }

        resource "aws_subnet" "private" {
          vpc_id     = aws_vpc.main.id
          cidr_block = "10.0.2.0/24"
        }

        resource "aws_instance" "bastion" {
          ami                         = "ami-1"
          instance_type               = "t3.nano"
          key_name                    = "operations"
          subnet_id                   = aws_subnet.public.id
          associate_public_ip_address = true
          vpc_security_group_ids      = [aws_security_group.bastion.id]
        }

        resource "aws_instance" "app" {
          ami                    = "ami-1"
          instance_type          = "t3.nano"
          key_name               = "operations"
          subnet_id              = aws_subnet.private.id
          vpc_security_group_ids = [aws_security_group.app.id]
        }
    """,
    "cloudformation": """
      BastionGroup:
        Type: AWS::EC2::SecurityGroup
        Properties:
          GroupDescription: bastion
          VpcId: !Ref Vpc
          SecurityGroupIngress:
            - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}
      BalancerGroup:
        Type: AWS::EC2::SecurityGroup
        Properties:
          GroupDescription: load balancer
          VpcId: !Ref Vpc
      Balancer:
        Type: AWS::ElasticLoadBalancingV2::LoadBalancer
        Properties:
          Subnets: [!Ref Public]
          SecurityGroups: [!Ref BalancerGroup]
      BastionsGroup:
        Type: AWS::EC2::SecurityGroup
        Properties:
          GroupDescription: what the bastion should have
          VpcId: !Ref Vpc
      WaitingGroup:
        Type: AWS::EC2::SecurityGroup
        Properties:
          GroupDescription: for hosts of other stacks
          VpcId: !Ref Vpc
      Trusted:
        Type: AWS::SSM::Parameter
        Properties: {Name: /network/trusted-group, Type: String, Value: !Ref WaitingGroup}
      AppGroup:
        Type: AWS::EC2::SecurityGroup
        Properties:
          GroupDescription: app
          VpcId: !Ref Vpc
          SecurityGroupIngress:
            - Description: $says
              IpProtocol: tcp
              FromPort: 22
              ToPort: 22
              SourceSecurityGroupId: !Ref ${group}Group
      Private:
        Type: AWS::EC2::Subnet
        Properties:
          VpcId: !Ref Vpc
          CidrBlock: 10.0.2.0/24
      Bastion:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-1
          KeyName: operations
          NetworkInterfaces:
            - DeviceIndex: "0"
              SubnetId: !Ref Public
              AssociatePublicIpAddress: true
              GroupSet: [!Ref BastionGroup]
      App:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-1
          KeyName: operations
          SubnetId: !Ref Private
          SecurityGroupIds: [!Ref AppGroup]
    """,
}
LANGUAGES = tuple(HOSTS)


def findings(folder: Path, language: str, *texts: str) -> list[str]:
    """What is said about a network with a public subnet and what is added to it."""
    if language == "terraform":
        return said(terraform(folder, NETWORK, *texts))
    inside = (dedent(text) if "Outputs:" in text else indent(dedent(text), "  ") for text in texts)
    return said(cloudformation(folder, "\n".join((dedent(TEMPLATE), *inside))))


def behind_bastion(folder: Path, language: str, says: str, group: str) -> list[str]:
    """What is said where an app lets a group in, by a rule with a description."""
    name = group if language == "terraform" else group.capitalize()
    text = Template(HOSTS[language]).substitute(says=says, group=name)
    return findings(folder, language, text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("says", "group"),
    [
        ("SSH from the bastion", "balancer"),
        ("SSH from the bastion", "waiting"),
        ("operations", "balancer"),
        ("operations", "bastions"),
    ],
)
def test_a_rule_for_the_bastion_that_does_not_let_it_in_is_an_error(
    tmp_path: Path, language: str, says: str, group: str
) -> None:
    assert behind_bastion(tmp_path, language, says, group) == ["error IAC410"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("says", "group"), [("SSH from the bastion", "bastion"), ("operations", "waiting")]
)
def test_a_rule_that_lets_it_in_or_waits_for_others_is_left_alone(
    tmp_path: Path, language: str, says: str, group: str
) -> None:
    """A group that nobody has yet, and of which others are told, may be given to their hosts."""
    assert behind_bastion(tmp_path, language, says, group) == []


# ---- an endpoint to log in by ----------------------------------------------------------------

ENDPOINT = {
    "terraform": """
        resource "aws_ec2_instance_connect_endpoint" "door" {
          subnet_id          = aws_subnet.public.id
          security_group_ids = [aws_security_group.door.id]
        }

        resource "aws_security_group" "door" {
          vpc_id = aws_vpc.main.id
          egress {
            from_port   = 22
            to_port     = 22
            protocol    = "tcp"
            cidr_blocks = ["10.0.0.0/16"]
          }
        }

        resource "aws_security_group" "host" {
          vpc_id = aws_vpc.main.id
          ingress {
            from_port       = $port
            to_port         = $port
            protocol        = "tcp"
            security_groups = [aws_security_group.door.id]
          }
        }

        resource "aws_instance" "host" {
          ami                    = "ami-1"
          instance_type          = "t3.nano"
          subnet_id              = aws_subnet.public.id
          source_dest_check      = $checks
          vpc_security_group_ids = [aws_security_group.host.id]
        }
    """,
    "cloudformation": """
      Door:
        Type: AWS::EC2::InstanceConnectEndpoint
        Properties:
          SubnetId: !Ref Public
          SecurityGroupIds: [!Ref DoorGroup]
      DoorGroup:
        Type: AWS::EC2::SecurityGroup
        Properties:
          GroupDescription: door
          VpcId: !Ref Vpc
          SecurityGroupEgress:
            - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 10.0.0.0/16}
      HostGroup:
        Type: AWS::EC2::SecurityGroup
        Properties:
          GroupDescription: host
          VpcId: !Ref Vpc
          SecurityGroupIngress:
            - IpProtocol: tcp
              FromPort: $port
              ToPort: $port
              SourceSecurityGroupId: !Ref DoorGroup
      Host:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-1
          SubnetId: !Ref Public
          SourceDestCheck: $checks
          SecurityGroupIds: [!Ref HostGroup]
    """,
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("port", "checks", "expected"),
    [(8080, "true", ["error IAC401"]), (22, "true", []), (8080, "false", [])],
)
def test_an_endpoint_from_which_no_instance_is_reached_is_an_error(
    tmp_path: Path, language: str, port: int, checks: str, expected: list[str]
) -> None:
    """A NAT instance is nobody's host: the endpoint is there for others."""
    text = Template(ENDPOINT[language]).substitute(port=port, checks=checks)
    assert findings(tmp_path, language, text) == expected


# ---- what outputs promise --------------------------------------------------------------------

PROMISES = {
    "terraform": """
        variable "key" {}

        resource "aws_security_group" "web" {
          vpc_id = aws_vpc.main.id
          ingress {
            from_port   = 22
            to_port     = 22
            protocol    = "tcp"
            cidr_blocks = ["0.0.0.0/0"]
          }
        }

        resource "aws_instance" "web" {
          ami                         = "ami-1"
          instance_type               = "t3.nano"
          $key
          subnet_id                   = aws_subnet.public.id
          associate_public_ip_address = true
          vpc_security_group_ids      = [aws_security_group.web.id]
        }

        output "told" {
          value = "$told"
        }
    """,
    "cloudformation": """
      Group:
        Type: AWS::EC2::SecurityGroup
        Properties:
          GroupDescription: web
          VpcId: !Ref Vpc
          SecurityGroupIngress:
            - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}
      Web:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-1
          $key
          NetworkInterfaces:
            - DeviceIndex: "0"
              SubnetId: !Ref Public
              AssociatePublicIpAddress: true
              GroupSet: [!Ref Group]
    Outputs:
      Told:
        Value: !Sub $told
    Parameters:
      Key:
        Type: AWS::EC2::KeyPair::KeyName
    """,
}
KEY = {"terraform": "key_name = var.key", "cloudformation": "KeyName: !Ref Key"}
WORDS = {
    "terraform": {"IP": "${aws_instance.web.public_ip}", "KEY": "${var.key}"},
    "cloudformation": {"IP": "${Web.PublicIp}", "KEY": "${Key}"},
}


def told(folder: Path, language: str, text: str, key: str) -> list[str]:
    """What is said where an output holds a text about a public web server."""
    for word, written in WORDS[language].items():
        text = text.replace(word, written)
    made = PROMISES[language].replace("$key", key).replace("$told", text)
    return findings(folder, language, made)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ping IP", ["error IAC401"]),
        ("ping -c 3 IP", ["error IAC401"]),
        ("curl http://IP/ping", []),
        ("to ping see IP", []),
    ],
)
def test_a_ping_command_in_an_output_says_that_ping_is_meant(
    tmp_path: Path, language: str, text: str, expected: list[str]
) -> None:
    assert told(tmp_path, language, text, KEY[language]) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_key_file_called_after_a_key_pair_needs_one_on_the_instance(
    tmp_path: Path, language: str
) -> None:
    """AWS calls the file that it hands out after the key pair."""
    assert told(tmp_path, language, "ssh -i KEY.pem ubuntu@IP", "") == ["error IAC601"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["KEY.pem", "~/.ssh/KEY.pem"])
def test_a_key_file_of_the_pair_that_the_instance_has_is_left_alone(
    tmp_path: Path, language: str, path: str
) -> None:
    assert told(tmp_path, language, f"ssh -i {path} ubuntu@IP", KEY[language]) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_key_file_of_another_name_may_belong_to_the_image(tmp_path: Path, language: str) -> None:
    assert told(tmp_path, language, "ssh -i image.pem ubuntu@IP", "") == []


# ---- clients behind an instance that forwards ------------------------------------------------

APPLIANCE = {
    "terraform": """
        resource "aws_subnet" "private" {
          vpc_id     = aws_vpc.main.id
          cidr_block = "10.0.2.0/24"
        }

        resource "aws_route_table" "private" {
          vpc_id = aws_vpc.main.id
          route {
            cidr_block           = "$to"
            network_interface_id = aws_instance.vpn.primary_network_interface_id
          }
        }

        resource "aws_route_table_association" "private" {
          subnet_id      = aws_subnet.private.id
          route_table_id = aws_route_table.private.id
        }

        resource "aws_security_group" "host" {
          vpc_id = aws_vpc.main.id
          ingress {
            from_port   = 22
            to_port     = 22
            protocol    = "tcp"
            cidr_blocks = ["172.20.0.0/16"]
          }
        }

        resource "aws_instance" "vpn" {
          ami               = "ami-1"
          instance_type     = "t3.nano"
          subnet_id         = aws_subnet.public.id
          source_dest_check = $checks
        }

        resource "aws_instance" "host" {
          ami                    = "ami-1"
          instance_type          = "t3.nano"
          key_name               = "operations"
          subnet_id              = aws_subnet.private.id
          vpc_security_group_ids = [aws_security_group.host.id]
        }
    """,
    "cloudformation": """
      Private:
        Type: AWS::EC2::Subnet
        Properties:
          VpcId: !Ref Vpc
          CidrBlock: 10.0.2.0/24
      PrivateTable:
        Type: AWS::EC2::RouteTable
        Properties:
          VpcId: !Ref Vpc
      ToClients:
        Type: AWS::EC2::Route
        Properties:
          RouteTableId: !Ref PrivateTable
          DestinationCidrBlock: $to
          InstanceId: !Ref Vpn
      PrivateJoined:
        Type: AWS::EC2::SubnetRouteTableAssociation
        Properties:
          SubnetId: !Ref Private
          RouteTableId: !Ref PrivateTable
      HostGroup:
        Type: AWS::EC2::SecurityGroup
        Properties:
          GroupDescription: host
          VpcId: !Ref Vpc
          SecurityGroupIngress:
            - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 172.20.0.0/16}
      Vpn:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-1
          SubnetId: !Ref Public
          SourceDestCheck: $checks
      Host:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-1
          KeyName: operations
          SubnetId: !Ref Private
          SecurityGroupIds: [!Ref HostGroup]
    """,
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("to", "checks", "expected"),
    [
        ("172.20.0.0/16", "true", ["error IAC511"]),
        ("172.20.0.0/16", "false", []),
        ("0.0.0.0/0", "true", ["error IAC511"]),
        ("0.0.0.0/0", "false", []),
    ],
)
def test_a_vpn_server_that_drops_the_packets_of_its_clients_is_an_error(
    tmp_path: Path, language: str, to: str, checks: str, expected: list[str]
) -> None:
    """What it passes on is up to its operating system; a NAT instance has to pass on as well."""
    text = Template(APPLIANCE[language]).substitute(to=to, checks=checks)
    assert findings(tmp_path, language, text) == expected


# ---- ICMPv6 that is no ping ------------------------------------------------------------------

DUAL = {
    "terraform": """
        resource "aws_vpc" "six" {
          cidr_block                       = "10.6.0.0/16"
          assign_generated_ipv6_cidr_block = true
        }

        resource "aws_egress_only_internet_gateway" "out" {
          vpc_id = aws_vpc.six.id
        }

        resource "aws_subnet" "six" {
          vpc_id                          = aws_vpc.six.id
          cidr_block                      = "10.6.1.0/24"
          ipv6_cidr_block                 = cidrsubnet(aws_vpc.six.ipv6_cidr_block, 8, 1)
          assign_ipv6_address_on_creation = true
        }

        resource "aws_route_table" "six" {
          vpc_id = aws_vpc.six.id
          route {
            ipv6_cidr_block        = "::/0"
            egress_only_gateway_id = aws_egress_only_internet_gateway.out.id
          }
        }

        resource "aws_route_table_association" "six" {
          subnet_id      = aws_subnet.six.id
          route_table_id = aws_route_table.six.id
        }

        resource "aws_security_group" "six" {
          vpc_id = aws_vpc.six.id
          ingress {
            description      = "$says"
            from_port        = $kind
            to_port          = -1
            protocol         = "icmpv6"
            ipv6_cidr_blocks = ["::/0"]
          }
        }

        resource "aws_instance" "six" {
          ami                    = "ami-1"
          instance_type          = "t3.nano"
          subnet_id              = aws_subnet.six.id
          vpc_security_group_ids = [aws_security_group.six.id]
        }
    """,
    "cloudformation": """
      Six:
        Type: AWS::EC2::VPC
        Properties:
          CidrBlock: 10.6.0.0/16
      SixBlock:
        Type: AWS::EC2::VPCCidrBlock
        Properties:
          VpcId: !Ref Six
          AmazonProvidedIpv6CidrBlock: true
      Out:
        Type: AWS::EC2::EgressOnlyInternetGateway
        Properties:
          VpcId: !Ref Six
      SixSubnet:
        Type: AWS::EC2::Subnet
        DependsOn: SixBlock
        Properties:
          VpcId: !Ref Six
          CidrBlock: 10.6.1.0/24
          AssignIpv6AddressOnCreation: true
          Ipv6CidrBlock: !Select [0, !Cidr [!Select [0, !GetAtt Six.Ipv6CidrBlocks], 2, 64]]
      SixTable:
        Type: AWS::EC2::RouteTable
        Properties:
          VpcId: !Ref Six
      SixOut:
        Type: AWS::EC2::Route
        Properties:
          RouteTableId: !Ref SixTable
          DestinationIpv6CidrBlock: ::/0
          EgressOnlyInternetGatewayId: !Ref Out
      SixJoined:
        Type: AWS::EC2::SubnetRouteTableAssociation
        Properties:
          SubnetId: !Ref SixSubnet
          RouteTableId: !Ref SixTable
      SixGroup:
        Type: AWS::EC2::SecurityGroup
        Properties:
          GroupDescription: six
          VpcId: !Ref Six
          SecurityGroupIngress:
            - Description: $says
              IpProtocol: icmpv6
              FromPort: $kind
              ToPort: -1
              CidrIpv6: ::/0
      SixHost:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-1
          SubnetId: !Ref SixSubnet
          SecurityGroupIds: [!Ref SixGroup]
    """,
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("says", "kind", "loud"), [("all", -1, False), ("for ping", -1, True), ("all", 128, True)]
)
def test_all_of_icmpv6_behind_an_egress_only_gateway_is_upkeep_and_no_ping(
    tmp_path: Path, language: str, says: str, kind: int, loud: bool
) -> None:
    text = Template(DUAL[language]).substitute(says=says, kind=kind)
    found = [each for each in findings(tmp_path, language, text) if each.startswith("error")]
    assert ("error IAC202" in found) is loud
    assert bool(found) is loud
