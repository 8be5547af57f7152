"""Whatever stands in the files: an answer in time, never a traceback, never a secret."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from iaclint import cli, registry, run, scan
from iaclint.finding import Report
from iaclint.report import FORMATS, Context, write
from iaclint.resource import Resource, Root, World
from iaclint.scan import Request
from iaclint.source import Sources
from iaclint.value import ListValue, MapValue, Scalar, Unknown, Value
from tests.weird import AT, REASON, Weird, uniform

BASES = Path(__file__).parents[1] / "fixtures" / "base"
LANGUAGES = ("terraform", "cloudformation")
CHECKS = registry.load([])

Start = Callable[..., tuple[int, str]]


@pytest.fixture
def start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Start:
    """Runs iaclint in an empty directory; the exit code and all it says."""
    for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)

    def begin(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["iaclint", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, said.out + said.err

    return begin


# ---- values -----------------------------------------------------------------------------------

EVERYWHERE: dict[str, Value | None] = {
    "no attribute": None,
    "null": Scalar(None, AT),
    "unknown": Unknown(REASON, AT),
    "text": Scalar("x", AT),
    "number": Scalar(-1, AT),
    "truth": Scalar(True, AT),
    "block": Scalar("10.0.0.0/16", AT),
    "empty list": ListValue((), AT),
    "empty map": MapValue({}, AT),
    "list of nothing": ListValue((Scalar(None, AT), ListValue((), AT)), AT),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", EVERYWHERE)
def test_every_attribute_of_every_type_can_be_anything(name: str, language: str) -> None:
    """Resources of all types, all attributes the same value."""
    root = uniform("terraform" if language == "terraform" else "cloudformation", EVERYWHERE[name])
    run.answer([root], CHECKS.checks, ())


def survives(root: Root) -> None:
    """The engine answers, and every format can write the answer."""
    answer = run.answer([root], CHECKS.checks, ())
    report = Report(
        findings=tuple(answer.findings),
        flows=tuple(run.verdicts(answer.judged)),
        undecided=tuple(run.undecided(answer.judged)),
        summary=scan.summary(answer, answer.findings, 0),
    )
    for name in FORMATS:
        write(name, report, Context(Sources())).encode("utf-8", "backslashreplace")


@pytest.mark.parametrize("seed", range(60))
def test_a_world_of_random_resources_has_an_answer(seed: int) -> None:
    """Of random types, with random attributes, referring to each other and to themselves."""
    survives(Weird(seed, "terraform" if seed % 2 else "cloudformation").root(20 + seed % 30))


@cache
def base(language: str) -> Root:
    """The network that works."""
    (root,) = scan.roots(Request((BASES / language,), CHECKS), Sources())
    return root


class Mutation(Weird):
    """A few random changes to the resources of a root that works."""

    def of(self, root: Root) -> Root:
        """The changed root."""
        resources = list(root.worlds[0].resources)
        self.addresses = [one.address for one in resources]
        for number in range(self.random.randrange(1, 5)):
            self._change(resources, number)
        world = World(tuple(resources), root.worlds[0].outputs)
        return replace(root, worlds=(world,))

    def _change(self, resources: list[Resource], number: int) -> None:
        place = self.random.randrange(len(resources))
        one = resources[place]
        match self.random.randrange(10):
            case 0:
                del resources[place]
            case 1:
                resources.append(replace(one, address=f"{one.address}{number}x"))
            case 2:
                kind = self.random.choice(self.kinds)
                new = replace(one, kind=kind, attributes=self.attributes(kind))
                resources.append(replace(new, address=f"aws_x.new{number}"))
            case 3:
                resources[place] = replace(one, mode="data" if one.mode != "data" else "managed")
            case 4:
                resources[place] = replace(one, maybe=Unknown(REASON, AT))
            case _:
                changed = self.inside(MapValue(one.attributes, one.span))
                if isinstance(changed, MapValue):
                    resources[place] = replace(one, attributes=changed.items)

    def inside(self, value: Value) -> Value:
        """The value with one thing in it replaced, however deep."""
        if isinstance(value, MapValue) and value.items and self.random.random() < 0.9:
            key = self.random.choice(sorted(value.items))
            return replace(value, items={**value.items, key: self.inside(value.items[key])})
        if isinstance(value, ListValue) and value.items and self.random.random() < 0.8:
            items = list(value.items)
            place = self.random.randrange(len(items))
            items[place] = self.inside(items[place])
            return replace(value, items=tuple(items))
        return self.value()


def mutation(seed: int) -> Root:
    """The base network of one of the languages, with changes."""
    language = LANGUAGES[seed % 2]
    return Mutation(seed, base(language).language).of(base(language))


@pytest.mark.parametrize("seed", range(60))
def test_the_base_network_with_random_changes_has_an_answer(seed: int) -> None:
    """What almost works reaches every part of the engine."""
    survives(mutation(seed))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 2100, 100))
def test_many_random_changes(seed: int) -> None:
    """The same, two thousand times, and random worlds too."""
    for one in range(seed, seed + 100):
        survives(mutation(one))
        survives(Weird(one, "terraform" if one % 2 else "cloudformation").root(40))


# ---- files ------------------------------------------------------------------------------------

INSTANCE = 'resource "aws_instance" "a" {\n  ami = "ami-1"\n  %s\n}\n'
DOUBLING = "\n".join(f"a{n} = [local.a{n - 1}, local.a{n - 1}]" for n in range(1, 50))
TERRAFORM = {
    "count": INSTANCE % "count = 1e9",
    "negative count": INSTANCE % "count = -1",
    "count of null": INSTANCE % "count = null",
    "division by nothing": INSTANCE % "count = 0 / 0",
    "range": INSTANCE % "count = length(range(10000000))",
    "doubling": f'locals {{\na0 = "x"\n{DOUBLING}\n}}\n'
    + INSTANCE % "user_data = jsonencode(local.a49)",
    "cyclic locals": "locals {\n a = local.b\n b = local.a\n}\n" + INSTANCE % "user_data = local.a",
    "a module of itself": 'module "m" {\n  source = "./"\n}\n' + INSTANCE % "",
    "brackets": f"locals {{ a = {'[' * 9000}1{']' * 9000} }}\n" + INSTANCE % "user_data = local.a",
    "members": f"locals {{ a = local.b{'[0]' * 9000} }}\n" + INSTANCE % "user_data = local.a",
    "negations": f"locals {{ a = {'!' * 9000}true }}\n" + INSTANCE % "user_data = local.a",
    "digits": f"locals {{ a = 1{'0' * 90000} }}\n" + INSTANCE % "user_data = local.a",
    "a huge power": "locals { a = pow(10, 1e9) }\n" + INSTANCE % "user_data = local.a",
    "a huge width": INSTANCE % 'user_data = format("%999999999d", 1)',
    "a slow pattern": INSTANCE % f'user_data = regex("(a+)+$", "{"a" * 40}b")',
    "values for blocks": 'resource "aws_security_group" "a" {\n  ingress = true\n'
    "  egress = [1, null]\n}\n"
    + INSTANCE % "network_interface = 5",
    "text without an end": INSTANCE % 'user_data = "x',
    "a heredoc without an end": INSTANCE % "user_data = <<EOT",
    "carriage returns": (INSTANCE % "").replace("\n", "\r"),
    "many characters": "# " + "x" * 3_000_000,
}  # fmt: skip
HEAD = 'AWSTemplateFormatVersion: "2010-09-09"\n'
WEB = "Resources:\n  W: {Type: AWS::EC2::Instance, Properties: {%s}}\n"
BOMB = "".join(f"  b{n}: &b{n} [{', '.join([f'*b{n - 1}'] * 9)}]\n" for n in range(1, 12))
TEMPLATES = {
    "aliases": f"{HEAD}Metadata:\n  b0: &b0 [x]\n{BOMB}" + WEB % "Tags: *b11",
    "an alias in itself": HEAD + "Resources: &r\n  W: {Type: AWS::EC2::Instance, Metadata: *r}\n",
    "depth": HEAD + WEB % f"Tags: {'[' * 3000}{']' * 3000}",
    "cyclic conditions": HEAD
    + "Conditions: {A: !Not [Condition: B], B: !Not [Condition: A]}\n"
    + WEB % "SubnetId: !If [A, x, y]",
    "a stack of itself": HEAD
    + "Resources:\n  N: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: t.yaml}}\n",
    "wrong sections": HEAD + "Resources: [1]\nParameters: x\nMappings: 5\nOutputs: true\n",
    "wrong resources": HEAD + "Resources: {A: 5, B: null, C: [1], D: {Type: 5}, E: {Type: x}}\n",
    "a program": HEAD + WEB % 'A: !!python/object/apply:os.system ["false"]',
    "tabs": HEAD + "Resources:\n\tW: {Type: AWS::EC2::Instance}\n",
    "many blocks": HEAD + WEB % 'Tags: !Cidr ["10.0.0.0/8", 100000000, 1]',
    "its own reference": HEAD + WEB % "SubnetId: !Ref W, KeyName: !GetAtt W.W",
}


@pytest.mark.parametrize("name", [*TERRAFORM, *TEMPLATES])
def test_hostile_files_end_in_a_finding(name: str, start: Start, tmp_path: Path) -> None:
    """Exit code 0 or 1, and no traceback."""
    template = name in TEMPLATES
    text = TEMPLATES[name] if template else TERRAFORM[name]
    (tmp_path / ("t.yaml" if template else "main.tf")).write_text(text, "utf-8", newline="")
    code, said = start("--no-cache", "-o", "json")
    assert code in (0, 1), said
    assert "mistake in iaclint" not in said


@pytest.mark.parametrize(
    "raw", [b"\x00\xff\xfe" * 99, (INSTANCE % "").encode("utf-16"), b'a = "\xe9"', b"\0"]
)
def test_what_is_no_text_is_a_finding(raw: bytes, start: Start, tmp_path: Path) -> None:
    """Binary files, UTF-16, Latin-1: named with their place."""
    (tmp_path / "main.tf").write_bytes(raw)
    code, said = start("-o", "concise")
    assert code == 1 and "main.tf:1:" in said and "IAC001" in said


@pytest.mark.parametrize("change", [("}}}", "}}"), ('"A"', ":"), ('"A"', "}"), ('"A"', "?")])
def test_a_damaged_json_template_is_a_finding(
    change: tuple[str, str], start: Start, tmp_path: Path
) -> None:
    """With the place where it is wrong."""
    whole = '{"Resources": {"W": {"Type": "AWS::EC2::Instance", "Properties": {"K": "A"}}}}'
    (tmp_path / "t.json").write_text(whole.replace(*change), "utf-8")
    code, said = start("-o", "concise")
    assert code == 1 and "t.json:1:" in said and "IAC001" in said


def test_a_damaged_plan_is_a_finding(start: Start, tmp_path: Path) -> None:
    """With its place; what is beside it is checked."""
    head = '{"format_version": "1.2", "terraform_version": "1.9", "planned_values": '
    (tmp_path / "plan.json").write_text(head + '{"root_module":' * 9000, "utf-8")
    (tmp_path / "main.tf").write_text(INSTANCE % "", "utf-8")
    code, said = start("-o", "concise")
    assert code == 1 and "plan.json:1:1: error[IAC001]" in said


def test_byte_order_mark_and_windows_line_ends_are_read(start: Start, tmp_path: Path) -> None:
    """As any editor on Windows writes them."""
    text = INSTANCE % "instance_type = var.gone"
    (tmp_path / "main.tf").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    code, said = start("-o", "json")
    assert json.loads(said)["summary"]["instances"] == 1
    assert code == 0


def test_links_in_circles_end(start: Start, tmp_path: Path) -> None:
    """A directory that contains itself, a link to nothing, a link to itself."""
    (tmp_path / "main.tf").write_text(INSTANCE % "", "utf-8")
    try:
        (tmp_path / "sub").symlink_to(tmp_path)
        (tmp_path / "gone.tf").symlink_to(tmp_path / "nothing")
        (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    except OSError as error:
        pytest.skip(f"links cannot be made here: {error}")
    code, said = start("-o", "concise")
    assert code in (0, 1) and "mistake" not in said


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything"
)
def test_a_file_that_may_not_be_read_is_a_finding(start: Start, tmp_path: Path) -> None:
    """Named, and the rest is checked."""
    (tmp_path / "main.tf").write_text(INSTANCE % "", "utf-8")
    (tmp_path / "other.tf").touch(0)
    code, said = start("-o", "concise")
    assert code == 1 and "other.tf:1:" in said


@pytest.mark.parametrize("text", ["a = " + "[" * 5000, "\xff", "[[expect]]\nfrom = []", "a = 1\n["])
def test_hostile_settings_are_refused(text: str, start: Start, tmp_path: Path) -> None:
    """Exit code 2 and a sentence."""
    (tmp_path / "main.tf").write_text(INSTANCE % "", "utf-8")
    (tmp_path / ".iaclint.toml").write_text(text, "latin-1")
    code, said = start()
    assert code == 2 and ".iaclint.toml:" in said and "mistake" not in said


# ---- secrets ----------------------------------------------------------------------------------

SECRET_TERRAFORM = """
variable "s" {
  default   = "TOPSECRETdefault"
  sensitive = true
}
variable "given" { sensitive = true }
variable "file" { sensitive = true }
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_security_group" "g" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port   = var.given
    to_port     = 22
    protocol    = var.s
    cidr_blocks = [var.file, sensitive("TOPSECRETliteral")]
  }
}
resource "aws_key_pair" "k" {
  key_name   = "k"
  public_key = file("id_rsa")
}
resource "aws_instance" "a" {
  ami                    = "ami-1"
  subnet_id              = var.s
  user_data              = cidrsubnet(var.s, 8, 1)
  key_name               = aws_key_pair.k.key_name
  private_ip             = "${upper(var.s)}x"
  tags                   = { Name = lookup({}, var.s) }
  vpc_security_group_ids = [aws_security_group.g.id]
  provisioner "remote-exec" {
    connection {
      host        = var.s
      port        = var.s
      type        = var.given
      private_key = "-----BEGIN RSA PRIVATE KEY-----\\nTOPSECRETinline\\n-----END RSA PRIVATE KEY-----"
    }
  }
}
output "ssh" { value = "ssh ${var.s}@${aws_instance.a.public_ip}" }
"""  # noqa: E501
SECRET_TEMPLATE = """
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Default: {Type: String, NoEcho: true, Default: TOPSECRETdefault}
  Given: {Type: String, NoEcho: "true"}
Mappings: {M: {a: {b: c}}}
Resources:
  G:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: !Ref Default
      SecurityGroupIngress:
        - {IpProtocol: !Ref Default, FromPort: !Ref Given, ToPort: 22, CidrIp: !Ref Default}
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !Sub "${Given}/32"}
  W:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: !FindInMap [M, !Ref Default, b]
      KeyName: !Ref Given
      SecurityGroupIds: [!Ref G]
      SubnetId: !Select [!Ref Default, [a]]
      PrivateIpAddress: !Cidr [!Ref Given, 1, 1]
"""
KEY = "-----BEGIN RSA PRIVATE KEY-----\nTOPSECRETfile\n-----END RSA PRIVATE KEY-----\n"


@pytest.fixture(params=LANGUAGES)
def secretive(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, ...]:
    """A root full of secrets, each in a place where something is wrong; the options it takes."""
    if request.param == "cloudformation":
        (tmp_path / "t.yaml").write_text(SECRET_TEMPLATE, "utf-8")
        return ("--parameter", "Given=TOPSECRETgiven")
    (tmp_path / "main.tf").write_text(SECRET_TERRAFORM, "utf-8")
    (tmp_path / "terraform.tfvars").write_text('file = "TOPSECRETtfvars"\n', "utf-8")
    (tmp_path / "id_rsa").write_text(KEY, "utf-8")
    return ("--var", "given=TOPSECRETgiven")


@pytest.mark.parametrize("output", FORMATS)
def test_no_format_shows_a_secret(output: str, start: Start, secretive: tuple[str, ...]) -> None:
    """Neither in messages nor in excerpts of the source."""
    _, said = start("-o", output, "-vv", *secretive)
    assert "sensitive" in said or "***" in said
    assert "secret" not in said.lower(), said


@pytest.mark.parametrize(
    "words", ["graph -o json", "graph -o html", "graph", "path internet * -v", "path internet gone"]
)
def test_no_command_shows_a_secret(words: str, start: Start, secretive: tuple[str, ...]) -> None:
    """Pictures and single questions neither."""
    where = (".",) if words.startswith("path") else ()
    assert "secret" not in start(*words.split(), *where, *secretive)[1].lower()


@pytest.mark.parametrize("expression", ["var.s", 'file("id_rsa")', "tonumber(var.s)"])
def test_eval_keeps_secrets(expression: str, start: Start, tmp_path: Path) -> None:
    """Neither values of sensitive variables nor what is in a key file."""
    (tmp_path / "main.tf").write_text(SECRET_TERRAFORM, "utf-8")
    (tmp_path / "id_rsa").write_text(KEY, "utf-8")
    assert "TOPSECRET" not in start("eval", ".", expression)[1]


LOOKED_UP = """
data "aws_lb" "l" { name = "l" }
data "aws_lb_target_group" "g" { name = "g" }
resource "aws_lb_listener" "x" {
  load_balancer_arn = data.aws_lb.l.arn
  port              = 22
  protocol          = "TCP"
  default_action {
    type             = "forward"
    target_group_arn = data.aws_lb_target_group.g.arn
  }
}
resource "aws_lb" "m" { load_balancer_type = "network" }
resource "aws_lb_listener" "y" {
  load_balancer_arn = aws_lb.m.arn
  port              = 22
  protocol          = "TCP"
  default_action {
    type             = "forward"
    target_group_arn = data.aws_lb_target_group.g.arn
  }
}
resource "aws_lb_target_group_attachment" "a" {
  target_group_arn = data.aws_lb_target_group.g.arn
  target_id        = "1e9"
}
"""
NO_BLOCKS = """
resource "aws_vpc" "v" { cidr_block = "2001:db8::/56" }
resource "aws_subnet" "s" {
  vpc_id          = aws_vpc.v.id
  cidr_block      = "2001:db8::/64"
  ipv6_cidr_block = "10.0.0.0/24"
}
resource "aws_security_group" "g" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "1e400"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""


@pytest.mark.parametrize("text", [LOOKED_UP, NO_BLOCKS])
def test_what_is_looked_up_or_of_the_other_family_is_survived(
    text: str, start: Start, tmp_path: Path
) -> None:
    """Found by the random worlds: balancers made elsewhere, IPv6 where IPv4 belongs."""
    (tmp_path / "main.tf").write_text(text + INSTANCE % "key_name = 1e400", "utf-8")
    code, said = start("-o", "concise")
    assert code in (0, 1) and "mistake" not in said
