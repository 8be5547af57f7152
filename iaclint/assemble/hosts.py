"""
The inside of a host: from user data, in whatever way it is given, to what it changes.
"""

from __future__ import annotations

from collections.abc import Iterator

from iaclint.assemble.build import Build
from iaclint.aws.shape import blocks
from iaclint.host import init
from iaclint.host.form import ignored
from iaclint.host.read import merged, read
from iaclint.host.setup import Setup
from iaclint.host.text import Document, document
from iaclint.network import Instance
from iaclint.resource import Resource
from iaclint.value import Unknown, Value, refs

CLOUDINIT = ("cloudinit_config", "template_cloudinit_config")


def setup_of(build: Build, instance: Instance) -> Setup:
    """What the user data of an instance changes, and cfn-init where it is called."""
    if instance.user_data is None:
        return Setup()
    found = list(documents(build, instance.user_data))
    opaque = not found or isinstance(instance.user_data, Unknown)
    setup = read(found, opaque, instance.platform == "windows")
    own = document(instance.user_data)
    fact = ignored(own) if own is not None and instance.platform != "windows" else None
    if fact is not None:
        return Setup(facts=(fact,), opaque=opaque)
    if any("cfn-init" in each.text for each in found):
        for resource in (*instance.launches, *_own(instance)):
            setup = merged(setup, read(init.documents(resource), False))
    return setup


def _own(instance: Instance) -> Iterator[Resource]:
    if instance.resource is not None and instance.resource not in instance.launches:
        yield instance.resource


def documents(build: Build, value: Value | None) -> Iterator[Document]:
    """The documents in user data: itself, or those of the data source that puts it together."""
    own = document(value)
    if own is not None:
        yield own
        return
    for ref in refs(value):
        source = build.index.resources.get(ref.address)
        if source is None:
            continue
        if source.kind in CLOUDINIT:
            for part in blocks(source.attributes.get("part")):
                yield from documents(build, part.get("content"))
        elif source.kind == "template_file":
            template = document(source.attributes.get("template"), templated=True)
            if template is not None:
                yield template
