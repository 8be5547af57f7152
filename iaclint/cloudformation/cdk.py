"""
What `cdk synth` leaves beside its templates: which stacks go where, and which asset is which.

https://docs.aws.amazon.com/cdk/v2/guide/configure-synth.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from iaclint.cloudformation.node import Node, fields, string
from iaclint.source import Sources, Unreadable

_FILE = re.compile(r"^[\w.-]+$")
_ENVIRONMENT = re.compile(r"^aws://(?P<account>[^/]+)/(?P<region>[^/]+)$")


@dataclass(frozen=True, slots=True)
class Assembly:
    """A `cdk.out` folder: region and account of each template."""

    folder: Path | None = None
    environments: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    assets: Mapping[str, str] = field(default_factory=dict)

    def environment(self, file: str) -> tuple[str, str]:
        """Region and account of a template; empty where the app leaves them open."""
        return self.environments.get(file, ("", ""))

    def nested(self, resource: Node, location: str) -> Path | None:
        """
        The file of a nested stack: the resource's metadata names it, or else the list of assets by
        the hash that its address ends in.
        """
        metadata = fields(fields(resource).get("Metadata"))
        path = string(metadata.get("aws:asset:path"))
        if path is None:
            path = self.assets.get(PurePosixPath(location).stem)
        if self.folder is None or path is None or not _FILE.match(path):
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
    return Assembly(folder, environments, _assets(folder, sources))


def _assets(folder: Path, sources: Sources) -> dict[str, str]:
    """The file of each asset by its hash, from the `*.assets.json` beside the templates."""
    found = {}
    for path in sorted(folder.glob("*.assets.json")):
        try:
            listed = json.loads(sources.read(path))
        except (Unreadable, ValueError, RecursionError):
            continue
        files = listed.get("files") if isinstance(listed, dict) else None
        for key, asset in files.items() if isinstance(files, dict) else ():
            source = asset.get("source") if isinstance(asset, dict) else None
            file = source.get("path") if isinstance(source, dict) else None
            if isinstance(file, str):
                found[key] = file
    return found


def _pinned(match: re.Match[str]) -> tuple[str, str]:
    region, account = match["region"], match["account"]
    return (
        "" if region.startswith("unknown") else region,
        "" if account.startswith("unknown") else account,
    )
