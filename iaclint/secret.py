"""
Texts that the author declared to be secret, kept out of everything that is written.

The frontends note them in `Sources.secrets`: values of sensitive variables and `NoEcho`
parameters. An error message may quote a value before anybody knows what it is, so that what is
written is searched for them at the very end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from iaclint.resource import Resource, Root
from iaclint.source import Sources, Span
from iaclint.value import ListValue, MapValue, Scalar, Unknown, Value

T = TypeVar("T")

SHORTEST = 4
"""Shorter texts (`22`, `tcp`, `yes`) occur by themselves: to hide them would tell them."""
_WORD = 8
"""Texts shorter than this are hidden only where they stand alone."""
INSTEAD = "(sensitive)"
_PRIVATE_KEY = re.compile(
    r"(-----BEGIN [A-Z ]*PRIVATE KEY-----).*?(?=-----END [A-Z ]*PRIVATE KEY-----|\"|$)"
)


def pattern(secrets: Iterable[str]) -> re.Pattern[str] | None:
    """What finds the secrets in a text, longest first; None where there are none."""
    lines = {line.strip() for secret in secrets for line in secret.splitlines()}
    found = sorted((one for one in lines if len(one) >= SHORTEST), key=lambda one: (-len(one), one))
    return re.compile("|".join(map(_found, found))) if found else None


def _found(secret: str) -> str:
    escaped = re.escape(secret)
    return escaped if len(secret) >= _WORD else rf"(?<!\w){escaped}(?!\w)"


def redacted(thing: T, secrets: Iterable[str]) -> T:
    """The same thing with every secret in its texts replaced. Places in files stay."""
    search = pattern(secrets)
    return thing if search is None else cast(T, _redacted(thing, search))


def _redacted(thing: Any, search: re.Pattern[str]) -> Any:
    if isinstance(thing, str):
        return search.sub(INSTEAD, thing)
    if isinstance(thing, Span):
        return thing
    if isinstance(thing, tuple | list):
        return type(thing)(_redacted(one, search) for one in thing)
    if isinstance(thing, dict):
        return {key: _redacted(one, search) for key, one in thing.items()}
    if is_dataclass(thing) and not isinstance(thing, type):
        names = [one.name for one in fields(thing) if one.init]
        return replace(thing, **{name: _redacted(getattr(thing, name), search) for name in names})
    return thing


def without_keys(line: str) -> str:
    """A line of JSON in which private keys have lost what is between their first and last line."""
    return _PRIVATE_KEY.sub(rf"\1{INSTEAD}", line)


def starred(sources: Sources) -> Sources:
    """The sources as they may be quoted: secrets become as many asterisks."""
    search = pattern(sources.secrets)
    if search is None:
        return sources
    texts = {name: search.sub(_stars, text) for name, text in sources.texts.items()}
    return replace(sources, texts=texts)


def _stars(match: re.Match[str]) -> str:
    return "*" * len(match[0])


def of_roots(roots: Iterable[Root]) -> Iterator[str]:
    """Every text in the resources and outputs of roots that is sensitive."""
    for root in roots:
        for world in root.worlds:
            for resource in world.resources:
                yield from _of_resource(resource)
            for output in world.outputs:
                yield from of_value(output.value)


def _of_resource(resource: Resource) -> Iterator[str]:
    yield from _of_mapping(resource.attributes)
    for connection in resource.connections:
        yield from of_value(connection.arguments)
        yield from of_value(connection.body)


def _of_mapping(mapping: Mapping[str, Value]) -> Iterator[str]:
    for value in mapping.values():
        yield from of_value(value)


def of_value(value: Value | None) -> Iterator[str]:
    """Every text in a value that is sensitive."""
    match value:
        case Scalar(value=str() as plain, sensitive=True):
            yield plain
        case ListValue(items=items):
            for item in items:
                yield from of_value(item)
        case MapValue(items=mapping):
            yield from _of_mapping(mapping)
        case Unknown(choices=choices):
            for choice in choices:
                yield from of_value(choice)
