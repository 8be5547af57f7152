"""
Networks that exist in Terraform and in CloudFormation, with one expected answer for both.

`fixtures/twins/README.md` says how a twin is written.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from iaclint import example
from iaclint.cloudformation.overlay import overlay
from iaclint.finding import Finding, FlowVerdict, Report
from iaclint.registry import load
from iaclint.trace.model import Reason

FIXTURES = Path(__file__).parents[1] / "fixtures"
TWINS = FIXTURES / "twins"
REGISTRY = load(plugins=False)
LANGUAGES = ("terraform", "cloudformation")
SUFFIXES = {
    "aws_instance": "",
    "aws_route_table": "Table",
    "aws_security_group": "Group",
    "aws_network_acl": "Acl",
    "aws_network_acl_rule": "",
    "aws_security_group_rule": "",
    "aws_vpc_security_group_ingress_rule": "",
    "aws_vpc_security_group_egress_rule": "",
    "aws_internet_gateway": "Gateway",
    "aws_nat_gateway": "Nat",
    "aws_network_interface": "Interface",
    "aws_eip": "Address",
    "aws_lb": "Balancer",
    "aws_elb": "Balancer",
    "aws_lb_target_group": "Targets",
    "aws_launch_template": "Template",
    "aws_launch_configuration": "Configuration",
    "aws_autoscaling_group": "Fleet",
    "aws_ec2_transit_gateway": "Hub",
    "aws_vpc_peering_connection": "Peering",
    "aws_networkfirewall_firewall": "Firewall",
    "aws_networkfirewall_firewall_policy": "Policy",
    "aws_networkfirewall_rule_group": "Rules",
}
"""How the logical id of a twin ends; every other type as it is called, without `aws_`."""

ADDRESS = re.compile(r"\b(aws_\w+)\.(\w+)")


@dataclass(frozen=True)
class Answer:
    """What is said about a network, in words that are the same for both languages."""

    flows: tuple[str, ...]
    findings: tuple[str, ...]
    undecided: tuple[str, ...] = ()


@dataclass(frozen=True)
class Twin:
    """One state of a case: broken, repaired, or private on purpose."""

    case: str
    state: str
    base: str
    layers: tuple[str, ...]
    names: Mapping[str, str]
    table: Mapping[str, object]

    @property
    def id(self) -> str:
        """The name of the test."""
        return f"{self.case}-{self.state}"

    @property
    def difference(self) -> str:
        """The documented difference that makes the languages disagree; mostly empty."""
        return str(self.table.get("difference", ""))

    def expected(self, language: str) -> Answer:
        """What the file says, for one of the languages where they differ."""
        own = self.table.get(language)
        table = {**self.table, **own} if isinstance(own, dict) else self.table
        return Answer(*(_lines(table.get(key, ())) for key in ("flows", "findings", "undecided")))

    def files(self, language: str) -> dict[str, str]:
        """The texts of the network, by file name."""
        changes = [TWINS / "cases" / self.case / layer for layer in self.layers]
        return layered(language, self.base, changes)

    def answer(self, language: str) -> Answer:
        """What the tool says about it."""
        return said(self.files(language), self.names)

    @property
    def plan(self) -> Path:
        """The same network as `terraform show -json` prints it; only some have it."""
        return TWINS / "cases" / self.case / f"{self.state}.plan.json"


def _lines(value: object) -> tuple[str, ...]:
    assert isinstance(value, (list, tuple))
    return tuple(str(line) for line in value)


def twins() -> Iterator[Twin]:
    """Every state of every case."""
    for file in sorted(TWINS.glob("cases/*/expected.toml")):
        case = tomllib.loads(file.read_text("utf-8"))
        names = case.get("names", {})
        for state in ("broken", "repaired", "private"):
            if table := case.get(state):
                layers = tuple(table.get("layers", (state,)))
                yield Twin(file.parent.name, state, case["base"], layers, names, table)


def base(language: str, name: str) -> str:
    """A network that works: the one of the checks' examples, or one of the twins' own."""
    folder = FIXTURES / "base" / language if name == "office" else TWINS / "bases" / name
    file = "main.tf" if language == "terraform" else "template.yaml"
    return (folder / file).read_text("utf-8")


def layered(language: str, name: str, changes: Iterable[Path]) -> dict[str, str]:
    """A base network with changes laid over it, one after the other."""
    if language == "cloudformation":
        text = base(language, name)
        for change in changes:
            text = overlay(text, change.with_suffix(".yaml").read_text("utf-8"))
        return {"template.yaml": text}
    texts = {"main.tf": base(language, name)}
    for number, change in enumerate(changes):
        texts |= _blocks(change.with_suffix(".tf").read_text("utf-8"), texts, f"layer{number}")
    return texts


def _blocks(change: str, texts: Mapping[str, str], name: str) -> dict[str, str]:
    """New blocks in one file, those that change a block of another in an override file."""
    known = {m.groups() for text in texts.values() for m in example.BLOCK.finditer(text)}
    found = list(example.BLOCK.finditer(change))
    over = [m.group() for m in found if m.groups() in known]
    new = [m.group() for m in found if m.groups() not in known]
    files = {f"{name}.tf": "\n\n".join(new), f"{name}_override.tf": "\n\n".join(over)}
    return {file: text + "\n" for file, text in files.items() if text}


def said(texts: Mapping[str, str], names: Mapping[str, str]) -> Answer:
    """What the tool says about these files, with the names of CloudFormation."""
    report, _ = example.report(texts, REGISTRY)
    return worded(report, names)


def worded(report: Report, names: Mapping[str, str]) -> Answer:
    """A report in words that are the same for both languages, sorted."""
    return phrased(report, lambda text: common(text, names))


def phrased(report: Report, say: Callable[[str], str]) -> Answer:
    """A report as sorted lines, every name as `say` gives it."""
    undecided = {f"{say(one.target)} {one.service}" for one in report.undecided}
    return Answer(
        tuple(sorted(_flow(one, say) for one in report.flows)),
        tuple(sorted(_finding(one, say) for one in report.findings)),
        tuple(sorted(undecided)),
    )


def _flow(one: FlowVerdict, say: Callable[[str], str]) -> str:
    asked = one.evidence if one.expected else "unasked"
    what = f"{say(one.source)} -> {say(one.target)} {one.service} {one.family} {asked}"
    return f"{what}: {one.verdict} {' '.join(sorted(one.reason_codes))}".rstrip()


def _finding(one: Finding, say: Callable[[str], str]) -> str:
    reason = one.identity if one.identity in Reason.__members__ else "-"
    targets = ", ".join(sorted(map(say, one.targets))) or "-"
    what = " ".join((*sorted(one.services), *sorted(one.families)))
    head = f"{one.level.name.lower()} {one.check} {reason} {say(one.resource)}"
    return f"{head} -> {targets} {what}".rstrip()


def common(text: str, names: Mapping[str, str]) -> str:
    """A text with every address of Terraform replaced by the logical id of its twin."""
    return ADDRESS.sub(lambda match: logical(match.group(1), match.group(2), names), text)


def logical(kind: str, name: str, names: Mapping[str, str]) -> str:
    """`aws_subnet.public` is `PublicSubnet`; `main` adds nothing."""
    if (address := f"{kind}.{name}") in names:
        return names[address]
    own = "" if name == "main" else _camel(name)
    return own + SUFFIXES.get(kind, _camel(kind.removeprefix("aws_")))


def _camel(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))
