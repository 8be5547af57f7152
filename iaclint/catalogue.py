"""
The pages of the checks: what `iaclint rule` prints, SARIF carries, and `checks/README.md` lists.
"""

from __future__ import annotations

import inspect
import re
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Any

from iaclint import guide
from iaclint.check import Check
from iaclint.finding import Level
from iaclint.registry import Registry, load

FAMILIES = {
    "0": "Input",
    "1": "Addresses",
    "2": "Routes and gateways",
    "3": "Network ACLs",
    "4": "Security groups",
    "5": "Between networks",
    "6": "Keys, users and connections",
    "7": "Inside the host",
    "8": "What can never apply",
    "9": "Suppressions and expectations",
}
"""The family of a built-in check by the first digit of its id."""

NETWORKS = {
    "base": "a bastion, a Windows desktop, and a private host behind the bastion",
    "balanced": "a bastion that a network load balancer, `front`, takes SSH to, from port 2222",
    "peered": "a VPC with a bastion, peered with another, `data`, whose host takes SSH from it",
    "transit": "a VPC with a bastion, and another, `data`, whose host takes SSH from it over the "
    "transit gateway `hub`",
}
"""The networks that work which examples change, by the `base` of their check."""

Show = Callable[[Check, Any], str]
"""Runs an example of a check and gives what the tool prints for it."""


@dataclass(frozen=True, slots=True)
class Page:
    """
    What there is to read about a check.

    `summary` is one sentence, `text` the page without its title (markdown). `breaks` and `quiet`
    are the examples as they stand in the check, changes to what `network` describes, `outputs`
    what the tool prints for each that breaks, where it was run.
    """

    id: str
    name: str
    level: Level
    summary: str
    text: str
    reference: str
    family: str
    reasons: tuple[str, ...] = ()
    network: str = ""
    breaks: tuple[str, ...] = ()
    quiet: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()

    @property
    def markdown(self) -> str:
        """The whole page, titled."""
        return "\n\n".join(_markdown(self)) + "\n"


def page(check: Check, show: Show | None = None) -> Page:
    """The page of a check, made of its docstring and attributes."""
    document = inspect.cleandoc(type(check).__doc__ or "")
    summary, _, text = document.partition("\n\n")
    breaks = tuple(getattr(check, "breaks", ()))
    return Page(
        id=check.id,
        name=check.name,
        level=check.level,
        summary=" ".join(summary.split()),
        text=text.strip(),
        reference=check.reference,
        family=FAMILIES.get(check.id[3:4], "Others") if check.id.startswith("IAC") else "Others",
        reasons=tuple(getattr(check, "reasons", ())),
        network=NETWORKS.get(check.base, ""),
        breaks=tuple(example_text(one) for one in breaks),
        quiet=tuple(example_text(one) for one in getattr(check, "quiet", ())),
        outputs=tuple(show(check, one) for one in breaks) if show else (),
    )


def pages(checks: Iterable[Check], show: Show | None = None) -> Mapping[str, Page]:
    """The pages of checks by id."""
    return {check.id: page(check, show) for check in checks}


def example_text(example: object) -> str:
    """An example as it is written: a text, or an object that carries one."""
    for attribute in ("text", "source", "change"):
        inner = getattr(example, attribute, None)
        if isinstance(inner, str):
            return textwrap.dedent(inner).strip()
    return textwrap.dedent(str(example)).strip()


def _markdown(page: Page) -> Iterable[str]:
    yield f"# {page.id} {page.name}"
    yield f"{page.summary}\n\n*{page.level}*, {page.family.lower()}"
    if page.text:
        yield page.text
    if page.breaks:
        yield "## Examples that are reported"
        if page.network:
            yield f"Each changes a network that works: {page.network}."
        for index, example in enumerate(page.breaks):
            yield _fenced(example, _language(example))
            if index < len(page.outputs):
                yield _fenced(page.outputs[index].rstrip("\n"), "text")
    if page.quiet:
        yield "## Examples that are fine"
        yield from (_fenced(example, _language(example)) for example in page.quiet)
    if page.reasons:
        yield "Reason codes: " + ", ".join(f"`{code}`" for code in page.reasons)
    if page.reference:
        yield f"See <{page.reference}>"


def _fenced(text: str, language: str) -> str:
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence}{language}\n{text}\n{fence}"


def _language(example: str) -> str:
    if example.lstrip().startswith("{"):
        return "json"
    return "yaml" if re.search(r"^\w+:", example, re.MULTILINE) else "terraform"


def listing(all_pages: Sequence[Page], families: Mapping[str, str] | None = None) -> str:
    """`checks/README.md`: one line per check, by family, with the family's text."""
    lines = [
        "# Checks",
        "",
        "Generated by `python -m iaclint.catalogue`; the page of each check is its docstring, and",
        "`iaclint rule ID` prints it.",
    ]
    for family, members in groupby(
        sorted(all_pages, key=lambda one: one.id), lambda one: one.family
    ):
        lines += ["", f"## {family}", ""]
        if families and families.get(family):
            lines += [families[family], ""]
        lines += ["| id | name | level | what it says |", "|---|---|---|---|"]
        lines += [
            f"| {one.id} | `{one.name}` | {one.level} | {one.summary.replace('|', '&#124;')} |"
            for one in members
        ]
    return "\n".join(lines) + "\n"


def family_texts(registry: Registry) -> Mapping[str, str]:
    """The text of each family of built-in checks: the docstrings of its packages."""
    texts: dict[str, dict[str, None]] = {}
    for check in registry.checks:
        module = type(check).__module__
        package = module.rpartition(".")[0]
        if package.startswith("iaclint.checks."):
            document = inspect.cleandoc(import_module(package).__doc__ or "")
            texts.setdefault(page(check).family, {})[document] = None
    return {family: "\n\n".join(documents) for family, documents in texts.items()}


def document(registry: Registry) -> str:
    """`checks/README.md`: the checks, the pages without one, and the sections of AWS's guide."""
    lines = ["## Guide", "", "Pages on what no file can tell; `iaclint rule NAME` prints them.", ""]
    lines += ["| name | what it says |", "|---|---|"]
    lines += [
        f"| [`{name}`](guide/{name}.md) | {topic.summary} |"
        for name, topic in guide.topics().items()
    ]
    checks = listing(list(pages(registry.checks).values()), family_texts(registry))
    sections = f"## The guide of AWS, section by section\n\n{guide.table()}"
    return "\n".join((checks, *lines, "", sections))


def main() -> int:
    """Writes `checks/README.md` of the checkout this module lies in."""
    registry = load(plugins=False)
    target = Path(__file__).parents[1] / "checks" / "README.md"
    target.write_text(document(registry), encoding="utf-8")
    sys.stdout.write(f"{target.name} lists {len(registry.checks)} checks\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
