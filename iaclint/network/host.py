"""
Instances, the keys they are made with, and the logins to them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from iaclint.aws.image import ImageFamily
from iaclint.aws.keys import Fault, KeyKind, PrivateKey, PublicKey
from iaclint.host.setup import NOTHING, Setup
from iaclint.network.interface import Interface
from iaclint.network.node import Maybe, Node
from iaclint.resource import Connection, Resource
from iaclint.source import Span
from iaclint.value import Unknown, Value


@dataclass(slots=True, eq=False, kw_only=True)
class KeyPair(Node):
    """
    A key pair of EC2. `public` is what its public key is, None where it is not known or AWS makes
    it; `generated` the `tls_private_key` it comes from. `format` is that of the private key file
    AWS stores (`pem`, `ppk`), empty for a key that was made elsewhere.
    """

    name: Maybe[str] | None
    public: PublicKey | Fault | None = None
    material: Value | None = None
    generated: Resource | None = None
    attribute: str = ""
    """The attribute of the generated key that is imported."""
    kind: KeyKind = "unknown"
    bits: int | None = None
    format: str = ""


@dataclass(slots=True, eq=False, kw_only=True)
class KeyFile(Node):
    """A private key that Terraform writes to a file. `mode` are its permissions."""

    path: Maybe[str] | None
    mode: Maybe[int]
    mode_span: Span | None = None
    generated: Resource | None = None
    attribute: str = ""
    private: PrivateKey | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class Misencoded(Node):
    """User data in an encoding that EC2 does not take; `words` completes "user data …"."""

    words: str
    refused: bool = True
    """Whether EC2 refuses it; otherwise the host gets it and cannot run it."""


LoginKind = Literal["connection", "bastion", "output", "script"]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Login:
    """
    A place where the files say how somebody logs in to an instance: a connection block, the
    bastion of one, a command in an output or in a script on the client.

    `user` is None where none is given (`span` is then the block's). `key` is the private key of a
    connection, `key_file` the one of a command. `host` is the address that is dialled.
    """

    kind: LoginKind
    protocol: Literal["ssh", "winrm"]
    user: Maybe[str] | None
    span: Span
    host: Value | None = None
    key: Value | None = None
    key_file: str = ""
    of_a_pair: bool = False
    """The file has the name that AWS gives to the private key of a key pair, whichever it is."""
    port: Maybe[int] | None = None
    resource: Resource | None = None
    connection: Connection | None = None

    @property
    def is_provisioner(self) -> bool:
        """Whether Terraform itself logs in while it applies."""
        return self.kind in ("connection", "bastion")


Platform = Literal["linux", "windows"]


@dataclass(slots=True, eq=False, kw_only=True)
class Instance(Node):
    """
    Something a person could log in to. `placements` are the ways it can be made: one for an
    instance, one a subnet for an auto scaling group; each has the instance's interfaces.
    """

    placements: tuple[tuple[Interface, ...], ...]
    key: Maybe[str] | None = None
    key_span: Span | None = None
    key_pair: Maybe[Resource] | None = None
    platform: Platform | None = None
    image: Value | None = None
    user_data: Value | None = None
    profile: Value | None = None
    connections: tuple[Connection, ...] = ()
    name: str = ""
    scaling: bool = False
    launches: tuple[Resource, ...] = ()
    """The resources its settings come from, the instance itself first."""
    elsewhere: Unknown | None = None
    """Why more settings may come from a launch template that is not among them."""
    managed: str = ""
    """The service that owns it (EKS, ECS …), if one does: nobody is expected to log in."""
    password: bool = False
    pair: KeyPair | None = None
    """The key pair, when it is declared here."""
    image_family: ImageFamily | None = None
    setup: Setup = NOTHING
    """What its user data changes."""
    logins: tuple[Login, ...] = ()
    forwarded: tuple[tuple[int, Span], ...] = ()
    """Ports of it to which a command forwards one of the client (`ssh -L`), and where."""

    def interfaces(self) -> Iterator[Interface]:
        """All interfaces it can have."""
        for placement in self.placements:
            yield from placement
