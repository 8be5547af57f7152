"""
What is said when a command cannot do its job.
"""

from __future__ import annotations

import traceback

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


def explain_crash(error: Exception, verbose: bool) -> str:
    """What is said about a mistake in iaclint itself; the traceback only where asked for."""
    if verbose:
        return "".join(traceback.format_exception(error))
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{frame.name} line {frame.lineno}"
    return (
        f"iaclint: this is a mistake in iaclint: {type(error).__name__} in {place}: {error}\n"
        "run again with -v for the whole story; the input was not checked"
    )
