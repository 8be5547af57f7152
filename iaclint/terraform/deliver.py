"""
From a module instance to the resources and outputs that the rest of the program reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from iaclint.resource import Connection, Output, Resource
from iaclint.source import Span
from iaclint.terraform import body, config, cty, references, tree
from iaclint.terraform.constant import traversal
from iaclint.terraform.cty import TerraformError
from iaclint.terraform.doubt import Instance
from iaclint.terraform.evaluate import EvalFailure, Scope, evaluate
from iaclint.terraform.exchange import Exchange, Place
from iaclint.terraform.expand import Expansion, Member
from iaclint.terraform.hints import hinted
from iaclint.terraform.module import Module
from iaclint.terraform.placeholder import placeholder, without_placeholders
from iaclint.terraform.provider import default_tags, provider_of, provider_region
from iaclint.value import ListValue, MapValue, Scalar, Unknown, Value

MAXIMUM_RESOURCES = 20_000
"""A root with more resources is cut off there."""


def modules(module: Module) -> Iterator[Module]:
    """The module and everything it calls, each instance on its own."""
    yield module
    for name in module.call_names():
        for _, member in _members(module, ("calls", name)):
            child = module.child(name, member)
            if child is not None:
                yield from modules(child)


def resources(module: Module) -> Iterator[Resource]:
    """
    The resources and data sources of one module instance, and the calls of modules that are not
    there: what they are given, they may change.
    """
    for key in module.configuration.resources:
        if key[0] != "ephemeral" and not key[1].startswith(_ELSEWHERE):
            for _, member in _members(module, key):
                yield _resource(key, member, module)
    for name in module.call_names():
        for _, member in _members(module, ("calls", name)):
            if module.child(name, member) is None:
                yield _absent(member, module)


RULES = ("aws_security_group_rule", "aws_vpc_security_group_ingress_rule")
GROUPS = ("aws_security_group", "aws_default_security_group")


def dormant(module: Module) -> Iterator[Resource]:
    """Rules that a `count`, `for_each` or `dynamic` of nothing leaves out, as they would be."""
    if module.configuration.stands_in:
        return
    problems = module.session.problems
    before = problems.copy()
    for key in module.configuration.resources:
        if key[0] != "resource" or key[1] not in (*RULES, *GROUPS):
            continue
        members = _members(module, key)
        try:
            if key[1] in RULES and not members and _is_switched(key, module):
                yield _resource(key, _left_out(key, module), module)
            for _, member in members if key[1] in GROUPS else ():
                yield from _idle(key, member, module)
        except TerraformError:
            continue
        finally:
            problems.clear()
            problems.update(before)


def _is_switched(key: tuple[str, str, str], module: Module) -> bool:
    """Whether the number is computed: a plain 0 is no switch, it takes the block away."""
    count = module.configuration.resources[key].body.value("count")
    return not isinstance(count, tree.Number)


def _left_out(key: tuple[str, str, str], module: Module) -> Member:
    """The resource that there would be if there were one."""
    why = Unknown("there is none")
    each = cty.object_({"key": cty.unknown(why, cty.STRING), "value": cty.unknown(why)})
    names = {"each": each, "count": cty.object_({"index": 0})}
    address = f"{module.path}{key[1]}.{key[2]}"
    return Member(address, module.configuration.resources[key], names)


def _idle(key: tuple[str, str, str], member: Member, module: Module) -> Iterator[Resource]:
    """A group with nothing but the blocks that are left out."""
    found: dict[str, list[Value]] = {}
    for kind, one in body.idle(member.block.body, module.scope(member.names)):
        span = _header(one.block, module)
        inner = _attributes(one.block.body, one.scope, module, span, frozenset())
        found.setdefault(kind, []).append(MapValue(MappingProxyType(inner), span))
    if found:
        span = _header(member.block, module)
        blocks: dict[str, Value] = {
            kind: ListValue(tuple(items), span) for kind, items in found.items()
        }
        yield Resource(key[1], member.address, MappingProxyType(blocks), span, "terraform")


_ELSEWHERE = (
    *("azurerm_", "azuread_", "azapi_", "google_", "oci_", "alicloud_", "digitalocean_"),
    *("openstack_", "ibm_", "vsphere_", "hcloud_", "kubernetes_", "helm_", "github_"),
    *("cloudflare_", "datadog_"),
)
"""Providers whose resources say nothing about a network in AWS."""


def _absent(member: Member, module: Module) -> Resource:
    block = member.block
    span = _header(block, module)
    scope = module.scope(member.names)
    return Resource(
        kind="module",
        address=member.address,
        attributes=MappingProxyType(_attributes(block.body, scope, module, span, body.MODULE_META)),
        span=span,
        language="terraform",
        callers=module.callers,
        maybe=module.maybe or member.maybe,
        depends=references.addresses(block.body, module),
    )


def _members(module: Module, key: tuple[str, ...]) -> tuple[tuple[str, Member], ...]:
    """The instances of a resource or call; one that may exist when they cannot be told."""
    block = (
        module.configuration.modules[key[1]]
        if key[0] == "calls"
        else module.configuration.resources[key]  # type: ignore[index]
    )
    try:
        found: Expansion = (
            module.calls(key[1]) if key[0] == "calls" else module.expansion(key)  # type: ignore[arg-type]
        )
    except TerraformError as error:
        span = _header(block, module)
        _report(error, span, module)
        address = ".".join(key[1:]) if key[0] == "resource" else ".".join(key)
        if key[0] == "calls":
            return ()
        why = placeholder(error, module) or Unknown(str(error), span)
        sample = cty.object_({"key": cty.unknown(why), "value": cty.unknown(why)})
        index = cty.object_({"index": cty.unknown(why)})
        names = {"each": sample, "count": index}
        return (("*", Member(f"{module.path}{address}[*]", block, names, why)),)
    return found.members


_KEYWORDS = frozenset({"when", "on_failure"})
"""Arguments of a provisioner whose values are bare words."""

_NOT_THERE = "no file exists at"


def _report(error: TerraformError, span: Span, module: Module) -> None:
    """
    Report what Terraform refuses. A file that is missing is no mistake of the author: keys and
    archives are often made just before Terraform runs; the value is unknown then.
    """
    if _NOT_THERE in str(error) or placeholder(error, module) is not None:
        return
    if isinstance(error, EvalFailure):
        module.session.fail(error)
    else:
        module.session.report(str(error), span)


def _header(block: tree.Block, module: Module) -> Span:
    return module.session.files.span(block.start, block.header_end)


def _resource(key: tuple[str, str, str], member: Member, module: Module) -> Resource:
    block = member.block
    span = _header(block, module)
    scope = module.scope(member.names)
    attributes = _attributes(block.body, scope, module, span, body.META)
    if key[0] == "resource" and (tags := _all_tags(member, module)) is not None:
        attributes["tags_all"] = tags
    depends = references.addresses(block.body, module) - {member.address}
    return Resource(
        kind=key[1],
        address=member.address,
        attributes=MappingProxyType(attributes),
        span=span,
        language="terraform",
        mode="data" if key[0] == "data" else "managed",
        callers=module.callers,
        maybe=module.maybe or member.maybe,
        tally=member.tally or module.tally,
        depends=depends,
        region=_region(key[1], block, module, attributes),
        connections=_connections(member, module),
        ignored=_ignored(block),
    )


def _all_tags(member: Member, module: Module) -> Value | None:
    """The tags of a resource with those that the provider adds; None where it adds none."""
    added = default_tags(member.block, module)
    found = module.instance(member)
    if added is None or not isinstance(found, Instance):
        return None
    node, where = added
    files = where.session.files
    try:
        return Exchange(files, files.span(node.start, node.end)).value(
            found.lookup("tags_all"), Place(node, where.scope())
        )
    except TerraformError as error:
        _report(error, files.span(node.start, node.end), where)
        return None


def _attributes(
    where: tree.Body, scope: Scope, module: Module, span: Span, meta: frozenset[str]
) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for attribute in where.attributes:
        if attribute.name not in meta:
            value = value_of(attribute.value, scope, module)
            found[attribute.name] = without_placeholders(attribute.name, value, module)
    try:
        for kind, block in _grouped(where, scope, module).items():
            found.setdefault(kind, block)
    except TerraformError as error:
        _report(error, span, module)
    return found


def _grouped(where: tree.Body, scope: Scope, module: Module) -> dict[str, ListValue]:
    known: dict[str, list[MapValue]] = {}
    possible: dict[str, list[MapValue]] = {}
    why: dict[str, Unknown] = {}
    for kind, one in body.nested(where, scope):
        module.session.budget.spend(10)
        span = _header(one.block, module)
        inner = _attributes(one.block.body, one.scope, module, span, frozenset())
        value = MapValue(MappingProxyType(inner), span)
        if one.doubtful is None:
            known.setdefault(kind, []).append(value)
        else:
            possible.setdefault(kind, []).append(value)
            why[kind] = one.doubtful
    return {kind: _block_list(known, possible, why, kind) for kind in {**known, **possible}}


def _block_list(
    known: dict[str, list[MapValue]],
    possible: dict[str, list[MapValue]],
    why: dict[str, Unknown],
    kind: str,
) -> ListValue:
    items = tuple(known.get(kind, ()))
    samples = tuple(possible.get(kind, ()))
    span = (items or samples)[0].span
    if not samples:
        return ListValue(items, span)
    doubtful = why[kind]
    more = Unknown(doubtful.reason, doubtful.span or span, doubtful.supply, choices=samples)
    return ListValue(items, span, more)


def value_of(node: tree.Expression, scope: Scope, module: Module) -> Value:
    """The value of an attribute; unknown, and a problem, when Terraform would refuse it."""
    value = _value_of(node, scope, module)
    if isinstance(value, Unknown):
        return hinted(value, Place(node, scope), module.session.files)
    return value


def _value_of(node: tree.Expression, scope: Scope, module: Module) -> Value:
    span = module.session.files.span(node.start, node.end)
    try:
        value = evaluate(node, scope)
        return Exchange(module.session.files, span).value(value, Place(node, scope))
    except TerraformError as error:
        _report(error, span, module)
        return placeholder(error, module) or Unknown(f"it cannot be evaluated: {error}", span)
    except RecursionError:
        module.session.report("this is nested too deeply to be evaluated", span)
        return Unknown("it is nested too deeply", span)


def output(name: str, module: Module) -> Output:
    """An output of the root module."""
    block = module.configuration.outputs[name]
    span = _header(block, module)
    node = block.body.value("value")
    value: Value = Unknown("the output has no value", span)
    if node is not None:
        value = value_of(node, module.scope(), module)
        if config.literal(block.body.value("sensitive")) == "true":
            value = Unknown("it is sensitive", span, sensitive=True)
    description = block.body.value("description")
    return Output(name, value, span, config.literal(description))


def _ignored(block: tree.Block) -> frozenset[str]:
    found: set[str] = set()
    for lifecycle in block.body.named("lifecycle"):
        node = lifecycle.body.value("ignore_changes")
        if isinstance(node, tree.Tuple):
            found.update(traversal(item) for item in node.items)
        elif node is not None:
            found.add(traversal(node))
    return frozenset(found - {""})


def _region(kind: str, block: tree.Block, module: Module, attributes: dict[str, Value]) -> str:
    own = attributes.get("region")
    if kind.startswith("aws_") and isinstance(own, Scalar) and isinstance(own.value, str):
        return own.value
    return provider_region(provider_of(block), module)


def _connections(member: Member, module: Module) -> tuple[Connection, ...]:
    block = member.block
    provisioners = block.body.named("provisioner")
    own = block.body.named("connection")
    if not provisioners and not own:
        return ()
    from iaclint.terraform import data

    itself = data.instance(member, module)
    scope = module.scope({**member.names, "self": itself})
    base = _section(own[-1], scope, module) if own else None
    found = []
    for provisioner in provisioners:
        label = provisioner.labels[0] if provisioner.labels else ""
        nested = provisioner.body.named("connection")
        arguments = _merged(base, _section(nested[-1], scope, module) if nested else None)
        if arguments is None:
            arguments = MapValue(MappingProxyType({}), _header(provisioner, module))
        span = _header(nested[-1] if nested else own[-1] if own else provisioner, module)
        plain = provisioner.body._replace(blocks=())
        inner = _attributes(plain, scope, module, span, _KEYWORDS)
        header = _header(provisioner, module)
        found.append(Connection(label, arguments, span, MapValue(MappingProxyType(inner), header)))
    if not provisioners and base is not None:
        found.append(Connection("", base, base.span))
    return tuple(found)


def _section(block: tree.Block, scope: Scope, module: Module) -> MapValue:
    span = _header(block, module)
    inner = _attributes(block.body, scope, module, span, frozenset())
    return MapValue(MappingProxyType(inner), span)


def _merged(base: MapValue | None, override: MapValue | None) -> MapValue | None:
    if base is None or override is None:
        return override or base
    items = MappingProxyType({**base.items, **override.items})
    return MapValue(items, override.span)
