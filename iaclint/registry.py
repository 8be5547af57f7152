"""
Which checks there are: built-in ones, those of installed packages, those of a directory.
"""

from __future__ import annotations

import difflib
import hashlib
import importlib.metadata
import importlib.util
import pkgutil
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TypeGuard

from iaclint.check import Check
from iaclint.finding import Level

GROUP = "iaclint.checks"
"""The entry point group by which an installed package adds a module or package of checks."""

_ID = re.compile(r"[A-Z]{2,8}\d{3,4}")
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class RegistryError(Exception):
    """The checks cannot be loaded; the argument says which and why, in words for the user."""


class UnknownCheck(RegistryError, LookupError):
    """A selector names no check."""


@dataclass(frozen=True)
class Registry:
    """All checks of a run, ordered by id. Ids and names are unique."""

    checks: tuple[Check, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Check]:
        """The checks by their id."""
        return {check.id: check for check in self.checks}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The id of each name."""
        return {check.name: check.id for check in self.checks}

    def find(self, key: str) -> Check:
        """The check of an id or name; raises `UnknownCheck` with a suggestion."""
        found = self.by_id.get(self.names.get(key, key.upper()))
        if found is None:
            raise UnknownCheck(self._unknown(key))
        return found

    def resolve(self, selector: str) -> frozenset[str]:
        """
        The ids a selector means: an id, a name, a prefix of ids (`IAC2`), or `ALL`. Raises
        `UnknownCheck` if it means none.
        """
        if selector in self.names:
            return frozenset((self.names[selector],))
        wanted = selector.upper()
        if wanted == "ALL":
            return frozenset(self.by_id)
        found = frozenset(one for one in self.by_id if one.startswith(wanted)) if wanted else None
        if not found or not re.fullmatch(r"[A-Z]+\d*", wanted):
            raise UnknownCheck(self._unknown(selector))
        return found

    def resolve_all(self, selectors: Iterable[str]) -> frozenset[str]:
        """The ids that any of the selectors means."""
        return frozenset().union(*(self.resolve(selector) for selector in selectors))

    def select(self, select: Sequence[str], ignore: Sequence[str]) -> frozenset[str]:
        """The ids that are reported: those selected (all, if none are named) but the ignored."""
        chosen = self.resolve_all(select) if select else frozenset(self.by_id)
        return chosen - self.resolve_all(ignore)

    def _unknown(self, key: str) -> str:
        near = difflib.get_close_matches(key.lower(), self.names, 1, 0.6)
        near = near or difflib.get_close_matches(key.upper(), self.by_id, 1, 0.7)
        hint = f', did you mean "{near[0]}"?' if near else "; `iaclint rule` lists them"
        return f'no check is called "{key}"{hint}'


def load(directories: Sequence[Path] = (), plugins: bool = True) -> Registry:
    """
    The built-in checks, those of installed packages, and those of the given directories.

    Raises `RegistryError` when a check cannot be loaded, when two share an id or a name, and when
    there is none at all: a linter that checks nothing must not look like one that found nothing.
    """
    checks = list(_checks_in(_package("iaclint.checks")))
    if not checks:
        raise RegistryError("the built-in checks are missing: the installation is damaged")
    if plugins:
        checks += _from_plugins()
    for directory in directories:
        checks += _from_directory(directory)
    return Registry(_unique(checks))


def _package(name: str) -> Iterator[ModuleType]:
    """A package and all modules under it. Works for packages in zip files too."""
    package = import_module(name)
    yield package
    for found in sorted(
        pkgutil.walk_packages(package.__path__, f"{name}."), key=lambda module: module.name
    ):
        yield import_module(found.name)


def _from_plugins() -> Iterator[Check]:
    for entry in sorted(importlib.metadata.entry_points(group=GROUP), key=lambda one: one.name):
        try:
            module = import_module(entry.module)
            modules = list(_package(entry.module)) if hasattr(module, "__path__") else [module]
        except Exception as error:
            raise RegistryError(
                f'the checks "{entry.name}" of an installed package cannot be loaded: '
                f"{type(error).__name__}: {error}"
            ) from error
        yield from _checks_in(modules)


def _from_directory(directory: Path) -> Iterator[Check]:
    if not directory.is_dir():
        raise RegistryError(f'the directory of checks "{directory}" does not exist')
    files = sorted(path for path in directory.rglob("*.py") if not path.name.startswith("_"))
    found = list(_checks_in(_file_module(path) for path in files))
    if not found:
        raise RegistryError(f'there is no check in the directory "{directory}"')
    yield from found


def _file_module(path: Path) -> ModuleType:
    digest = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]
    name = f"_iaclint_checks_{digest}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise RegistryError(f'"{path}" is not a Python module')
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise RegistryError(
            f'the checks in "{path}" cannot be loaded: {type(error).__name__}: {error}'
        ) from error
    return module


def _checks_in(modules: Iterable[ModuleType]) -> Iterator[Check]:
    for module in modules:
        for value in vars(module).values():
            if _is_check(value) and value.__module__ == module.__name__:
                yield _instance(value)


def _is_check(value: object) -> TypeGuard[type[Check]]:
    """A class is a check when it gives itself an id; what several share in a base does not."""
    return isinstance(value, type) and issubclass(value, Check) and "id" in vars(value)


def _instance(kind: type[Check]) -> Check:
    check = kind()
    for attribute, pattern in (("id", _ID), ("name", _NAME)):
        value = getattr(check, attribute, None)
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise RegistryError(f"{_where(check)}: `{attribute}` is {value!r}, which is not valid")
    if not isinstance(getattr(check, "level", None), Level):
        raise RegistryError(f"{_where(check)}: `level` is not a Level")
    if not (kind.__doc__ or "").strip():
        raise RegistryError(f"{_where(check)}: there is no docstring, which is the check's page")
    return check


def _unique(checks: list[Check]) -> tuple[Check, ...]:
    for attribute in ("id", "name"):
        seen: dict[str, Check] = {}
        for check in checks:
            value = getattr(check, attribute)
            if value in seen:
                raise RegistryError(
                    f'two checks have the {attribute} "{value}": '
                    f"{_where(seen[value])} and {_where(check)}"
                )
            seen[value] = check
    return tuple(sorted(checks, key=lambda check: check.id))


def _where(check: object) -> str:
    return f"{type(check).__module__}.{type(check).__qualname__}"
