"""
What `cdk synth` leaves beside its templates: which stacks go where, and which asset is which.

https://docs.aws.amazon.com/cdk/v2/guide/configure-synth.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from iaclint.cloudformation.node import Node, fields, string
from iaclint.source import Sources, Unreadable

_ENVIRONMENT = re.compile(r"^aws://(?P<account>[^/]+)/(?P<region>[^/]+)$")


@dataclass(frozen=True, slots=True)
class Assembly:
    """A `cdk.out` folder: region and account of each template."""

    folder: Path | None = None
    environments: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def environment(self, file: str) -> tuple[str, str]:
        """Region and account of a template; empty where the app leaves them open."""
        return self.environments.get(file, ("", ""))

    def nested(self, resource: Node) -> Path | None:
        """The file of a nested stack: the resource's metadata names it."""
        metadata = fields(fields(resource).get("Metadata"))
        path = string(metadata.get("aws:asset:path"))
        if self.folder is None or path is None or "/" in path.strip("./") or "\\" in path:
            return None
        return self.folder / path


def assembly(folder: Path, sources: Sources) -> Assembly:
    """Read the manifest of a folder. Without one, assets are still found beside the template."""
    try:
        manifest = json.loads(sources.read(folder / "manifest.json"))
    except (Unreadable, ValueError, RecursionError):
        return Assembly(folder)
    artifacts = manifest.get("artifacts") if isinstance(manifest, dict) else None
    if not isinstance(artifacts, dict):
        return Assembly(folder)
    environments = {}
    for artifact in artifacts.values():
        if not isinstance(artifact, dict) or artifact.get("type") != "aws:cloudformation:stack":
            continue
        properties = artifact.get("properties")
        file = properties.get("templateFile") if isinstance(properties, dict) else None
        match = _ENVIRONMENT.match(str(artifact.get("environment", "")))
        if isinstance(file, str) and match:
            environments[file] = _pinned(match)
    return Assembly(folder, environments)


def _pinned(match: re.Match[str]) -> tuple[str, str]:
    region, account = match["region"], match["account"]
    return (
        "" if region.startswith("unknown") else region,
        "" if account.startswith("unknown") else account,
    )
