"""
`iaclint config`: the settings that count.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from iaclint import settings
from iaclint.command import given
from iaclint.toml import to_toml


def run(arguments: Mapping[str, Any]) -> int:
    """Prints the settings as a settings file, or its schema."""
    if arguments.get("schema"):
        sys.stdout.write(json.dumps(settings.schema(), indent=2, sort_keys=True) + "\n")
        return 0
    paths = tuple(Path(one) for one in arguments.get("paths") or ()) or (Path(),)
    found = given.loaded(arguments, paths)
    source = found.name if found.file else "no settings file: these are the defaults"
    sys.stdout.write(f"# {source}\n{to_toml(settings.effective(found.settings))}")
    return 0
