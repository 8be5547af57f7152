"""The names in the shapes exist: a misspelt property would silently never be read."""

from __future__ import annotations

from dataclasses import fields
from functools import cache

import pytest
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

import iaclint.assemble  # noqa: F401  (imports every module of shapes)
from iaclint.aws.shape import SHAPES, Declared, _pascal

KINDS = sorted(kind for kind in SHAPES if "::" in kind)


@cache
def schema(kind: str) -> dict[str, object]:
    """The schema of a resource type. Raises where there is none of that name."""
    loaded: dict[str, object] = PROVIDER_SCHEMA_MANAGER.get_resource_schema(
        "us-east-1", kind
    ).schema
    return loaded


def has(kind: str, path: str) -> bool:
    """Whether a type has the property at a dotted path."""
    top = schema(kind)
    here: object = top
    for step in path.split("."):
        here = resolve(top, here)
        properties = here.get("properties", {}) if isinstance(here, dict) else {}
        if step not in properties:
            return False
        here = properties[step]
    return True


def resolve(top: dict[str, object], here: object) -> object:
    """Follows references and lists to the mapping that has the properties."""
    while isinstance(here, dict) and ("$ref" in here or "items" in here):
        if "$ref" in here:
            name = here["$ref"].rsplit("/", 1)[-1]
            definitions = top["definitions"]
            assert isinstance(definitions, dict)
            here = definitions[name]
        else:
            here = here["items"]
    return here


@pytest.mark.parametrize("kind", KINDS)
def test_a_type_of_a_shape_exists(kind: str) -> None:
    """CloudFormation knows it."""
    assert schema(kind)


@pytest.mark.parametrize("cls", sorted({c for k in KINDS for c in SHAPES[k]}, key=str))
def test_a_property_of_a_shape_exists(cls: type[Declared]) -> None:
    """Each name is a property of one at least of the types that the shape reads."""
    kinds = [kind for kind in cls.kinds if "::" in kind]
    for field in fields(cls):
        given = field.metadata.get("cloudformation", ())
        derived = {_pascal(name) for name in field.metadata.get("terraform", ())}
        known = [name for name in given if any(has(kind, name) for kind in kinds)]
        if set(given) <= derived:
            continue  # the Terraform name in another case: it may have no counterpart
        for name in set(given) - derived:
            assert name in known, f"{cls.__name__}.{field.name}: no {name} in {kinds}"


@pytest.mark.parametrize("kind", KINDS)
def test_every_property_that_matters_is_read(kind: str) -> None:
    """A shape reads something of every type it names."""
    for cls in SHAPES[kind]:
        names = [n for f in fields(cls) for n in f.metadata.get("cloudformation", ())]
        assert any(has(kind, name) for name in names) or not names or kind in BARE, kind


BARE = {"AWS::EC2::InternetGateway"}


def test_a_misspelt_property_would_be_found() -> None:
    """The test itself can fail."""
    assert has("AWS::EC2::Route", "DestinationCidrBlock")
    assert not has("AWS::EC2::Route", "DestinationCidrBlok")
    assert has("AWS::EC2::LaunchTemplate", "LaunchTemplateData.KeyName")
    assert has("AWS::EC2::NetworkAclEntry", "PortRange.From")
