"""
Random worlds of every resource type that a shape reads, with values nobody would write.

The frontends promise little about what stands in an attribute; what comes after them must live
with any of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from fractions import Fraction
from random import Random

import iaclint.assemble  # noqa: F401  (imports every module of shapes)
from iaclint.aws.shape import SHAPES, Declared
from iaclint.resource import Connection, Language, Output, Resource, Root, World
from iaclint.source import Span
from iaclint.value import ListValue, MapValue, Ref, Scalar, Unknown, Value

AT = Span("main.tf", 1)
TEXTS = (
    *("", " ", "0", "-1", "22", "22-30", "65536", "1e9", "NaN", "true", "no", "all", "tcp", "icmp"),
    *("ssh", "-1/-1", "0.0.0.0/0", "::/0", "10.0.0.0/16", "10.0.1.0/24", "10.0.1.7", "0.0.0.0/99"),
    *("203.0.113.9/24", "fd00::/8", "2001:db8::1", "a, b", "sg-1234", "default", "dedicated"),
    *("allow", "deny", "ingress", "egress", "us-east-1a", "gp2", "\x00", "\ud800", "é" * 40),
    *(
        "ssh-rsa AAAA",
        "ssh-ed25519 " + "A" * 68,
        "#cloud-config\nruncmd: [[",
        "#!/bin/sh\nufw deny",
    ),
    *("-----BEGIN OPENSSH PRIVATE KEY-----\nx\n", "<powershell>netsh</powershell>", "{", "[1]"),
    '{"Statement": {"Effect": "Deny", "Action": "*", "Resource": 7}}',
    '{"Statement": [null, "x", {"Effect": ["Deny"], "Condition": []}], "Version": {}}',
    "aHR0cA==",
    *("resource", "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore", "ami-0abc", "t3.micro"),
)
NUMBERS = (0, 1, -1, 22, 3389, 65535, 65536, 10**9, -(10**30), 10**400, Fraction(1, 3))
REASON = 'variable "x" has no default'


def classes() -> list[type[Declared]]:
    """Every shape there is, the nested ones too."""
    found: list[type[Declared]] = []
    queue: list[type[Declared]] = [Declared]
    while queue:
        below = queue.pop().__subclasses__()
        found += below
        queue += below
    return found


def names(cls: type[Declared], language: Language) -> Iterator[str]:
    """The attributes that a shape reads, as the language names them."""
    for each in fields(cls):
        yield from each.metadata.get(language, ())


class Weird:
    """One stream of random values for one world."""

    def __init__(self, seed: int, language: Language) -> None:
        self.random = Random(seed)
        self.language = language
        self.kinds = sorted(kind for kind in SHAPES if ("::" in kind) == (language != "terraform"))
        self.inner = sorted(
            {step for cls in classes() for name in names(cls, language) for step in name.split(".")}
        )
        self.addresses: list[str] = []

    def ref(self) -> Unknown:
        """A reference to something in this world, the thing itself included, or to nothing."""
        address = self.random.choice([*self.addresses, "aws_gone.x"])
        attributes = ("id", "Ref", "arn", "public_ip", "cidr_block", "GroupId", "private_ip", "")
        return Unknown("known after apply", AT, ref=Ref(address, self.random.choice(attributes)))

    def value(self, depth: int = 0) -> Value:
        """Anything; references are common, for only they make the resources meet."""
        pick = self.random.random()
        if pick < 0.3:
            return self.ref()
        if pick < 0.55 or depth > 3:
            return self.scalar()
        if pick < 0.65:
            return self.unknown(depth)
        if pick < 0.85:
            items = tuple(self.value(depth + 1) for _ in range(self.random.randrange(4)))
            return ListValue(items, AT, self.rest())
        return self.block(depth)

    def scalar(self) -> Scalar:
        """A text, number, truth value or null."""
        plain = self.random.choice((*TEXTS, *NUMBERS, True, False, None))
        return Scalar(plain, AT, sensitive=self.random.random() < 0.1)

    def rest(self) -> Unknown | None:
        """Sometimes there may be more."""
        return Unknown(REASON, AT) if self.random.random() < 0.15 else None

    def unknown(self, depth: int) -> Unknown:
        """Not known, with as much beside it as may be."""
        parts = self.random.choice(((), ("", self.ref(), "/32"), ("a", self.ref())))
        choices = (
            (self.value(depth + 2), self.value(depth + 2)) if self.random.random() < 0.4 else ()
        )
        return Unknown(REASON, AT, "--var x=…", parts=parts, choices=choices)

    def block(self, depth: int) -> MapValue:
        """A nested block of attributes that mean something somewhere."""
        some = self.random.sample(self.inner, min(len(self.inner), self.random.randrange(8)))
        return MapValue({name: self.value(depth + 1) for name in some}, AT, self.rest())

    def attributes(self, kind: str) -> dict[str, Value]:
        """Some attributes of a kind; dotted names become nested blocks."""
        known = sorted({name for cls in SHAPES[kind] for name in names(cls, self.language)})
        share = self.random.choice((0.0, 0.3, 0.6, 1.0))
        found: dict[str, Value] = {}
        for name in known:
            if self.random.random() < share:
                put(found, name.split("."), self.value())
        return found

    def resource(self, number: int) -> Resource:
        """One resource; it may refer to itself."""
        kind = self.random.choice(self.kinds)
        address = self.addresses[number]
        connections: tuple[Connection, ...] = ()
        if self.random.random() < 0.2:
            connections = (Connection("remote-exec", self.block(0), AT, self.block(0)),)
        return Resource(
            kind,
            address,
            self.attributes(kind),
            Span("main.tf", number + 1),
            self.language,
            mode=self.random.choice(("managed", "managed", "data")),
            maybe=self.rest(),
            depends=frozenset(self.random.sample(self.addresses, 1)),
            region=self.random.choice(("", "", "us-east-1")),
            connections=connections,
            metadata=self.block(2).items,
        )

    def root(self, size: int) -> Root:
        """A root of so many resources."""
        self.addresses = [f"aws_x.r{number}" for number in range(size)]
        resources = tuple(self.resource(number) for number in range(size))
        outputs = (Output("ssh", self.value(), AT, "ssh into it", self.value()),)
        return Root("weird", self.language, (World(resources, outputs),), ("main.tf",))


def put(found: dict[str, Value], steps: list[str], value: Value) -> None:
    """Sets a value at a path of nested blocks."""
    head, *rest = steps
    if not rest:
        found[head] = value
        return
    before = found.get(head)
    inside = dict(before.items) if isinstance(before, MapValue) else {}
    put(inside, rest, value)
    found[head] = MapValue(inside, AT)


def uniform(language: Language, value: Value | None) -> Root:
    """Two resources of every kind, with every attribute the same value, or none at all."""
    resources = []
    kinds = sorted(kind for kind in SHAPES if ("::" in kind) == (language != "terraform"))
    for number, kind in enumerate([*kinds, *kinds]):
        found: dict[str, Value] = {}
        if value is not None:
            for cls in SHAPES[kind]:
                for name in names(cls, language):
                    put(found, name.split("."), value)
        resources.append(Resource(kind, f"{kind}.r{number}", found, AT, language))
    return Root("uniform", language, (World(tuple(resources)),), ("main.tf",))
