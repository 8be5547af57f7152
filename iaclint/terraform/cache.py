"""
Trees of files that were parsed before, in the user's cache directory, found by their content.

Plain marshalled tuples behind a digest: what is broken, foreign or of another version is ignored.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import sys
import tempfile
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

VERSION = b"3"
"""To be raised with every change of the tree or the grammar."""

_SMALLEST = 200
_ENTRIES = 300
"""In each of the 256 folders; when there are more, the oldest half goes."""


@cache
def directory() -> Path | None:
    """Where this user's caches are kept; None when there is no such place that only he writes."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111
    if not Path(home).is_absolute():
        return None
    found = Path(home) / "iaclint"
    try:
        found.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = found.stat()
    except OSError:
        return None
    mine = not hasattr(os, "getuid") or status.st_uid == os.getuid()
    private = not status.st_mode & 0o022
    return found if mine and private and os.access(found, os.W_OK) else None


def _place(text: str) -> Path | None:
    home = directory()
    if home is None or len(text) < _SMALLEST:
        return None
    key = sha256(VERSION + sys.version.encode() + b"\0" + text.encode("utf-8", "replace"))
    name = key.hexdigest()
    return home / "trees" / name[:2] / name[2:]


def load(text: str) -> Any:
    """What was saved for this text, or None."""
    place = _place(text)
    if place is None:
        return None
    try:
        raw = place.read_bytes()
        if sha256(raw[32:]).digest() != raw[:32]:
            return None
        return marshal.loads(raw[32:])
    except (OSError, ValueError, EOFError, TypeError):
        return None


def save(text: str, value: Any) -> None:
    """Keep a value for this text, if that is possible."""
    place = _place(text)
    if place is None:
        return
    try:
        raw = marshal.dumps(value)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _prune(place.parent)
        handle, temporary = tempfile.mkstemp(dir=place.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(sha256(raw).digest() + raw)
        Path(temporary).replace(place)
    except (OSError, ValueError):
        return


def _prune(folder: Path) -> None:
    entries = list(folder.iterdir())
    if len(entries) <= _ENTRIES:
        return
    entries.sort(key=lambda entry: entry.stat().st_mtime)
    for entry in entries[: _ENTRIES // 2]:
        with contextlib.suppress(OSError):
            entry.unlink()
