"""
Data sources of which something is known without asking the cloud.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from iaclint.terraform import doubt
from iaclint.terraform.cty import CtyValue
from iaclint.terraform.expand import Member

if TYPE_CHECKING:
    from iaclint.terraform.module import Module

Attributes: TypeAlias = Mapping[str, Callable[[], CtyValue]]
Lookup: TypeAlias = Callable[[Member, "Module", doubt.Instance], Attributes | doubt.Instance]

TABLE: Mapping[str, Lookup] = {}
