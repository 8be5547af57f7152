"""
Instances with a key pair whose security groups the files do not show: nobody can say whether
anybody logs in, and the summary says so.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from iaclint.scan import instance_verdicts
from tests.blocks import IGW, Text, gateway, made, ref, subnet, table, vpc
from tests.nets import written
from tests.test_stranded import LANGUAGES

SOME = Text('provider "aws" {}\nvariable "some" {}\n', "")
ROUTED = (
    vpc("home", "10.0.0.0/16")
    + gateway("gate", "home")
    + subnet("front", "10.0.1.0/24", public=True)
    + subnet("back", "10.0.2.0/24")
)
OUT = table("front", ("0.0.0.0/0", IGW))


def keyed(place: str, key: str | None = "ops") -> Text:
    """A host whose groups are made elsewhere."""
    only = Text(
        "vpc_security_group_ids = [var.some]\n", "SecurityGroupIds: [!ImportValue SomeGroup]"
    )
    return made(
        "aws_instance", "app", "EC2::Instance", only, subnet_id=ref("aws_subnet", place),
        instance_type="t3.micro", key_name=key,
    )  # fmt: skip


CASES = {
    "with a public address": (OUT + keyed("front"), ["undecided"]),
    "in a private subnet": (OUT + keyed("back"), []),
    "without a key pair": (OUT + keyed("front", None), []),
    "without a route to the internet": (keyed("front"), []),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_a_host_of_which_only_the_key_pair_is_known(
    tmp_path: Path, language: str, text: Text, expected: list[str]
) -> None:
    net = written(tmp_path, (SOME + ROUTED + text).files(language))
    assert instance_verdicts([net.network], net.judged) == expected
    assert net.errors == []
