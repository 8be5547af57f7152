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

from iaclint.terraform.cty.access import get_attribute, index, iterate, length
from iaclint.terraform.cty.equality import conforms, equals
from iaclint.terraform.cty.error import TerraformError
from iaclint.terraform.cty.inspect import kind_name, not_null, prefix, type_of
from iaclint.terraform.cty.kinds import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    CollectionType,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
    Type,
    friendly,
    friendly_constraint,
    has_dynamic,
    type_text,
)
from iaclint.terraform.cty.order import (
    identity,
    list_,
    map_,
    object_,
    order_key,
    quoted,
    set_,
    tuple_,
)
from iaclint.terraform.cty.texts import from_plain, json_text, text, to_json
from iaclint.terraform.cty.values import (
    EMPTY_OBJECT,
    EMPTY_TUPLE,
    CtyValue,
    List,
    Map,
    Null,
    Object,
    Sensitive,
    Set,
    Tuple,
    children,
    contains_sensitive,
    contains_unknown,
    first_unknown,
    is_mapping,
    is_null,
    is_number,
    is_sequence,
    remark,
    sensitive,
    string,
    unknown,
    unmark,
    unmark_deep,
)

__all__ = [
    "BOOL",
    "DYNAMIC",
    "EMPTY_OBJECT",
    "EMPTY_TUPLE",
    "NUMBER",
    "STRING",
    "CollectionType",
    "CtyValue",
    "List",
    "ListType",
    "Map",
    "MapType",
    "Null",
    "Object",
    "ObjectType",
    "Primitive",
    "Sensitive",
    "Set",
    "SetType",
    "TerraformError",
    "Tuple",
    "TupleType",
    "Type",
    "children",
    "conforms",
    "contains_sensitive",
    "contains_unknown",
    "equals",
    "first_unknown",
    "friendly",
    "friendly_constraint",
    "from_plain",
    "get_attribute",
    "has_dynamic",
    "identity",
    "index",
    "is_mapping",
    "is_null",
    "is_number",
    "is_sequence",
    "iterate",
    "json_text",
    "kind_name",
    "length",
    "list_",
    "map_",
    "not_null",
    "object_",
    "order_key",
    "prefix",
    "quoted",
    "remark",
    "sensitive",
    "set_",
    "string",
    "text",
    "to_json",
    "tuple_",
    "type_of",
    "type_text",
    "unknown",
    "unmark",
    "unmark_deep",
]
