"""
What a frontend delivers: roots, each with the resources it would create.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from iaclint.source import Problem, Span
from iaclint.value import NOTHING, MapValue, Unknown, Value

Language = Literal["terraform", "cloudformation"]

SEPARATOR = "//"
"""Between the name of a root and an address in it, where another root refers to it."""


@dataclass(frozen=True, slots=True)
class Resource:
    """
    One resource instance (after `count`, `for_each`, conditions), or one data source.

    `kind` is the type as the language names it (`aws_subnet`, `AWS::EC2::Subnet`); `address` is
    unique in its root. Nested blocks are a `ListValue` of `MapValue` under the block's name.
    `span` covers the header line; `body` maps an attribute to the place of its *name*, for edits.
    `callers` are the module calls that lead here, outermost first. `maybe` says why it is not
    certain that the resource exists. `depends` are the addresses it refers to, in any way.
    `region` tells apart resources of different providers: two values that differ never meet.
    `label` is the name to show where it differs from the address (CDK's `aws:cdk:path`).
    """

    kind: str
    address: str
    attributes: Mapping[str, Value]
    span: Span
    language: Language
    mode: Literal["managed", "data"] = "managed"
    callers: tuple[Span, ...] = ()
    maybe: Unknown | None = None
    tally: object = field(default=None, compare=False, repr=False)
    """What decides how many of it there are, where that is not known: what has it in common with
    another resource comes one for one with it."""
    depends: frozenset[str] = frozenset()
    region: str = ""
    label: str = ""
    connections: tuple[Connection, ...] = ()
    metadata: Mapping[str, Value] = field(default_factory=lambda: NOTHING)
    ignored: frozenset[str] = frozenset()
    """Attributes in `lifecycle { ignore_changes }`: somebody else manages them."""


@dataclass(frozen=True, slots=True)
class Connection:
    """
    A provisioner and how it connects: Terraform's `connection` block (that of the provisioner, or
    the resource's) merged into one.

    https://developer.hashicorp.com/terraform/language/resources/provisioners/connection
    """

    provisioner: str
    arguments: MapValue
    span: Span
    body: MapValue | None = None
    """The provisioner's own arguments (`command`, `inline`, …)."""


@dataclass(frozen=True, slots=True)
class Output:
    """
    An output of the root; `export` is the name other stacks import it by. That of a nested stack
    is `inner`: it tells people something, but other code only what the parent stack hands on.
    """

    name: str
    value: Value
    span: Span
    description: str = ""
    export: Value | None = None
    inner: bool = False

    @property
    def hands_on(self) -> bool:
        """Whether code outside the root can read it."""
        return not self.inner or self.export is not None


@dataclass(frozen=True, slots=True, order=True)
class Guess:
    """
    Something that is taken from another file of the scan because it is likely: `says` completes
    "when …" (`"…-Subnet" is the export of vpc.yaml`), and the two files are the ends of the link.
    """

    says: str
    reader: str
    source: str


@dataclass(frozen=True, slots=True)
class World:
    """
    One way the root can turn out. A root without undecided conditions has one world, with an
    empty `assumption`; otherwise the assumption completes "when …" (`CreateBastion is true`).
    """

    resources: tuple[Resource, ...]
    outputs: tuple[Output, ...] = ()
    assumption: str = ""
    dormant: tuple[Resource, ...] = ()
    """Groups and rules as they would be with a switch on that is off: a condition, a count of 0."""
    guesses: tuple[Guess, ...] = ()
    certain: World | None = None
    """The same with what is only guessed left open; None where there is no guess."""


@dataclass(frozen=True, slots=True)
class Root:
    """
    A configuration that is deployed as one: a Terraform root module, a stack with what it nests.

    `name` is the path shown in the summary. `files` are all files that belong to it. `backend`
    identifies where its state is kept (kind and settings, in a form that two roots can compare).
    """

    name: str
    language: Language
    worlds: tuple[World, ...]
    files: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    backend: str = ""
    library: bool = False
    """A module meant to be called by others (variables without defaults, nothing of its own)."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the user supplies beside the files: command line and environment."""

    variables: Mapping[str, str] = field(default_factory=dict)
    variable_files: tuple[str, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    parameter_files: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    """Only `TF_VAR_*` and `TF_WORKSPACE` are read."""
    region: str = ""
    account: str = ""
    workspace: str = ""
    cache: bool = True
