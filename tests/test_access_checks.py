"""Keys, users and connections: what is reported, and what is left alone."""

from __future__ import annotations

import base64
from pathlib import Path
from textwrap import dedent, indent

import pytest

from iaclint import scan
from iaclint.aws.image import by_name, parameter
from iaclint.aws.keys import Fault, PublicKey, private_key, public_key
from iaclint.check import Check
from iaclint.finding import Finding
from iaclint.registry import Registry, load
from iaclint.source import Sources

ACCESS = [check for check in load(plugins=False).checks if check.id.startswith("IAC6")]


def findings(directory: Path, checks: list[Check]) -> list[Finding]:
    """What the checks say about the files of a directory."""
    registry = Registry(tuple(checks))
    return list(scan.check(scan.Request((directory,), registry), Sources()).findings)


def terraform(tmp_path: Path, text: str) -> list[str]:
    """The ids and levels that the access checks give for a configuration of its own."""
    (tmp_path / "main.tf").write_text(dedent(text), encoding="utf-8")
    return sorted({f"{found.level} {found.check}" for found in findings(tmp_path, ACCESS)})


UBUNTU = """
data "aws_ami" "ubuntu" {
  owners = ["099720109477"]
  filter {
    name   = "name"
    values = ["ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-*"]
  }
}
"""


def instance(inside: str, rest: str = "") -> str:
    """An Ubuntu instance with a key pair, and what is put into it."""
    return (
        f'{UBUNTU}\nresource "aws_instance" "web" {{\n  ami = data.aws_ami.ubuntu.id\n'
        f'  key_name = "operations"\n{indent(dedent(inside), "  ")}\n}}\n{dedent(rest)}'
    )


@pytest.mark.parametrize("arguments", ['user = "ubuntu"\nagent = false', 'user = "root"'])
def test_a_connection_block_of_several_instances_is_one_finding(
    tmp_path: Path, arguments: str
) -> None:
    block = f'connection {{\n{arguments}\n}}\nprovisioner "remote-exec" {{\n  inline = []\n}}'
    (tmp_path / "main.tf").write_text(instance("count = 3\n" + block), encoding="utf-8")
    found = [(each.check, each.primary.span) for each in findings(tmp_path, ACCESS)]
    assert len(found) == len(set(found)) > 0


# ---- users -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("user", "level"),
    [("ubuntu", None), ("ec2-user", "error"), ("root", "warning"), ("admin", "error")],
)
def test_the_user_of_a_connection_is_held_against_the_image(
    tmp_path: Path, user: str, level: str | None
) -> None:
    text = instance(f"""
        connection {{
          host        = self.public_ip
          user        = "{user}"
          private_key = file("~/.ssh/id_rsa")
        }}
        provisioner "remote-exec" {{ inline = ["uptime"] }}
    """)
    assert terraform(tmp_path, text) == ([f"{level} IAC611"] if level else [])


def test_the_fix_of_a_wrong_user_is_the_user_of_the_image(tmp_path: Path) -> None:
    text = instance("""
        connection {
          host        = self.public_ip
          user        = "ec2-user"
          private_key = file("~/.ssh/id_rsa")
        }
        provisioner "remote-exec" { inline = ["uptime"] }
    """)
    (tmp_path / "main.tf").write_text(text, encoding="utf-8")
    (found,) = findings(tmp_path, ACCESS)
    assert found.fix is not None and found.fix.safe
    edit = found.fix.edits[0]
    line = text.split("\n")[edit.span.line - 1]
    assert line[edit.span.column - 1 : edit.span.end_column - 1] == '"ec2-user"'
    assert edit.text == '"ubuntu"'


@pytest.mark.parametrize(
    "rest",
    [
        'output "a" { value = "ssh -i k.pem ec2-user@${aws_instance.web.public_ip}" }',
        'output "a" { value = { login = "ssh ec2-user@${aws_instance.web.public_dns}" } }',
        """
        resource "aws_eip" "web" { instance = aws_instance.web.id }
        output "a" { value = "ssh ec2-user@${aws_eip.web.public_ip}" }
        """,
        """
        resource "null_resource" "setup" {
          provisioner "local-exec" {
            command = "scp -i k.pem x ec2-user@${aws_instance.web.public_ip}:/tmp"
          }
        }
        """,
        """
        resource "null_resource" "setup" {
          provisioner "local-exec" {
            command = "ansible-playbook -i '${aws_instance.web.public_ip},' -u ec2-user site.yml"
          }
        }
        """,
        """
        resource "local_file" "inventory" {
          filename = "hosts"
          content  = "web ansible_host=${aws_instance.web.public_ip} ansible_user=ec2-user"
        }
        """,
    ],
)
def test_commands_that_name_another_user_than_the_image_has_are_found(
    tmp_path: Path, rest: str
) -> None:
    assert terraform(tmp_path, instance("", rest)) == ["error IAC611"]


@pytest.mark.parametrize(
    "rest",
    [
        'output "a" { value = "ssh -i k.pem ubuntu@${aws_instance.web.public_ip}" }',
        'output "a" { value = "postgres://admin:pw@${aws_instance.web.private_ip}/db" }',
        'output "a" { value = "https://admin@${aws_instance.web.public_ip}/" }',
        'output "a" { value = "ssh <user>@${aws_instance.web.public_ip}" }',
        'output "a" { value = aws_instance.web.public_ip }',
        'output "a" { value = "see ops@example.com about ${aws_instance.web.public_ip}" }',
        """
        variable "user" {}
        output "a" { value = "ssh ${var.user}@${aws_instance.web.public_ip}" }
        """,
    ],
)
def test_texts_that_say_nothing_wrong_about_users_are_left_alone(tmp_path: Path, rest: str) -> None:
    assert terraform(tmp_path, instance("", rest)) == []


def test_users_that_user_data_creates_may_log_in(tmp_path: Path) -> None:
    for user_data in (
        "#cloud-config\nusers:\n  - default\n  - name: deploy\n    ssh_import_id: [gh:deploy]",
        "#!/bin/bash\nadduser --disabled-password deploy",
        "#!/bin/sh\nuseradd ${var.who}",
    ):
        text = instance(
            "user_data = <<-EOT\n" + indent(user_data, "    ") + "\n  EOT",
            """
            variable "who" {}
            output "a" { value = "ssh deploy@${aws_instance.web.public_ip}" }
            """,
        )
        assert terraform(tmp_path, text) == [], user_data


def test_the_bastion_takes_the_user_of_the_target_when_none_is_given(tmp_path: Path) -> None:
    rest = """
    resource "aws_instance" "inner" {
      ami      = "ami-12345678"
      key_name = "operations"
      connection {
        host         = self.private_ip
        bastion_host = aws_instance.web.public_ip
        user         = "centos"
        private_key  = file("~/.ssh/id_rsa")
        %s
      }
      provisioner "remote-exec" { inline = ["uptime"] }
    }
    """
    assert terraform(tmp_path, instance("", rest % "")) == ["error IAC611"]
    assert terraform(tmp_path, instance("", rest % 'bastion_user = "ubuntu"')) == []


# ---- images ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-*", "Ubuntu"),
        ("*ubuntu-focal-20.04-amd64-server-*", "Ubuntu"),
        ("al2023-ami-2023*", "Amazon Linux"),
        ("amzn2-ami-hvm-*-x86_64-gp2", "Amazon Linux"),
        ("debian-12-amd64-*", "Debian"),
        ("RHEL-9*_HVM-*", "Red Hat Enterprise Linux"),
        ("Rocky-9-EC2-*", "Rocky Linux"),
        ("Windows_Server-2022-English-Full-Base-*", "Windows Server"),
        ("Deep Learning AMI (Ubuntu 22.04) *", "Ubuntu"),
        ("company-golden-ubuntu-*", None),
        ("bottlerocket-aws-k8s-*", None),
        ("*", None),
    ],
)
def test_an_image_is_recognised_by_the_name_it_is_looked_up_with(
    name: str, family: str | None
) -> None:
    found = by_name(name)
    assert (found.title if found else None) == family


def test_public_parameters_tell_the_family() -> None:
    ubuntu = parameter("{{resolve:ssm:/aws/service/canonical/ubuntu/server/24.04/stable}}")
    assert ubuntu is not None and ubuntu.users == ("ubuntu",)
    assert parameter("/aws/service/bottlerocket/aws-k8s-1.30/x86_64/latest/image_id") is None
    assert parameter("/company/images/golden") is None


# ---- keys --------------------------------------------------------------------------------------


def field(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def rsa(bits: int) -> str:
    """A public key line of a size; the modulus is no product of primes, which nobody checks."""
    modulus = (1 << (bits - 1)) + 12345
    body = modulus.to_bytes(bits // 8 + 1, "big")
    blob = field(b"ssh-rsa") + field(b"\x01\x00\x01") + field(body)
    return f"ssh-rsa {base64.b64encode(blob).decode()} me@here"


def test_size_and_kind_of_a_public_key_are_read_from_its_line() -> None:
    found = public_key(rsa(3072))
    assert isinstance(found, PublicKey) and (found.kind, found.bits) == ("rsa", 3072)
    other = public_key(rsa(2048))
    assert isinstance(other, PublicKey) and other.digest != found.digest


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "empty"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----", "private"),
        ("-----BEGIN RSA PRIVATE KEY-----", "private"),
        ("PuTTY-User-Key-File-3: ssh-rsa", "private"),
        ("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "pem"),
        ("~/.ssh/id_rsa.pub", "path"),
        ("keys/operations.pub", "path"),
        ("ssh-rsa AAAAB3NzaC1... me", "placeholder"),
        ("ssh-rsa", "broken"),
        ("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAB me", "broken"),
        ("hello", "broken"),
        (rsa(2048) + "\n" + rsa(4096), "several"),
        (rsa(2048)[:60] + "\n" + rsa(2048)[60:], "several"),
    ],
)
def test_what_is_no_public_key_is_told_apart(text: str, kind: str) -> None:
    found = public_key(text)
    assert isinstance(found, Fault) and found.kind == kind


def test_private_key_files_are_told_apart_by_their_form() -> None:
    putty = private_key("PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\n")
    assert putty is not None and putty.format == "ppk" and not putty.encrypted
    old = private_key(
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n"
        "-----END RSA PRIVATE KEY-----"
    )
    assert old is not None and old.encrypted
    public = field(b"ssh-ed25519") + field(b"\x01" * 32)
    body = b"openssh-key-v1\0" + field(b"none") + field(b"none") + field(b"")
    body += (1).to_bytes(4, "big") + field(public) + field(b"\0" * 8)
    text = base64.b64encode(body).decode()
    found = private_key(
        f"-----BEGIN OPENSSH PRIVATE KEY-----\n{text}\n-----END OPENSSH PRIVATE KEY-----\n"
    )
    line = f"ssh-ed25519 {base64.b64encode(public).decode()}"
    half = public_key(line)
    assert found is not None and isinstance(half, PublicKey)
    assert (found.kind, found.format, found.digest) == ("ed25519", "openssh", half.digest)
    assert private_key("operations.pem") is None


def test_a_key_file_that_cannot_be_read_is_judged_by_its_name(tmp_path: Path) -> None:
    connection = """
        connection {
          host        = self.public_ip
          user        = "ubuntu"
          private_key = file(pathexpand("%s"))
        }
        provisioner "remote-exec" { inline = ["uptime"] }
    """
    assert terraform(tmp_path, instance(connection % "~/.ssh/operations.ppk")) == ["error IAC608"]
    assert terraform(tmp_path, instance(connection % "~/.ssh/operations.pem")) == []


def test_no_finding_prints_a_key(tmp_path: Path) -> None:
    secret = "MIIEpAIBAAKCAQEAsecretsecretsecret"
    text = f"""
    resource "aws_key_pair" "a" {{
      key_name   = "a"
      public_key = "-----BEGIN RSA PRIVATE KEY-----\\n{secret}\\n-----END RSA PRIVATE KEY-----"
    }}
    """
    (tmp_path / "main.tf").write_text(dedent(text), encoding="utf-8")
    (found,) = findings(tmp_path, ACCESS)
    assert found.check == "IAC605" and secret not in repr(found)


@pytest.mark.parametrize(
    ("mode", "loud"),
    [("0400", 0), ("600", 0), ("0700", 0), ("0500", 0), ("0640", 1), ("0604", 1), ("0755", 1)],
)
def test_modes_of_key_files_are_those_that_ssh_accepts(
    tmp_path: Path, mode: str, loud: int
) -> None:
    text = f"""
    resource "tls_private_key" "a" {{ algorithm = "RSA" }}
    resource "local_file" "a" {{
      filename        = "a.pem"
      content         = tls_private_key.a.private_key_pem
      file_permission = "{mode}"
    }}
    """
    assert len(terraform(tmp_path, text)) == loud


def test_files_that_hold_no_private_key_may_have_any_mode(tmp_path: Path) -> None:
    text = """
    resource "tls_private_key" "a" { algorithm = "RSA" }
    resource "local_file" "public" {
      filename = "a.pub"
      content  = tls_private_key.a.public_key_openssh
    }
    resource "local_file" "notes" {
      filename = "notes.txt"
      content  = "hello"
    }
    """
    assert terraform(tmp_path, text) == []


# ---- provisioners ------------------------------------------------------------------------------


def test_a_rule_that_waits_for_the_instance_is_never_there_for_its_provisioner(
    tmp_path: Path,
) -> None:
    text = instance(
        """
        vpc_security_group_ids = [aws_security_group.web.id]
        connection {
          host        = self.public_ip
          user        = "ubuntu"
          private_key = file("~/.ssh/id_rsa")
        }
        provisioner "remote-exec" { inline = ["uptime"] }
        """,
        """
        resource "aws_security_group" "web" {
          name = "web"
        }
        resource "aws_security_group_rule" "ssh" {
          type              = "ingress"
          security_group_id = aws_security_group.web.id
          protocol          = "tcp"
          from_port         = 22
          to_port           = 22
          cidr_blocks       = ["0.0.0.0/0"]
          description       = "for ${aws_instance.web.id}"
        }
        """,
    )
    assert terraform(tmp_path, text) == ["error IAC618"]


def test_references_through_modules_and_lists_count_as_order(tmp_path: Path) -> None:
    text = instance(
        """
        vpc_security_group_ids = [aws_security_group.web.id]
        depends_on             = [aws_security_group_rule.ssh]
        connection {
          host        = self.public_ip
          user        = "ubuntu"
          private_key = file("~/.ssh/id_rsa")
        }
        provisioner "remote-exec" { inline = ["uptime"] }
        """,
        """
        resource "aws_security_group" "web" {
          name = "web"
        }
        resource "aws_security_group_rule" "ssh" {
          count             = 1
          type              = "ingress"
          security_group_id = aws_security_group.web.id
          protocol          = "tcp"
          from_port         = 22
          to_port           = 22
          cidr_blocks       = ["0.0.0.0/0"]
        }
        """,
    )
    assert terraform(tmp_path, text) == []


# ---- CloudFormation ----------------------------------------------------------------------------


TEMPLATE = """
Parameters:
  Image:
    Type: AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>
    Default: {image}
Resources:
  Key:
    Type: AWS::EC2::KeyPair
    Properties:
      KeyName: operations
{key}
  Host:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: !Ref Image
{host}
Outputs:
  Login:
    Value: !Sub "{output}"
"""
AMAZON = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
WINDOWS = "/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base"


def template(
    tmp_path: Path,
    key: str = "KeyType: rsa",
    host: str = "KeyName: !Ref Key",
    output: str = "ssh -i operations.pem ec2-user@${Host.PublicIp}",
    image: str = AMAZON,
) -> list[str]:
    """The findings for a template in which one thing differs from one that works."""
    text = TEMPLATE.format(
        image=image, key=indent(key, " " * 6), host=indent(host, " " * 6), output=output
    )
    (tmp_path / "template.yaml").write_text(text, encoding="utf-8")
    return sorted({f"{f.level} {f.check}" for f in findings(tmp_path, ACCESS)})


def test_a_template_that_works_is_left_alone(tmp_path: Path) -> None:
    assert template(tmp_path) == []
    assert template(tmp_path, key="KeyType: ed25519") == []
    assert template(tmp_path, image=WINDOWS, output="${Host.PublicIp}") == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"host": "InstanceType: t3.micro"}, "error IAC601"),
        ({"key": "PublicKeyMaterial: ssh-dss AAAAB3NzaC1kc3MAAACBAP me"}, "error IAC602"),
        ({"key": "PublicKeyMaterial: ecdsa-sha2-nistp256 AAAA me"}, "warning IAC602"),
        (
            {"key": "KeyType: ed25519", "image": WINDOWS, "output": "${Host.PublicIp}"},
            "error IAC603",
        ),
        ({"key": f"PublicKeyMaterial: {rsa(8192)}"}, "warning IAC604"),
        ({"key": "PublicKeyMaterial: ~/.ssh/id_rsa.pub"}, "error IAC605"),
        ({"host": "KeyName: !GetAtt Key.KeyPairId"}, "error IAC606"),
        ({"host": "KeyName: operations.pem"}, "warning IAC606"),
        ({"key": "KeyFormat: ppk"}, "warning IAC608"),
        ({"output": "ssh -i operations.ppk ec2-user@${Host.PublicIp}"}, "warning IAC608"),
        ({"output": "ssh -i operations.pem ubuntu@${Host.PublicIp}"}, "error IAC611"),
    ],
)
def test_one_wrong_thing_in_a_template_gives_one_finding(
    tmp_path: Path, changes: dict[str, str], expected: str
) -> None:
    assert template(tmp_path, **changes) == [expected]


# ---- an instance without a key pair beside one that has it ---------------------------------------

LOGIN = """
connection {{
  host = self.public_ip
  user = "{user}"
}}
provisioner "remote-exec" {{
  inline = ["uptime"]
}}
"""


def launched(name: str, more: str, user: str = "ubuntu", image: str = "var.image") -> str:
    """An instance that Terraform logs in to with a key of an agent."""
    inside = f"ami = {image}\n{more}\n{LOGIN.format(user=user)}"
    return f'resource "aws_instance" "{name}" {{\n{inside}}}\n'


IMAGE = 'variable "image" { default = "ami-a0360bc3" }\nvariable "other" {}\n'
KEY = 'key_name = "ops"'
OWN_KEY = 'user_data = "#cloud-config\\nssh_authorized_keys:\\n  - ${file("ops.pub")}\\n"'
PUSH = """
provisioner "local-exec" {
  command = "aws ec2-instance-connect send-ssh-public-key --ssh-public-key file://ops.pub"
}
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (launched("a", KEY) + launched("b", ""), ["warning IAC601"]),
        (launched("a", KEY) + launched("b", KEY), []),
        (launched("a", "") + launched("b", ""), []),
        (launched("a", KEY) + launched("b", "", user="deploy"), []),
        (launched("a", KEY) + launched("b", "", image="var.other"), []),
        (launched("a", KEY) + launched("b", OWN_KEY), []),
        (launched("a", KEY) + launched("b", "user_data = var.other"), []),
        (launched("a", "", image="data.aws_ami.ubuntu.id"), ["error IAC601"]),
        (launched("a", PUSH, image="data.aws_ami.ubuntu.id"), []),
        (launched("a", "user_data = var.other", image="data.aws_ami.ubuntu.id"), []),
    ],
    ids=[
        *("one of two", "both of two", "none of two", "another user", "another image"),
        *("a key in user data", "user data that is not known", "an image of Canonical"),
        *("a key that is pushed", "user data that is not known, an image of Canonical"),
    ],
)
def test_who_has_no_key_pair_where_another_needs_one_for_the_same_login(
    tmp_path: Path, text: str, expected: list[str]
) -> None:
    """The image may have a key of its own: only that of a vendor surely has none."""
    assert [e for e in terraform(tmp_path, IMAGE + UBUNTU + text) if "IAC601" in e] == expected
