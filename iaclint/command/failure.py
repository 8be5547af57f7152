"""
What is said when a command cannot do its job.
"""

from __future__ import annotations

from iaclint.baseline import BaselineError
from iaclint.change import ChangeError
from iaclint.discover import DiscoveryError
from iaclint.fix import FixError
from iaclint.registry import RegistryError
from iaclint.settings import SettingsError
from iaclint.source import Unreadable


class CommandError(Exception):
    """A command cannot do what it was told; the argument says why and what to do instead."""


FAILURES = (
    BaselineError,
    ChangeError,
    CommandError,
    DiscoveryError,
    FixError,
    RegistryError,
    SettingsError,
    Unreadable,
)
"""Everything that is a sentence for the user."""
