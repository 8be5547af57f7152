"""
What a provider configuration says of all that is made with it: the region and the tags.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iaclint.terraform import tree
from iaclint.terraform.constant import traversal
from iaclint.terraform.evaluate import EvalFailure, evaluate
from iaclint.terraform.expand import Member
from iaclint.terraform.session import text_of

if TYPE_CHECKING:
    from iaclint.terraform.module import Module


def region_of(member: Member, module: Module) -> str:
    """The region of a data source or resource of AWS; empty or an alias when it is not known."""
    return provider_region(provider_of(member.block), module)


def provider_of(block: tree.Block) -> str:
    """The provider configuration that a resource or data source names, or else that of its kind."""
    node = block.body.value("provider")
    return traversal(node) if node is not None else block.labels[0].partition("_")[0]


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


def default_tags(block: tree.Block, module: Module) -> tuple[tree.Expression, Module] | None:
    """
    The tags that the provider adds to those of a resource, and the module where they are written;
    None where it adds none. An auto scaling group gets none of them.

    https://registry.terraform.io/providers/hashicorp/aws/latest/docs#default_tags-configuration-block
    """
    kind = block.labels[0]
    if not kind.startswith("aws_") or kind == "aws_autoscaling_group":
        return None
    where, local = module.provider(provider_of(block))
    found = where.configuration.providers.get(local)
    for section in found.body.named("default_tags") if found is not None else ():
        node = section.body.value("tags")
        if node is not None:
            return node, where
    return None
