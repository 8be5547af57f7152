"""
Which region a provider configuration works in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iaclint.terraform.constant import traversal
from iaclint.terraform.evaluate import EvalFailure, evaluate
from iaclint.terraform.expand import Member
from iaclint.terraform.session import text_of

if TYPE_CHECKING:
    from iaclint.terraform.module import Module


def region_of(member: Member, module: Module) -> str:
    """The region of a data source or resource of AWS; empty or an alias when it is not known."""
    node = member.block.body.value("provider")
    return provider_region(traversal(node) if node is not None else "aws", module)


def provider_region(name: str, module: Module) -> str:
    """The region a provider configuration works in; its alias when the region is not known."""
    where, local = module.provider(name)
    found = where.configuration.providers.get(local)
    default = module.session.inputs.region
    alias = local if "." in local else ""
    node = found.body.value("region") if found is not None else None
    if node is None:
        return default or alias
    try:
        value = evaluate(node, where.scope())
    except EvalFailure as error:
        module.session.fail(error)
        return alias
    return text_of(value) or alias or default
