"""
Values that are unknown but not unknowable: resource instances, collections of unknown length, and
values that are one of a few. To everything that does not know them they are plain unknowns.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from iaclint.terraform import cty
from iaclint.terraform.cty import CtyValue
from iaclint.value import Ref, Unknown

MAXIMUM_OPTIONS = 8
"""A choice with more values than this is not followed any further."""


def _nothing(_name: str) -> CtyValue:
    return None


@dataclass(frozen=True, slots=True)
class Instance(Unknown):
    """
    A resource instance, or a nested block of one: `lookup` gives what is configured (None where
    nothing is), everything else is decided on apply.
    """

    lookup: Callable[[str], CtyValue] = field(default=_nothing, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Outputs(Instance):
    """
    A module as a reference to it sees it. Its outputs are looked at one by one, as Terraform
    does, so that arguments of the module can depend on other outputs of it.
    """

    everything: Callable[[], CtyValue] = field(default=lambda: None, compare=False, repr=False)


def whole(value: CtyValue) -> CtyValue:
    """The value; a module becomes the object of all its outputs. Raises `TerraformError`."""
    return value.everything() if isinstance(value, Outputs) else value


@dataclass(frozen=True, slots=True)
class Many(Unknown):
    """
    A collection of which only some possible elements are known, not which and how many. `tally` is
    that of the block whose instances they are, all of them.
    """

    samples: tuple[CtyValue, ...] = field(default=(), compare=False)
    tally: object = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Unordered(cty.List):
    """A list of which all elements are known, and not which comes first."""


@dataclass(frozen=True, slots=True)
class Choice(Unknown):
    """One of a few values; which one depends on something unknown."""

    options: tuple[CtyValue, ...] = field(default=(), compare=False)


def many(like: Unknown, samples: Sequence[CtyValue], tally: object = None) -> Unknown:
    """A collection whose length is unknown for the reason given; `tally` as that of `Many`."""
    distinct = _distinct(samples)
    if not distinct:
        return cty.unknown(like)
    return Many(like.reason, like.span, like.supply, samples=tuple(distinct), tally=tally)


def choice(like: Unknown, options: Sequence[CtyValue], kind: str = "any") -> Unknown:
    """One of the values, for the reason given. Choices among them are flattened."""
    flat: list[CtyValue] = []
    for option in options:
        flat.extend(option.options if isinstance(option, Choice) else (option,))
    distinct = _distinct(flat)
    if len(distinct) > MAXIMUM_OPTIONS:
        return replace(cty.unknown(like), type=kind)
    found = tuple(distinct)
    return Choice(like.reason, like.span, like.supply, options=found, type=kind)


def _distinct(values: Sequence[CtyValue]) -> list[CtyValue]:
    found: list[CtyValue] = []
    for value in values:
        if not any(_same(value, other) for other in found):
            found.append(value)
        if len(found) > MAXIMUM_OPTIONS:
            break
    return found


def _same(one: CtyValue, other: CtyValue) -> bool:
    if one is other:
        return True
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        if not (isinstance(one, Unknown) and isinstance(other, Unknown)):
            return False
        return type(one) is type(other) and one.ref is not None and one.ref == other.ref
    return type(one) is type(other) and cty.equals(one, other) is True


def attribute(value: CtyValue, name: str) -> CtyValue:
    """`value.name`. Raises `TerraformError`."""
    if isinstance(value, Unknown):
        return _attribute(value, name)
    plain, marked = cty.unmark(value)
    if isinstance(plain, Unknown):
        return cty.remark(_attribute(plain, name), marked)
    return cty.get_attribute(value, name)


def _attribute(value: Unknown, name: str) -> CtyValue:
    if isinstance(value, Instance):
        found = value.lookup(name)
        if value.ref is None:
            return found
        return deeper(value, f".{name}") if cty.is_null(found) else found
    if isinstance(value, Choice):
        return _each(value, lambda option: attribute(option, name))
    if isinstance(value, Many):
        return pick(value)
    if value.ref is not None and cty.type_of(value) == cty.DYNAMIC:
        return deeper(value, f".{name}")
    return cty.get_attribute(value, name)


def index(value: CtyValue, key: CtyValue) -> CtyValue:
    """`value[key]`. Raises `TerraformError`."""
    plain, marked = cty.unmark(value)
    if isinstance(plain, Unknown):
        return cty.remark(_index(plain, key), marked)
    key_plain, key_marked = cty.unmark(key)
    if isinstance(plain, Unordered) and not isinstance(key_plain, Unknown):
        return cty.remark(_any_of(plain, cty.index(plain, key_plain)), marked or key_marked)
    if isinstance(key_plain, Unknown):
        return cty.remark(_unknown_key(plain, key_plain), marked or key_marked)
    return cty.index(value, key)


def _index(value: Unknown, key: CtyValue) -> CtyValue:
    if isinstance(value, Choice):
        return _each(value, lambda option: index(option, key))
    if isinstance(value, Many):
        return pick(value)
    plain = cty.unmark(key)[0]
    if isinstance(value, Instance) and isinstance(plain, str):
        return _attribute(value, plain)
    if value.ref is not None and cty.type_of(value) == cty.DYNAMIC:
        if isinstance(plain, Unknown) or cty.is_null(plain):
            return cty.unknown(value)
        shown = cty.text(plain)
        return deeper(value, f"[{shown}]" if cty.is_number(plain) else f'["{shown}"]')
    return cty.index(value, key)


def _any_of(value: cty.List | cty.Tuple, found: CtyValue) -> CtyValue:
    """One of the elements, as the one that was found is."""
    if not isinstance(found, Unknown) or len(value.items) == 1:
        return found
    return choice(replace(cty.unknown(found), ref=None), value.items, found.type)


def _unknown_key(value: CtyValue, key: Unknown) -> CtyValue:
    if isinstance(key, Choice):
        return _each(key, lambda option: index(value, option))
    found = cty.index(value, key)
    options = list(cty.children(value))
    if options and isinstance(found, Unknown) and len(options) <= MAXIMUM_OPTIONS:
        return choice(found, options, found.type)
    return found


def _each(value: Choice, operation: Callable[[CtyValue], CtyValue]) -> CtyValue:
    """The operation on each option; those it fails on cannot be meant."""
    results: list[CtyValue] = []
    failure: cty.TerraformError | None = None
    for option in value.options:
        try:
            results.append(operation(option))
        except cty.TerraformError as error:
            failure = error
    if not results and failure is not None:
        raise failure
    return choice(value, results)


def pick(value: Many) -> CtyValue:
    """Any element of the collection."""
    if len(value.samples) == 1:
        return value.samples[0]
    return choice(value, value.samples)


def deeper(value: Unknown, step: str) -> Unknown:
    """What is inside an attribute that is only known on apply."""
    ref = value.ref
    assert ref is not None
    path = (ref.attribute + step).removeprefix(".")
    inner = Ref(ref.address, path)
    kind = _type_of(path)
    return Unknown(_on_apply(inner), value.span, value.supply, ref=inner, type=kind)


_TEXT = re.compile(
    r"(^|[._])(id|arn|ip|dns|cidr_block|openssh|pem|name|zone|address|url|fingerprint)$"
)
"""Attributes that hold one text in every resource that has them."""


def _type_of(path: str) -> str:
    """By its name; but what other roots hand on is called as their authors like."""
    return "string" if _TEXT.search(path) and not path.startswith("outputs") else "any"


def _on_apply(ref: Ref) -> str:
    return f"{ref} is only known after apply"


def known_on_apply(address: str, attribute: str) -> Unknown:
    """An attribute that the resource gets on apply."""
    ref = Ref(address, attribute)
    return Unknown(_on_apply(ref), ref=ref, type=_type_of(attribute))


def elements(value: CtyValue) -> list[CtyValue]:
    """What is or can be in a collection, for functions that keep elements as they are."""
    plain = cty.unmark(value)[0]
    if isinstance(plain, Many):
        return list(plain.samples)
    if isinstance(plain, Choice):
        return [item for option in plain.options for item in elements(option)]
    return list(cty.children(plain))


_KEEPS: dict[str, int] = {
    "compact": 1, "concat": 99, "distinct": 1, "reverse": 1, "sort": 1, "tolist": 1, "toset": 1,
    "tomap": 1, "values": 1, "merge": 99, "slice": 1, "setunion": 99, "coalescelist": 99,
    "flatten": 1, "chunklist": 0, "setsubtract": 1, "setintersection": 1, "sensitive": 1,
    "nonsensitive": 1, "list": 0,
}  # fmt: skip
"""Functions that pass elements on, and how many of their arguments have them."""


def through(name: str, arguments: Sequence[CtyValue], result: CtyValue) -> CtyValue:
    """The unknown result of a function, with the elements it can have."""
    given = cty.unmark(arguments[0])[0] if arguments else None
    if isinstance(given, Unordered) or (name == "sort" and isinstance(given, cty.List | cty.Tuple)):
        return _shuffled(name, given, result)
    if not isinstance(result, Unknown) or isinstance(result, Many | Choice | Instance):
        return result
    if name == "tolist" and _is_whole(given) and cty.type_of(given) == cty.DYNAMIC:
        return arguments[0]
    if result.ref is not None:
        return result
    if name in ("element", "one", "lookup") and arguments:
        return _single(name, arguments, result)
    count = _KEEPS.get(name, 0)
    samples = [sample for argument in arguments[:count] for sample in elements(argument)]
    if name == "flatten":
        samples = _flat(samples)
    if not samples or len(samples) >= 200:
        return result
    return many(result, [*samples, *_anything(arguments[:count])])


def _anything(arguments: Sequence[CtyValue]) -> list[CtyValue]:
    """An element nobody knows anything about, where a collection is not known at all."""
    every = [cty.unmark(argument)[0] for argument in arguments]
    found = [each for each in every if isinstance(each, Unknown) and not elements(each)]
    return [cty.unknown(each) for each in found[:1]]


def _shuffled(name: str, given: cty.List | cty.Tuple, result: CtyValue) -> CtyValue:
    """The result of a function on a list whose order is not known, or will be another."""
    if name == "element":
        return _any_of(given, result)
    if name not in _KEEPS or not any(isinstance(item, Unknown) for item in given.items):
        return result
    if isinstance(result, cty.List) and len(result.items) <= len(given.items):
        if isinstance(given, Unordered) and len(result.items) == len(given.items):
            return Unordered(result.element, given.items)
        return cty.list_(result.element, [_any_of(given, item) for item in result.items])
    return many(result, given.items) if isinstance(result, Unknown) else result


def _flat(samples: list[Any]) -> list[CtyValue]:
    """What is in sequences, and what is none: an object stays one."""
    flat: list[CtyValue] = []
    for sample in samples:
        plain = cty.unmark(sample)[0]
        if cty.is_sequence(plain) or isinstance(plain, Many | Choice):
            flat.extend(_flat(elements(sample)))
        else:
            flat.append(sample)
    return flat


def _of_attribute(value: CtyValue, place: CtyValue, otherwise: Unknown) -> CtyValue:
    """An element of a list that is an attribute: `element(self.ipv6_addresses, 0)`."""
    return index(value, place) if _is_whole(cty.unmark(value)[0]) else otherwise


def _is_whole(value: CtyValue) -> bool:
    """Whether it is an attribute, of which nothing more is known than whose it is."""
    return isinstance(value, Unknown) and value.ref is not None


def _single(name: str, arguments: Sequence[CtyValue], result: Unknown) -> CtyValue:
    options = elements(arguments[0])
    if not options and name == "element" and len(arguments) == 2:
        return _of_attribute(arguments[0], arguments[1], result)
    if name == "lookup" and len(arguments) > 2 and options:
        options.append(arguments[2])
    if not options or len(options) > MAXIMUM_OPTIONS:
        return result
    return options[0] if len(options) == 1 else choice(result, options, result.type)
