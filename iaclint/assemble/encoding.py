"""
User data in the wrong encoding: EC2 wants base64, and some arguments do the encoding themselves.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from iaclint.assemble.build import Build
from iaclint.assemble.index import short, written
from iaclint.aws import instance as shapes
from iaclint.host.text import from_base64, is_base64
from iaclint.network import Misencoded
from iaclint.value import Scalar, Unknown, Value

_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/=\s]|\S\s+\S")
_SCRIPT = re.compile(r"\s*(#!|#cloud-|<powershell|<script|content-type:|mime-version:)", re.I)


def misencoded(build: Build) -> Iterator[Misencoded]:
    """What is plain text where base64 must be, and what is encoded twice."""
    for declared in build.index.all(shapes.Launch):
        given = declared.user_data_base64 or _raw(declared)
        for value in _values(given):
            found = _wrong(value)
            if found is not None:
                span = written(value, declared.span)
                yield Misencoded(
                    address=declared.address,
                    label=short(declared.address),
                    span=span,
                    resource=declared.resource,
                    words=found[0],
                    refused=found[1],
                )


def _raw(declared: shapes.Launch) -> Value | None:
    """User data that goes to EC2 as it is written."""
    raw = not declared.is_terraform or declared.resource.kind == "aws_launch_template"
    return declared.user_data if raw else None


def _values(value: Value | None) -> Iterator[Value]:
    if isinstance(value, Unknown) and value.choices:
        yield from value.choices
    elif value is not None:
        yield value


def _wrong(value: Value) -> tuple[str, bool] | None:
    match value:
        case Scalar(value=str() as plain) if plain.strip():
            if not is_base64(plain):
                return "is plain text where base64 is needed", True
            inner = from_base64(plain)
            twice = from_base64(inner) if inner is not None else None
            if twice is not None and _SCRIPT.match(twice):
                return "is encoded in base64 twice", False
        case Unknown(parts=parts, type=kind) if kind != "base64":
            known = [part.strip() for part in parts if isinstance(part, str)]
            resolved = any("{{resolve:" in part for part in known)
            if not resolved and any(_NOT_BASE64.search(part) for part in known):
                return "is plain text where base64 is needed", True
    return None
