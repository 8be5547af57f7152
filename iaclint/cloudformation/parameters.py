"""
Parameters: what a template declares, what the user supplies, and which values are possible.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeGuard

from iaclint.cloudformation.node import NOWHERE, Node, fields, items_of, string
from iaclint.cloudformation.template import Template
from iaclint.source import Span
from iaclint.value import ListValue, Scalar, Unknown, Value, split_parts, text, truth

SSM = "AWS::SSM::Parameter::Value<"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A declared parameter. `default` is None where the user must give a value."""

    name: str
    type: str
    span: Span
    default: Value | None = None
    allowed: tuple[str, ...] = ()
    hidden: bool = False
    may_be_empty: bool = True

    @property
    def is_list(self) -> bool:
        """Ref gives a list of texts."""
        kind = self.type
        if kind.startswith(SSM):
            kind = kind[len(SSM) : -1]
        return kind == "CommaDelimitedList" or kind.startswith("List<")


@dataclass(frozen=True, slots=True)
class Supplied:
    """A value that was given from outside, and the place that gave it."""

    text: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Symbol(Unknown):
    """
    An unknown that is the same wherever it occurs: a parameter without a value. Conditions are
    decided for each of the values that matter.
    """

    key: str = ""
    may_be_empty: bool = True


def declared(template: Template) -> dict[str, Parameter]:
    """All parameters of a template by name."""
    return {
        name: _declared(template, name, fields(node))
        for name, node in template.entries("Parameters").items()
    }


def _declared(template: Template, name: str, body: Mapping[str, Node]) -> Parameter:
    kind = string(body.get("Type")) or "String"
    default = body.get("Default")
    allowed = tuple(
        plain
        for item in items_of(body.get("AllowedValues")) or ()
        if (plain := _text(item)) is not None
    )
    if default is not None and items_of(default) is not None:
        default = _joined(default)
    return Parameter(
        name,
        kind,
        template.place("Parameters", name),
        default if _is_value(default) else None,
        allowed,
        _is_true(body.get("NoEcho")),
        _may_be_empty(kind, body),
    )


def _is_value(default: Node | None) -> TypeGuard[Value]:
    if isinstance(default, Scalar):
        return default.value is not None
    return isinstance(default, Unknown)


def _text(node: Node | None) -> str | None:
    if not isinstance(node, Scalar):
        return None
    plain = text(node)
    return plain if isinstance(plain, str) else None


def _is_true(node: Node | None) -> bool:
    return isinstance(node, Scalar) and truth(node) is True


def _joined(default: Node) -> Scalar:
    """A list where a comma-separated text belongs: CloudFormation refuses it, people write it."""
    texts = [_text(item) or "" for item in items_of(default) or ()]
    return Scalar(",".join(texts), default.span or NOWHERE)


def _may_be_empty(kind: str, body: Mapping[str, Node]) -> bool:
    """AWS checks that a value of its own types exists; lengths and patterns speak for the rest."""
    if kind not in ("String", "CommaDelimitedList"):
        return False
    least = _text(body.get("MinLength"))
    if least is not None and least.strip().isdigit() and int(least) > 0:
        return False
    pattern = string(body.get("AllowedPattern"))
    if pattern is None:
        return True
    try:
        with warnings.catch_warnings(action="ignore", category=FutureWarning):
            return re.fullmatch(pattern, "") is not None
    except re.error:
        return True


def parameter_value(parameter: Parameter, supplied: Supplied | None, stack: str) -> Value:
    """
    What `Ref` of the parameter gives: the supplied value, else the default, else a symbol.

    Numbers become text, lists are split at commas and trimmed, and the value of an SSM parameter
    type stays unknown while its name is kept.
    """
    if supplied is not None:
        value = Scalar(supplied.text, parameter.span, supplied.span, parameter.hidden)
    elif isinstance(parameter.default, Scalar):
        default = parameter.default
        plain = text(default)
        value = Scalar(
            plain if isinstance(plain, str) else "",
            parameter.span,
            default.span,
            parameter.hidden,
            _supply(parameter, stack),
        )
    elif parameter.default is not None:
        return parameter.default
    else:
        return _symbol(parameter, stack)
    return shaped(parameter, value)


def shaped(parameter: Parameter, value: Value) -> Value:
    """A value as the parameter's type makes it; what a parent stack passes goes this way too."""
    if parameter.hidden and isinstance(value, Scalar):
        value = replace(value, sensitive=True)
    if parameter.type.startswith(SSM) and isinstance(value, Scalar):
        return _stored(parameter, str(value.value), value)
    if parameter.is_list and isinstance(value, Unknown):
        return _listed(parameter, value)
    if parameter.is_list and isinstance(value, Scalar):
        plain = text(value)
        if isinstance(plain, str):
            pieces = plain.split(",") if plain else [""]
            return ListValue(
                tuple(replace(value, value=piece.strip()) for piece in pieces),
                value.span,
            )
    if isinstance(value, Scalar) and not isinstance(value.value, str):
        plain = text(value)
        if isinstance(plain, str):
            return replace(value, value=plain)
    if isinstance(value, ListValue) and not parameter.is_list:
        texts = [text(item) for item in value.items]
        known = [item for item in texts if isinstance(item, str)]
        if value.more is None and len(known) == len(texts):
            return Scalar(",".join(known), value.span)
    return value


def _listed(parameter: Parameter, value: Unknown) -> Value:
    """A text that is only partly known, or one of several, where a list is expected."""
    pieces = split_parts(value, ",", value.span or parameter.span)
    if pieces is not None:
        return pieces
    if value.choices:
        return replace(value, choices=tuple(shaped(parameter, item) for item in value.choices))
    return value


def _stored(parameter: Parameter, name: str, value: Scalar) -> Unknown:
    """
    A value kept in Parameter Store: `parts` holds its name in the form of a dynamic reference, so
    that an image can be recognised by its public parameter's path.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html#aws-ssm-parameter-types
    """
    return Unknown(
        f"SSM parameter {name} is read only on deployment",
        value.span,
        parts=(f"{{{{resolve:ssm:{name}}}}}",),
        type="list(string)" if parameter.is_list else "string",
    )


def _supply(parameter: Parameter, stack: str) -> str:
    """How the user gives a value; to a nested stack its parent gives them."""
    return "" if stack else f"--parameter {parameter.name}=…"


def _symbol(parameter: Parameter, stack: str) -> Symbol:
    where = f' of the nested stack "{stack}"' if stack else ""
    choices = tuple(Scalar(option, parameter.span) for option in parameter.allowed)
    return Symbol(
        f'parameter "{parameter.name}"{where} has no default and no value was given',
        parameter.span,
        supply=_supply(parameter, stack),
        choices=choices,
        type="list(string)" if parameter.is_list else "string",
        sensitive=parameter.hidden,
        key=f"{stack}/{parameter.name}" if stack else parameter.name,
        may_be_empty=parameter.may_be_empty,
    )
