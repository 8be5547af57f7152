"""
What is assumed in one world: values of parameters, truth of conditions.

Without assumptions everything comes from defaults and inputs; a world adds just enough to decide
the conditions that matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from iaclint.cloudformation.node import NOWHERE
from iaclint.cloudformation.parameters import Symbol
from iaclint.value import ListValue, MapValue, Scalar, Unknown, Value, text


@dataclass(frozen=True, slots=True)
class Invalid(Unknown):
    """Not a value at all: the template is wrong there, and a problem says how."""


@dataclass(frozen=True, slots=True)
class Facts:
    """
    `values` and `excluded` are about symbols, `atoms` about comparisons that cannot be traced to
    one symbol, `conditions` about conditions by their qualified name (`Stack/Name`).
    """

    values: Mapping[str, str] = field(default_factory=dict)
    excluded: Mapping[str, frozenset[str]] = field(default_factory=dict)
    atoms: Mapping[str, bool] = field(default_factory=dict)
    conditions: Mapping[str, bool] = field(default_factory=dict)

    def about(self, key: str) -> tuple[object, ...]:
        """Everything assumed under a key, to compare two worlds by what was read in them."""
        return (
            self.values.get(key),
            self.excluded.get(key),
            self.atoms.get(key),
            self.conditions.get(key),
        )

    def equal(self, key: str, value: str) -> Facts:
        return replace(self, values={**self.values, key: value})

    def different(self, key: str, value: str) -> Facts:
        excluded = self.excluded.get(key, frozenset()) | {value}
        return replace(self, excluded={**self.excluded, key: excluded})

    def decided(self, atom: str, truth: bool) -> Facts:
        return replace(self, atoms={**self.atoms, atom: truth})

    def with_conditions(self, truths: Mapping[str, bool]) -> Facts:
        return replace(self, conditions={**self.conditions, **truths})

    def resolve(self, symbol: Symbol) -> Value:
        """The symbol as far as the facts decide it."""
        known = self.values.get(symbol.key)
        if known is not None:
            return Scalar(known, symbol.span or NOWHERE, sensitive=symbol.sensitive)
        excluded = self.excluded.get(symbol.key)
        if not excluded or not symbol.choices:
            return symbol
        left = tuple(choice for choice in symbol.choices if text(choice) not in excluded)
        if len(left) == 1:
            return left[0]
        return replace(symbol, choices=left)

    def possible(self, symbol: Symbol, value: str) -> bool:
        """Can the symbol still have this value?"""
        if value in self.excluded.get(symbol.key, ()):
            return False
        if symbol.choices:
            return any(text(choice) == value for choice in symbol.choices)
        return symbol.may_be_empty or value != ""


def common(alternatives: tuple[Facts, ...]) -> Facts:
    """What all alternatives agree on."""
    first = alternatives[0]
    if len(alternatives) == 1:
        return first
    rest = alternatives[1:]

    def shared(name: str) -> dict[str, object]:
        mine: Mapping[str, object] = getattr(first, name)
        return {
            key: value
            for key, value in mine.items()
            if all(getattr(other, name).get(key) == value for other in rest)
        }

    return Facts(
        shared("values"),  # type: ignore[arg-type]
        shared("excluded"),  # type: ignore[arg-type]
        shared("atoms"),  # type: ignore[arg-type]
        shared("conditions"),  # type: ignore[arg-type]
    )


MAXIMUM_WEIGHT = 20_000
"""Values with more elements than this are not passed on from one place to another."""


def bounded(value: Value | None) -> bool:
    """
    Is the value small enough to be used elsewhere? Without this limit a short chain of resources,
    each with a list that holds the one before twice, would be a value of unlimited size.
    """
    todo = [value]
    for _ in range(MAXIMUM_WEIGHT):
        if not todo:
            return True
        match todo.pop():
            case ListValue(items=items):
                todo.extend(items)
            case MapValue(items=entries):
                todo.extend(entries.values())
            case Unknown(parts=parts, choices=choices):
                todo.extend(choices)
                todo.extend(part for part in parts if isinstance(part, Unknown))
    return not todo


def fingerprint(value: Value | None) -> str:
    """A text that is the same for values that are the same, wherever they are written."""
    match value:
        case None:
            return "-"
        case Symbol(key=key):
            return f"?{key}"
        case Unknown(ref=ref) if ref is not None:
            return f"@{ref}"
        case Unknown(parts=parts) if parts:
            return "+".join(p if isinstance(p, str) else fingerprint(p) for p in parts)
        case Unknown(reason=reason):
            return f"?{reason}"
        case Scalar():
            return repr(text(value))
        case ListValue(items=items, more=more):
            rest = f"…{fingerprint(more)}" if more else ""
            return f"[{','.join(map(fingerprint, items))}{rest}]"
        case MapValue(items=entries):
            inside = ",".join(f"{key}:{fingerprint(entries[key])}" for key in sorted(entries))
            return f"{{{inside}}}"
    return ""


def known(value: Value | None) -> bool:
    """Nothing in the value is unknown."""
    match value:
        case Unknown():
            return False
        case ListValue(items=items, more=more):
            return more is None and all(map(known, items))
        case MapValue(items=entries, more=more):
            return more is None and all(map(known, entries.values()))
    return True
