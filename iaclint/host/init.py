"""
cfn-init metadata as the documents it amounts to.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-init.html
"""

from __future__ import annotations

from collections.abc import Iterator

from iaclint.host.text import HOLE, Document, document
from iaclint.resource import Resource
from iaclint.source import Span
from iaclint.value import ListValue, MapValue, Unknown, Value, text, truth

KEY = "AWS::CloudFormation::Init"


def documents(resource: Resource) -> Iterator[Document]:
    """
    Each command, file and service of the metadata as a small script. Packages, sources, files,
    commands and services are handled in this order within a configuration.
    """
    metadata = resource.metadata.get(KEY)
    if not isinstance(metadata, MapValue):
        return
    for name, configuration in metadata.items.items():
        if name != "configSets" and isinstance(configuration, MapValue):
            yield from _files(configuration.get("files"))
            yield from _commands(configuration.get("commands"))
            yield from _services(configuration.get("services"))


def _script(line: str, span: Span, body: str = "") -> Document:
    return Document(f"#!/bin/sh\n{line}\n{body}", span)


def _files(value: Value | None) -> Iterator[Document]:
    if not isinstance(value, MapValue):
        return
    for path, entry in value.items.items():
        content = document(entry.get("content")) if isinstance(entry, MapValue) else None
        if content is not None:
            body = f"{content.text.rstrip()}\nEND_OF_FILE\nsystemctl restart sshd"
            heredoc = f"cat > {path} <<'END_OF_FILE'"
            yield _script(heredoc if "sshd" in path else f"cat > {path}", content.span, body)


def _commands(value: Value | None) -> Iterator[Document]:
    if not isinstance(value, MapValue):
        return
    for _, entry in sorted(value.items.items()):
        command = entry.get("command") if isinstance(entry, MapValue) else None
        if command is None:
            continue
        line = _line(command)
        if "test" not in entry.items if isinstance(entry, MapValue) else False:
            yield _script(line, command.span or Span("", 1))


def _line(command: Value) -> str:
    """A command as one line: a text, or a list of arguments."""
    if isinstance(command, ListValue):
        words = [text(word) for word in command.items]
        return " ".join(word if isinstance(word, str) else HOLE for word in words)
    if isinstance(command, Unknown):
        found = document(command)
        return found.text if found is not None else HOLE
    return str(text(command) or "")


def _services(value: Value | None) -> Iterator[Document]:
    """`services: systemd: sshd: {enabled: false, ensureRunning: false}`."""
    if not isinstance(value, MapValue):
        return
    for manager in value.items.values():
        for name, entry in manager.items.items() if isinstance(manager, MapValue) else ():
            if name in ("sshd", "ssh") and isinstance(entry, MapValue):
                stopped = truth(entry.get("ensureRunning")) is False
                disabled = truth(entry.get("enabled")) is False
                if stopped or disabled:
                    verb = "stop" if stopped else "disable"
                    yield _script(f"systemctl {verb} sshd", entry.span)
