"""
The built-in checks.

They are written in `checks/`, at the top of the repository, and a wheel carries them here. In a
checkout nothing is beside this file, so the package looks where they are written.
"""

import pkgutil
from pathlib import Path

if not any(pkgutil.iter_modules(__path__)):
    __path__ = [str(Path(__file__).parents[2] / "checks")]
