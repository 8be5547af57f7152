"""
The references a plan records under `configuration`, followed to the resources they end at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from iaclint.terraform.doubt import known_on_apply
from iaclint.value import Ref, Unknown

_MODULE = re.compile(r'^module\.([^.\[]+)(\[(?:[^\]"]|"(?:[^"\\]|\\.)*")*\])?\.')
_KEY = re.compile(r'(\[(?:[^\]"]|"(?:[^"\\]|\\.)*")*\])$')
_REFERENCE = re.compile(
    r'^((?:data\.)?[\w-]+\.[\w-]+)(\[(?:[^\]"]|"(?:[^"\\]|\\.)*")*\])?(?:\.(.+))?$'
)
_DEEPEST = 30
Calls: TypeAlias = tuple[tuple[str, str], ...]
"""Module calls from the root, each with its key."""
_NO_RESOURCE = frozenset({"var", "local", "each", "count", "path", "terraform", "self", "module"})


def split(address: str) -> tuple[Calls, str]:
    """The modules of an address with their keys, and the rest."""
    path: list[tuple[str, str]] = []
    found = _MODULE.match(address)
    while found is not None:
        path.append((found[1], found[2] or ""))
        address = address[found.end() :]
        found = _MODULE.match(address)
    return tuple(path), address


def join(path: Calls, rest: str) -> str:
    """The counterpart of `split`."""
    return "".join(f"module.{name}{key}." for name, key in path) + rest


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


class Configuration:
    """The `configuration` part of a plan."""

    def __init__(
        self, document: Mapping[str, Any], planned: Sequence[tuple[str, Mapping[str, Any]]]
    ) -> None:
        self.document = document
        self.instances: dict[str, list[str]] = {}
        for address, _ in planned:
            self.instances.setdefault(_KEY.sub("", address), []).append(address)

    def _module(self, path: Calls) -> Mapping[str, Any]:
        found = _mapping(self.document.get("root_module"))
        for name, _ in path:
            call = _mapping(_mapping(found.get("module_calls")).get(name))
            found = _mapping(call.get("module"))
        return found

    def _resource(self, address: str) -> Mapping[str, Any]:
        path, rest = split(address)
        wanted = _KEY.sub("", rest)
        for one in self._module(path).get("resources") or ():
            if isinstance(one, dict) and one.get("address") == wanted:
                return one
        return {}

    def expressions(self, address: str) -> Mapping[str, Any]:
        """What is configured for a resource, by attribute or block."""
        return _mapping(self._resource(address).get("expressions"))

    def region(self, address: str) -> str:
        """The region of a resource's provider configuration."""
        key = self._resource(address).get("provider_config_key")
        provider = _mapping(_mapping(self.document.get("provider_config")).get(str(key)))
        region = _mapping(_mapping(provider.get("expressions")).get("region"))
        value = region.get("constant_value")
        return value if isinstance(value, str) else str(provider.get("alias") or "")

    def depends(self, address: str) -> frozenset[str]:
        """Every resource instance that a resource refers to."""
        path, _ = split(address)
        found: set[str] = set()
        for reference in _references(self.expressions(address), 0):
            found.update(ref.address for ref in self._resolved(reference, path, address, 0))
        return frozenset(found - {address})

    def output(self, name: str) -> Unknown | None:
        """What an output of the root refers to."""
        outputs = _mapping(self._module(()).get("outputs"))
        return self.reference(_mapping(outputs.get(name)).get("expression"), "")

    def reference(self, written: Any, address: str, argument: str = "") -> Unknown | None:
        """
        What an expression that is not known refers to; None when that is no resource. Of
        `aws_vpc.a[each.key].id` a plan records `aws_vpc.a` only: the `argument` it is for tells
        the attribute then.
        """
        values = self.references(written, address, argument)
        if len(values) < 2:
            return values[0] if values else None
        return Unknown(values[0].reason, choices=tuple(values))

    def references(self, written: Any, address: str, argument: str = "") -> list[Unknown]:
        """Each attribute of a resource that occurs in an expression, as a value."""
        path, _ = split(address)
        texts = list(_references(written, 0))
        texts = [t for t in texts if not any(o != t and o.startswith(f"{t}.") for o in texts)]
        texts = [t for t in texts if not any(o != t and o.startswith(f"{t}[") for o in texts)]
        found: list[Ref] = []
        for text in texts:
            found.extend(self._resolved(text, path, address, 0, argument))
        unique = list(dict.fromkeys(found))
        unique = [ref for ref in unique if self._exists(ref.address)] or unique
        return [known_on_apply(ref.address, ref.attribute) for ref in unique]

    def is_settled(self, written: Any, address: str) -> bool:
        """
        Whether nothing in an expression can be unknown in a plan. What is planned as unknown all
        the same is null there, and the provider's to decide.
        """
        path, _ = split(address)
        return all(self._settled(text, path, 0) for text in _references(written, 0))

    def _settled(self, text: str, path: Calls, depth: int) -> bool:
        head, _, rest = text.partition(".")
        if head != "var" or depth > _DEEPEST:
            return head in ("count", "path", "terraform")
        if not path:
            return True
        call = _mapping(self._module(path[:-1]).get("module_calls")).get(path[-1][0])
        written = _mapping(_mapping(call).get("expressions")).get(re.split(r"[.\[]", rest)[0])
        return all(self._settled(one, path[:-1], depth + 1) for one in _references(written, 0))

    def _exists(self, address: str) -> bool:
        """Whether a data source, or a resource that the plan has (`try` names some it has not)."""
        _, rest = split(address)
        return rest.startswith("data.") or address in self.instances.get(_KEY.sub("", address), ())

    def _resolved(
        self, text: str, path: Calls, address: str, depth: int, argument: str = ""
    ) -> Iterator[Ref]:
        head, _, rest = text.partition(".")
        if depth > _DEEPEST or not rest:
            return
        if head == "var" and path:
            call = _mapping(self._module(path[:-1]).get("module_calls")).get(path[-1][0])
            name = re.split(r"[.\[]", rest)[0]
            written = _mapping(_mapping(call).get("expressions")).get(name)
            for reference in _references(written, 0):
                outer = join(path, "x")
                yield from self._resolved(reference, path[:-1], outer, depth + 1, argument)
        elif head == "module":
            yield from self._output(text, path, depth, argument)
        elif head not in _NO_RESOURCE:
            yield from self._attribute(text, path, address, argument)

    def _output(self, text: str, path: Calls, depth: int, argument: str) -> Iterator[Ref]:
        found = _MODULE.match(f"{text}.")
        if found is None:
            return
        name = text[found.end() :].split(".")[0].split("[")[0]
        key = found[2] or ""
        inner = (*path, (found[1], key))
        outputs = _mapping(self._module(inner).get("outputs"))
        written = _mapping(outputs.get(name)).get("expression")
        for reference in _references(written, 0):
            yield from self._resolved(reference, inner, join(inner, "x"), depth + 1, argument)

    def _attribute(self, text: str, path: Calls, address: str, argument: str) -> Iterator[Ref]:
        found = _REFERENCE.match(text)
        if found is None:
            return
        base, key, attribute = found[1], found[2] or "", found[3] or _likely(argument)
        whole = join(path, base)
        known = self.instances.get(whole, [])
        own = _KEY.search(address)
        if key or not known:
            yield Ref(f"{whole}{key}", attribute)
        elif own and f"{whole}{own[1]}" in known:
            yield Ref(f"{whole}{own[1]}", attribute)
        else:
            yield from (Ref(one, attribute) for one in known[:50])


def _likely(argument: str) -> str:
    """The attribute that an argument is set to, when the plan does not say which one."""
    return argument if argument.startswith(("default_", "main_")) else "id"


def _references(written: Any, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(written, list):
        for item in written:
            yield from _references(item, depth + 1)
    elif isinstance(written, dict):
        listed = written.get("references")
        if isinstance(listed, list):
            yield from (text for text in listed if isinstance(text, str))
        else:
            for item in written.values():
                yield from _references(item, depth + 1)
