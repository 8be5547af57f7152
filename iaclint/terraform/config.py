"""
One module directory: which files it has, what they declare, and override files merged in.

https://developer.hashicorp.com/terraform/language/files/override
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from iaclint.source import Problem, Sources, Span, Unreadable
from iaclint.terraform import syntax, tree
from iaclint.terraform.files import Files
from iaclint.terraform.tree import Attribute, Block, Body

ENDINGS = (".tf", ".tofu", ".tf.json", ".tofu.json")
MAXIMUM_FILES = 2_000

_LABELS = {"resource": 2, "data": 2, "ephemeral": 2, "variable": 1, "output": 1, "module": 1}
_ACCEPTED = {"moved", "removed", "import", "check", "locals", "provider", "terraform"}


@dataclass(slots=True)
class Configuration:
    """What the files of a directory declare, each thing by its name."""

    directory: Path
    files: tuple[str, ...] = ()
    variables: dict[str, Block] = field(default_factory=dict)
    locals: dict[str, Attribute] = field(default_factory=dict)
    outputs: dict[str, Block] = field(default_factory=dict)
    modules: dict[str, Block] = field(default_factory=dict)
    resources: dict[tuple[str, str, str], Block] = field(default_factory=dict)
    """By mode (`resource`, `data`, `ephemeral`), type and name, in the order of the files."""
    providers: dict[str, Block] = field(default_factory=dict)
    """By `name` or `name.alias`."""
    settings: list[Block] = field(default_factory=list)
    """The `terraform` blocks."""
    problems: list[Problem] = field(default_factory=list)
    stands_in: bool = False
    """Whether it is what we know of a module, and not the module."""

    @property
    def span(self) -> Span:
        """A place to point at when nothing nearer is known."""
        return Span(self.files[0] if self.files else self.directory.as_posix(), 1)


def configuration_files(directory: Path) -> list[Path]:
    """The configuration files of a directory in Terraform's order, override files last."""
    try:
        names = sorted(entry.name for entry in directory.iterdir())
    except OSError:
        return []
    found = [name for name in names if name.endswith(ENDINGS) and not _ignored(name)]
    tofu = {name.replace(".tofu", ".tf") for name in found if ".tofu" in name}
    kept = [name for name in found if name not in tofu]
    kept.sort(key=_is_override)
    return [directory / name for name in kept[:MAXIMUM_FILES]]


def _ignored(name: str) -> bool:
    return name.startswith((".", "#")) or name.endswith("~")


def _is_override(name: str) -> bool:
    stem = name.split(".")[0]
    return stem == "override" or stem.endswith("_override")


def read(directory: Path, sources: Sources, files: Files, cached: bool) -> Configuration:
    """Everything the files of a directory declare."""
    found = Configuration(directory)
    names: list[str] = []
    for path in configuration_files(directory):
        parsed = parse_file(path, sources, files, cached, found.problems)
        if parsed is not None:
            names.append(sources.name(path))
            declare(parsed.body, found, files, _is_override(path.name))
    found.files = tuple(names)
    return found


def declare(body: Body, found: Configuration, files: Files, override: bool = False) -> None:
    """Add what the blocks of a file declare."""
    reader = _Reader(found, files, override)
    for block in body.blocks:
        reader.add(block)
    for attribute in body.attributes:
        reader.stray(attribute)


def parse_file(
    path: Path, sources: Sources, files: Files, cached: bool, problems: list[Problem]
) -> syntax.Parsed | None:
    """The tree of one file; None, and a problem, when it cannot be read."""
    name = sources.name(path)
    try:
        text = sources.read(path)
    except Unreadable as error:
        problems.append(Problem(syntax.SYNTAX, f"{name} {error}", Span(name, 1)))
        return None
    parsed = syntax.parse(text, name, files, cached)
    problems.extend(parsed.problems)
    return parsed


class _Reader:
    """Sorts the blocks of one file into the configuration."""

    def __init__(self, found: Configuration, files: Files, override: bool) -> None:
        self.found, self.files, self.override = found, files, override

    def problem(self, block: Block | Attribute, message: str, help: str = "") -> None:
        end = block.header_end if isinstance(block, Block) else block.name_end
        span = self.files.span(block.start, end)
        self.found.problems.append(Problem(syntax.CONFIGURATION, message, span, help))

    def stray(self, attribute: Attribute) -> None:
        self.problem(attribute, f"`{attribute.name}` is not expected outside a block")

    def add(self, block: Block) -> None:
        kind = block.type
        labels = _LABELS.get(kind)
        if labels is None and kind not in _ACCEPTED:
            self.problem(block, f"blocks of type `{kind}` are not expected here")
        elif labels is not None and len(block.labels) != labels:
            self.problem(block, f"a `{kind}` block needs {labels} label{'s' * (labels > 1)}")
        elif kind == "locals":
            self.locals(block)
        elif kind == "provider":
            self.provider(block)
        elif kind == "terraform":
            self.found.settings.append(block)
        elif labels == 2:
            self.declare(self.found.resources, (kind, *block.labels), block)
        elif labels == 1:
            tables = {
                "variable": self.found.variables,
                "output": self.found.outputs,
                "module": self.found.modules,
            }
            self.declare(tables[kind], block.labels[0], block)

    def locals(self, block: Block) -> None:
        for attribute in block.body.attributes:
            name = attribute.name
            if name in self.found.locals and not self.override:
                line = self.files.span(self.found.locals[name].start, 0)
                self.problem(attribute, f"local value `{name}` is declared twice, first at {line}")
            self.found.locals[name] = attribute

    def provider(self, block: Block) -> None:
        name = block.labels[0] if block.labels else ""
        alias = literal(block.body.value("alias"))
        key = f"{name}.{alias}" if alias else name
        known = self.found.providers.get(key)
        if known is not None and self.override:
            block = merged(known, block)
        self.found.providers[key] = block

    def declare(self, table: dict, key: object, block: Block) -> None:  # type: ignore[type-arg]
        known = table.get(key)
        if self.override:
            if known is None:
                self.problem(block, "there is nothing to override: the base block is missing")
                return
            table[key] = merged(known, block)
        elif known is not None:
            what = " ".join((block.type, *block.labels))
            first = self.files.span(known.start, known.header_end)
            self.problem(
                block, f"`{what}` is declared twice, first at {first}", "rename one of the two"
            )
        else:
            table[key] = block


def literal(node: tree.Expression | None) -> str:
    """The text of a literal expression; empty for anything else."""
    if isinstance(node, tree.Literal) and isinstance(node.value, str):
        return node.value
    return ""


def merged(base: Block, override: Block) -> Block:
    """
    The base block with the override block's arguments. A nested block type in the override
    replaces all base blocks of that type, except `lifecycle`, which is merged by argument.
    """
    names = {attribute.name for attribute in override.body.attributes}
    attributes = [a for a in base.body.attributes if a.name not in names]
    replaced = {_content_type(block) for block in override.body.blocks} - {"lifecycle"}
    blocks = [b for b in base.body.blocks if _content_type(b) not in replaced]
    for block in override.body.blocks:
        lifecycle = next((b for b in blocks if b.type == block.type == "lifecycle"), None)
        if lifecycle is None:
            blocks.append(block)
        else:
            blocks[blocks.index(lifecycle)] = merged(lifecycle, block)
    body = Body(
        base.body.start,
        base.body.end,
        (*attributes, *override.body.attributes),
        tuple(blocks),
    )
    return base._replace(body=body)


def _content_type(block: Block) -> str:
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type


def backend(settings: Iterable[Block]) -> Block | None:
    """The `backend` or `cloud` block; the last one counts, as override files come last."""
    found: Block | None = None
    for block in settings:
        for nested in block.body.blocks:
            if nested.type in ("backend", "cloud"):
                found = nested
    return found


def constants(body: Body) -> Iterator[tuple[str, str]]:
    """Names and texts of the literal arguments of a block."""
    for attribute in body.attributes:
        value = attribute.value
        if isinstance(value, tree.Literal):
            yield attribute.name, "null" if value.value is None else str(value.value)
        elif isinstance(value, tree.Number):
            yield attribute.name, value.text
