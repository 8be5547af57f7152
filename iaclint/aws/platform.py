"""
Linux or Windows, and whether a service owns the instance: what can be told from the files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from iaclint.aws.lookedup import LookedUp
from iaclint.resource import Resource
from iaclint.value import ListValue, MapValue, Scalar, Unknown, Value, truth

Platform = Literal["linux", "windows"]

WINDOWS = re.compile(r"windows|win20(12|16|19|22|25)|/ami-windows", re.IGNORECASE)
LINUX = re.compile(
    r"amzn|al20\d\d|amazon-?linux|ubuntu|debian|rhel|red-?hat|suse|sles|centos|rocky|alma|fedora|"
    r"flatcar|coreos|bottlerocket|freebsd|bitnami|linux|canonical|nat-hvm|vpc-nat|fck-nat",
    re.IGNORECASE,
)
LINUX_OWNERS = ("137112412989", "099720109477", "136693071363", "309956199498", "013907871322")
WINDOWS_DATA = re.compile(r"<(powershell|script)>", re.IGNORECASE)
SERVICES = (
    ("EKS", re.compile(r"/etc/eks/bootstrap\.sh|nodeadm|eks-node|kubernetes\.io/cluster/|eks:")),
    ("ECS", re.compile(r"ECS_CLUSTER|ecs-optimized|aws:ecs:")),
)


def platform_of(
    image: Value | None,
    user_data: Sequence[str],
    launches: Iterable[Resource],
    images: LookedUp,
) -> Platform | None:
    """
    The operating system; None when the files do not say. `user_data` is its text, decoded, one
    piece a document.
    """
    if _is_script(user_data):
        return "linux"
    if any(WINDOWS_DATA.search(piece) for piece in user_data):
        return "windows"
    if any(truth(launch.attributes.get("get_password_data")) is True for launch in launches):
        return "windows"
    pieces = [*texts(image), *_words(image, images)]
    if any(WINDOWS.search(piece) for piece in pieces):
        return "windows"
    if any(LINUX.search(piece) or piece in LINUX_OWNERS for piece in pieces):
        return "linux"
    return None


def _is_script(user_data: Sequence[str]) -> bool:
    """A script may hold `<script>` in a page that it writes; what it is, its beginning says."""
    return any(piece.lstrip().startswith(("#!", "#cloud-config")) for piece in user_data)


def owner_service(resource: Resource, user_data: Sequence[str]) -> str:
    """The service whose node it is (EKS, ECS); empty for an instance of one's own."""
    pieces = [*user_data, *texts(resource.attributes.get("tags")), *_keys(resource)]
    for service, pattern in SERVICES:
        if any(pattern.search(piece) for piece in pieces):
            return service
    return ""


def _keys(resource: Resource) -> Iterator[str]:
    tags = resource.attributes.get("tags")
    if isinstance(tags, MapValue):
        yield from tags.items


def _words(image: Value | None, images: LookedUp) -> Iterator[str]:
    """The words of the data source an image is looked up with, and its name."""
    for source in images.sources(image):
        yield source.address
        for value in source.attributes.values():
            yield from texts(value)


def texts(value: Value | None) -> Iterator[str]:
    """Every piece of text that is known in a value."""
    match value:
        case Scalar(value=str() as plain):
            yield plain
        case ListValue(items=items):
            for item in items:
                yield from texts(item)
        case MapValue(items=mapping):
            for item in mapping.values():
                yield from texts(item)
        case Unknown(parts=parts, choices=choices):
            yield from (part for part in parts if isinstance(part, str))
            for choice in choices:
                yield from texts(choice)
