"""Random expressions have the value that the real Terraform gives them."""

from __future__ import annotations

import importlib.util
import shutil
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.test_terraform_judged import JUDGED, disagreement

pytestmark = [
    pytest.mark.terraform,
    pytest.mark.skipif(shutil.which("terraform") is None, reason="no terraform binary on PATH"),
]

TEXTS = ("", "a", "b", "ab", "1", "true", "10.0.0.0/8", "é", "a,b", "x y")
NUMBERS = ("0", "1", "2", "3", "-1", "0.5", "1.25", "10", "1e3")
BRANCHES = (
    "1",
    '"a"',
    "true",
    "null",
    "[1]",
    '["a"]',
    "[]",
    "{}",
    "{a = 1}",
    "var.tags",
    "var.zones",
)


def _call(name: str, *arguments: Any) -> Any:
    return st.tuples(*arguments).map(lambda given: f"{name}({', '.join(given)})")


def _joined(items: Any, left: str, right: str) -> Any:
    return st.lists(items, max_size=3).map(lambda found: left + ", ".join(found) + right)


def _object(items: Any) -> Any:
    pairs = st.dictionaries(st.sampled_from("abc"), items, max_size=3)
    return pairs.map(lambda found: f"{{{', '.join(f'{k} = {v}' for k, v in found.items())}}}")


def expressions() -> Any:
    """Expressions of literals, operators, `for`, conditionals and functions, mostly well typed."""
    texts = st.sampled_from(TEXTS).map(lambda text: f'"{text}"')
    leaves = texts | st.sampled_from((*NUMBERS, "true", "false", "null"))
    known = st.sampled_from(
        ("var.tags", "var.ports", "var.zones", "var.server", "var.anything", "local.subnets",
         "local.mixed", "local.matrix", "terraform_data.x.id", "terraform_data.x.output")
    )  # fmt: skip
    return st.recursive(leaves | known, _larger, max_leaves=8)


def _larger(inner: Any) -> Any:
    lists = _joined(inner, "[", "]")
    objects = _object(inner)
    number = st.sampled_from(NUMBERS)
    binary = st.sampled_from(("+", "-", "*", "%", "==", "!=", "<", ">=", "&&", "||"))
    one = st.sampled_from(
        ("length", "tostring", "tonumber", "tobool", "tolist", "toset", "tomap", "jsonencode",
         "yamlencode", "keys", "values", "flatten", "distinct", "compact", "sort", "reverse",
         "sum", "one", "upper", "title", "strrev", "base64encode", "md5", "try", "can", "abs",
         "ceil", "signum", "alltrue", "anytrue", "coalesce", "merge", "concat", "max", "min",
         "transpose", "setunion", "trimspace", "issensitive")
    )  # fmt: skip
    two = st.sampled_from(
        ("concat", "merge", "contains", "coalesce", "coalescelist", "setunion", "setsubtract",
         "setintersection", "setproduct", "zipmap", "lookup", "index", "element", "chunklist",
         "join", "split", "max", "min", "try", "format", "formatlist", "startswith", "trim")
    )  # fmt: skip
    anything = inner | lists | objects
    # Terraform also types what is not evaluated in the end (the branch not taken, the condition
    # of an empty `for`); we do not, so those are well typed here.
    branch = st.sampled_from(BRANCHES)
    return st.one_of(
        lists,
        objects,
        st.tuples(one, lists | anything).map(lambda g: f"{g[0]}({g[1]})"),
        st.tuples(two, anything, anything).map(lambda g: f"{g[0]}({g[1]}, {g[2]})"),
        st.tuples(inner, binary, inner).map(lambda g: f"({g[0]} {g[1]} {g[2]})"),
        st.tuples(st.sampled_from(("true", "false")), branch, branch).map(
            lambda g: f"({g[0]} ? {g[1]} : {g[2]})"
        ),
        st.tuples(lists, anything).map(lambda g: f"[for x in {g[0]} : [x, {g[1]}]]"),
        st.tuples(lists | objects, branch).map(
            lambda g: f'{{for k, v in {g[0]} : "${{k}}" => v if v != {g[1]}}}'
        ),
        st.tuples(lists, number).map(lambda g: f"{g[0]}[{g[1]}]"),
        st.tuples(objects, st.sampled_from("abc")).map(lambda g: f"{g[0]}.{g[1]}"),
        anything.filter(lambda text: "terraform_data" not in text).map(lambda text: f"{text}[*]"),
        inner.map(lambda text: f'"x-${{{text}}}"'),
        _call("slice", lists, number, number),
        _call("substr", inner, number, number),
        _call("replace", inner, inner, inner),
        _call("range", number, number),
        _call("cidrsubnet", st.just('"10.0.0.0/8"'), number, number),
    )


def recorder() -> ModuleType:
    """The script that asks Terraform."""
    spec = importlib.util.spec_from_file_location("record", JUDGED / "record.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def collected(count: int) -> list[str]:
    """So many random expressions, the same ones in every run."""
    found: dict[str, None] = {}

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(expressions())
    def collect(text: str) -> None:
        if len(text) < 200:
            found[text] = None

    collect()
    return list(found)


def test_random_expressions_have_the_value_terraform_gives_them() -> None:
    cases = recorder().judge_all(collected(300))
    wrong = [text for text in map(disagreement, cases) if text]
    assert not wrong, "\n".join(wrong)
