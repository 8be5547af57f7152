"""
Which family an AMI belongs to, and the user name that people log in with.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/managing-users.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from iaclint.aws.lookedup import LookedUp
from iaclint.aws.platform import Platform, texts
from iaclint.aws.shape import blocks
from iaclint.resource import Resource
from iaclint.value import Unknown, Value, text


@dataclass(frozen=True, slots=True)
class ImageFamily:
    """
    A family of images. `users` are the names one can log in with, the usual one first. `sure` is
    False where AWS's table does not list them.
    """

    title: str
    users: tuple[str, ...]
    platform: Platform = "linux"
    sure: bool = True

    def __str__(self) -> str:
        return self.title


AMAZON = ImageFamily("Amazon Linux", ("ec2-user",))
UBUNTU = ImageFamily("Ubuntu", ("ubuntu",))
DEBIAN = ImageFamily("Debian", ("admin",))
RHEL = ImageFamily("Red Hat Enterprise Linux", ("ec2-user", "root"))
SUSE = ImageFamily("SUSE Linux", ("ec2-user", "root"))
CENTOS = ImageFamily("CentOS", ("centos", "ec2-user"))
ROCKY = ImageFamily("Rocky Linux", ("rocky",))
ALMA = ImageFamily("AlmaLinux", ("ec2-user", "almalinux"), sure=False)
ORACLE = ImageFamily("Oracle Linux", ("ec2-user",))
FEDORA = ImageFamily("Fedora", ("fedora", "ec2-user"))
CORE = ImageFamily("Fedora CoreOS or Flatcar", ("core",), sure=False)
FREEBSD = ImageFamily("FreeBSD", ("ec2-user",))
BITNAMI = ImageFamily("Bitnami", ("bitnami", "ubuntu", "admin"))
MACOS = ImageFamily("macOS", ("ec2-user",), sure=False)
WINDOWS = ImageFamily(
    "Windows Server", ("Administrator", "Administrateur", "Administrador"), "windows"
)

OWNERS = {
    "137112412989": AMAZON,
    "099720109477": UBUNTU,
    "136693071363": DEBIAN,
    "379101102735": DEBIAN,
    "309956199498": RHEL,
    "013907871322": SUSE,
    "792107900819": ROCKY,
    "764336703387": ALMA,
    "131827586825": ORACLE,
    "075585003325": CORE,
    "801119661308": WINDOWS,
}
"""Accounts that publish images of one family only."""

PATHS = (
    ("/aws/service/ami-amazon-linux-latest/", AMAZON),
    ("/aws/service/ecs/optimized-ami/windows", WINDOWS),
    ("/aws/service/ecs/optimized-ami/", AMAZON),
    ("/aws/service/eks/optimized-ami/", AMAZON),
    ("/aws/service/canonical/ubuntu/", UBUNTU),
    ("/aws/service/debian/", DEBIAN),
    ("/aws/service/suse/", SUSE),
    ("/aws/service/freebsd/", FREEBSD),
    ("/aws/service/ec2-macos/", MACOS),
    ("/aws/service/ami-windows-latest/", WINDOWS),
)
"""Public parameters, by the beginning of their name."""

NAMES = (
    (r"amzn-ec2-macos", MACOS),
    (r"ubuntu-?(eks|minimal|pro)?[/-]", UBUNTU),
    (r"(amzn|al2023|al2022)[\d-]|amzn2?-ami|al20\d\d-ami", AMAZON),
    (r"amazon-eks-(gpu-|arm64-)?node|amazon-eks-node", AMAZON),
    (r"debian-", DEBIAN),
    (r"rhel[-_ ]", RHEL),
    (r"suse-|sles-|opensuse-", SUSE),
    (r"centos[ _*-]", CENTOS),
    (r"rocky[ -]", ROCKY),
    (r"almalinux[ -]", ALMA),
    (r"ol[789][.\d]*-", ORACLE),
    (r"fedora-cloud", FEDORA),
    (r"fedora-coreos|flatcar-|coreos-", CORE),
    (r"freebsd[ -]", FREEBSD),
    (r"bitnami-", BITNAMI),
    (r"windows_server|ec2launch|tpm-windows|\*?windows", WINDOWS),
)
"""What the names of their images begin with, after the leading wildcard of a filter."""

_NAMES = tuple((re.compile(pattern, re.IGNORECASE), family) for pattern, family in NAMES)
_PARAMETER = re.compile(r"resolve:ssm:([^}:]+)")
_DEEP_LEARNING = re.compile(r"deep learning", re.IGNORECASE)


def family_of(image: Value | None, images: LookedUp) -> ImageFamily | None:
    """The family an image is certain to be of; None when the files do not say."""
    found = set(_families(image, images))
    return found.pop() if len(found) == 1 else None


def _families(image: Value | None, images: LookedUp) -> Iterator[ImageFamily | None]:
    if isinstance(image, Unknown) and image.choices:
        for choice in image.choices:
            yield from _families(choice, images)
        return
    direct = [parameter(piece) for piece in texts(image)]
    if any(direct):
        yield next(family for family in direct if family)
        return
    looked_up = [of_source(source) for source in images.sources(image)]
    yield looked_up[0] if looked_up and not _mixed(looked_up) else None


def _mixed(found: list[ImageFamily | None]) -> bool:
    return any(each != found[0] for each in found)


def parameter(name: str) -> ImageFamily | None:
    """The family of a public parameter (`{{resolve:ssm:/aws/service/…}}`, `/aws/service/…`)."""
    match = _PARAMETER.search(name)
    path = match.group(1) if match else name
    if "bottlerocket" in path:
        return None
    return next((family for start, family in PATHS if path.startswith(start)), None)


def of_source(source: Resource) -> ImageFamily | None:
    """The family that a data source looks up: by owner, parameter, or name filter."""
    if source.kind in ("aws_ssm_parameter", "aws_ssm_parameters_by_path"):
        named = source.attributes.get("name", source.attributes.get("path"))
        plain = text(named)
        return parameter(plain) if isinstance(plain, str) else None
    if source.kind not in ("aws_ami", "aws_ami_ids"):
        return None
    owners = list(texts(source.attributes.get("owners")))
    if any(owner == "self" for owner in owners):
        return None
    known = {OWNERS.get(owner) for owner in owners}
    if len(known) == 1 and None not in known:
        return known.pop()
    return _by_filter(source)


def _by_filter(source: Resource) -> ImageFamily | None:
    """The family of the names asked for: the values of one filter are alternatives."""
    names: list[str] = []
    for block in blocks(source.attributes.get("filter")):
        kind = next(texts(block.items.get("name")), "")
        values = list(texts(block.items.get("values")))
        if kind == "platform" and values == ["windows"]:
            return WINDOWS
        if kind == "name":
            names += values
    names += [re.sub(r"[\\^]", "", part) for part in texts(source.attributes.get("name_regex"))]
    found = {by_name(name) for name in names}
    return found.pop() if len(found) == 1 else None


def by_name(name: str) -> ImageFamily | None:
    """The family of an image by its name, or by a pattern for it."""
    plain = name.lstrip("*.").removeprefix("/")
    if _DEEP_LEARNING.match(plain):
        return _deep_learning(plain)
    return next((family for pattern, family in _NAMES if pattern.match(plain)), None)


def _deep_learning(name: str) -> ImageFamily | None:
    """These are named after the distribution they are based on."""
    lower = name.lower()
    if "ubuntu" in lower:
        return UBUNTU
    return AMAZON if "amazon linux" in lower or "amzn" in lower else None
