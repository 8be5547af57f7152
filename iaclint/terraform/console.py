"""
Evaluates expressions in a loaded root, one or thousands, as `terraform console` does.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from iaclint.resource import Inputs
from iaclint.source import Sources, Span
from iaclint.terraform import cty, doubt, evaluate, roots, syntax
from iaclint.terraform.cty import CtyValue, TerraformError
from iaclint.terraform.evaluate import EvalFailure
from iaclint.terraform.exchange import Exchange, Place
from iaclint.terraform.session import Session
from iaclint.value import Unknown, Value

MAXIMUM_STEPS = 1_000_000
"""What one expression may cost."""

NAME = "<expression>"


class EvalError(Exception):
    """The expression has no value: message, and the place in it or in a file."""

    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.message, self.span = message, span


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A value as Terraform computes with it, and where its expression stands."""

    value: CtyValue
    place: Place


class Console:
    """A root in which expressions are evaluated; the root is read once."""

    def __init__(self, directory: Path, sources: Sources, inputs: Inputs) -> None:
        self._session = Session(sources, inputs)
        self._module = roots.open_root(directory, self._session)

    def value(self, text: str) -> Value:
        """The value in the vocabulary of all frontends. Raises `EvalError`."""
        with roots.deep():
            found = self._evaluate(text)
            files = self._session.files
            span = files.span(found.place.node.start, found.place.node.end)
            return Exchange(files, span).value(found.value, found.place)

    def answer(self, text: str) -> str:
        """One line of JSON: `{"value": …}` or `{"error": "…"}`."""
        try:
            with roots.deep():
                return f'{{"value":{cty.to_json(_shown(self._evaluate(text).value), _doubt)}}}'
        except EvalError as error:
            return json.dumps({"error": error.message}, ensure_ascii=False)
        except (TerraformError, RecursionError) as error:
            message = str(error) if isinstance(error, TerraformError) else "nested too deeply"
            return json.dumps({"error": message}, ensure_ascii=False)

    def _evaluate(self, text: str) -> Evaluated:
        files = self._session.files
        base = files.add(NAME, text)
        self._session.budget.steps = MAXIMUM_STEPS
        try:
            node = syntax.expression(text, base)
            scope = self._module.scope()
            return Evaluated(evaluate.evaluate(node, scope), Place(node, scope))
        except syntax.SyntaxProblem as error:
            span = files.span(error.position, error.position + 1)
            raise EvalError(f"Invalid expression: {error.message}", span) from None
        except EvalFailure as error:
            raise EvalError(str(error), files.span(error.start, error.end)) from None
        except RecursionError:
            raise EvalError("nested too deeply", files.span(base, base + len(text))) from None


def _shown(value: CtyValue) -> CtyValue:
    """The value with everything sensitive in it replaced by an unknown."""
    if isinstance(value, cty.Sensitive):
        return Unknown("it is sensitive")
    if not cty.contains_sensitive(value):
        return value
    if isinstance(value, cty.Object | cty.Map):
        return cty.object_({key: _shown(item) for key, item in value.items.items()})
    return cty.tuple_([_shown(item) for item in cty.children(value)])


def _doubt(value: Unknown) -> str:
    if isinstance(value, doubt.Outputs):
        return cty.to_json(_shown(doubt.whole(value)), _doubt)
    found = {"unknown": value.reason}
    if value.ref is not None:
        found["ref"] = str(value.ref)
    return json.dumps(found, ensure_ascii=False)
