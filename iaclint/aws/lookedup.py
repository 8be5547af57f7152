"""
The data sources that an image was looked up with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from iaclint.resource import Resource
from iaclint.value import Scalar, Value, refs, text

_FOUND = {"aws_ami": "id", "aws_ssm_parameter": "value"}
"""Where a data source has the id of the image it found."""


class LookedUp:
    """The resources of one world, and which data sources of a plan gave which image."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._by_address = {resource.address: resource for resource in resources}
        self._by_image: dict[str, list[Resource]] = {}
        for source in self._by_address.values():
            named = _FOUND.get(source.kind) if source.mode == "data" else None
            image = text(source.attributes.get(named)) if named else None
            if isinstance(image, str):
                self._by_image.setdefault(image, []).append(source)

    def sources(self, image: Value | None) -> Iterator[Resource]:
        """What an image refers to, and the data sources that were read and gave this very id."""
        for ref in refs(image):
            if ref.address in self._by_address:
                yield self._by_address[ref.address]
        plain = text(image) if isinstance(image, Scalar) else None
        if isinstance(plain, str) and plain.startswith("ami-"):
            yield from self._by_image.get(plain, ())
