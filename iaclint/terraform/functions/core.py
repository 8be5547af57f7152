"""
How a function is called: arguments converted to its parameters, then what is null, unknown or
marked handled once for all of them.

A parameter is written `name:type` with flags behind it: `?` accepts null, `!` an unknown value,
`~` a marked one, `*` a null or unknown of unknown type, `#` nothing of a primitive type even where
the value is unknown; `...` before it any number of further arguments.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from iaclint.terraform import number, types
from iaclint.terraform.cty import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    CtyValue,
    TerraformError,
    Type,
    first_unknown,
    is_null,
    remark,
    type_of,
    unknown,
    unmark,
    unmark_deep,
)
from iaclint.value import Unknown

MAXIMUM_ELEMENTS = 200_000
"""No function builds a collection with more elements: Terraform could, a linter need not."""

MAXIMUM_TEXT = 20_000_000
"""No function builds a longer text."""


@dataclass(frozen=True, slots=True)
class Context:
    """
    What functions may know of the world outside the values.

    `base` is the directory relative paths start from, `roots` the directories files may be read
    from, `read` gives the bytes of a file (raising `OSError`), `render` evaluates a template:
    its text, the name of its file (empty for `templatestring`) and its variables.
    """

    base: Path = field(default_factory=Path)
    roots: tuple[Path, ...] = ()
    read: Callable[[Path], bytes] = Path.read_bytes
    render: Callable[[str, str, Mapping[str, CtyValue]], CtyValue] | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: its type, and which values reach the function although most do not."""

    name: str
    type: Type
    null: bool = False
    unknown: bool = False
    marked: bool = False
    dynamic: bool = False
    structured: bool = False


@dataclass(frozen=True, slots=True)
class Function:
    """
    A function of the language.

    `returns` is the type of an unknown result; `whole` says that the arguments must be known to
    the last element for the result to be known.
    """

    name: str
    parameters: tuple[Parameter, ...]
    variadic: Parameter | None
    returns: Type
    run: Callable[..., CtyValue]
    whole: bool = True
    context: bool = False

    def call(self, args: Sequence[CtyValue], context: Context) -> CtyValue:
        """
        The result for these arguments.

        Raises `TerraformError` with Terraform's message when it refuses them.
        """
        parameters = self._parameters(len(args))
        values = [
            self._converted(parameter, value)
            for parameter, value in zip(parameters, args, strict=True)
        ]
        hidden = False
        waiting: Unknown | None = None
        untyped = False
        for place, (parameter, value) in enumerate(zip(parameters, values, strict=True)):
            if not parameter.marked:
                values[place], marked = unmark_deep(value)
                hidden = hidden or marked
            plain = unmark(value)[0]
            if is_null(plain) and not parameter.null:
                raise self._invalid(parameter, "argument must not be null")
            if parameter.structured and type_of(plain) in (STRING, NUMBER, BOOL):
                raise self._invalid(parameter, "a list, set, map or object is required")
            if not parameter.dynamic and type_of(plain) == DYNAMIC:
                untyped = True
                waiting = waiting or (plain if isinstance(plain, Unknown) else None)
            elif not parameter.unknown and waiting is None:
                waiting = self._waiting(plain)
        if untyped and waiting is None:
            return remark(Unknown("an argument is null without a type"), hidden)
        if waiting is not None:
            return remark(unknown(waiting, DYNAMIC if untyped else self.returns), hidden)
        return remark(self._run(values, context), hidden)

    def _waiting(self, value: CtyValue) -> Unknown | None:
        if self.whole:
            return first_unknown(value)
        return value if isinstance(value, Unknown) else None

    def _run(self, values: Sequence[CtyValue], context: Context) -> CtyValue:
        try:
            return self.run(context, *values) if self.context else self.run(*values)
        except ArgumentError as error:
            parameter = self._parameters(len(values))[error.place]
            raise self._invalid(parameter, error.message) from error
        except TerraformError as error:
            raise TerraformError(
                f'Error in function call: Call to function "{self.name}" failed: {error.message}.'
            ) from error
        except (number.NumberError, OverflowError) as error:
            raise TerraformError(
                f'Error in function call: Call to function "{self.name}" failed: {error}.'
            ) from error

    def _parameters(self, count: int) -> tuple[Parameter, ...]:
        wanted = len(self.parameters)
        if count < wanted:
            missing = self.parameters[count].name
            raise TerraformError(
                f'Not enough function arguments: Function "{self.name}" expects '
                f"{'at least ' if self.variadic else ''}{wanted} argument(s). Missing value for "
                f'"{missing}".'
            )
        if self.variadic is not None:
            return self.parameters + (self.variadic,) * (count - wanted)
        if count > wanted:
            raise TerraformError(
                f'Too many function arguments: Function "{self.name}" expects only {wanted} '
                "argument(s)."
            )
        return self.parameters

    def _converted(self, parameter: Parameter, value: CtyValue) -> CtyValue:
        try:
            return types.convert(value, parameter.type)
        except TerraformError as error:
            raise self._invalid(parameter, error.message) from error

    def _invalid(self, parameter: Parameter, message: str) -> TerraformError:
        return TerraformError(
            f'Invalid function argument: Invalid value for "{parameter.name}" parameter: {message}.'
        )


class ArgumentError(TerraformError):
    """A function refuses one of its arguments, counted from 0."""

    def __init__(self, place: int, message: str) -> None:
        super().__init__(message)
        self.place = place


_PARAMETER = re.compile(r"(\.\.\.)?(\w+):(.*?)([?!~*#]*)")


def _parameter(written: str) -> tuple[bool, Parameter]:
    match = _PARAMETER.fullmatch(written)
    if match is None:
        raise ValueError(written)
    flags = match[4]
    return bool(match[1]), Parameter(
        match[2],
        types.parse(match[3]),
        *(flag in flags for flag in "?!~*#"),
    )


class Family(dict[str, Function]):
    """The functions one module defines, by name."""

    def add(
        self,
        name: str,
        *parameters: str,
        returns: str = "any",
        whole: bool = True,
        context: bool = False,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Register the decorated implementation; it gets the arguments after conversion."""
        read = [_parameter(written) for written in parameters]
        fixed = tuple(parameter for variadic, parameter in read if not variadic)
        rest = next((parameter for variadic, parameter in read if variadic), None)

        def register(run: Callable[..., Any]) -> Callable[..., Any]:
            self[name] = Function(name, fixed, rest, types.parse(returns), run, whole, context)
            return run

        return register


def whole_number(value: CtyValue, place: int, what: str = "a whole number is required") -> int:
    """A known number as an `int`. Raises `ArgumentError` for one with a fractional part."""
    if value.denominator != 1:
        raise ArgumentError(place, what)
    return int(value)
