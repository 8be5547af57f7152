"""
One template laid over another: how an example changes a template that works.
"""

from __future__ import annotations

import yaml

NULL = "tag:yaml.org,2002:null"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The quick one, where PyYAML was built with it."""


def overlay(base: str, change: str) -> str:
    """
    The base template with the change merged into it, mapping by mapping. A list or a plain value
    of the change replaces that of the base, and null takes it away. Raises `ValueError` when one
    of the texts is no mapping in YAML.
    """
    try:
        merged, over = _compose(base), _compose(change)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error
    _merge(merged, over)
    return str(yaml.serialize(merged, Dumper=yaml.SafeDumper, width=100))


def _compose(text: str) -> yaml.MappingNode:
    node = yaml.compose(text, Loader=LOADER)
    if not isinstance(node, yaml.MappingNode):
        raise ValueError("a template is a mapping")
    return node


def _merge(base: yaml.MappingNode, over: yaml.MappingNode) -> None:
    """Changes the base in place."""
    rows = {key.value: (key, value) for key, value in base.value}
    for key, value in over.value:
        known = rows.get(key.value)
        if value.tag == NULL:
            rows.pop(key.value, None)
        elif known and isinstance(known[1], yaml.MappingNode) and _is_plain(known[1], value):
            _merge(known[1], value)
        else:
            rows[key.value] = (key, value)
    base.value = list(rows.values())


def _is_plain(base: yaml.Node, over: yaml.Node) -> bool:
    """Two mappings, neither of them the argument of a function."""
    return isinstance(over, yaml.MappingNode) and base.tag == over.tag
