"""
Every function of the language: `FUNCTIONS[name].call(arguments, context)`.

`try`, `can` and, for its first argument, `templatestring` look at expressions and not at values:
the evaluator runs them (`LAZY`). All functions are also there under `core::`.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from iaclint.terraform.cty import CtyValue, TerraformError
from iaclint.terraform.functions.collection import COLLECTION
from iaclint.terraform.functions.conversion import CONVERSION
from iaclint.terraform.functions.core import Context, Function
from iaclint.terraform.functions.dates import DATES
from iaclint.terraform.functions.digest import DIGEST
from iaclint.terraform.functions.encoding import ENCODING
from iaclint.terraform.functions.filesystem import FILESYSTEM
from iaclint.terraform.functions.format import FORMAT
from iaclint.terraform.functions.mapping import MAPPING
from iaclint.terraform.functions.network import NETWORK
from iaclint.terraform.functions.numeric import NUMERIC
from iaclint.terraform.functions.regex import REGEX
from iaclint.terraform.functions.sequence import SEQUENCE
from iaclint.terraform.functions.sets import SETS
from iaclint.terraform.functions.text import TEXT
from iaclint.terraform.functions.yamlcodec import YAML
from iaclint.value import Unknown

LAZY = frozenset({"try", "can"})
"""Functions whose arguments must not be evaluated before the call."""

FILE_FUNCTIONS = frozenset(
    name for name in FILESYSTEM if name.startswith("file") or name == "templatefile"
)
"""Functions that `templatestring` refuses inside its template."""

TEMPLATE_FUNCTIONS = frozenset({"templatefile", "templatestring"})
"""Functions that no template may call."""


def _all() -> dict[str, Function]:
    found: dict[str, Function] = {}
    for family in (
        CONVERSION, COLLECTION, SEQUENCE, MAPPING, SETS, NUMERIC, TEXT, FORMAT, REGEX, NETWORK,
        ENCODING, YAML, DIGEST, DATES, FILESYSTEM,
    ):  # fmt: skip
        found.update(family)
    return found | {f"core::{name}": function for name, function in found.items()}


FUNCTIONS: Mapping[str, Function] = MappingProxyType(_all())


def call(name: str, arguments: Sequence[CtyValue], context: Context) -> CtyValue:
    """
    What the function of that name gives for the arguments; unknown for one of a provider.

    Raises `TerraformError` for a function that does not exist, or what it refuses.
    """
    function = FUNCTIONS.get(name)
    if function is not None:
        return function.call(arguments, context)
    if name.startswith("provider::"):
        return Unknown(f"{name}() is a function of a provider")
    raise TerraformError(
        f'Call to unknown function: There is no function named "{name}".{_suggestion(name)}'
    )


def provider_function(name: str) -> Unknown | None:
    """What a call of `provider::…` gives; None for any other name."""
    return Unknown(f"{name}() is a function of a provider") if "provider::" in name else None


def _suggestion(name: str) -> str:
    near = difflib.get_close_matches(name, [name for name in FUNCTIONS if ":" not in name], 1)
    return f' Did you mean "{near[0]}"?' if near else ""


__all__ = [
    "FILE_FUNCTIONS",
    "FUNCTIONS",
    "LAZY",
    "TEMPLATE_FUNCTIONS",
    "Context",
    "Function",
    "call",
    "provider_function",
]
