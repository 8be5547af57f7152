"""
What Terraform 0.11 read and later versions refuse, rewritten in place: names of arguments in
quotes, and values that begin on the line after their `=`.

https://developer.hashicorp.com/terraform/language/v1.1.x/upgrade-guides/0-12
"""

from __future__ import annotations

import re

_QUOTED = re.compile(r'"([^\W\d][\w-]*)"[ \t]*=(?!=)')
_NO_NAME = re.compile(r'"(?:[^"\\\n]|\\.)*"[ \t]*=(?!=)[^\n]*')
_BREAK = re.compile(r"[ \t]*(?:\r?\n[ \t]*)+(?=[\[{\"])")
_IN_QUOTES = "an argument's name in quotes"
MAXIMUM_REPAIRS = 500


def repaired(text: str, position: int) -> tuple[str, str] | None:
    """
    A text of the same length without what is refused at a position, and what that is; None when
    it is nothing that an old version read.
    """
    before = text[text.rfind("\n", 0, position) + 1 : position].strip(" \t{")
    quoted = _QUOTED.match(text, position) if not before else None
    if quoted is not None:
        name = f" {quoted[1]} "
        return text[:position] + name + text[position + len(name) :], _IN_QUOTES
    unnamed = _NO_NAME.match(text, position) if not before else None
    if unnamed is not None:  # a tag with a name that no argument can have
        blank = " " * (unnamed.end() - position)
        return text[:position] + blank + text[unnamed.end() :], _IN_QUOTES
    broken = _BREAK.match(text, position)
    if broken is not None and text[:position].rstrip().endswith("="):
        blank = " " * (broken.end() - position)
        return text[:position] + blank + text[broken.end() :], "a value on the line after its `=`"
    return None
