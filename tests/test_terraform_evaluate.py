"""Expressions: what Terraform computes, what it refuses, and what cannot be known."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from iaclint.resource import Inputs
from iaclint.source import Sources
from iaclint.terraform import evaluate_text, open_console
from iaclint.terraform.console import Console, EvalError
from iaclint.value import Unknown

CONFIGURATION = """
variable "u" { type = string }
variable "l" {
  type    = list(string)
  default = ["a", "b"]
}
variable "o" {
  type    = object({ a = optional(number, 3), b = optional(string), c = list(number) })
  default = { c = [1, "2"] }
}
variable "secret" {
  default   = "hunter2"
  sensitive = true
}
locals {
  a    = { x = [1, 2, { y = "deep" }], n = null }
  list = ["p", "q", "r"]
  objs = [{ id = 1, t = ["a"] }, { id = 2, t = ["b", "c"] }]
  s    = "str"
  hd   = <<-EOT
    a ${local.s} b
      c

    %{ if true ~}
   d
    %{ else }e%{ endif }
    %{ for x in local.list ~}
    item ${x}
    %{ endfor ~}
    end
  EOT
  loop = local.pool
  pool = local.loop
}
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
  tags       = { Name = "main" }
}
resource "aws_subnet" "a" {
  count      = 2
  vpc_id     = aws_vpc.main.id
  cidr_block = cidrsubnet(aws_vpc.main.cidr_block, 8, count.index)
}
resource "aws_subnet" "each" {
  for_each   = { x = 1, y = 2 }
  cidr_block = "10.1.${each.value}.0/24"
}
"""

VALUES: dict[str, Any] = {
    "1+2*3": 7,
    "10/4": 2.5,
    "-5 % 3": -2,
    "1 == 1.0": True,
    '"1" == 1': False,
    'true && "true"': True,
    '"1" + 2': 3,
    'true ? 1 : "a"': "1",
    'true ? [1] : ["a","b"]': ["1"],
    'true ? {a=1} : {b="x"}': {"a": "1"},
    "true ? null : 1": None,
    "true ? 1 : local.a.zzz": 1,
    '[for i, x in local.list : "${i}-${x}"]': ["0-p", "1-q", "2-r"],
    '{for o in local.objs : "k" => o.id...}': {"k": [1, 2]},
    "[for o in local.objs : o.id if o.id > 1]": [2],
    "local.objs[*].t[0]": ["a", "b"],
    "local.objs.*.t[0]": ["a"],
    "local.objs.*.id[1]": 2,
    "local.a.n[*]": [],
    "local.s[*]": ["str"],
    "local.a.x[2].y": "deep",
    "local.list.0": "p",
    'local.list["1"]': "q",
    '"a${1}b${true}"': "a1btrue",
    '"${1}"': 1,
    '"a %{ if false ~} x %{ endif ~} b"': "a b",
    "local.hd": "a str b\n  c\n\n   d\n\n    item p\n    item q\n    item r\n    end\n",
    '"$${x} %%{y} \\u00e9"': "${x} %{y} é",
    "var.o": {"a": 3, "b": None, "c": [1, 2]},
    "0.1+0.2": 0.3,
    '{a=1,"b"=2,(local.s)=3}': {"a": 1, "b": 2, "str": 3},
    '[1] == ["1"]': False,
    'try(local.a.zz, "d")': "d",
    "can(local.a.zz)": False,
    "merge({a=1}, [{b=2}]...)": {"a": 1, "b": 2},
    "terraform.workspace": "default",
    "aws_vpc.main.cidr_block": "10.0.0.0/16",
    "aws_vpc.main.tags.Name": "main",
    "aws_subnet.a[*].cidr_block": ["10.0.0.0/24", "10.0.1.0/24"],
    'aws_subnet.each["y"].cidr_block': "10.1.2.0/24",
    "length(aws_subnet.a)": 2,
    "keys(aws_subnet.each)": ["x", "y"],
    "[for k, s in aws_subnet.each : s.cidr_block]": ["10.1.1.0/24", "10.1.2.0/24"],
    'true || var.u == "x"': True,
}

ERRORS = {
    "1 +": "syntax",
    "local.nope": "undeclared local",
    "var.nope": "undeclared input variable",
    "try(local.nope, 1)": "undeclared local",
    "false ? local.nope : 1": "undeclared local",
    "aws_nope.x.id": "undeclared resource",
    "local.list[3]": "index",
    "local.a.zz": "attribute",
    '"a${null}"': "null",
    '"a${[1]}"': "string",
    "[for x in null : x]": "null",
    '{for o in local.objs : "k" => o.id}': "Duplicate",
    "null ? 1 : 2": "null",
    "1/0": "zero",
    "nofunc(1)": "no function",
    "each.key": "for_each",
    "local.loop": "Cycle",
    'tonumber("x")': "decimal",
}


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Console:
    directory = tmp_path_factory.mktemp("root")
    (directory / "main.tf").write_text(CONFIGURATION)
    return open_console(directory, Sources(base=directory), Inputs(cache=False))


@pytest.mark.parametrize("text", VALUES)
def test_value(console: Console, text: str) -> None:
    """The value is Terraform's."""
    assert json.loads(console.answer(text)) == {"value": VALUES[text]}


@pytest.mark.parametrize("text", ERRORS)
def test_error(console: Console, text: str) -> None:
    """What Terraform refuses is an error that says why."""
    answer = json.loads(console.answer(text))

    assert list(answer) == ["error"]
    wanted = ERRORS[text]
    assert wanted == "syntax" or wanted.lower() in answer["error"].lower()


def test_attributes_known_on_apply_are_references(console: Console) -> None:
    """An attribute that a known resource gets on apply names the resource instance."""
    answer = json.loads(console.answer("aws_subnet.a[*].id"))

    assert [item["ref"] for item in answer["value"]] == ["aws_subnet.a[0].id", "aws_subnet.a[1].id"]


def test_a_variable_without_default_is_unknown_and_says_so(console: Console) -> None:
    """The reason is in words, inside the value."""
    answer = json.loads(console.answer("[1, var.u]"))

    assert answer == {"value": [1, {"unknown": 'variable "u" has no default'}]}


@pytest.mark.parametrize("text", ["var.secret", '"x${var.secret}"', "[upper(var.secret)]"])
def test_sensitive_values_are_not_shown(console: Console, text: str) -> None:
    """Neither the value of a sensitive variable nor what is made of it appears."""
    assert "hunter2" not in console.answer(text).lower()


def test_a_text_with_an_unknown_part_keeps_what_is_known(tmp_path: Path) -> None:
    """The known pieces of a template stay readable."""
    (tmp_path / "main.tf").write_text('resource "aws_eip" "x" {}\n')
    sources = Sources(base=tmp_path)

    value = evaluate_text(tmp_path, '"${aws_eip.x.public_ip}/32"', sources, Inputs(cache=False))

    assert isinstance(value, Unknown)
    assert value.parts[1] == "/32"
    assert [str(ref) for ref in value.refs()] == ["aws_eip.x.public_ip"]


def test_an_unknown_condition_gives_both_values(tmp_path: Path) -> None:
    """A conditional whose condition is not known lists what it can be."""
    (tmp_path / "main.tf").write_text('variable "p" {}\n')
    sources = Sources(base=tmp_path)

    value = evaluate_text(tmp_path, 'var.p ? "a" : "b"', sources, Inputs(cache=False))

    assert isinstance(value, Unknown)
    assert {getattr(choice, "value", None) for choice in value.choices} == {"a", "b"}
    assert value.supply == "--var p=…"


def test_an_error_has_its_place(tmp_path: Path) -> None:
    """`EvalError` points into the expression."""
    with pytest.raises(EvalError) as caught:
        evaluate_text(tmp_path, "1 + [2]", Sources(base=tmp_path), Inputs(cache=False))

    assert (caught.value.span.line, caught.value.span.column) == (1, 5)


HOSTILE = {
    "nested brackets": "[" * 5000 + "]" * 5000,
    "negations": "!" * 5000 + "true",
    "conditionals": "true ? 1 : " * 3000 + "1",
    "loops": "[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : 1]]]",
    "long traversal": "local.a" + ".x" * 4000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_expressions_end(console: Console, text: str) -> None:
    """Whatever is asked, there is an answer."""
    assert json.loads(console.answer(text))


def test_thousands_of_expressions_are_quick(console: Console) -> None:
    """One process answers many lines: the root is loaded once."""
    answers = [console.answer(f'cidrsubnet("10.0.0.0/8", 16, {n})') for n in range(2000)]

    assert json.loads(answers[-1]) == {"value": "10.7.207.0/24"}


@pytest.mark.terraform
@pytest.mark.skipif(shutil.which("terraform") is None, reason="there is no terraform binary")
def test_terraform_agrees(tmp_path: Path) -> None:
    """The real Terraform computes the same for everything that names no resource."""
    (tmp_path / "main.tf").write_text(CONFIGURATION.partition('resource "aws_vpc"')[0])
    text = (tmp_path / "main.tf").read_text().replace("loop = local.pool", "loop = 1")
    (tmp_path / "main.tf").write_text(text)
    known = {t: v for t, v in VALUES.items() if "aws_" not in t and "var.u" not in t}
    listed = ", ".join(f"jsonencode([{t}])" for t in known)

    found = subprocess.run(
        ["terraform", "console", "-no-color"],
        input=f"jsonencode([{listed}])",
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1"},
        check=False,
    )

    assert found.returncode == 0, found.stderr
    answers = json.loads(json.loads(found.stdout.strip().splitlines()[-1]))
    assert {t: json.loads(a)[0] for t, a in zip(known, answers, strict=True)} == known
