"""
Linux or Windows, and whether a service owns the instance: what can be told from the files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from iaclint.resource import Resource
from iaclint.value import ListValue, MapValue, Scalar, Unknown, Value, text, truth

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
    user_data: Value | None,
    launches: Iterable[Resource],
    resources: Mapping[str, Resource],
) -> tuple[Platform | None, str]:
    """The operating system and what tells it; None when the files do not say."""
    if _is_script(user_data):
        return "linux", "its user data is a shell script or cloud-config"
    if any(WINDOWS_DATA.search(piece) for piece in texts(user_data)):
        return "windows", "its user data is PowerShell"
    if any(truth(launch.attributes.get("get_password_data")) is True for launch in launches):
        return "windows", "it asks for the administrator's password"
    pieces = [*texts(image), *_sources(image, resources)]
    if any(WINDOWS.search(piece) for piece in pieces):
        return "windows", "its image is a Windows one"
    if any(LINUX.search(piece) or piece in LINUX_OWNERS for piece in pieces):
        return "linux", "its image is a Linux one"
    return None, ""


def _is_script(user_data: Value | None) -> bool:
    """A script may hold `<script>` in a page that it writes; what it is, its beginning says."""
    return any(p.lstrip().startswith(("#!", "#cloud-config")) for p in texts(user_data))


def owner_service(resource: Resource, user_data: Value | None) -> str:
    """The service whose node it is (EKS, ECS); empty for an instance of one's own."""
    pieces = [*texts(user_data), *texts(resource.attributes.get("tags")), *_keys(resource)]
    for service, pattern in SERVICES:
        if any(pattern.search(piece) for piece in pieces):
            return service
    return ""


def _keys(resource: Resource) -> Iterator[str]:
    tags = resource.attributes.get("tags")
    if isinstance(tags, MapValue):
        yield from tags.items


def _sources(image: Value | None, resources: Mapping[str, Resource]) -> Iterator[str]:
    """The words of the data source an image is looked up with, and its name."""
    named = image.refs() if isinstance(image, Unknown) else ()
    looked_up = [resources.get(ref.address) for ref in named]
    for source in (*looked_up, *answered(image, resources)):
        if source is not None:
            yield source.address
            for value in source.attributes.values():
                yield from texts(value)


_FOUND = {"aws_ami": "id", "aws_ssm_parameter": "value"}
"""Where a data source has the id of the image it found."""


def answered(image: Value | None, resources: Mapping[str, Resource]) -> Iterator[Resource]:
    """The data sources of a plan that have been read, and gave this very id."""
    plain = image.value if isinstance(image, Scalar) else None
    if not isinstance(plain, str) or not plain.startswith("ami-"):
        return
    for source in resources.values():
        named = _FOUND.get(source.kind) if source.mode == "data" else None
        if named and text(source.attributes.get(named)) == plain:
            yield source


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
