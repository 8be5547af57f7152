"""
What can still be said about a value that is not known: the file it would be read from, the text
that would be encoded.
"""

from __future__ import annotations

from dataclasses import replace

from iaclint.terraform import cty, tree
from iaclint.terraform.cty import TerraformError
from iaclint.terraform.evaluate import Scope, evaluate
from iaclint.terraform.exchange import Exchange, Place, follow
from iaclint.terraform.files import Files
from iaclint.value import Unknown

_STEPS = 20


def hinted(value: Unknown, place: Place, files: Files) -> Unknown:
    """
    The same unknown with its `path` where it is `file(…)`, and with the parts of the text (and
    the type `base64`) where it is `base64encode(…)`.
    """
    call = _call(place)
    if call is None:
        return value
    node, scope = call
    try:
        inner = cty.unmark(evaluate(node.arguments[0], scope))[0]
    except TerraformError:
        return value
    if node.name == "file":
        return replace(value, path=inner) if isinstance(inner, str) else value
    if not isinstance(inner, Unknown) or not inner.parts or value.span is None:
        return value
    plain = Exchange(files, value.span).value(inner, Place(node.arguments[0], scope))
    if not isinstance(plain, Unknown):
        return value
    return replace(value, span=plain.span, parts=plain.parts, type="base64")


def _call(place: Place) -> tuple[tree.Call, Scope] | None:
    for _ in range(_STEPS):
        node = place.node
        if isinstance(node, tree.Call) and node.name in ("file", "base64encode"):
            return (node, place.scope) if len(node.arguments) == 1 else None
        if isinstance(node, tree.Call) and node.name in ("trimspace", "chomp", "sensitive"):
            place = Place(node.arguments[0], place.scope) if node.arguments else place
            continue
        found = follow(place)
        if found is None:
            return None
        place = found[0]
    return None
