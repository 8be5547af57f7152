"""A flow with what the engine says of it, and what that means."""

from __future__ import annotations

from dataclasses import dataclass

from iaclint.finding import Level
from iaclint.flow import Flow
from iaclint.trace.model import Trace


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """
    A flow, what the engine says, and what that means: `level` is None where it is not expected to
    work; `why_not` then says what speaks against it.
    """

    trace: Trace
    level: Level | None
    why_not: str = ""
    only: str = ""
    """Who gets in nevertheless, where the flow is about the others."""

    @property
    def flow(self) -> Flow:
        """The flow that was judged."""
        return self.trace.flow
