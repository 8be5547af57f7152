"""Session Manager, roles and load balancers: ways in beside the one of a key."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.published import KEY_ONLY, NETWORK, TEMPLATE, cloudformation, said, terraform

# ---- people who use Session Manager -------------------------------------------------------------


MANAGED = """
      Role:
        Type: AWS::IAM::Role
        Properties:
          AssumeRolePolicyDocument: {}
          ManagedPolicyArns: [arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore]
      Profile:
        Type: AWS::IAM::InstanceProfile
        Properties:
          Roles: [!Ref Role]
      Group:
        Type: AWS::EC2::SecurityGroup
        Properties:
          GroupDescription: a web page
          VpcId: !Ref Vpc
          SecurityGroupIngress:
            - {IpProtocol: tcp, FromPort: 8000, ToPort: 8000, CidrIp: 0.0.0.0/0}
      Host:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-0123456789abcdef0
          KeyName: ops
          IamInstanceProfile: !Ref Profile
          NetworkInterfaces:
            - DeviceIndex: "0"
              AssociatePublicIpAddress: true
              SubnetId: !Ref Public
              GroupSet: [!Ref Group]
    Outputs:
      Page:
        Value: !Sub "http://${Host.PublicIp}:8000"
"""


def test_a_key_that_session_manager_makes_needless_is_no_reason_for_a_finding(
    tmp_path: Path,
) -> None:
    """A web host with a key pair, no SSH rule, and a role for Session Manager: they use that."""
    assert said(cloudformation(tmp_path, TEMPLATE, MANAGED)) == []


CLOSED_BY_ACL = """
      Acl: {Type: AWS::EC2::NetworkAcl, Properties: {VpcId: !Ref Vpc}}
      Out:
        Type: AWS::EC2::NetworkAclEntry
        Properties: {NetworkAclId: !Ref Acl, RuleNumber: 1, Protocol: -1, Egress: true,
                     RuleAction: allow, CidrBlock: 0.0.0.0/0}
      Replies:
        Type: AWS::EC2::NetworkAclEntry
        Properties: {NetworkAclId: !Ref Acl, RuleNumber: 1, Protocol: 6, RuleAction: allow,
                     CidrBlock: 0.0.0.0/0, PortRange: {From: 1024, To: 65535}}
      OfAcl:
        Type: AWS::EC2::SubnetNetworkAclAssociation
        Properties: {SubnetId: !Ref Public, NetworkAclId: !Ref Acl}
"""


@pytest.mark.parametrize(
    ("policy", "level"),
    [
        ("AdministratorAccess", "error"),
        ("PowerUserAccess", "error"),
        ("AmazonSSMManagedInstanceCore", "warning"),
    ],
)
def test_a_role_that_may_do_everything_is_no_other_way_that_somebody_set_up(
    tmp_path: Path, policy: str, level: str
) -> None:
    """An address is asked for, a rule lets SSH in, and the ACL does not."""
    text = MANAGED.replace("AmazonSSMManagedInstanceCore", policy).replace("8000", "22")
    text = text.replace("    Outputs:", CLOSED_BY_ACL.strip("\n") + "\n    Outputs:")
    found = said(cloudformation(tmp_path, TEMPLATE, text))
    assert found == [f"{level} IAC301"]


def test_a_key_without_any_way_in_is_an_error(tmp_path: Path) -> None:
    """The same host without the role: the key opens nothing."""
    bare = MANAGED.replace("          IamInstanceProfile: !Ref Profile\n", "")
    assert said(cloudformation(tmp_path, TEMPLATE, bare)) == ["error IAC401"]


def test_an_output_with_the_command_says_that_ssh_is_meant(tmp_path: Path) -> None:
    """Who writes down `ssh user@…` does not mean Session Manager."""
    told = MANAGED.replace("http://${Host.PublicIp}:8000", "ssh ec2-user@${Host.PublicIp}")
    assert "warning IAC401" in said(cloudformation(tmp_path, TEMPLATE, told))


# ---- who else gets in, and who does not ---------------------------------------------------------


NAMED_ROLE = """
    resource "aws_iam_role" "game" {
      name               = "game"
      assume_role_policy = "{}"
    }

    resource "aws_iam_instance_profile" "game" {
      name = "game-profile"
      role = aws_iam_role.game.name
    }

    resource "aws_iam_role_policy_attachment" "game" {
      role       = aws_iam_role.game.name
      policy_arn = "arn:aws:iam::aws:policy/POLICY"
    }
"""


@pytest.mark.parametrize("profile", ["aws_iam_instance_profile.game.name", '"game-profile"'])
@pytest.mark.parametrize(
    ("policy", "expected"),
    [("AmazonSSMManagedInstanceCore", []), ("CloudWatchAgentServerPolicy", ["error IAC401"])],
)
def test_a_role_is_found_by_its_name(
    tmp_path: Path, profile: str, policy: str, expected: list[str]
) -> None:
    """A name that is written down is a plain string and refers to nothing any more."""
    host = KEY_ONLY.replace("PROFILE", profile)
    answer = terraform(tmp_path, NETWORK, host, NAMED_ROLE.replace("POLICY", policy))
    assert said(answer) == expected


def test_the_policy_of_another_role_opens_no_session(tmp_path: Path) -> None:
    """Two roles that are trusted by the same document share nothing else."""
    other = """
        data "aws_iam_policy_document" "trust" {
          statement { actions = ["sts:AssumeRole"] }
        }

        resource "aws_iam_role" "game" {
          name               = "game"
          assume_role_policy = data.aws_iam_policy_document.trust.json
        }

        resource "aws_iam_role" "other" {
          name                = "other"
          assume_role_policy  = data.aws_iam_policy_document.trust.json
          managed_policy_arns = ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"]
        }

        resource "aws_iam_instance_profile" "game" {
          name = "game-profile"
          role = aws_iam_role.game.name
        }
    """
    host = KEY_ONLY.replace("PROFILE", "aws_iam_instance_profile.game.name")
    assert said(terraform(tmp_path, NETWORK, host, other)) == ["error IAC401"]


def test_a_profile_made_elsewhere_may_open_a_session(tmp_path: Path) -> None:
    """Its name is all there is, so the key pair is a weak sign."""
    host = KEY_ONLY.replace("PROFILE", '"made-by-the-platform-team"')
    assert said(terraform(tmp_path, NETWORK, host)) == ["warning IAC401"]


ROLE = 'resource "aws_iam_role" "game" {\n  name = "game"\n  assume_role_policy = "{}"\n}\n'
PROFILE = 'resource "aws_iam_instance_profile" "game" {\n  name = "p"\n  role = WHOSE\n}\n'
GAME = "aws_iam_role.game.name"


def attached(policy: str) -> str:
    """A policy that the role gets by a resource of its own."""
    named = f"role = {GAME}\n  policy_arn = {policy}"
    return f'resource "aws_iam_role_policy_attachment" "game" {{\n  {named}\n}}\n'


def written(policy: str) -> str:
    """A policy in the role itself."""
    return f'resource "aws_iam_role_policy" "game" {{\n  role = {GAME}\n  policy = {policy}\n}}\n'


def document(actions: str) -> str:
    """A policy that is written as a data source."""
    return (
        f'data "aws_iam_policy_document" "d" {{\n  statement {{\n    actions = ["{actions}"]\n'
        '    resources = ["*"]\n  }\n}\n' + written("data.aws_iam_policy_document.d.json")
    )


PARAMETER = 'data "aws_ssm_parameter" "p" {\n  name = "/team/own"\n}\n'
ELSEWHERE = 'data "aws_iam_policy" "p" {\n  name = "sessions"\n}\n'
OF_AWS = 'data "aws_iam_policy" "p" {\n  arn = "arn:aws:iam::aws:policy/AmazonS3FullAccess"\n}\n'
OWN = 'resource "aws_iam_policy" "p" {\n  name = "own"\n  policy = "{}"\n}\n'
ALL = 'jsonencode({ Statement = [{ Effect = "Allow", Action = "%s", Resource = "*" }] })'
SILENT, UNSURE, SHUT = "", "warning IAC401", "error IAC401"


@pytest.mark.parametrize(
    ("whose", "more", "expected"),
    [
        ("data.aws_iam_role.r.name", 'data "aws_iam_role" "r" {\n  name = "r"\n}\n', UNSURE),
        ("data.aws_ssm_parameter.p.value", PARAMETER, UNSURE),
        ('"an-older-role"', "", UNSURE),
        (GAME, "", SHUT),
        (GAME, PARAMETER + attached("data.aws_ssm_parameter.p.value"), UNSURE),
        (GAME, attached('"arn:aws:iam::111122223333:policy/sessions"'), UNSURE),
        (GAME, attached('"arn:aws:iam::aws:policy/AmazonS3FullAccess"'), SHUT),
        (GAME, ELSEWHERE + attached("data.aws_iam_policy.p.arn"), UNSURE),
        (GAME, OF_AWS + attached("data.aws_iam_policy.p.arn"), SHUT),
        (GAME, OWN + attached("aws_iam_policy.p.arn"), SHUT),
        (GAME, OWN + attached('"arn:aws:iam::111122223333:policy/own"'), SHUT),
        (GAME, written(ALL % "*"), SILENT),
        (GAME, written(ALL % "s3:*"), SHUT),
        (GAME, document("*"), SILENT),
        (GAME, document("s3:*"), SHUT),
        (GAME, f'module "m" {{\n  source = "registry/some/thing"\n  role = {GAME}\n}}\n', UNSURE),
    ],
)
def test_what_a_role_may_do_is_known_where_its_policies_are_written(
    tmp_path: Path, whose: str, more: str, expected: str
) -> None:
    """A role or policy that is made elsewhere may allow Session Manager: a key is a weak sign."""
    host = KEY_ONLY.replace("PROFILE", "aws_iam_instance_profile.game.name")
    found = said(terraform(tmp_path, NETWORK, host, ROLE, PROFILE.replace("WHOSE", whose), more))
    assert found == [expected] * bool(expected)


def test_a_profile_that_is_looked_up_may_open_a_session(tmp_path: Path) -> None:
    """Nobody sees what it allows."""
    lookup = 'data "aws_iam_instance_profile" "p" {\n  name = "fleet"\n}\n'
    host = KEY_ONLY.replace("PROFILE", "data.aws_iam_instance_profile.p.name")
    assert said(terraform(tmp_path, NETWORK, host, lookup)) == ["warning IAC401"]


TEMPLATE_HOST = """
      Group:
        Type: AWS::EC2::SecurityGroup
        Properties:
          GroupDescription: a game
          VpcId: !Ref Vpc
          SecurityGroupIngress:
            - {IpProtocol: tcp, FromPort: 25565, ToPort: 25565, CidrIp: 0.0.0.0/0}
      Role:
        Type: AWS::IAM::Role
        Properties:
          AssumeRolePolicyDocument: {}
          ManagedPolicyArns:
            - !Sub arn:${AWS::Partition}:iam::aws:policy/POLICY
      Profile:
        Type: AWS::IAM::InstanceProfile
        Properties:
          InstanceProfileName: game
          Roles: [!Ref Role]
      Host:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-0123456789abcdef0
          KeyName: ops
          IamInstanceProfile: game
          NetworkInterfaces:
            - DeviceIndex: "0"
              SubnetId: !Ref Public
              AssociatePublicIpAddress: true
              GroupSet: [!Ref Group]
"""


@pytest.mark.parametrize(
    ("policy", "expected"),
    [("AmazonSSMManagedInstanceCore", []), ("ReadOnlyAccess", ["error IAC401"])],
)
def test_a_profile_is_found_by_its_name_in_a_template(
    tmp_path: Path, policy: str, expected: list[str]
) -> None:
    """`IamInstanceProfile` takes the name as it is."""
    answer = cloudformation(tmp_path, TEMPLATE + TEMPLATE_HOST.replace("POLICY", policy))
    assert said(answer) == expected


def test_a_key_on_what_others_are_routed_to_is_a_weak_sign(tmp_path: Path) -> None:
    """A NAT instance often carries the key of the account, and nobody logs in."""
    host = KEY_ONLY.replace(
        "iam_instance_profile        = PROFILE", "source_dest_check           = false"
    )
    route = """
        resource "aws_route_table" "inner" {
          vpc_id = aws_vpc.main.id
          route {
            cidr_block           = "0.0.0.0/0"
            network_interface_id = aws_instance.game.primary_network_interface_id
          }
        }
    """
    assert said(terraform(tmp_path, NETWORK, host)) == ["error IAC401"]
    assert said(terraform(tmp_path, NETWORK, host, route)) == ["warning IAC401"]


@pytest.mark.parametrize(
    ("balancers", "level"), [("[aws_elb.front.name]", "warning"), ("[]", "error")]
)
def test_a_key_on_a_group_behind_a_load_balancer_is_a_weak_sign(
    tmp_path: Path, balancers: str, level: str
) -> None:
    """Visitors come by the load balancer; of a group without one people know the addresses."""
    fleet = (
        KEY_ONLY[: KEY_ONLY.index('resource "aws_instance"')]
        + f"""
    resource "aws_launch_configuration" "game" {{
      name                        = "game"
          image_id                    = "ami-0123456789abcdef0"
      instance_type               = "t3.micro"
      associate_public_ip_address = true
      key_name                    = "ops"
      security_groups             = [aws_security_group.game.id]
    }}

    resource "aws_autoscaling_group" "game" {{
      min_size             = 1
      max_size             = 2
      vpc_zone_identifier  = [aws_subnet.public.id]
      launch_configuration = aws_launch_configuration.game.name
      load_balancers       = {balancers}
    }}

    resource "aws_elb" "front" {{
      name            = "front"
      subnets         = [aws_subnet.public.id]
      security_groups = [aws_security_group.game.id]
      listener {{
        instance_port     = 25565
        instance_protocol = "tcp"
        lb_port           = 25565
        lb_protocol       = "tcp"
      }}
    }}
    """
    )
    assert said(terraform(tmp_path, NETWORK, fleet)) == [f"{level} IAC401"]


# ---- IPv6 only ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("out", "expected"),
    [
        ("egress_only_gateway_id = aws_egress_only_internet_gateway.out.id", []),
        ("nat_gateway_id = aws_nat_gateway.out.id", ["warning IAC521"]),
    ],
)
def test_an_agent_may_call_by_ipv6(tmp_path: Path, out: str, expected: list[str]) -> None:
    """Session Manager has endpoints that speak it; a NAT gateway takes no IPv6 as it is."""
    answer = terraform(
        tmp_path,
        f"""
        resource "aws_vpc" "main" {{
          cidr_block                       = "10.0.0.0/16"
          assign_generated_ipv6_cidr_block = true
        }}

        resource "aws_egress_only_internet_gateway" "out" {{
          vpc_id = aws_vpc.main.id
        }}

        resource "aws_nat_gateway" "out" {{
          subnet_id         = aws_subnet.inner.id
          connectivity_type = "private"
        }}

        resource "aws_subnet" "inner" {{
          vpc_id                          = aws_vpc.main.id
          ipv6_cidr_block                 = cidrsubnet(aws_vpc.main.ipv6_cidr_block, 8, 1)
          ipv6_native                     = true
          assign_ipv6_address_on_creation = true
        }}

        resource "aws_route_table" "inner" {{
          vpc_id = aws_vpc.main.id
          route {{
            ipv6_cidr_block = "::/0"
            {out}
          }}
        }}

        resource "aws_route_table_association" "inner" {{
          subnet_id      = aws_subnet.inner.id
          route_table_id = aws_route_table.inner.id
        }}

        resource "aws_security_group" "inner" {{
          vpc_id = aws_vpc.main.id
          egress {{
            from_port        = 0
            to_port          = 0
            protocol         = "-1"
            ipv6_cidr_blocks = ["::/0"]
          }}
        }}

        resource "aws_instance" "inner" {{
          ami                    = "ami-0123456789abcdef0"
          subnet_id              = aws_subnet.inner.id
          vpc_security_group_ids = [aws_security_group.inner.id]
          iam_instance_profile   = aws_iam_instance_profile.game.name
        }}
        """,
        NAMED_ROLE.replace("POLICY", "AmazonSSMManagedInstanceCore"),
    )
    assert said(answer) == expected
