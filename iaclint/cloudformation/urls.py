"""
Where a `TemplateURL` or `Location` leads: a path beside the template, or an object in a bucket
that has the same file name as one of the scanned templates.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile
from pathlib import Path, PurePosixPath
from urllib.parse import urlparse

from iaclint.cloudformation.template import Template
from iaclint.value import Unknown, Value, text


def local_path(beside: Path, url: str) -> Path | None:
    """The file a relative path (or `file://` URL) names; None for addresses on a network."""
    if "\0" in url or len(url) > 1000 or not url.strip():
        return None
    if url.startswith("file://"):
        url = url.removeprefix("file://")
    elif "://" in url:
        return None
    return beside.parent / url


def candidates(
    beside: Path, url: Value | None, templates: Iterable[Template]
) -> tuple[Template, ...]:
    """
    The templates an S3 address can mean: same file name, and of several those that agree in the
    most folders, too, and of those the nearest: uploads keep the folders as they are. A template
    never nests itself this way.
    """
    tails = {tail for tail in _tails(url) if tail}
    if len(tails) != 1:
        return ()
    wanted = PurePosixPath(tails.pop()).parts
    if not wanted or "." not in wanted[-1]:
        return ()
    here = beside.resolve()
    fitting = [
        (_rank(template.path.resolve(), wanted, here), template)
        for template in templates
        if template.name.endswith(wanted[-1])  # quick, and most are refused by it
        and template.path.name == wanted[-1]
        and template.path != beside
    ]
    best = max((score for score, _ in fitting), default=None)
    return tuple(template for score, template in fitting if score == best)


def _rank(path: Path, wanted: tuple[str, ...], beside: Path) -> tuple[int, bool, int]:
    return _agreement(path.parts, wanted), *nearness(path, beside)


def nearness(path: Path, other: Path) -> tuple[bool, int]:
    """How near two files are, to compare: in the same folder, else how many folders they share."""
    pairs = zip(path.parent.parts, other.parent.parts, strict=False)
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return path.parent == other.parent, shared


def last_part(url: Value | None) -> str:
    """The file name at the end of an address, as far as it is known."""
    tails = {PurePosixPath(tail).name for tail in _tails(url)}
    return tails.pop() if len(tails) == 1 else ""


def _tails(url: Value | None) -> list[str]:
    """The path of the object, as much of its end as is known."""
    if isinstance(url, Unknown):
        if url.choices:
            return [tail for choice in url.choices for tail in _tails(choice)]
        last = url.parts[-1] if url.parts else ""
        return [last.partition("/")[2]] if isinstance(last, str) and "/" in last else []
    plain = text(url)
    if not isinstance(plain, str):
        return []
    return [urlparse(plain).path.lstrip("/")] if "://" in plain else [PurePosixPath(plain).name]


def _agreement(have: tuple[str, ...], want: tuple[str, ...]) -> int:
    count = 0
    for ours, theirs in zip(reversed(have), reversed(want), strict=False):
        if ours != theirs:
            break
        count += 1
    return count
