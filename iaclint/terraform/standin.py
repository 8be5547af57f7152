"""
The best known modules of the registry, as far as they decide who reaches whom: what stands in for
one of them where nobody installed it.

Each directory of `known/` is a configuration in our own words with the arguments, the outputs and
the addresses of a module. It is evaluated like every module; that what it says is written
elsewhere shows only in the places: all of them are the call. `var.version` is the major version
that Terraform would install, `var.source` the name of a submodule.

https://developer.hashicorp.com/terraform/language/modules/sources
https://developer.hashicorp.com/terraform/language/expressions/version-constraints
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any, NamedTuple, TypeAlias

from iaclint.source import Span
from iaclint.terraform import config, syntax, tree
from iaclint.terraform.files import Files
from iaclint.terraform.session import Session

REGISTRY = "terraform-aws-modules"

Version: TypeAlias = tuple[float, ...]
EVERY: tuple[Version, Version] = ((0,), (float("inf"),))


class Known(NamedTuple):
    """A module that can be stood in for: where, and in which major versions."""

    directory: str
    oldest: int
    newest: int
    submodules: bool = False


KNOWN = {
    "vpc": Known("vpc", 2, 6),
    "ec2-instance": Known("ec2_instance", 2, 6),
    "security-group": Known("security_group", 3, 5, submodules=True),
}
"""A later version may be there; where no constraint keeps that out, see `StandIn.sure`."""


class StandIn(NamedTuple):
    """What is called: the module, the submodule (or nothing), and the version it will be."""

    name: str
    submodule: str
    version: int
    sure: bool
    """
    Whether the call says that no later version than those we know will be installed. Otherwise
    what was the same in the version before is taken to stay.
    """

    def before(self) -> StandIn:
        """The same in the major version before, where there was one."""
        return self._replace(version=max(self.version - 1, KNOWN[self.name].oldest))

    @property
    def title(self) -> str:
        """The module as a reader calls it."""
        return f"version {self.version} of {REGISTRY}/{self.name}/aws"


_FROM_REGISTRY = re.compile(
    rf"(?:registry\.(?:terraform\.io|opentofu\.org)/)?{REGISTRY}/([a-z0-9-]+)/aws(?://modules/([\w-]+))?/?"
)
_FROM_GIT = re.compile(
    r"(?:git::)?(?:https://|ssh://git@|git@)?github\.com[/:]"
    rf"{REGISTRY}/terraform-aws-([a-z0-9-]+?)(?:\.git)?(?://modules/([\w-]+))?/?"
    r"(?:\?ref=v?([\w.-]+))?"
)


def stand_in(source: str, constraint: str) -> StandIn | None:
    """What stands in for the module of a source; None where nothing does."""
    found = _FROM_REGISTRY.fullmatch(source)
    if found is None:
        found = _FROM_GIT.fullmatch(source)
        constraint = (found[3] or "") if found is not None else ""
        if constraint and not re.fullmatch(r"\d+(\.\d+)*", constraint):
            return None
    known = KNOWN.get(found[1]) if found is not None else None
    if found is None or known is None or (found[2] and not known.submodules):
        return None
    version = installed_version(constraint, known)
    return None if version is None else StandIn(found[1], found[2] or "", *version)


def installed_version(constraint: str, known: Known) -> tuple[int, bool] | None:
    """The newest major version that a constraint admits, and whether it admits no later one."""
    low, high = EVERY
    for part in filter(None, map(str.strip, constraint.split(","))):
        bounds = _bounds(part)
        if bounds is None:
            return None
        low, high = max(low, bounds[0]), min(high, bounds[1])
    for major in range(known.newest, known.oldest - 1, -1):
        if max(low, _padded(major)) < min(high, _padded(major + 1)):
            return major, high <= _padded(known.newest + 1)
    return None


def _padded(*parts: int) -> Version:
    return (*parts, *(0,) * (3 - len(parts)))


def _bounds(part: str) -> tuple[Version, Version] | None:
    """From where, and up to what; a version itself is the space up to the next patch of it."""
    found = re.fullmatch(r"(=|!=|>=|>|<=|<|~>)?\s*v?(\d+(?:\.\d+)*)", part)
    if found is None:
        return None
    operator, given = found[1] or "=", tuple(map(int, found[2].split(".")))
    exact = _padded(*given)
    after = (*exact[:-1], exact[-1] + 1)
    match operator:
        case "=":
            return exact, after
        case "~>":
            return exact, _padded(*given[:-2], given[-2] + 1) if len(given) > 1 else EVERY[1]
        case ">=" | ">":
            return (exact if operator == ">=" else after), EVERY[1]
        case "<" | "<=":
            return EVERY[0], (exact if operator == "<" else after)
    return EVERY


def configuration(
    found: StandIn, arguments: Iterable[str], call: Span, session: Session
) -> config.Configuration | None:
    """
    What stands in for a module at one call of it; None where the call has an argument that the
    stand-in knows nothing of.
    """
    place = Span(call.path, call.line, call.column, call.end_line, call.end_column, found.title)
    made = config.Configuration(session.sources.base, stands_in=True)
    for name, text, packed in _parsed(KNOWN[found.name].directory, session.inputs.cache):
        base = session.files.add(name, text, place)
        config.declare(tree.unpack(packed, base), made, session.files)
    optional = {n for n, b in made.variables.items() if b.body.attribute("default") is not None}
    return made if optional >= set(arguments) else None


@cache
def _parsed(directory: str, cached: bool) -> tuple[tuple[str, str, Any], ...]:
    """The files of a stand-in: name, text and tree; each call has the tree at another place."""
    folder = resources.files("iaclint") / "terraform" / "known" / directory
    found = []
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        text, files = file.read_text("utf-8"), Files()
        body = syntax.parse(text, file.name, files, cached).body
        found.append((f"<{directory}/{file.name}>", text, tree.pack(body, body.start)))
    return tuple(found)
