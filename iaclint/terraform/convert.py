"""
Which type converts to which, and the conversion itself: Terraform's automatic type conversion.

Described at https://developer.hashicorp.com/terraform/language/expressions/types. A *safe*
conversion cannot fail for any value (number to string); an *unsafe* one can (string to number).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from iaclint.terraform import doubt, number
from iaclint.terraform.cty import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    CtyValue,
    ListType,
    Map,
    MapType,
    Null,
    Object,
    ObjectType,
    Primitive,
    Set,
    SetType,
    TerraformError,
    TupleType,
    Type,
    first_unknown,
    friendly,
    friendly_constraint,
    has_dynamic,
    is_null,
    list_,
    map_,
    object_,
    quoted,
    remark,
    set_,
    text,
    tuple_,
    type_of,
    type_text,
    unknown,
    unmark,
)
from iaclint.terraform.preference import most_general_first
from iaclint.value import Unknown

Conversion: TypeAlias = Callable[[CtyValue], CtyValue]


def convert(value: CtyValue, target: Type) -> CtyValue:
    """
    The value as a value of the target type; unknown, null and marked values keep being so.

    Raises `TerraformError` with Terraform's message when there is no such conversion.
    """
    if target == DYNAMIC:
        return value
    value = doubt.whole(value)
    source = type_of(value)
    if target == source:
        return value
    found = conversion(source, target, unsafe=True)
    if found is None:
        raise TerraformError(mismatch(source, target))
    return found(value)


def without_optional(kind: Type) -> Type:
    """The type without any mention of which attributes may be absent."""
    match kind:
        case ListType(element=element):
            return ListType(without_optional(element))
        case SetType(element=element):
            return SetType(without_optional(element))
        case MapType(element=element):
            return MapType(without_optional(element))
        case TupleType(elements=elements):
            return TupleType(tuple(map(without_optional, elements)))
        case ObjectType(attributes=attributes):
            return ObjectType(tuple((name, without_optional(kind)) for name, kind in attributes))
    return kind


def conversion(source: Type, target: Type, *, unsafe: bool) -> Conversion | None:
    """The function that converts values of one type to another; None when there is none."""
    inner = _conversion(source, target, unsafe)
    if inner is None:
        return None

    def wrapped(value: CtyValue) -> CtyValue:
        if target == DYNAMIC:
            return value
        plain, hidden = unmark(value)
        if isinstance(plain, Unknown):
            kind = dynamic_replaced(type_of(plain), without_optional(target))
            return remark(replace(plain, type=type_text(kind)), hidden)
        if is_null(plain):
            kind = dynamic_replaced(type_of(plain), without_optional(target))
            return remark(Null(kind) if kind != DYNAMIC else None, hidden)
        return remark(inner(plain), hidden)

    return wrapped


def _conversion(source: Type, target: Type, unsafe: bool) -> Conversion | None:
    if target == DYNAMIC:
        return lambda value: value
    if source == DYNAMIC:
        return (lambda value: convert(value, target)) if unsafe else None
    match source, target:
        case Primitive(), Primitive():
            return _primitive(source, target, unsafe)
        case ObjectType(), ObjectType():
            return _object_to_object(source, target, unsafe)
        case TupleType(), TupleType():
            return _tuple_to_tuple(source, target, unsafe)
        case (ListType() | SetType() | TupleType(), ListType() | SetType()):
            return _to_sequence(source, target, unsafe)
        case MapType(), MapType():
            return _map_to_map(source, target, unsafe)
        case ObjectType(), MapType():
            return _object_to_map(source, target, unsafe)
        case MapType(), ObjectType() if unsafe:
            return _map_to_object(source, target)
    return None


def _primitive(source: Primitive, target: Primitive, unsafe: bool) -> Conversion | None:
    if source == target:
        return lambda value: value
    if target == STRING:
        return text
    if source != STRING or not unsafe:
        return None
    return _to_number if target == NUMBER else _to_bool


def _to_number(value: CtyValue) -> CtyValue:
    try:
        return number.parse(value)
    except number.NumberError:
        raise TerraformError("a number is required") from None


def _to_bool(value: CtyValue) -> CtyValue:
    if value in ("true", "1"):
        return True
    if value in ("false", "0"):
        return False
    if value.lower() in ("true", "false"):
        raise TerraformError(
            f"a bool is required; to convert from string, use lowercase {quoted(value.lower())}"
        )
    raise TerraformError("a bool is required")


def _same(value: CtyValue) -> CtyValue:
    return value


def _between(source: Type, target: Type, unsafe: bool) -> Conversion | None:
    return _same if source == target else conversion(source, target, unsafe=unsafe)


def _object_to_object(source: ObjectType, target: ObjectType, unsafe: bool) -> Conversion | None:
    given = dict(source.attributes)
    steps: dict[str, Conversion] = {}
    absent: dict[str, CtyValue] = {}
    for name, wanted in target.attributes:
        if name not in given:
            if name not in target.optional:
                return None
            absent[name] = Null(without_optional(wanted)) if wanted != DYNAMIC else None
            continue
        step = _between(given[name], wanted, unsafe)
        if step is None:
            return None
        steps[name] = step
    return lambda value: object_(
        absent | {name: step(value.items[name]) for name, step in steps.items()}
    )


def _tuple_to_tuple(source: TupleType, target: TupleType, unsafe: bool) -> Conversion | None:
    if len(source.elements) != len(target.elements):
        return None
    steps: list[Conversion] = []
    for mine, wanted in zip(source.elements, target.elements, strict=True):
        step = _between(mine, wanted, unsafe)
        if step is None:
            return None
        steps.append(step)
    return lambda value: tuple_(step(item) for step, item in zip(steps, value.items, strict=True))


def _to_sequence(
    source: ListType | SetType | TupleType, target: ListType | SetType, unsafe: bool
) -> Conversion | None:
    if isinstance(target, SetType) and isinstance(source, ListType) and not unsafe:
        return None
    if isinstance(source, TupleType):
        return _tuple_to_sequence(source, target, unsafe)
    step = _between(source.element, target.element, unsafe)
    if step is None:
        return None
    element = source.element if target.element == DYNAMIC else without_optional(target.element)
    build = _list if isinstance(target, ListType) else _set

    def run(value: CtyValue) -> CtyValue:
        waiting = first_unknown(value) if isinstance(value, Set) else None
        if waiting is not None and len(value.items) > 1 and isinstance(target, ListType):
            return unknown(waiting, ListType(type_of(value).element))  # type: ignore[union-attr]
        return build(element, [step(item) for item in value.items])

    return run


def _tuple_to_sequence(
    source: TupleType, target: ListType | SetType, unsafe: bool
) -> Conversion | None:
    build = _list if isinstance(target, ListType) else _set
    element = without_optional(target.element)
    if not source.elements:
        return lambda _value: build(element, [])
    wanted = target.element
    if wanted == DYNAMIC:
        unified = unify(source.elements, unsafe=unsafe)
        if unified is None:
            return None
        wanted = unified[0]
        if wanted == DYNAMIC and any(kind != DYNAMIC for kind in source.elements):
            return None
    steps = _steps(source.elements, wanted, unsafe)
    if steps is None:
        return None
    return lambda value: build(
        without_optional(wanted),
        [step(item) for step, item in zip(steps, value.items, strict=True)],
    )


def _steps(sources: Sequence[Type], wanted: Type, unsafe: bool) -> list[Conversion] | None:
    known: dict[Type, Conversion | None] = {}
    for kind in sources:
        if kind not in known:
            known[kind] = _between(kind, wanted, unsafe)
    found = [known[kind] for kind in sources]
    steps = [step for step in found if step is not None]
    return steps if len(steps) == len(found) else None


def _unified(element: Type, items: Sequence[CtyValue]) -> tuple[Type, list[CtyValue]]:
    """Bring elements to one type where conversion to a type with `any` left them different."""
    if not has_dynamic(element) or not items:
        return element, list(items)
    kinds = [type_of(item) for item in items]
    result = unify(kinds, unsafe=True)
    if result is None:
        raise TerraformError("cannot find a common base type for all elements")
    kind, steps = result
    return kind, [step(item) if step else item for step, item in zip(steps, items, strict=True)]


def _list(element: Type, items: Sequence[CtyValue]) -> CtyValue:
    kind, unified = _unified(element, items)
    return list_(kind, unified)


def _set(element: Type, items: Sequence[CtyValue]) -> CtyValue:
    kind, unified = _unified(element, items)
    return set_(kind, unified)


def _map(element: Type, names: Sequence[str], items: Sequence[CtyValue]) -> CtyValue:
    kind, unified = _unified(element, items)
    return map_(kind, zip(names, unified, strict=True))


def _map_to_map(source: MapType, target: MapType, unsafe: bool) -> Conversion | None:
    step = _between(source.element, target.element, unsafe)
    if step is None:
        return None
    element = source.element if target.element == DYNAMIC else without_optional(target.element)
    return lambda value: _map(
        element, list(value.items), [step(item) for item in value.items.values()]
    )


def _object_to_map(source: ObjectType, target: MapType, unsafe: bool) -> Conversion | None:
    element = without_optional(target.element)
    kinds = [kind for _, kind in source.attributes]
    if not kinds:
        return lambda _value: map_(element, {})
    wanted = target.element
    if wanted == DYNAMIC:
        unified = unify(kinds, unsafe=unsafe)
        if unified is None:
            return None
        wanted = unified[0]
    steps = _steps(kinds, wanted, unsafe)
    if steps is None:
        return None

    def run(value: CtyValue) -> CtyValue:
        items = [step(item) for step, item in zip(steps, value.items.values(), strict=True)]
        return _map(without_optional(wanted), list(value.items), items)

    return run


def _map_to_object(source: MapType, target: ObjectType) -> Conversion | None:
    steps: dict[str, Conversion | None] = {}
    for name, wanted in target.attributes:
        steps[name] = _between(source.element, wanted, unsafe=True)
        if steps[name] is None and name not in target.optional:
            return None
    return lambda value: _pick(value, source, target, steps)


def _pick(
    value: Map, source: MapType, target: ObjectType, steps: dict[str, Conversion | None]
) -> Object:
    found: dict[str, CtyValue] = {}
    for name, wanted in target.attributes:
        step = steps[name]
        if name in value.items and step is not None:
            found[name] = step(value.items[name])
        elif name in value.items:
            raise TerraformError(
                f"map element type is incompatible with attribute {quoted(name)}: "
                f"{mismatch(source.element, wanted)}"
            )
        elif name in target.optional:
            found[name] = Null(without_optional(wanted)) if wanted != DYNAMIC else None
        else:
            raise TerraformError(f"map has no element for required attribute {quoted(name)}")
    return object_(found)


def dynamic_replaced(source: Type, target: Type) -> Type:
    """The target type with what it leaves open (`any`) taken from the source type."""
    if source == DYNAMIC:
        return target
    match target:
        case Primitive():
            return source if target == DYNAMIC else target
        case ListType() | SetType() | MapType():
            element = _element(source, target)
            if element is None:
                return target
            return type(target)(dynamic_replaced(element, target.element))
        case ObjectType(attributes=attributes):
            return ObjectType(
                tuple((name, _attribute_replaced(source, name, kind)) for name, kind in attributes)
            )
        case TupleType(elements=elements):
            mine = source.elements if isinstance(source, TupleType) else elements
            if len(mine) != len(elements):
                return target
            return TupleType(tuple(map(dynamic_replaced, mine, elements)))


def _attribute_replaced(source: Type, name: str, kind: Type) -> Type:
    if isinstance(source, MapType):
        return dynamic_replaced(source.element, kind)
    if isinstance(source, ObjectType):
        return dynamic_replaced(dict(source.attributes).get(name, kind), kind)
    return kind


def _element(source: Type, target: Type) -> Type | None:
    if isinstance(target, MapType):
        if isinstance(source, MapType):
            return source.element
        kinds = [kind for _, kind in source.attributes] if isinstance(source, ObjectType) else []
    else:
        if isinstance(source, ListType | SetType):
            return source.element
        kinds = list(source.elements) if isinstance(source, TupleType) else []
    unified = unify(kinds, unsafe=True)
    return unified[0] if unified else None


Unified: TypeAlias = tuple[Type, list[Conversion | None]]


def unify(kinds: Sequence[Type], *, unsafe: bool = True) -> Unified | None:
    """
    A type to which all the given ones convert, and the conversion for each (None: it is that type
    already). None when there is no such type, or no types were given.
    """
    distinct = list(dict.fromkeys(kinds))
    if not distinct:
        return None
    if len(distinct) == 1:
        return distinct[0], [None] * len(kinds)
    found = _unify_structures(distinct, unsafe)
    if found is None:
        found = _unify_by_preference(distinct, unsafe)
    if found is None or found == _IMPOSSIBLE:
        return None
    by_type = dict(zip(distinct, found[1], strict=True))
    return found[0], [by_type[kind] for kind in kinds]


_IMPOSSIBLE: Unified = (DYNAMIC, [])


def _unify_structures(kinds: list[Type], unsafe: bool) -> Unified | None:
    """Types of one kind make a new type of that kind; None leaves it to the preference order."""
    rest = [kind for kind in kinds if kind != DYNAMIC]
    dynamic = len(rest) != len(kinds)
    classes = {type(kind) for kind in rest}
    for collection, structure in ((MapType, ObjectType), (ListType, TupleType)):
        if classes == {collection, structure}:
            return _unify_mixed(kinds, structure, unsafe)
    if len(classes) == 1:
        (only,) = classes
        if only is Primitive:
            return None
        if dynamic:
            return DYNAMIC, [_to_dynamic] * len(kinds)
        if issubclass(only, ListType | SetType | MapType):
            return _unify_collections(kinds, only, unsafe) or _IMPOSSIBLE
        if only is ObjectType:
            return _unify_objects(kinds, unsafe) or _IMPOSSIBLE
        return _unify_tuples(kinds, unsafe) or _IMPOSSIBLE
    return _IMPOSSIBLE if {ObjectType, TupleType} <= classes else None


def _to_dynamic(value: CtyValue) -> CtyValue:
    waiting = first_unknown(value)
    return unknown(waiting) if waiting else value


def _unify_mixed(kinds: list[Type], structure: type, unsafe: bool) -> Unified | None:
    """Maps with objects, or lists with tuples: the structures become collections first."""
    structures = [kind for kind in kinds if isinstance(kind, structure)]
    if structure is ObjectType:
        combined = _to_one_collection(structures, MapType, unsafe)
    else:
        combined = _to_one_collection(structures, ListType, unsafe)
    if combined is None:
        return None
    swapped = [combined[0] if isinstance(kind, structure) else kind for kind in kinds]
    result = unify(swapped, unsafe=unsafe)
    if result is None or not isinstance(result[0], type(combined[0])):
        return None
    wanted = result[0]
    return wanted, [
        None if kind == wanted else _chain(kind, combined[0], wanted, unsafe) for kind in kinds
    ]


def _chain(kind: Type, middle: Type, wanted: Type, unsafe: bool) -> Conversion | None:
    if not isinstance(kind, ObjectType | TupleType):
        return conversion(kind, wanted, unsafe=unsafe)
    first = conversion(kind, middle, unsafe=unsafe)
    second = _between(middle, wanted, unsafe)
    if first is None or second is None:
        return None
    return lambda value: second(first(value))


def _all_to(kinds: Sequence[Type], wanted: Type, unsafe: bool) -> Unified | None:
    steps: list[Conversion | None] = []
    for kind in kinds:
        step = None if kind == wanted else conversion(kind, wanted, unsafe=unsafe)
        if step is None and kind != wanted:
            return None
        steps.append(step)
    return wanted, steps


def _unify_collections(kinds: list[Type], collection: type, unsafe: bool) -> Unified | None:
    elements = [kind.element for kind in kinds]  # type: ignore[union-attr]
    unified = unify(elements, unsafe=unsafe)
    return _all_to(kinds, collection(unified[0]), unsafe) if unified else None


def _to_one_collection(
    kinds: Sequence[Type], collection: type[MapType | ListType], unsafe: bool
) -> Unified | None:
    inner: list[Type] = []
    for kind in kinds:
        if isinstance(kind, ObjectType):
            inner.extend(attribute for _, attribute in kind.attributes)
        elif isinstance(kind, TupleType):
            inner.extend(kind.elements)
    unified = unify(inner, unsafe=unsafe)
    return _all_to(kinds, collection(unified[0]), unsafe) if unified else None


def _unify_objects(kinds: list[Type], unsafe: bool) -> Unified | None:
    names = {tuple(name for name, _ in kind.attributes) for kind in kinds}  # type: ignore[union-attr]
    if len(names) > 1:
        return _to_one_collection(kinds, MapType, unsafe)
    attributes: list[tuple[str, Type]] = []
    for place, name in enumerate(next(iter(names))):
        across = unify([kind.attributes[place][1] for kind in kinds], unsafe=unsafe)  # type: ignore[union-attr]
        if across is None:
            return None
        attributes.append((name, across[0]))
    found = _all_to(kinds, ObjectType(tuple(attributes)), unsafe)
    return found or _to_one_collection(kinds, MapType, unsafe)


def _unify_tuples(kinds: list[Type], unsafe: bool) -> Unified | None:
    lengths = {len(kind.elements) for kind in kinds}  # type: ignore[union-attr]
    if len(lengths) > 1:
        return _to_one_collection(kinds, ListType, unsafe)
    elements: list[Type] = []
    for place in range(next(iter(lengths))):
        across = unify([kind.elements[place] for kind in kinds], unsafe=unsafe)  # type: ignore[union-attr]
        if across is None:
            return None
        elements.append(across[0])
    found = _all_to(kinds, TupleType(tuple(elements)), unsafe)
    return found or _to_one_collection(kinds, ListType, unsafe)


def _unify_by_preference(kinds: list[Type], unsafe: bool) -> Unified | None:
    """The most general of the types to which all others convert."""
    for wanted in most_general_first(kinds):
        found = _all_to(kinds, wanted, unsafe)
        if found is not None:
            return found
    return None


def mismatch(source: Type, target: Type) -> str:
    """Why the source type does not convert to the target type, in Terraform's words."""
    match source, target:
        case ObjectType(), ObjectType():
            return _object_mismatch(source, target)
        case TupleType(), ListType(element=Primitive(name="dynamic")):
            return "all list elements must have the same type"
        case TupleType(), SetType(element=Primitive(name="dynamic")):
            return "all set elements must have the same type"
        case ObjectType(), MapType(element=Primitive(name="dynamic")):
            return "all map elements must have the same type"
        case (TupleType(), ListType() | SetType()) | (ObjectType(), MapType()):
            return _element_mismatch(source, target)
        case (ListType() | SetType(), ListType() | SetType()) | (MapType(), MapType()):
            noun = {ListType: "list ", SetType: "set ", MapType: "map "}[type(target)]
            return f"incorrect {noun}element type: {mismatch(source.element, target.element)}"  # type: ignore[union-attr]
    if isinstance(source, Primitive) != isinstance(target, Primitive) or target == STRING:
        return f"{friendly(target)} required, but have {friendly(source)}"
    if {source, target} == {BOOL, NUMBER}:
        return f"{friendly(target)} required, but have {friendly(source)}"
    return f"{friendly_constraint(target)} required"


def _object_mismatch(source: ObjectType, target: ObjectType) -> str:
    given = dict(source.attributes)
    missing = [
        quoted(name)
        for name, _ in target.attributes
        if name not in given and name not in target.optional
    ]
    if len(missing) == 1:
        return f"attribute {missing[0]} is required"
    if missing:
        return f"attributes {', '.join(missing[:-1])} and {missing[-1]} are required"
    for name, wanted in target.attributes:
        if name in given and _between(given[name], wanted, unsafe=True) is None:
            return f"attribute {quoted(name)}: {mismatch(given[name], wanted)}"
    return "incorrect object attributes"


def _element_mismatch(source: Type, target: Type) -> str:
    wanted: Type = target.element  # type: ignore[union-attr]
    members: list[tuple[str, Type]] = []
    if isinstance(source, TupleType):
        members = [(str(place), kind) for place, kind in enumerate(source.elements)]
    elif isinstance(source, ObjectType):
        members = [(quoted(name), kind) for name, kind in source.attributes]
    for name, kind in members:
        if _between(kind, wanted, unsafe=True) is None:
            return f"element {name}: {mismatch(kind, wanted)}"
    return f"all elements must be {friendly_constraint(wanted)}"


def common_type(values: Sequence[CtyValue]) -> tuple[Type, list[CtyValue]]:
    """
    The type all values convert to, and the converted values.

    Raises `TerraformError` when there is none.
    """
    result = unify([type_of(value) for value in values])
    if result is None:
        raise TerraformError("all values must be of a single type")
    kind, steps = result
    return kind, [step(value) if step else value for step, value in zip(steps, values, strict=True)]
