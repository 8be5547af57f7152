"""
What the real Terraform makes of a configuration: its plan, and the state after an apply.

Everything happens in a copy, with a local backend. `apply` runs provisioners, so it is only for
configurations that belong to this project; anything else is planned and no more.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_LOCAL = 'terraform {\n  backend "local" {}\n}\n'
_LEFT_BEHIND = shutil.ignore_patterns(
    ".git", ".terraform", "*.tfstate", "*.tfstate.*", ".terraform.lock.hcl"
)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_SECONDS = 120


class Refused(Exception):
    """Terraform does not accept the configuration; the text is what it says."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What Terraform said: the plan as JSON, and the state after the apply, if there was one."""

    directory: Path
    plan: Mapping[str, Any]
    state: Mapping[str, Any] | None = None

    def resources(self) -> dict[str, Mapping[str, Any]]:
        """Address → planned resource, managed ones only."""
        planned = _resources(self.plan.get("planned_values"))
        return {one["address"]: one for one in planned if one["mode"] == "managed"}

    def unknown(self) -> dict[str, Any]:
        """Address → which of its attributes are only known after the apply."""
        changes = self.plan.get("resource_changes", ())
        return {one["address"]: one["change"].get("after_unknown", {}) for one in changes}

    def values(self) -> dict[str, Mapping[str, Any]]:
        """Address → values that references are looked up in; after the apply, if there was one."""
        found: dict[str, Mapping[str, Any]] = {}
        prior = (self.plan.get("prior_state") or {}).get("values")
        applied = (self.state or {}).get("values")
        for tree in (self.plan.get("planned_values"), prior, applied):
            found.update({one["address"]: one.get("values", {}) for one in _resources(tree)})
        return found

    def outputs(self) -> dict[str, tuple[Any, Any]]:
        """Output → value, and which of it is only known after the apply; without sensitive ones."""
        if self.state is not None:
            known = (self.state.get("values") or {}).get("outputs", {})
            return {n: (one.get("value"), None) for n, one in known.items() if not one["sensitive"]}
        planned = (self.plan.get("planned_values") or {}).get("outputs", {})
        changes = self.plan.get("output_changes", {})
        return {
            name: (changes[name].get("after"), changes[name].get("after_unknown"))
            for name, one in planned.items()
            if not one["sensitive"] and name in changes
        }


def _resources(tree: Mapping[str, Any] | None) -> Iterator[Mapping[str, Any]]:
    waiting = [(tree or {}).get("root_module", {})]
    while waiting:
        module = waiting.pop()
        yield from module.get("resources", ())
        waiting.extend(module.get("child_modules", ()))


@dataclass(frozen=True, slots=True)
class Terraform:
    """The binary, with the environment that leads it to the stand-ins and the registry."""

    environment: Mapping[str, str]

    def run(self, directory: Path, *arguments: str) -> str:
        """What a command prints. Raises `Refused`."""
        environment = {**os.environ, **self.environment, "TF_IN_AUTOMATION": "1", "AWS_REGION": ""}
        done = subprocess.run(
            ["terraform", *arguments],
            check=False,
            cwd=directory,
            env=environment,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            stdin=subprocess.DEVNULL,
        )
        if done.returncode:
            said = _COLOUR.sub("", done.stderr).strip() or done.stdout[-500:]
            raise Refused(f"{arguments[0]}: {said}")
        return done.stdout

    def judge(
        self, directory: Path, variables: Mapping[str, Any], apply: bool = False
    ) -> Judgement:
        """
        Initialise, plan and, if wanted, apply in place. What has provisioners is never applied.
        Raises `Refused` if Terraform does.
        """
        (directory / "zz_backend_override.tf").write_text(_LOCAL)
        given = [f"-var={name}={_text(value)}" for name, value in variables.items()]
        plain = ("-input=false", "-no-color")
        self.run(directory, "init", "-reconfigure", *plain)
        self.run(directory, "plan", "-out=judged.plan", "-refresh=false", *plain, *given)
        plan = json.loads(self.run(directory, "show", "-json", "judged.plan"))
        state = None
        if apply and not _provisioners(plan.get("configuration")):
            self.run(directory, "apply", "-parallelism=2", *plain, "judged.plan")
            state = json.loads(self.run(directory, "show", "-json"))
        for left in ("zz_backend_override.tf", "judged.plan", "terraform.tfstate"):
            (directory / left).unlink(missing_ok=True)
        return Judgement(directory, plan, state)


def _provisioners(configuration: Any) -> bool:
    """Whether anything in a plan's configuration would run commands."""
    if isinstance(configuration, list):
        return any(map(_provisioners, configuration))
    if not isinstance(configuration, dict):
        return False
    return "provisioners" in configuration or any(map(_provisioners, configuration.values()))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


_UNSET = re.compile(r'input variable "([^"]+)" is not set')
_NO_FILE = re.compile(r'no file exists at "?([^";]+)"?;')


def supply(
    terraform: Terraform, directory: Path, home: Path, apply: bool
) -> tuple[Judgement, dict[str, str]]:
    """
    Judge a configuration that lacks inputs, with invented ones: variables by name, and empty
    files (those in the home directory are made in `home`). Also says which variables.
    """
    variables: dict[str, str] = {}
    environment = {**terraform.environment, "HOME": str(home)}
    for _ in range(6):
        try:
            return Terraform(environment).judge(directory, variables, apply), variables
        except Refused as refusal:
            said = " ".join(str(refusal).replace("│", " ").split())
            unset = [name for name in _UNSET.findall(said) if name not in variables]
            absent = [name for name in _NO_FILE.findall(said) if _create(name, directory, home)]
            if not unset and not absent:
                raise
            variables.update({name: _invented(name) for name in unset})
    raise Refused("no end of missing inputs")


def _invented(name: str) -> str:
    return "198.51.100.0/24" if "cidr" in name or name.endswith("ip") else f"given-{name}"


def _create(name: str, directory: Path, home: Path) -> bool:
    place = Path(name.replace("~", str(home))) if name.startswith("~") else directory / name
    inside = place.resolve().is_relative_to(directory.resolve()) or place.is_relative_to(home)
    if place.exists() or not inside:
        return False
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("made for the test\n")
    return True


def copy(directory: Path, to: Path) -> Path:
    """
    A copy of a configuration without what runs of Terraform leave behind. Variables that stand
    ready for tests (`fixtures.*.tfvars`) become its own.
    """
    shutil.copytree(directory, to, ignore=_LEFT_BEHIND, dirs_exist_ok=True)
    for ready in to.rglob("fixtures.*.tfvars"):
        ready.rename(ready.with_name("terraform.tfvars"))
    return to
