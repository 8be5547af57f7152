"""What real repositories do and small examples do not: the surprises a skeptic met, made small."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from iaclint import run
from iaclint.cloudformation import is_template
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


# ---- which system an instance has -----------------------------------------------------------


@pytest.mark.parametrize(("asked", "expected"), [("false", "ssh"), ("true", "rdp")])
def test_windows_is_who_asks_for_the_password_and_not_who_declines_it(
    tmp_path: Path, asked: str, expected: str
) -> None:
    """`get_password_data = "false"` spelled out says nothing about Windows."""
    answer = terraform(
        tmp_path,
        NETWORK.replace("from_port   = 22", "from_port   = 22").replace(
            "to_port     = 22", "to_port     = 3389"
        ),
        f"""
        resource "aws_instance" "host" {{
          ami                         = var.image
          subnet_id                   = aws_subnet.public.id
          associate_public_ip_address = true
          get_password_data           = "{asked}"
          key_name                    = "ops"
          vpc_security_group_ids      = [aws_security_group.ssh.id]
        }}
        variable "image" {{}}
        """,
    )
    assert expected in services(answer)
    assert ("rdp" in services(answer)) is (asked == "true")


def test_a_shell_script_that_writes_a_page_with_script_tags_is_no_powershell(
    tmp_path: Path,
) -> None:
    """User data that begins with #! is Linux, whatever HTML it carries."""
    answer = terraform(
        tmp_path,
        NETWORK,
        """
        resource "aws_instance" "host" {
          ami                         = "ami-0123456789abcdef0"
          subnet_id                   = aws_subnet.public.id
          associate_public_ip_address = true
          key_name                    = "ops"
          vpc_security_group_ids      = [aws_security_group.ssh.id]
          user_data                   = <<-EOT
            #!/bin/bash
            cat > /var/www/html/index.html <<PAGE
            <script>alert(1)</script>
            PAGE
          EOT
        }
        """,
    )
    assert services(answer) == {"ssh"}
    assert said(answer) == []


def test_user_data_with_powershell_tags_alone_is_windows(tmp_path: Path) -> None:
    """Without #! the tags decide."""
    answer = terraform(
        tmp_path,
        NETWORK,
        """
        resource "aws_instance" "host" {
          ami                         = "ami-0123456789abcdef0"
          subnet_id                   = aws_subnet.public.id
          associate_public_ip_address = true
          key_name                    = "ops"
          vpc_security_group_ids      = [aws_security_group.ssh.id]
          user_data                   = "<powershell>Get-Date</powershell>"
        }
        """,
    )
    assert "error IAC401" in said(answer)


# ---- which files are templates ---------------------------------------------------------------


@pytest.mark.parametrize("name", ["indented.yaml", "no-extension"])
def test_templates_in_odd_shape_are_found(tmp_path: Path, name: str) -> None:
    """A document indented as a whole, and a file without extension, are templates as well."""
    text = dedent(TEMPLATE)
    if name == "indented.yaml":
        text = "".join(f"  {line}\n" for line in text.strip().splitlines())
    else:
        text = 'AWSTemplateFormatVersion: "2010-09-09"\n' + text
    (tmp_path / name).write_text(text)
    assert [p.name for p in discover((tmp_path,)).templates] == [name]


def test_files_without_extension_are_read_only_for_the_version_line(tmp_path: Path) -> None:
    """A licence, a Makefile or a program is no template, even if it talks of resources."""
    (tmp_path / "LICENSE").write_text("Resources: all of them\nType: AWS::EC2::VPC\n")
    (tmp_path / "tool").write_bytes(b"\x7fELF\x00AWSTemplateFormatVersion\x00Resources")
    (tmp_path / "README").write_text("Begin with\n\n    AWSTemplateFormatVersion: 2010\n")
    assert not discover((tmp_path,)).templates


def test_nested_resources_make_no_template() -> None:
    """What is indented under another key is part of something else."""
    inner = "spec:\n  Resources:\n    A:\n      Type: AWS::EC2::VPC\n"
    assert not is_template("x.yaml", inner)
    assert is_template("x.yaml", "\n".join("  " + line for line in inner.splitlines()[1:])[2:])


# ---- what only holds under a condition -------------------------------------------------------


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


# ---- what is meant ---------------------------------------------------------------------------

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


# ---- Terraform as it was written before 0.12 -------------------------------------------------


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


# ---- said once -------------------------------------------------------------------------------


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


# ---- connections -----------------------------------------------------------------------------

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


# ---- people who use Session Manager ----------------------------------------------------------

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


def test_a_key_without_any_way_in_is_an_error(tmp_path: Path) -> None:
    """The same host without the role: the key opens nothing."""
    bare = MANAGED.replace("          IamInstanceProfile: !Ref Profile\n", "")
    assert said(cloudformation(tmp_path, TEMPLATE, bare)) == ["error IAC401"]


def test_an_output_with_the_command_says_that_ssh_is_meant(tmp_path: Path) -> None:
    """Who writes down `ssh user@…` does not mean Session Manager."""
    told = MANAGED.replace("http://${Host.PublicIp}:8000", "ssh ec2-user@${Host.PublicIp}")
    assert "warning IAC401" in said(cloudformation(tmp_path, TEMPLATE, told))


# ---- groups ----------------------------------------------------------------------------------


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


# ---- what a syntax error takes away ----------------------------------------------------------


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


# ---- who else gets in, and who does not ------------------------------------------------------

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


# ---- blocks that only look public ------------------------------------------------------------

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


# ---- what a program is given, it may change --------------------------------------------------

PROGRAM = """
      Swap:
        Type: Custom::MainTable
        Properties:
          ServiceToken: arn:aws:lambda:eu-west-1:111122223333:function:swap
          VpcId: !Ref Vpc
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


# ---- whose rule it is ------------------------------------------------------------------------


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


# ---- private without being called so ---------------------------------------------------------


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


# ---- user data in base64 ---------------------------------------------------------------------


def test_powershell_in_a_template_is_windows(tmp_path: Path) -> None:
    """`Fn::Base64` hides it from nobody."""
    host = (
        OPEN_HOST
        + """
          UserData:
            Fn::Base64:
              Fn::Join: ["", ["<powershell>\\n", "Get-Date\\n", "</powershell>\\n"]]
    """
    )
    assert said(cloudformation(tmp_path, TEMPLATE + host)) == ["error IAC401"]
    rdp = host.replace("FromPort: 22, ToPort: 22", "FromPort: 3389, ToPort: 3389")
    assert services(cloudformation(tmp_path, TEMPLATE + rdp)) == {"rdp"}


# ---- modules that are not there --------------------------------------------------------------


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


# ---- IPv6 only -------------------------------------------------------------------------------


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


# ---- templates of templates ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "variable", "expected"),
    [
        ("board.yaml.template", "${MESH_NAME}", False),
        ("board.yaml.template", "${MeshName}", True),
        ("board.template", "${MESH_NAME}", True),
        ("board.yaml", "${MESH_NAME}", True),
    ],
)
def test_what_envsubst_fills_in_is_no_template_yet(
    name: str, variable: str, expected: bool
) -> None:
    """A file from which another is made, with variables that no template can declare."""
    text = f"Resources:\n  A:\n    Type: AWS::EC2::VPC\n    Description: !Sub '{variable}'\n"
    assert is_template(name, text) is expected


# ---- what an ACL has instead -----------------------------------------------------------------


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
