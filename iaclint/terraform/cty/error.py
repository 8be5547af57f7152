"""
What Terraform refuses.
"""

from __future__ import annotations


class TerraformError(Exception):
    """What Terraform would refuse; the argument is the message. The evaluator adds the place."""

    @property
    def message(self) -> str:
        return str(self.args[0]) if self.args else ""
