"""
The part of the SARIF 2.1.0 object model that is written, typed.
"""

from __future__ import annotations

import msgspec


class Base(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """Properties are in camel case, and absent where they are empty."""


class Message(Base, frozen=True):
    """§3.11."""

    text: str


class Help(Base, frozen=True):
    """§3.12: the same page as text and as markdown."""

    text: str
    markdown: str


class Configuration(Base, frozen=True):
    """§3.50."""

    level: str


class RuleProperties(msgspec.Struct, frozen=True, rename={"severity": "problem.severity"}):
    """What GitHub filters and sorts rules by; the severity is that of no security alert."""

    tags: list[str]
    precision: str
    severity: str


class Rule(Base, frozen=True):
    """§3.49."""

    id: str
    name: str
    short_description: Message
    full_description: Message
    help: Help
    default_configuration: Configuration
    properties: RuleProperties
    help_uri: str | None = None


class Driver(Base, frozen=True):
    """§3.19."""

    name: str
    version: str
    semantic_version: str
    information_uri: str
    rules: list[Rule]


class Tool(Base, frozen=True):
    """§3.18."""

    driver: Driver


class Artifact(Base, frozen=True):
    """§3.4."""

    uri: str
    uri_base_id: str | None = None


class Region(Base, frozen=True):
    """§3.30: all four numbers, 1-based, the end exclusive."""

    start_line: int
    start_column: int
    end_line: int
    end_column: int


class PhysicalLocation(Base, frozen=True):
    """§3.29."""

    artifact_location: Artifact
    region: Region


class Location(Base, frozen=True):
    """§3.28."""

    physical_location: PhysicalLocation
    id: int | None = None
    message: Message | None = None


class ThreadLocation(Base, frozen=True):
    """§3.38."""

    location: Location
    importance: str


class ThreadFlow(Base, frozen=True):
    """§3.37."""

    locations: list[ThreadLocation]


class CodeFlow(Base, frozen=True):
    """§3.36."""

    thread_flows: list[ThreadFlow]


class Content(Base, frozen=True):
    """§3.3."""

    text: str


class Replacement(Base, frozen=True):
    """§3.57."""

    deleted_region: Region
    inserted_content: Content | None = None


class ArtifactChange(Base, frozen=True):
    """§3.56."""

    artifact_location: Artifact
    replacements: list[Replacement]


class Fix(Base, frozen=True):
    """§3.55."""

    description: Message
    artifact_changes: list[ArtifactChange]


class Suppression(Base, frozen=True):
    """§3.35."""

    kind: str
    justification: str


class ResultProperties(msgspec.Struct, frozen=True):
    """What is known of a result and has no place in SARIF."""

    resource: str
    targets: list[str]
    services: list[str]
    families: list[str]
    reason_codes: list[str]
    confidence: str


class Result(Base, frozen=True):
    """§3.27."""

    rule_id: str
    rule_index: int
    level: str
    kind: str
    message: Message
    locations: list[Location]
    partial_fingerprints: dict[str, str]
    properties: ResultProperties
    related_locations: list[Location] = []
    code_flows: list[CodeFlow] = []
    fixes: list[Fix] = []
    suppressions: list[Suppression] = []
    baseline_state: str | None = None
    rank: float | None = None


class Notification(Base, frozen=True):
    """§3.58."""

    level: str
    message: Message
    locations: list[Location] = []


class Invocation(Base, frozen=True):
    """§3.20: GitHub keeps its alerts as they are when the execution was not successful."""

    execution_successful: bool
    tool_execution_notifications: list[Notification] = []


class UriBase(Base, frozen=True):
    """§3.14.14: only described, because the place of the checkout is nobody's business."""

    description: Message


class Automation(Base, frozen=True):
    """§3.17: the category of an upload is the id before its last slash."""

    id: str


class Run(Base, frozen=True):
    """§3.14."""

    tool: Tool
    results: list[Result]
    invocations: list[Invocation]
    original_uri_base_ids: dict[str, UriBase]
    automation_details: Automation | None = None
    column_kind: str = msgspec.field(default_factory=lambda: "unicodeCodePoints")


class Log(Base, frozen=True):
    """§3.13."""

    schema: str = msgspec.field(name="$schema")
    version: str
    runs: list[Run]
