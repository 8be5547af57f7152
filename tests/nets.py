"""
Small networks in Terraform or CloudFormation for tests: text in, network and judged flows out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest

from iaclint import run
from iaclint.assemble import assemble
from iaclint.explain import findings
from iaclint.finding import Finding, Level
from iaclint.intent import Judged, judge
from iaclint.network import Instance, Network
from iaclint.registry import load
from iaclint.resource import Inputs, Root
from iaclint.source import Sources
from iaclint.trace.model import Way

both = pytest.mark.parametrize("language", ("terraform", "cloudformation"))
"""A test in each of the languages."""
CHECKS = tuple(c for c in load(plugins=False).checks if "IAC1" <= c.id < "IAC6")
"""Those about the network; keys, hosts and conflicts have tests of their own."""


@dataclass(frozen=True)
class Net:
    """A network with everything that is said about it."""

    network: Network
    judged: list[Judged]
    findings: list[Finding]

    @property
    def errors(self) -> list[str]:
        """The ids of all errors."""
        return sorted(f.check for f in self.findings if f.level is Level.ERROR)

    @property
    def ids(self) -> list[str]:
        """The ids of all warnings and errors."""
        return sorted(f.check for f in self.findings if f.level >= Level.WARNING)

    def instance(self, name: str) -> Instance:
        """The instance whose address ends like that."""
        return next(i for i in self.network.instances if i.address.endswith(name))

    def flow(self, client: str, target: str, service: str = "ssh") -> Judged:
        """The judged flow from a client to a target."""
        return next(
            j
            for j in self.judged
            if j.flow.client.name.endswith(client)
            and j.flow.target.address.endswith(target)
            and j.flow.service.key == service
        )


def terraform(folder: Path, *texts: str) -> Net:
    """The network of a configuration."""
    (folder / "main.tf").write_text("\n".join(dedent(text) for text in texts))
    return _net(run.load([folder], [], Sources(), Inputs(cache=False)))


def cloudformation(folder: Path, *texts: str) -> Net:
    """The network of a template's resources."""
    file = folder / "template.yaml"
    file.write_text("Resources:\n" + "\n".join(texts))
    return _net(run.load([], [file], Sources(), Inputs()))


def written(folder: Path, files: Mapping[str, str]) -> Net:
    """The network of files in either language."""
    return _net(_read(folder, files))


def unjudged(folder: Path, files: Mapping[str, str]) -> Network:
    """Only the network of files in either language, about which nothing is said yet."""
    return _network(_read(folder, files))


def _read(folder: Path, files: Mapping[str, str]) -> list[Root]:
    for name, text in files.items():
        (folder / name).write_text(text)
    templates = [folder / name for name in files if name.endswith(".yaml")]
    return run.load([] if templates else [folder], templates, Sources(), Inputs(cache=False))


def _net(roots: list[Root]) -> Net:
    network = _network(roots)
    judged = judge(network)
    return Net(network, judged, findings(network, judged, CHECKS))


def _network(roots: list[Root]) -> Network:
    root = roots[0]
    assert not root.problems, root.problems
    return assemble(root.worlds[0])


def hops(way: Way) -> list[str]:
    """A way as short lines: direction, name, verdict."""
    return [f"{s.direction} {s.name} {s.verdict}" for s in way.steps]
