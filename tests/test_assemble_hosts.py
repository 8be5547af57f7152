"""
Which documents the user data of a host is made of, and what cfn-init adds to them.
"""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

import pytest

from iaclint.assemble.build import Build
from iaclint.assemble.hosts import documents
from iaclint.assemble.index import Index
from iaclint.host.setup import Change
from iaclint.resource import Resource
from iaclint.value import Ref, Scalar, Unknown, Value
from tests.facts import bare, stack
from tests.parts import line
from tests.test_assemble_launches import HERE, HOST


def source(kind: str, name: str, attribute: str, text: str) -> Resource:
    """A data source with a text in it."""
    attributes: dict[str, Value] = {attribute: Scalar(text, line(3))}
    return Resource(kind, name, MappingProxyType(attributes), line(2), "terraform", mode="data")


def reference(address: str) -> Unknown:
    return Unknown("only known after apply", line(1), ref=Ref(address, "rendered"))


FILE = source("template_file", "data.template_file.f", "template", "#!/bin/sh\nid ${user}\n")
PAGE = source("template_page", "data.template_page.p", "template", "#!/bin/sh\nls\n")
BUILD = Build(Index((), (FILE, PAGE)))


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        (Scalar("#!/bin/sh\nls\n", line(1)), ["#!/bin/sh\nls\n"]),
        (reference("data.template_file.f"), ["#!/bin/sh\nid \ufffc\n"]),
        (reference("data.template_page.p"), []),
        (reference("data.template_file.gone"), []),
        (
            Unknown("either", line(1), choices=tuple(
                reference(f"data.template_file.{name}") for name in ("gone", "f"))),
            ["#!/bin/sh\nid \ufffc\n"],
        ),
        (
            Unknown("in part", line(1), parts=("#!/bin/sh\n", reference("data.template_file.f"))),
            ["#!/bin/sh\n\ufffc"],
        ),
        (None, []),
    ],
)  # fmt: skip
def test_user_data_is_a_text_or_what_a_template_renders(
    value: Value | None, texts: list[str]
) -> None:
    """A text that is known in part is one, and not what the missing piece is made of."""
    assert [each.text for each in documents(BUILD, value)] == texts


@pytest.mark.parametrize(
    ("said", "facts", "opaque"),
    [
        ('user_data = "echo hello"', [Change.IGNORED], False),
        ('user_data = "#!/bin/sh\\necho hello"', [], False),
        ('user_data = "echo hello"\nget_password_data = true', [], False),
        ("user_data = var.some", [], True),
        ("user_data = 5", [], True),
        ("", [], False),
    ],
)
def test_what_cloud_init_does_not_run_changes_nothing(
    tmp_path: Path, said: str, facts: list[Change], opaque: bool
) -> None:
    """Windows has another program for it. Of what is no text nothing is known."""
    setup = bare(tmp_path, HOST % f"{HERE}\n{said}").instances[0].setup
    assert ([each.change for each in setup.facts], setup.opaque) == (facts, opaque)


INIT = """
    Metadata:
      AWS::CloudFormation::Init:
        config:
          commands:
            a: {command: systemctl stop sshd}
            b: {command: yum install -y openvpn}
"""
CALLS = "#!/bin/sh\\n/opt/aws/bin/cfn-init --stack some\\n"
SINGLE = "\n  H:\n    Type: AWS::EC2::Instance%s    Properties: {ImageId: ami-1, UserData: %s}\n"
LAUNCHED = """
  L:
    Type: AWS::AutoScaling::LaunchConfiguration%s    Properties: {ImageId: ami-1, UserData: %s}
"""
SCALED = """
  F:
    Type: AWS::AutoScaling::AutoScalingGroup%s    Properties: {LaunchConfigurationName: !Ref L}
"""
RUN, OTHER = f'"{CALLS}"', '"#!/bin/sh\\nid\\n"'
IMPORTED = "!ImportValue Some"


@pytest.mark.parametrize(
    ("text", "off", "opaque"),
    [
        (SINGLE % (INIT, RUN), 1, False),
        (SINGLE % (INIT, OTHER), 0, False),
        (SINGLE % (INIT, IMPORTED), 0, True),
        (SINGLE % ("\n", RUN), 0, False),
        (LAUNCHED % (INIT, RUN) + SCALED % "\n", 1, False),
        (LAUNCHED % ("\n", RUN) + SCALED % INIT, 1, False),
        (LAUNCHED % ("\n", OTHER) + SCALED % INIT, 0, False),
    ],
)
def test_the_metadata_of_an_instance_counts_where_its_user_data_calls_for_it(
    tmp_path: Path, text: str, off: int, opaque: bool
) -> None:
    """It stands at the instance, at what it is launched from or at the group of instances."""
    setup = stack(tmp_path, text).instances[0].setup
    assert [each.change for each in setup.facts] == [Change.SERVER_OFF] * off
    assert setup.opaque is opaque
    assert setup.tunnels == ({"vpn"} if off else set())
