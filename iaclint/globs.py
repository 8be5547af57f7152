"""
Globs as in `.gitignore`, for paths in settings.
"""

from __future__ import annotations

import fnmatch
import re
from functools import lru_cache


def matches(path: str, pattern: str) -> bool:
    """
    Whether a relative path, or a directory it lies in, matches a glob as in `.gitignore`: without
    a slash at any depth, with one from the top; `**` is any number of directories.
    """
    pattern = pattern.removeprefix("./").rstrip("/")
    if not pattern:
        return False
    anchored = "/" in pattern
    expression = _expression(pattern.removeprefix("/"))
    parts = path.split("/")
    candidates = ["/".join(parts[: index + 1]) for index in range(len(parts))]
    return any(
        expression.fullmatch(one if anchored else one.rpartition("/")[2]) for one in candidates
    )


@lru_cache(maxsize=256)
def _expression(pattern: str) -> re.Pattern[str]:
    pieces = []
    for piece in re.split(r"(\*\*/|/\*\*|\*\*|\*|\?|\[[^\]]+\])", pattern):
        special = {"**/": "(?:.*/)?", "/**": "/.*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
        if piece.startswith("[") and piece.endswith("]"):
            pieces.append(fnmatch.translate(piece).removeprefix("(?s:").removesuffix(")\\Z"))
        else:
            pieces.append(special.get(piece, re.escape(piece)))
    return re.compile("".join(pieces), re.S)
