"""
A file of the findings there were once, so that only later ones count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from iaclint.finding import Finding


class BaselineError(Exception):
    """The baseline file cannot be used; the argument says why, in words for the user."""


class Entry(msgspec.Struct, frozen=True):
    """
    A cause that was known. The fingerprint decides, and has neither lines nor file names in it;
    the rest is for people who read the file. `count` is in how many roots it was found.
    """

    fingerprint: str
    id: str
    resource: str
    message: str
    count: int = 1


class Baseline(msgspec.Struct, frozen=True):
    """The file."""

    schema_version: Literal[1]
    findings: list[Entry]


def write(findings: Iterable[Finding]) -> str:
    """The text of a baseline with those findings, in an order that makes small differences."""
    first: dict[str, Finding] = {}
    counts: Counter[str] = Counter()
    for finding in findings:
        first.setdefault(finding.fingerprint, finding)
        counts[finding.fingerprint] += 1
    entries = [
        Entry(key, one.check, one.resource, one.message, counts[key]) for key, one in first.items()
    ]
    entries.sort(key=lambda entry: (entry.id, entry.resource, entry.fingerprint))
    encoded = msgspec.json.encode(Baseline(1, entries))
    return msgspec.json.format(encoded, indent=2).decode() + "\n"


def read(path: Path) -> Counter[str]:
    """How often each fingerprint was found. Raises `BaselineError`."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Baseline)
    except OSError as error:
        raise BaselineError(f'baseline "{path}" cannot be read: {error.strerror}') from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BaselineError(
            f'"{path}" is not a baseline of iaclint ({error}); --write-baseline makes one'
        ) from error
    counts: Counter[str] = Counter()
    for entry in found.findings:
        counts[entry.fingerprint] += entry.count
    return counts


def fingerprints(findings: Iterable[Finding]) -> Counter[str]:
    """How often each fingerprint is among the findings."""
    return Counter(finding.fingerprint for finding in findings)


def split(
    findings: Sequence[Finding], known: Counter[str]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """The findings that are new, and those known before: as many of each as there were."""
    left = Counter(known)
    new, old = [], []
    for finding in findings:
        if left[finding.fingerprint] > 0:
            left[finding.fingerprint] -= 1
            old.append(finding)
        else:
            new.append(finding)
    return tuple(new), tuple(old)
