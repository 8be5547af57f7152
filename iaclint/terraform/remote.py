"""
Where the state of a root is kept, and which root of the scan a `terraform_remote_state` reads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from iaclint.terraform import config, cty, doubt
from iaclint.terraform.cty import TerraformError
from iaclint.terraform.module import Module
from iaclint.terraform.session import resolved, text_of

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


def finder(roots: Sequence[Module]) -> Callable[[doubt.Instance, Path], Module | None]:
    """
    What finds the root whose state a `terraform_remote_state` reads; None when there is none, or
    several are copies with the same state.
    """
    known: dict[tuple[str, ...], list[Module]] = {}
    for root in roots:
        kind, found = settings(root)
        known.setdefault(_identity(kind, found), []).append(root)

    def find(data: doubt.Instance, directory: Path) -> Module | None:
        kind = text_of(data.lookup("backend"))
        key = _identity(kind, _configured(kind, data, directory))
        keeping = known.get(key, []) if key else []
        return keeping[0] if len(keeping) == 1 else None

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
