"""
`terraform_remote_state` of a root in the same scan: that root's outputs.

A reference to a resource of another root carries the root's name: `../network//aws_vpc.main`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from iaclint.terraform import config, cty, doubt
from iaclint.terraform.cty import CtyValue, TerraformError
from iaclint.terraform.module import Module
from iaclint.terraform.session import resolved, text_of
from iaclint.value import Ref, Unknown

_IDENTITY: Mapping[str, tuple[str, ...]] = {
    "s3": ("bucket", "key"),
    "gcs": ("bucket", "prefix"),
    "azurerm": ("storage_account_name", "container_name", "key"),
    "consul": ("path",),
    "http": ("address",),
    "remote": ("organization", "workspaces"),
    "local": ("path",),
}
"""The settings that say which state it is; everything else is how to get at it."""

SEPARATOR = "//"


def settings(module: Module) -> tuple[str, dict[str, str]]:
    """Kind and constant settings of the root's backend."""
    block = config.backend(module.configuration.settings)
    kind = "local" if block is None else (block.labels[0] if block.labels else "remote")
    found = dict(config.constants(block.body)) if block else {}
    for nested in block.body.named("workspaces") if block else ():
        found["workspaces"] = dict(config.constants(nested.body)).get("name", "")
    if kind == "local":
        found = {"path": _state(module.root / found.get("path", "terraform.tfstate"))}
    return kind, found


def _state(path: Path) -> str:
    return (resolved(path.parent) / path.name).as_posix()


def backend(module: Module) -> str:
    """Where the state is kept, as one text: kind and constant settings in order."""
    kind, found = settings(module)
    if kind == "local":
        name = module.session.sources.name(Path(found["path"]))
        return f"local path={name}"
    return " ".join((kind, *(f"{name}={text}" for name, text in sorted(found.items()))))


def finder(roots: Sequence[Module]) -> Callable[[doubt.Instance, Path], CtyValue]:
    """What finds the outputs that a `terraform_remote_state` names; null when there is none."""
    known: dict[tuple[str, ...], Module] = {}
    for root in roots:
        kind, found = settings(root)
        key = _identity(kind, found)
        if key:
            known.setdefault(key, root)

    def find(data: doubt.Instance, directory: Path) -> CtyValue:
        kind = text_of(data.lookup("backend"))
        key = _identity(kind, _configured(kind, data, directory))
        root = known.get(key)
        return None if root is None or not key else outputs(root)

    return find


def _identity(kind: str, found: Mapping[str, str]) -> tuple[str, ...]:
    names = _IDENTITY.get(kind, ())
    texts = [found.get(name, "") for name in names]
    return (kind, *texts) if any(texts) and texts[-1] else ()


def _configured(kind: str, data: doubt.Instance, directory: Path) -> dict[str, str]:
    try:
        plain = cty.unmark(data.lookup("config"))[0]
    except TerraformError:
        return {}
    if not cty.is_mapping(plain):
        return {}
    found = {name: text_of(value) for name, value in plain.items.items()}
    workspaces = cty.unmark(plain.items.get("workspaces"))[0]
    if cty.is_mapping(workspaces):
        found["workspaces"] = text_of(workspaces.items.get("name"))
    if kind == "local" and found.get("path"):
        found["path"] = _state(directory / found["path"])
    return found


def outputs(root: Module) -> doubt.Instance:
    """The outputs of a root as another root sees them."""
    prefix = root.session.sources.name(root.root) + SEPARATOR
    reason = f"{prefix.rstrip('/')} has no such output"

    def lookup(name: str) -> CtyValue:
        if name not in root.configuration.outputs:
            return Unknown(f"{reason} named {name}")
        return _foreign(root.output(name), prefix)

    return doubt.Instance(reason, lookup=lookup)


def _foreign(value: CtyValue, prefix: str) -> CtyValue:
    """The value with the addresses of resources in it those of another root."""
    match value:
        case cty.Sensitive(value=inner):
            return cty.sensitive(_foreign(inner, prefix))
        case Unknown():
            return _foreign_unknown(value, prefix)
        case cty.Tuple(items=items) | cty.List(items=items) | cty.Set(items=items):
            return replace(value, items=tuple(_foreign(item, prefix) for item in items))
        case cty.Object(items=mapping) | cty.Map(items=mapping):
            return replace(value, items={k: _foreign(v, prefix) for k, v in mapping.items()})
    return value


def _foreign_unknown(value: Unknown, prefix: str) -> Unknown:
    ref = value.ref and Ref(prefix + value.ref.address, value.ref.attribute)
    parts = tuple(p if isinstance(p, str) else _foreign_unknown(p, prefix) for p in value.parts)
    value = replace(value, ref=ref, parts=parts)
    if isinstance(value, doubt.Many):
        return replace(value, samples=tuple(_foreign(s, prefix) for s in value.samples))
    if isinstance(value, doubt.Choice):
        return replace(value, options=tuple(_foreign(o, prefix) for o in value.options))
    if isinstance(value, doubt.Instance):
        inner = value.lookup
        return replace(value, lookup=lambda name: _foreign(inner(name), prefix))
    return value
