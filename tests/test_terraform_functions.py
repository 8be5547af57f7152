"""How functions treat what is unknown, sensitive, outside the tree, or too much."""

from __future__ import annotations

import base64
import gzip
from pathlib import Path
from typing import Any

import pytest

from iaclint.terraform.cty import (
    STRING,
    Sensitive,
    TerraformError,
    list_,
    object_,
    to_json,
    tuple_,
)
from iaclint.terraform.functions import FUNCTIONS, LAZY, Context, call
from iaclint.value import Unknown

LATER = Unknown("it is only known after apply", type="string")

NAMES = """
abs abspath alltrue anytrue base64decode base64encode base64gzip base64sha256 base64sha512 basename
bcrypt can ceil chomp chunklist cidrhost cidrnetmask cidrsubnet cidrsubnets coalesce coalescelist
compact concat contains csvdecode dirname distinct element endswith ephemeralasnull file filebase64
filebase64sha256 filebase64sha512 fileexists filemd5 fileset filesha1 filesha256 filesha512 flatten
floor format formatdate formatlist indent index issensitive join jsondecode jsonencode keys length
log lookup lower matchkeys max md5 merge min nonsensitive one parseint pathexpand plantimestamp pow
range regex regexall replace reverse rsadecrypt sensitive setintersection setproduct setsubtract
setunion sha1 sha256 sha512 signum slice sort split startswith strcontains strrev substr sum
templatefile templatestring textdecodebase64 textencodebase64 timeadd timecmp timestamp title tobool
tolist tomap tonumber toset tostring transpose trim trimprefix trimspace trimsuffix try upper
urlencode uuid uuidv5 values yamldecode yamlencode zipmap
"""


def run(name: str, *arguments: Any, context: Context | None = None) -> Any:
    """Call a function."""
    return call(name, arguments, context or Context())


def test_every_function_of_terraform_is_there_also_under_core() -> None:
    for name in set(NAMES.split()) - LAZY:
        assert name in FUNCTIONS
        assert f"core::{name}" in FUNCTIONS


def test_an_unknown_argument_makes_the_result_unknown_for_the_same_reason() -> None:
    for name in ("upper", "base64encode", "jsondecode", "md5", "yamldecode", "trimspace"):
        assert run(name, LATER).reason == LATER.reason
    assert run("upper", LATER).type == "string"
    assert run("length", tuple_([LATER, "a"])) == 2
    assert run("coalesce", "a", LATER) == "a"
    assert run("contains", tuple_([LATER, "a"]), "a") is True
    assert run("lookup", object_({"a": LATER, "b": "x"}), "b", "y") == "x"


def test_texts_with_an_unknown_part_keep_the_parts_that_are_known() -> None:
    assert run("format", "%s/32", LATER).parts == (LATER, "/32")
    joined = run("join", ",", list_(STRING, ["a", LATER]))
    assert joined.parts[0] == "a,"
    assert run("startswith", run("format", "ip-%s", LATER), "ip") is True


def test_a_sensitive_argument_makes_the_result_sensitive() -> None:
    secret = Sensitive("x")
    for name in ("upper", "md5", "jsonencode", "length"):
        assert isinstance(run(name, secret), Sensitive)
    assert run("merge", object_({"a": secret}), object_({"b": 1})).items["a"] == secret
    assert isinstance(run("join", ",", tuple_(["a", secret])), Sensitive)
    assert run("element", tuple_(["a", secret]), 0) == "a"
    assert run("nonsensitive", secret) == "x"


def test_what_changes_every_time_or_belongs_to_a_provider_is_unknown_with_a_reason() -> None:
    for name in ("timestamp", "uuid", "plantimestamp"):
        assert name in run(name).reason
    assert "bcrypt" in run("bcrypt", "x").reason
    assert "provider" in run("provider::aws::arn_parse", "x").reason


def test_wrong_calls_say_what_is_wrong() -> None:
    with pytest.raises(TerraformError, match="There is no function named"):
        run("uper", "a")
    with pytest.raises(TerraformError, match="Missing value"):
        run("upper")
    with pytest.raises(TerraformError, match="expects only 1"):
        run("upper", "a", "b")
    with pytest.raises(TerraformError, match='"str" parameter: argument must not be null'):
        run("upper", None)
    with pytest.raises(TerraformError, match="string required, but have tuple"):
        run("upper", tuple_([]))


def test_only_files_inside_the_tree_are_read(tmp_path: Path) -> None:
    inside = tmp_path / "root"
    inside.mkdir()
    (inside / "a.txt").write_text("hello\n")
    (tmp_path / "secret.txt").write_text("no\n")
    (inside / "link.txt").symlink_to(tmp_path / "secret.txt")
    (inside / "binary").write_bytes(b"\xff\xfe")
    context = Context(base=inside, roots=(inside,))
    assert run("file", "a.txt", context=context) == "hello\n"
    assert run("fileset", ".", "*.txt", context=context).items == ("a.txt", "link.txt")
    for path in ("../secret.txt", "link.txt", str(tmp_path / "secret.txt"), "~/.ssh/id_rsa"):
        assert "outside" in run("file", path, context=context).reason
        assert "outside" in run("fileexists", path, context=context).reason
    with pytest.raises(TerraformError, match="no file exists at b"):
        run("file", "b.txt", context=context)
    with pytest.raises(TerraformError, match="not valid UTF-8"):
        run("file", "binary", context=context)


def test_a_template_file_is_rendered_by_the_evaluator(tmp_path: Path) -> None:
    (tmp_path / "t").write_text("x")
    context = Context(
        tmp_path, (tmp_path,), render=lambda text, _path, names: f"{text}{names['a']}"
    )
    assert run("templatefile", "t", object_({"a": "y"}), context=context) == "xy"
    with pytest.raises(TerraformError, match="must be a map"):
        run("templatefile", "t", tuple_([]), context=context)


def test_what_would_be_too_large_is_refused_at_once() -> None:
    many = tuple_([str(place) for place in range(1000)])
    calls: list[tuple[str, tuple[Any, ...]]] = [
        ("range", (10**9,)),
        ("setproduct", (many, many)),
        ("indent", (10**9, "a\nb")),
        ("format", ("%999999999d", 1)),
        ("regex", ("(a+)+$", "a" * 20_000 + "b")),
        ("yamldecode", ("[" * 2000,)),
        ("jsondecode", ("[" * 200_000,)),
        ("pow", (10, 400)),
        ("log", (10**400, 10)),
        ("yamldecode", ("1e99999",)),
        ("jsondecode", ("1e99999",)),
        ("cidrsubnet", ("10.0.0.0/8", -1, 1000)),
    ]
    for name, arguments in calls:
        with pytest.raises(TerraformError):
            run(name, *arguments)


def test_gzip_can_be_read_back() -> None:
    text = "the quick brown fox " * 50
    assert gzip.decompress(base64.b64decode(run("base64gzip", text))).decode() == text


def test_aliases_in_yaml_do_not_explode() -> None:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    assert len(run("yamldecode", "\n".join(lines[:10])).items) == 10
    with pytest.raises(TerraformError, match="too large"):
        run("yamldecode", "\n".join(lines))


def test_lists_and_maps_of_old_configurations_still_work() -> None:
    assert to_json(run("list", "a", 1)) == '["a","1"]'
    assert to_json(run("map", "a", 1, "b", "x")) == '{"a":"1","b":"x"}'
