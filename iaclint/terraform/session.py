"""
What all modules of one run share: positions, configurations read once, installed modules, limits.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from iaclint.resource import Inputs, Root
from iaclint.source import Problem, Sources, Span, Unreadable
from iaclint.terraform import config, cty, evaluate, syntax
from iaclint.terraform.config import Configuration
from iaclint.terraform.cty import CtyValue, TerraformError
from iaclint.terraform.doubt import Instance
from iaclint.terraform.evaluate import Budget, EvalFailure
from iaclint.terraform.files import Files

if TYPE_CHECKING:
    from iaclint.terraform.module import Module


@dataclass(slots=True)
class Session:
    """One run over one or more roots."""

    sources: Sources
    inputs: Inputs
    files: Files = field(default_factory=Files)
    budget: Budget = field(default_factory=Budget)
    problems: dict[tuple[Span, str], Problem] = field(default_factory=dict)
    _configurations: dict[Path, Configuration] = field(default_factory=dict)
    roots: Sequence[Module] = ()
    """The root modules of the scan: one may look up what another creates."""
    stacks: Sequence[Root] = ()
    """What stacks of the scan create, in the words of Terraform."""
    certain: bool = False
    """Whether nothing is taken for what it only probably is."""
    remote: Callable[[Instance, Path], Module | None] | None = None
    """The root of the scan whose state a `terraform_remote_state` reads."""

    def configuration(self, directory: Path) -> Configuration:
        """What the files of a directory declare; read once."""
        directory = resolved(directory)
        found = self._configurations.get(directory)
        if found is None:
            found = config.read(directory, self.sources, self.files, self.inputs.cache)
            self._configurations[directory] = found
        return found

    def report(self, message: str, span: Span, help: str = "") -> None:
        """
        Something Terraform would refuse; the same thing is reported once. What is wrong in a
        stand-in is no mistake of the author.
        """
        if span.within:
            return
        first = message.split("\n")[0]
        problem = Problem(syntax.CONFIGURATION, first, span, help)
        self.problems.setdefault((span, first), problem)

    def hide(self, value: CtyValue) -> None:
        """The texts in a value are secret from now on."""
        if isinstance(value, str):
            self.sources.secrets.add(str(value))
        for child in cty.children(value):
            self.hide(child)

    def fail(self, error: EvalFailure) -> None:
        """Report what an expression could not be evaluated for."""
        self.report(str(error), self.files.span(error.start, error.end))


def resolved(directory: Path) -> Path:
    """The directory without links and dots; as it is when it cannot be resolved (link loops)."""
    return _resolved(Path.cwd() / directory)


@lru_cache(maxsize=4096)
def _resolved(directory: Path) -> Path:
    try:
        return directory.resolve()
    except (OSError, RuntimeError):
        return directory


def installed(root: Path, sources: Sources) -> Mapping[str, Path]:
    """
    Where `terraform init` put the modules of a root, by the path of module names (`net.subnets`):
    `.terraform/modules/modules.json`.
    """
    path = root / ".terraform" / "modules" / "modules.json"
    if not path.is_file():
        return {}
    try:
        manifest = json.loads(sources.read(path))
        entries = manifest["Modules"]
        return {
            str(entry["Key"]): root / str(entry["Dir"])
            for entry in entries
            if isinstance(entry.get("Dir"), str) and entry.get("Key")
        }
    except (Unreadable, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def call_function(
    name: str, arguments: list[CtyValue], session: Session, directory: Path, root: Path
) -> CtyValue:
    """A function of the language; files are read from the root, its modules and what they hold."""
    from iaclint.terraform import functions
    from iaclint.terraform.functions.core import Context

    if name == "sensitive":
        for argument in arguments:
            session.hide(argument)

    def render(text: str, origin: str, variables: Mapping[str, CtyValue]) -> CtyValue:
        return _rendered(text, origin, variables, session, directory, root)

    context = Context(
        base=root, roots=(resolved(root), resolved(directory), resolved(session.sources.base)),
        read=_read, render=render,
    )  # fmt: skip
    return functions.call(name, arguments, context)


def _read(path: Path) -> bytes:
    from iaclint.source import MAXIMUM_BYTES

    if path.stat().st_size > MAXIMUM_BYTES:
        raise OSError(f"larger than {MAXIMUM_BYTES // 1_000_000} MB")
    return path.read_bytes()


class _TemplateNames:
    """Inside a template file only its own variables have names."""

    def __init__(self, session: Session, directory: Path, root: Path) -> None:
        self.session, self.directory, self.root = session, directory, root

    def lookup(self, steps: tuple[str, ...]) -> tuple[int, CtyValue] | None:
        raise TerraformError(
            f'Invalid function argument: Invalid value for "vars" parameter: vars map does not '
            f'contain key "{steps[0]}".'
        )

    def call(self, name: str, arguments: list[CtyValue]) -> CtyValue:
        from iaclint.terraform import functions

        if name.removeprefix("core::") in functions.TEMPLATE_FUNCTIONS:
            raise TerraformError(f"A template cannot call {name}.")
        return call_function(name, arguments, self.session, self.directory, self.root)


def _rendered(
    text: str,
    origin: str,
    variables: Mapping[str, CtyValue],
    session: Session,
    directory: Path,
    root: Path,
) -> CtyValue:
    base = session.files.add(origin or "<template>", text)
    try:
        node = syntax.template(text, base)
    except syntax.SyntaxProblem as error:
        raise TerraformError(f"{error.message} in the template") from None
    names = _TemplateNames(session, directory, root)
    return evaluate.evaluate(node, evaluate.Scope(names, session.budget, dict(variables)))


def text_of(value: CtyValue) -> str:
    """A known text or number as text; empty for everything else."""
    plain = cty.unmark(value)[0]
    if isinstance(plain, str | bool) or cty.is_number(plain):
        return cty.text(plain)
    return ""
