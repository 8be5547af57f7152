"""
`iaclint graph`: the network as a picture.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from iaclint import drawing, drawing_formats, scan, secret
from iaclint import run as pipeline
from iaclint.command import given
from iaclint.source import Sources


def run(arguments: Mapping[str, Any]) -> int:
    """Prints the picture of all roots under the paths."""
    request = given.request(arguments)
    sources = Sources()
    roots = scan.roots(request, sources)
    answer = pipeline.answer(roots, [], request.settings.sources)
    drawn = secret.redacted(drawing.picture(answer.networks, answer.judged), sources.secrets)
    sys.stdout.write(drawing_formats.write(drawn, arguments["output"]))
    return 0
