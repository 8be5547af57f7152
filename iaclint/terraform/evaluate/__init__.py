"""
Evaluates expressions as Terraform does; what it cannot know becomes an unknown with a reason.

https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md, §Expressions. One module for each
family of expressions; `core` finds the rule for a node.
"""

from __future__ import annotations

from iaclint.terraform.evaluate import (  # noqa: F401  # their rules
    calls,
    collections,
    conditionals,
    names,
    operators,
    templates,
)
from iaclint.terraform.evaluate.core import (
    MAXIMUM_STEPS,
    Budget,
    Cycle,
    EvalFailure,
    Names,
    Scope,
    Undeclared,
    evaluate,
)

__all__ = [
    "MAXIMUM_STEPS",
    "Budget",
    "Cycle",
    "EvalFailure",
    "Names",
    "Scope",
    "Undeclared",
    "evaluate",
]
