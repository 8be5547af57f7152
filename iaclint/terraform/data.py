"""
What a reference to a resource or data source sees: configured arguments, and for data sources that
look up what the same configuration creates, that thing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from iaclint.terraform import body, cty, doubt, evaluate, tree
from iaclint.terraform.cty import CtyValue
from iaclint.terraform.expand import Member
from iaclint.terraform.provider import default_tags
from iaclint.value import Ref, Unknown

if TYPE_CHECKING:
    from iaclint.terraform.module import Module


def instance(member: Member, module: Module) -> CtyValue:
    """The value of one instance, as references see it."""
    found = generic(member, module)
    if member.block.type != "data":
        special = _COMPUTED.get(member.block.labels[0])
        return special(found) if special is not None else _tagged(found, member.block, module)
    from iaclint.terraform import lookups

    look = lookups.TABLE.get(member.block.labels[0])
    if look is None:
        return found
    attributes = look(member, module, found)
    if isinstance(attributes, doubt.Instance):
        return attributes
    return _with(found, attributes)


def _tagged(found: doubt.Instance, block: tree.Block, module: Module) -> doubt.Instance:
    """`tags_all` has the tags that the provider adds too."""
    added = default_tags(block, module)
    if added is None:
        return found
    node, where = added

    def every() -> CtyValue:
        own = cty.unmark(found.lookup("tags"))[0]
        given = cty.unmark(evaluate.evaluate(node, where.scope()))[0]
        if cty.is_mapping(own) and cty.is_mapping(given):
            return cty.object_({**given.items, **own.items})
        return given if cty.is_null(own) or isinstance(given, Unknown) else own

    return _with(found, {"tags_all": every})


def _terraform_data(found: doubt.Instance) -> CtyValue:
    """
    The one resource type of which Terraform itself knows everything.

    https://developer.hashicorp.com/terraform/language/resources/terraform-data
    """
    assert found.ref is not None
    address = found.ref.address
    given = found.lookup("input")
    kind = cty.type_text(cty.type_of(given))
    identity = doubt.known_on_apply(address, "id")
    identity = replace(identity, type="string", parts=("", identity))
    output = replace(doubt.known_on_apply(address, "output"), type=kind)
    return cty.object_(
        {
            "input": given,
            "output": None if cty.is_null(given) else output,
            "triggers_replace": found.lookup("triggers_replace"),
            "id": identity,
        }
    )


def _shuffle(found: doubt.Instance) -> CtyValue:
    """
    Some of the given texts, nobody knows which.

    https://registry.terraform.io/providers/hashicorp/random/latest/docs/resources/shuffle
    """
    given = cty.unmark(found.lookup("input"))[0]
    why = Unknown(f"{found.ref} is drawn on apply", found.span, type="string")
    result = doubt.many(why, doubt.elements(given))
    return _with(found, {"result": lambda: result})


_COMPUTED: Mapping[str, Callable[[doubt.Instance], CtyValue]] = {
    "terraform_data": _terraform_data,
    "random_shuffle": _shuffle,
}
"""Resources of which more is known than what is configured."""


def _with(
    found: doubt.Instance, attributes: Mapping[str, Callable[[], CtyValue]]
) -> doubt.Instance:
    def lookup(name: str) -> CtyValue:
        special = attributes.get(name)
        value = special() if special is not None else None
        return found.lookup(name) if value is None else value

    return doubt.Instance(found.reason, found.span, ref=found.ref, lookup=lookup)


def generic(member: Member, module: Module) -> doubt.Instance:
    """An instance of which only the configured arguments are known."""
    block = member.block
    span = module.session.files.span(block.start, block.header_end)
    scope = module.scope(member.names)
    attributes = {one.name: one for one in block.body.attributes if one.name not in body.META}
    kinds = {_type(one) for one in block.body.blocks} - body.META_BLOCKS
    address = member.address

    def lookup(name: str) -> CtyValue:
        attribute = attributes.get(name)
        if attribute is not None:
            node = attribute.value
            return module.once(
                ("attribute", address, name),
                f"{address}.{name}",
                lambda: evaluate.evaluate(node, scope),
            )
        if name in kinds:
            return module.once(
                ("blocks", address, name),
                f"{address}.{name}",
                lambda: _blocks(block.body, scope, address, name),
            )
        return None

    shown = f"{address} is only known after apply"
    return doubt.Instance(shown, span, ref=Ref(address, ""), lookup=lookup)


def _type(block: tree.Block) -> str:
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type


def _blocks(where: tree.Body, scope: evaluate.Scope, address: str, name: str) -> CtyValue:
    """The nested blocks of a type, each as an instance whose other attributes are not known."""
    found = [one for kind, one in body.nested(where, scope) if kind == name]
    prefix = name
    items = [_block(one, address, f"{prefix}[{place}]") for place, one in enumerate(found)]
    doubtful = next((one.doubtful for one in found if one.doubtful is not None), None)
    return doubt.many(doubtful, items) if doubtful is not None else cty.tuple_(items)


def _block(one: body.Nested, address: str, path: str) -> doubt.Instance:
    attributes = {a.name: a.value for a in one.block.body.attributes}
    kinds = {_type(block) for block in one.block.body.blocks}

    def lookup(name: str) -> CtyValue:
        if name in attributes:
            return evaluate.evaluate(attributes[name], one.scope)
        if name in kinds:
            return _blocks(one.block.body, one.scope, address, name)
        return None

    ref = Ref(address, path)
    return doubt.Instance(f"{ref} is only known after apply", ref=ref, lookup=lookup)
