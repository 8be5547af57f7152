"""
Who logs in where, with which key, and what user data makes of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from iaclint.assemble.build import Build, place
from iaclint.assemble.encoding import misencoded
from iaclint.assemble.hosts import setup_of
from iaclint.assemble.logins import build_logins
from iaclint.aws import instance as shapes
from iaclint.aws import keys
from iaclint.aws.image import family_of
from iaclint.network import KeyFile, KeyPair, Maybe
from iaclint.resource import Resource
from iaclint.value import Scalar, Unknown, Value, refs, text, whole

KINDS: dict[str, keys.KeyKind] = {"RSA": "rsa", "ED25519": "ed25519", "ECDSA": "ecdsa"}


def build_access(build: Build) -> None:
    """Key pairs, key files, the inside of hosts, and logins."""
    pairs = {pair.address: pair for pair in _pairs(build)}
    build.network.key_pairs = list(pairs.values())
    build.network.key_files = list(_files(build))
    for instance in build.network.instances:
        found = instance.key_pair
        instance.pair = pairs.get(found.address) if isinstance(found, Resource) else None
        instance.image_family = family_of(instance.image, build.index.images)
        if instance.image_family is not None and instance.platform is None:
            instance.platform = instance.image_family.platform
        instance.setup = setup_of(build, instance)
    build.network.misencoded = list(misencoded(build))
    build_logins(build)


def _pairs(build: Build) -> Iterator[KeyPair]:
    for declared in build.index.all(shapes.KeyPair):
        yield _pair(build, declared)


def _pair(build: Build, declared: shapes.KeyPair) -> KeyPair:
    pair = KeyPair(**place(declared), name=text(declared.name), material=declared.public_key)
    made, pair.attribute = _generated(build, declared.public_key)
    if made is not None:
        pair.generated = made.resource
        _describe(pair, made)
    elif isinstance(declared.public_key, Scalar):
        pair.public = keys.public_key(str(text(declared.public_key)))
        if isinstance(pair.public, keys.PublicKey):
            pair.kind, pair.bits = pair.public.kind, pair.public.bits
    elif declared.public_key is None and not declared.is_terraform:
        kind = text(declared.type)
        pair.kind = "ed25519" if kind == "ed25519" else "rsa"
        pair.format = str(text(declared.format) or "pem")
        if isinstance(kind, Unknown):
            pair.kind = "unknown"
    return pair


def _describe(pair: KeyPair, made: keys.GeneratedKey) -> None:
    algorithm = text(made.algorithm)
    pair.kind = KINDS.get(algorithm.upper(), "unknown") if isinstance(algorithm, str) else "unknown"
    bits = whole(made.bits)
    if pair.kind == "rsa" and not isinstance(bits, Unknown):
        pair.bits = bits or 2048


def _generated(build: Build, value: Value | None) -> tuple[keys.GeneratedKey | None, str]:
    """The generated key of which a value is an attribute, or is made, and the attribute."""
    for ref in refs(value):
        made = build.index.at(ref.address, keys.GeneratedKey)
        if made is not None:
            return made, ref.attribute
    return None, ""


def _files(build: Build) -> Iterator[KeyFile]:
    """The files that hold a private key, by what is written into them."""
    for declared in build.index.all(keys.LocalFile):
        made, attribute = _generated(build, declared.content)
        written = text(declared.content)
        private = keys.private_key(written) if isinstance(written, str) else None
        if private is None and not attribute.startswith("private_key"):
            continue
        yield KeyFile(
            **place(declared),
            path=text(declared.filename),
            mode=_mode(declared),
            mode_span=declared.permission.span if declared.permission is not None else None,
            generated=made.resource if made is not None else None,
            attribute=attribute,
            private=private,
        )


def _mode(declared: keys.LocalFile) -> Maybe[int]:
    """
    The permissions asked for. https://registry.terraform.io/providers/hashicorp/local: 0777 unless
    given, 0700 for the sensitive kind.
    """
    given = text(declared.permission)
    if isinstance(given, Unknown):
        return given
    if given is None:
        return 0o700 if declared.resource.kind == "local_sensitive_file" else 0o777
    try:
        return int(given, 8)
    except ValueError:
        return Unknown(f'"{given}" is not a mode', declared.span)
