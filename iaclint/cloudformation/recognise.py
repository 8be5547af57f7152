"""
Which files are templates: decided from the text alone, quickly, for thousands of other files.
"""

from __future__ import annotations

import json
import re
from pathlib import PurePath

SUFFIXES = frozenset({".yaml", ".yml", ".json", ".template", ".cfn", ".cform", ".stack", ""})

_TYPE = re.compile(r"""\bType["']?\s*:\s*["']?(?:AWS|Alexa|Custom)::""")
_TOP_RESOURCES = re.compile(r"""^["']?Resources["']?[ \t]*:""", re.MULTILINE)
_TOP_VERSION = re.compile(r"""^["']?AWSTemplateFormatVersion["']?[ \t]*:""", re.MULTILINE)
_INDENTED = re.compile(r"""\A(?:[ \t]*(?:#.*)?\n|---[ \t]*\n)*([ ]+)["']?[A-Z]\w+["']?[ \t]*:""")
_RESOURCE_LIST = re.compile(
    r"""^["']?Resources["']?[ \t]*:[ \t]*(?:#.*)?\n(?:[ \t]*(?:#.*)?\n)*[ \t]*-""", re.MULTILINE
)
_TEMPLATED = re.compile(r"^[ \t]*(?:\{%|\{\{(?!resolve:))", re.MULTILINE)
_MADE_FROM = re.compile(r"\.(ya?ml|json)\.template$", re.IGNORECASE)
_FILLED_IN = re.compile(r"\$\{[A-Z][A-Z0-9]*_[A-Z0-9_]*\}")
"""A variable of the environment: no logical ID has an underscore."""
_KUBERNETES = re.compile(r"^apiVersion[ \t]*:", re.MULTILINE)


def is_template(path: str, text: str) -> bool:
    """
    Is this a CloudFormation template? One that is broken, but clearly meant to be one, is. Sources
    from which a template is only generated (Jinja, Go templates, envsubst) are not.
    """
    if PurePath(path).suffix.lower() not in SUFFIXES:
        return False
    if "AWSTemplateFormatVersion" not in text and "Resources" not in text:
        return False
    if _MADE_FROM.search(path) and _FILLED_IN.search(text):
        return False
    if text.lstrip("\ufeff \t\r\n")[:1] == "{":
        return _is_json_template(text)
    if _KUBERNETES.search(text) or _TEMPLATED.search(text):
        return False
    shift = _INDENTED.match(text)
    if shift:
        text = re.sub(f"(?m)^{shift[1]}", "", text)
    if _TOP_VERSION.search(text):
        return True
    if not _TOP_RESOURCES.search(text) or not _TYPE.search(text):
        return False
    return not _RESOURCE_LIST.search(text)  # an appspec file of CodeDeploy


def _is_json_template(text: str) -> bool:
    if "AWSTemplateFormatVersion" not in text and not _TYPE.search(text):
        return False
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return not _TEMPLATED.search(text)
    if not isinstance(document, dict):
        return False
    if "AWSTemplateFormatVersion" in document:
        return True
    resources = document.get("Resources")
    return isinstance(resources, dict) and any(
        isinstance(body, dict) and isinstance(body.get("Type"), str) and "::" in body["Type"]
        for body in resources.values()
    )
