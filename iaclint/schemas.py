"""
Writes the JSON Schemas that are shipped: that of the report and that of the settings.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from iaclint import settings
from iaclint.report import json as report


def main() -> int:
    """Writes both files beside this module's package."""
    here = Path(__file__).parent
    for path, schema in (
        (here / "report" / "report-v1.schema.json", report.schema()),
        (here / "settings.schema.json", settings.schema()),
    ):
        path.write_text(json.dumps(schema, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        sys.stdout.write(f"{path.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
