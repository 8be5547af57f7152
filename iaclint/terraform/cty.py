"""
The values Terraform computes with: what an expression evaluates to, before spans are attached.

==================  ===========================================================================
`None`              null whose type is not known (a literal `null`)
`Null(type)`        null of a certain type (`tostring(null)`); test both with `is_null`
`bool`, `str`       as they are; build texts with `string` (Terraform normalises them to NFC)
`int`, `Fraction`   numbers, see `number` (`Integer` and `Real` carry another precision)
`Tuple`, `Object`   what `[…]`, `{…}`, `for` and `jsondecode` give: each element has its own type
`List` `Set` `Map`  collections: one element type, kept also when they are empty
`Unknown`           `iaclint.value.Unknown`; its `type` is Terraform's spelling of the type
`Sensitive(value)`  a marked value, possibly deep inside a collection (a set is marked as a whole)
==================  ===========================================================================

Values are immutable. `Object.items` and `Map.items` are always in key order, `Set.items` in the
order Terraform iterates; build them with `object_`, `map_`, `set_`, `list_`, `tuple_`, which take
care of that. Functions here that read a value accept a `Sensitive` and wrap their result again.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType
from typing import Any, TypeAlias

from iaclint.terraform import number
from iaclint.value import Unknown


class TerraformError(Exception):
    """What Terraform would refuse; the argument is the message. The evaluator adds the place."""

    @property
    def message(self) -> str:
        return str(self.args[0]) if self.args else ""


# --- types ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Primitive:
    """`string`, `number`, `bool`, or `dynamic`, which is written `any`."""

    name: str


@dataclass(frozen=True, slots=True)
class ListType:
    """`list(element)`."""

    element: Type


@dataclass(frozen=True, slots=True)
class SetType:
    """`set(element)`."""

    element: Type


@dataclass(frozen=True, slots=True)
class MapType:
    """`map(element)`."""

    element: Type


@dataclass(frozen=True, slots=True)
class TupleType:
    """`tuple([…])`."""

    elements: tuple[Type, ...]


@dataclass(frozen=True, slots=True)
class ObjectType:
    """
    `object({…})`, attributes in key order. `optional` are the names that may be absent, `defaults`
    the second arguments of `optional(…)`; only type constraints have them.
    """

    attributes: tuple[tuple[str, Type], ...]
    optional: frozenset[str] = frozenset()
    defaults: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}), compare=False)


Type: TypeAlias = Primitive | ListType | SetType | MapType | TupleType | ObjectType
CollectionType = ListType | SetType | MapType

STRING = Primitive("string")
NUMBER = Primitive("number")
BOOL = Primitive("bool")
DYNAMIC = Primitive("dynamic")


def type_text(kind: Type) -> str:
    """The type as it is written in a configuration; `dynamic` is `any`."""
    match kind:
        case Primitive(name="dynamic"):
            return "any"
        case Primitive(name=name):
            return name
        case ListType(element=element):
            return f"list({type_text(element)})"
        case SetType(element=element):
            return f"set({type_text(element)})"
        case MapType(element=element):
            return f"map({type_text(element)})"
        case TupleType(elements=elements):
            return f"tuple([{', '.join(map(type_text, elements))}])"
        case ObjectType(attributes=attributes):
            inner = ", ".join(f"{name}={type_text(inner)}" for name, inner in attributes)
            return f"object({{{inner}}})"


def friendly(kind: Type) -> str:
    """The type as Terraform's messages name it (`list of string`, `tuple`)."""
    match kind:
        case Primitive(name=name):
            return name
        case ListType(element=element):
            return f"list of {friendly(element)}"
        case SetType(element=element):
            return f"set of {friendly(element)}"
        case MapType(element=element):
            return f"map of {friendly(element)}"
        case TupleType():
            return "tuple"
        case ObjectType():
            return "object"


def friendly_constraint(kind: Type) -> str:
    """Like `friendly`, for what is wanted: `any type`, `list of any single type`."""
    match kind:
        case Primitive(name="dynamic"):
            return "any type"
        case ListType(element=Primitive(name="dynamic")):
            return "list of any single type"
        case SetType(element=Primitive(name="dynamic")):
            return "set of any single type"
        case MapType(element=Primitive(name="dynamic")):
            return "map of any single type"
    return friendly(kind)


def has_dynamic(kind: Type) -> bool:
    """Whether any part of the type is not known."""
    match kind:
        case Primitive():
            return kind == DYNAMIC
        case TupleType(elements=elements):
            return any(map(has_dynamic, elements))
        case ObjectType(attributes=attributes):
            return any(has_dynamic(inner) for _, inner in attributes)
        case ListType(element=element) | SetType(element=element) | MapType(element=element):
            return has_dynamic(element)
    return False


# --- values --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Null:
    """A null whose type is known."""

    type: Type


@dataclass(frozen=True, slots=True)
class Tuple:
    """What `[a, b]` gives."""

    items: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class List:
    """A list; the elements have been converted to `element`."""

    element: Type
    items: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Set:
    """A set in Terraform's order, without duplicates. Build it with `set_`."""

    element: Type
    items: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Object:
    """What `{a = b}` gives, in key order."""

    items: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Map:
    """A map in key order; the elements have been converted to `element`."""

    element: Type
    items: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sensitive:
    """A value that must not be shown. Never wraps another `Sensitive`."""

    value: Any


CtyValue: TypeAlias = Any
"""None, Null, bool, str, int, Fraction, Tuple, List, Set, Object, Map, Unknown or Sensitive."""

EMPTY_TUPLE = Tuple(())
EMPTY_OBJECT = Object(MappingProxyType({}))


def string(text: str) -> str:
    """A text as Terraform holds it: in Unicode normalisation form C."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def is_number(value: CtyValue) -> bool:
    """Whether the value is a known number (a truth value is none)."""
    return isinstance(value, int | Fraction) and not isinstance(value, bool)


def is_null(value: CtyValue) -> bool:
    """Whether the value is null, sensitive or not."""
    return (
        value is None
        or isinstance(value, Null)
        or (isinstance(value, Sensitive) and is_null(value.value))
    )


def is_sequence(value: CtyValue) -> bool:
    """Whether the value is a known tuple, list or set."""
    return isinstance(value, Tuple | List | Set)


def is_mapping(value: CtyValue) -> bool:
    """Whether the value is a known object or map."""
    return isinstance(value, Object | Map)


def unknown(like: Unknown, kind: Type = DYNAMIC) -> Unknown:
    """An unknown for the same reason, of the type given: the result of an operation on `like`."""
    return Unknown(like.reason, like.span, like.supply, type=type_text(kind))


def sensitive(value: CtyValue) -> CtyValue:
    """The value, marked."""
    return value if isinstance(value, Sensitive) else Sensitive(value)


def unmark(value: CtyValue) -> tuple[CtyValue, bool]:
    """The value without its own mark, and whether it had one. Marks inside it stay."""
    if isinstance(value, Sensitive):
        return value.value, True
    return value, False


def remark(value: CtyValue, marked: bool) -> CtyValue:
    """The value, marked if `marked`: the counterpart of `unmark`."""
    return sensitive(value) if marked else value


def unmark_deep(value: CtyValue) -> tuple[CtyValue, bool]:
    """The value without any mark at any depth, and whether there was one."""
    if isinstance(value, Sensitive):
        return unmark_deep(value.value)[0], True
    if not isinstance(value, Tuple | List | Object | Map) or not contains_sensitive(value):
        return value, False
    if isinstance(value, Object | Map):
        items = MappingProxyType({k: unmark_deep(v)[0] for k, v in value.items.items()})
        return replace(value, items=items), True
    return replace(value, items=tuple(unmark_deep(item)[0] for item in value.items)), True


def children(value: CtyValue) -> Iterable[CtyValue]:
    """The direct elements of a known collection; none of anything else."""
    if isinstance(value, Tuple | List | Set):
        return value.items
    return value.items.values() if isinstance(value, Object | Map) else ()


def contains_sensitive(value: CtyValue) -> bool:
    """Whether the value or anything in it is marked."""
    return isinstance(value, Sensitive) or any(map(contains_sensitive, children(value)))


def first_unknown(value: CtyValue) -> Unknown | None:
    """The first unknown in the value at any depth; None when all of it is known."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Sensitive):
        return first_unknown(value.value)
    for child in children(value):
        if isinstance(child, str | int):
            continue
        found = first_unknown(child)
        if found is not None:
            return found
    return None


def contains_unknown(value: CtyValue) -> bool:
    """Whether the value or anything in it is unknown."""
    return first_unknown(value) is not None


# --- construction --------------------------------------------------------------------------------


def tuple_(items: Iterable[CtyValue]) -> Tuple:
    """A tuple of the elements."""
    return Tuple(tuple(items))


def list_(element: Type, items: Iterable[CtyValue]) -> List:
    """A list of elements that already are of the type."""
    return List(element, tuple(items))


def object_(items: Mapping[str, CtyValue] | Iterable[tuple[str, CtyValue]]) -> Object:
    """An object with its attributes in key order."""
    return Object(_sorted(items))


def map_(element: Type, items: Mapping[str, CtyValue] | Iterable[tuple[str, CtyValue]]) -> Map:
    """A map, in key order, of elements that already are of the type."""
    return Map(element, _sorted(items))


def _sorted(items: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> Mapping[str, Any]:
    plain = dict(items)
    return MappingProxyType({key: plain[key] for key in sorted(plain)})


def set_(element: Type, items: Iterable[CtyValue]) -> CtyValue:
    """
    A set of elements that already are of the type: duplicates dropped, in Terraform's order. A
    sensitive element makes the whole set sensitive.
    """
    marked = False
    seen: dict[Any, CtyValue] = {}
    for item in items:
        plain, hidden = unmark_deep(item)
        marked = marked or hidden
        key = object() if contains_unknown(plain) else identity(plain)
        seen.setdefault(key, plain)
    return remark(Set(element, tuple(_ordered(list(seen.values()), element))), marked)


def _ordered(items: list[CtyValue], element: Type) -> list[CtyValue]:
    known = [item for item in items if not is_null(item) and not isinstance(item, Unknown)]
    rest = [item for item in items if isinstance(item, Unknown)]
    nulls = [item for item in items if is_null(item)]
    if element == STRING and all(isinstance(item, str) for item in known):
        known.sort(key=lambda text: text.encode("utf-8", "surrogatepass"))
    elif all(map(is_number, known)) or all(isinstance(item, bool) for item in known):
        known.sort()
    else:
        known.sort(key=order_key)
    return known + rest + nulls


def identity(value: CtyValue) -> Any:
    """A hashable key that is the same for equal known values of one type, and only for those."""
    match value:
        case bool() | str():
            return (type(value).__name__, value)
        case int() | Fraction():
            return ("number", Fraction(value))
        case None | Null():
            return ("null",)
        case Unknown():
            return ("unknown", id(value))
        case Sensitive(value=inner):
            return identity(inner)
        case Set(items=items):
            return ("set", frozenset(map(identity, items)))
        case Tuple(items=items) | List(items=items):
            return (type(value).__name__, tuple(map(identity, items)))
    return (type(value).__name__, tuple((k, identity(v)) for k, v in value.items.items()))


def order_key(value: CtyValue) -> bytes:
    """What orders the elements of a set that are neither texts, numbers nor truth values."""
    return _order_text(value).encode("utf-8", "surrogatepass")


def _order_text(value: CtyValue) -> str:
    match value:
        case Sensitive(value=inner):
            return _order_text(inner)
        case Unknown():
            return "?"
        case None | Null():
            return "~"
        case bool():
            return "T" if value else "F"
        case str():
            return quoted(value)
        case int() | Fraction():
            return number.scientific(value)
        case Map(items=items):
            inner = "".join(f"{quoted(k)}:{_order_text(v)};" for k, v in items.items())
            return f"{{{inner}}}"
        case List(items=items) | Set(items=items):
            return f"[{''.join(_order_text(item) + ';' for item in items)}]"
        case Tuple(items=items):
            return f"<{''.join(_order_text(item) + ';' for item in items)}>"
    return f"<{''.join(_order_text(item) + ';' for item in value.items.values())}>"


_ESCAPES = {
    "\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v",
    "\\": "\\\\", '"': '\\"',
}  # fmt: skip


def quoted(text: str) -> str:
    """The text in double quotes as Go's `%q` writes it; messages of Terraform use it too."""
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if char.isprintable():
        return char
    code = ord(char)
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


# --- what a value is -----------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Type:
    from iaclint.terraform import types

    try:
        return types.parse(text)
    except TerraformError:
        return DYNAMIC


_PRIMITIVES: Mapping[type, Primitive] = {
    type(None): DYNAMIC,
    bool: BOOL,
    str: STRING,
    int: NUMBER,
    Fraction: NUMBER,
    number.Integer: NUMBER,
    number.Real: NUMBER,
}


def type_of(value: CtyValue) -> Type:
    """The type of a value, as the function `type` of Terraform's console shows it."""
    primitive = _PRIMITIVES.get(type(value))
    if primitive is not None:
        return primitive
    match value:
        case Null(type=kind):
            return kind
        case Sensitive(value=inner):
            return type_of(inner)
        case Unknown(type=text):
            return DYNAMIC if text == "any" else _parsed(text)
        case Tuple(items=items):
            return TupleType(tuple(map(type_of, items)))
        case Object(items=mapping):
            return ObjectType(tuple((name, type_of(item)) for name, item in mapping.items()))
        case List(element=element, items=items):
            return ListType(_element_type(element, items))
        case Set(element=element, items=items):
            return SetType(_element_type(element, items))
        case Map(element=element, items=mapping):
            return MapType(_element_type(element, tuple(mapping.values())))
    raise TypeError(f"not a Terraform value: {value!r}")


def _element_type(element: Type, items: tuple[CtyValue, ...]) -> Type:
    return type_of(items[0]) if items and element == DYNAMIC else element


def kind_name(value: CtyValue) -> str:
    """The type of a value as messages name it."""
    return friendly(type_of(value))


def not_null(value: CtyValue) -> bool:
    """Whether a value that may be unknown is certainly not null (a text with a known part is)."""
    if isinstance(value, Sensitive):
        return not_null(value.value)
    return bool(value.parts) if isinstance(value, Unknown) else not is_null(value)


def prefix(value: Unknown) -> str:
    """The text an unknown string certainly starts with."""
    known = ""
    for part in value.parts:
        if not isinstance(part, str):
            break
        known += part
    return known


# --- equality ------------------------------------------------------------------------------------


def equals(left: CtyValue, right: CtyValue) -> CtyValue:
    """
    `left == right`: True, False, or an `Unknown` truth value; marked when an operand is. Values
    of different types are never equal, all nulls are.
    """
    plain_left, hidden_left = unmark_deep(left)
    plain_right, hidden_right = unmark_deep(right)
    return remark(_equals(plain_left, plain_right), hidden_left or hidden_right)


def _equals(left: CtyValue, right: CtyValue) -> bool | Unknown:
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return _equals_unknown(left, right)
    if is_null(left) or is_null(right):
        return is_null(left) and is_null(right)
    if isinstance(left, str | int | Fraction) or isinstance(right, str | int | Fraction):
        return type_of(left) == type_of(right) and bool(left == right)
    left_type, right_type = type_of(left), type_of(right)
    if has_dynamic(left_type) or has_dynamic(right_type):
        waiting = first_unknown(left) or first_unknown(right)
        if not (conforms(left_type, right_type) or conforms(right_type, left_type)):
            return False
        if waiting is not None:
            return unknown(waiting, BOOL)
    elif left_type != right_type:
        return False
    return _equal_members(left, right)


def _equals_unknown(left: CtyValue, right: CtyValue) -> bool | Unknown:
    doubt, other = (left, right) if isinstance(left, Unknown) else (right, left)
    answer = unknown(doubt, BOOL)
    if isinstance(other, Unknown):
        return answer
    if is_null(other):
        return False if not_null(doubt) else answer
    if isinstance(other, str) and not other.startswith(prefix(doubt)):
        return False
    doubt_type = type_of(doubt)
    if has_dynamic(doubt_type) or doubt_type == type_of(other):
        return answer
    return False


def _equal_members(left: CtyValue, right: CtyValue) -> bool | Unknown:
    if isinstance(left, Set):
        waiting = first_unknown(left) or first_unknown(right)
        if waiting is not None:
            return unknown(waiting, BOOL)
        return bool(identity(left) == identity(right))
    if len(left.items) != len(right.items):
        return False
    if isinstance(left, Object | Map):
        if left.items.keys() != right.items.keys():
            return False
        pairs = [(item, right.items[key]) for key, item in left.items.items()]
    else:
        pairs = list(zip(left.items, right.items, strict=True))
    for mine, other in pairs:
        same = _equals(mine, other)
        if same is not True:
            return same
    return True


def conforms(kind: Type, wanted: Type) -> bool:
    """Whether a type is the wanted one where that is known."""
    if wanted in (DYNAMIC, kind):
        return True
    match kind, wanted:
        case TupleType(elements=mine), TupleType(elements=other):
            return len(mine) == len(other) and all(map(conforms, mine, other))
        case ObjectType(attributes=mine), ObjectType(attributes=other):
            names = [name for name, _ in mine] == [name for name, _ in other]
            return names and all(conforms(a[1], b[1]) for a, b in zip(mine, other, strict=True))
        case (ListType(), ListType()) | (SetType(), SetType()) | (MapType(), MapType()):
            return conforms(kind.element, wanted.element)  # type: ignore[union-attr]
    return False


# --- length, iteration, access -------------------------------------------------------------------


def length(value: CtyValue) -> CtyValue:
    """
    The number of elements or attributes of a tuple, list, set, object or map; unknown when the
    value is, or is a set with an unknown element.

    Raises `TerraformError` for anything else.
    """
    plain, hidden = unmark(value)
    if isinstance(plain, Unknown):
        kind = type_of(plain)
        if isinstance(kind, TupleType):
            return remark(number.count(len(kind.elements)), hidden)
        if isinstance(kind, ObjectType):
            return remark(number.count(len(kind.attributes)), hidden)
        return remark(unknown(plain, NUMBER), hidden)
    if isinstance(plain, Set) and len(plain.items) > 1:
        waiting = first_unknown(plain)
        if waiting is not None:
            return remark(unknown(waiting, NUMBER), hidden)
    if isinstance(plain, Tuple | List | Set | Object | Map):
        return remark(number.count(len(plain.items)), hidden)
    raise TerraformError("a collection is required")


def iterate(value: CtyValue) -> Iterator[tuple[CtyValue, CtyValue]]:
    """
    Key and element of each element, as `for` binds them: indexes for tuples and lists, the element
    itself for sets, names in key order for objects and maps. Neither unknown nor marked values.

    Raises `TerraformError` for what has no elements.
    """
    match value:
        case Tuple(items=items) | List(items=items):
            yield from enumerate(items)
        case Set(items=items):
            yield from ((item, item) for item in items)
        case Object(items=mapping) | Map(items=mapping):
            yield from mapping.items()
        case _:
            raise TerraformError(
                "A value of this type has no elements to iterate: it is "
                f"{'null' if is_null(value) else kind_name(value)}."
            )


def get_attribute(value: CtyValue, name: str) -> CtyValue:
    """
    `value.name`.

    Raises `TerraformError` with Terraform's message when there is no such attribute.
    """
    plain, hidden = unmark(value)
    if is_null(plain):
        raise TerraformError(
            f"Attempt to get attribute from null value: This value is null, so it does not have "
            f"any attributes (.{name})."
        )
    if isinstance(plain, Object):
        if name not in plain.items:
            raise TerraformError(
                "Unsupported attribute: This object does not have an attribute named "
                f"{quoted(name)}."
            )
        return remark(plain.items[name], hidden)
    if isinstance(plain, Map):
        if name not in plain.items:
            raise TerraformError(
                "Missing map element: This map does not have an element with the key "
                f"{quoted(name)}."
            )
        return remark(plain.items[name], hidden)
    if isinstance(plain, Unknown):
        return remark(_unknown_attribute(plain, name), hidden)
    raise TerraformError(f"Unsupported attribute: {_no_attributes(plain, name)}")


def _no_attributes(plain: CtyValue, name: str) -> str:
    if is_sequence(plain):
        return (
            f"This value is {_article(kind_name(plain))}, which has no attribute {quoted(name)}; "
            "did you mean to access it for an element?"
        )
    return f"Can't access attributes on a primitive-typed value ({kind_name(plain)})."


def _article(words: str) -> str:
    return f"{'an' if words[:1] in 'aeiou' else 'a'} {words}"


def _unknown_attribute(value: Unknown, name: str) -> Unknown:
    kind = type_of(value)
    if isinstance(kind, ObjectType):
        inner = dict(kind.attributes).get(name)
        if inner is None:
            raise TerraformError(
                "Unsupported attribute: This object does not have an attribute named "
                f"{quoted(name)}."
            )
        return unknown(value, inner)
    if isinstance(kind, MapType):
        return unknown(value, kind.element)
    if kind == DYNAMIC:
        return unknown(value)
    raise TerraformError(
        f"Unsupported attribute: This value does not have any attributes ({friendly(kind)})."
    )


def index(value: CtyValue, key: CtyValue) -> CtyValue:
    """
    `value[key]`; the key is converted as Terraform does (`"0"` in a list, `1` in a map).

    Raises `TerraformError` with Terraform's message when the key does not fit or is not there.
    """
    plain, hidden = unmark(value)
    plain_key, hidden_key = unmark(key)
    found = _index(plain, plain_key)
    return remark(found, hidden or hidden_key)


def _index(value: CtyValue, key: CtyValue) -> CtyValue:
    if is_null(value):
        raise TerraformError(
            "Attempt to index null value: This value is null, so it does not have any indices."
        )
    if is_null(key):
        raise TerraformError("Invalid index: Can't use a null value as an indexing key.")
    kind = type_of(value)
    if kind == DYNAMIC:
        return unknown(value)
    match kind:
        case ListType() | TupleType():
            return _index_sequence(value, kind, key)
        case MapType() | ObjectType():
            return _index_mapping(value, kind, key)
        case SetType():
            raise TerraformError(
                "Invalid index: Elements of a set are identified only by their value and don't "
                "have any separate index or key to select with, so it's only possible to perform "
                "operations across all elements of the set."
            )
    raise TerraformError("Invalid index: This value does not have any indices.")


def _index_sequence(value: CtyValue, kind: ListType | TupleType, key: CtyValue) -> CtyValue:
    if isinstance(key, Unknown):
        if type_of(key) not in (NUMBER, STRING, DYNAMIC):
            raise TerraformError("Invalid index: a number is required.")
        return unknown(key, kind.element if isinstance(kind, ListType) else DYNAMIC)
    position = _whole(key)
    if isinstance(value, Unknown):
        if isinstance(kind, ListType):
            return unknown(value, kind.element)
        if 0 <= position < len(kind.elements):
            return unknown(value, kind.elements[position])
    elif 0 <= position < len(value.items):
        return value.items[position]
    if position < 0:
        raise TerraformError(
            "Invalid index: The given key does not identify an element in this collection value: "
            "a negative number is not a valid index for a sequence."
        )
    raise TerraformError(
        "Invalid index: The given key does not identify an element in this collection value: "
        + (
            "the given index is greater than or equal to the length of the collection."
            if getattr(value, "items", True)
            else "the collection has no elements."
        )
    )


def _whole(key: CtyValue) -> int:
    if isinstance(key, str):
        try:
            key = number.parse(key)
        except number.NumberError:
            raise TerraformError(
                "Invalid index: The given key does not identify an element in this collection "
                "value: a number is required."
            ) from None
    if not is_number(key):
        raise TerraformError(
            "Invalid index: The given key does not identify an element in this collection value: "
            "a number is required."
        )
    if key.denominator != 1:
        raise TerraformError(
            "Invalid index: The given key does not identify an element in this collection value: "
            "indexing a sequence requires a whole number, but the given index has a fractional "
            "part."
        )
    return int(key)


def _index_mapping(value: CtyValue, kind: MapType | ObjectType, key: CtyValue) -> CtyValue:
    inner = kind.element if isinstance(kind, MapType) else DYNAMIC
    if isinstance(key, Unknown):
        if isinstance(type_of(key), Primitive):
            return unknown(key, inner)
    elif isinstance(key, str | int | Fraction):
        name = text(key)
        if isinstance(value, Unknown):
            return _unknown_attribute(value, name)
        if name in value.items:
            return value.items[name]
        if isinstance(kind, ObjectType):
            raise TerraformError(
                "Invalid index: The given key does not identify an element in this collection "
                f"value: this object has no attribute {quoted(name)}."
            )
        raise TerraformError(
            "Invalid index: The given key does not identify an element in this collection value."
        )
    raise TerraformError(
        "Invalid index: The given key does not identify an element in this collection value: "
        "string required."
    )


# --- texts ---------------------------------------------------------------------------------------


def text(value: CtyValue) -> str:
    """The text of a known text, number or truth value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, int | Fraction):
        return number.text(value)
    raise TerraformError(f"string required, but have {kind_name(value)}")


_JSON_ESCAPES = {
    '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f",
    "<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029",
}  # fmt: skip
_JSON_TABLE = str.maketrans(
    {code: f"\\u{code:04x}" for code in range(32)} | {ord(c): e for c, e in _JSON_ESCAPES.items()}
)


def json_text(text: str) -> str:
    """The text as a JSON string, escaped as Terraform does (also `<`, `>` and `&`)."""
    return f'"{text.translate(_JSON_TABLE)}"'


def to_json(value: CtyValue, doubt: Callable[[Unknown], str] | None = None) -> str:
    """
    The value as `jsonencode` writes it. Marks are passed over. `doubt` writes what stands for an
    unknown.

    Raises `TerraformError` for an unknown when there is no `doubt`.
    """
    match value:
        case None | Null():
            return "null"
        case bool() | int() | Fraction():
            return text(value)
        case str():
            return json_text(value)
        case Sensitive(value=inner):
            return to_json(inner, doubt)
        case Unknown():
            if doubt is None:
                raise TerraformError(f"value is not known: {value.reason}")
            return doubt(value)
        case Tuple(items=items) | List(items=items) | Set(items=items):
            return f"[{','.join(to_json(item, doubt) for item in items)}]"
        case Object(items=mapping) | Map(items=mapping):
            pairs = (f"{json_text(key)}:{to_json(item, doubt)}" for key, item in mapping.items())
            return f"{{{','.join(pairs)}}}"
    raise TypeError(f"not a Terraform value: {value!r}")


def from_plain(value: Any) -> CtyValue:
    """
    The value of plain Python data (from JSON): dicts become objects, lists tuples, floats exact
    decimals of their shortest text.
    """
    match value:
        case None | bool() | int() | Fraction():
            return value
        case str():
            return string(value)
        case float():
            return number.parse(repr(value))
        case dict():
            return object_({string(str(key)): from_plain(item) for key, item in value.items()})
        case list() | tuple():
            return tuple_(map(from_plain, value))
    raise TypeError(f"no Terraform value for {type(value).__name__}")
