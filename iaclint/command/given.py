"""
From the arguments of a command, the environment and the settings file to one request.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from iaclint import registry, settings
from iaclint.command.failure import CommandError
from iaclint.resource import Inputs
from iaclint.scan import Request
from iaclint.settings import Loaded, Settings

Arguments = Mapping[str, Any]


def request(arguments: Arguments) -> Request:
    """What the command is asked to do. The command line wins over the environment and settings."""
    paths = _paths(arguments)
    found = loaded(arguments, paths)
    merged = _merged(found, arguments)
    return Request(
        paths=paths,
        registry=checks(arguments),
        loaded=replace(found, settings=merged),
        inputs=inputs(arguments, found),
        diff_base=arguments.get("diff_base") or "",
        baseline=Path(arguments["baseline"]) if arguments.get("baseline") else None,
        allow_empty=bool(arguments.get("allow_empty")),
    )


def _paths(arguments: Arguments) -> tuple[Path, ...]:
    return tuple(Path(one) for one in arguments.get("paths") or ()) or (Path(),)


def checks(arguments: Arguments) -> registry.Registry:
    """Those of iaclint, of installed packages, and of the directories that are named."""
    paths = _paths(arguments)
    return registry.load(_check_directories(arguments, loaded(arguments, paths), paths))


def loaded(arguments: Arguments, paths: Sequence[Path]) -> Loaded:
    """The settings file: the one that is named, none, or the nearest above the paths."""
    if arguments.get("isolated"):
        return Loaded(Settings())
    named = arguments.get("config")
    if named:
        return settings.load(Path(named), named)
    for path in paths:
        found = settings.find(path)
        if found is not None:
            return settings.load(found, Path(os.path.relpath(found)).as_posix())
    return Loaded(Settings())


def _check_directories(arguments: Arguments, found: Loaded, paths: Sequence[Path]) -> list[Path]:
    """
    Directories of more checks: those of the command line, and those of a settings file that is
    not part of what is scanned. A pull request that adds a file must not run a program.
    """
    directories = [Path(one) for one in arguments.get("checks") or ()]
    if not found.settings.checks:
        return directories
    assert found.file is not None
    for path in paths:
        top = settings.git_top(path) or path.resolve()
        if found.file.is_relative_to(top) or path.resolve().is_relative_to(found.file.parent):
            raise CommandError(
                f"{found.span('checks')}: settings inside of what is checked cannot name checks, "
                "which are programs; name the directory with --checks, or keep this setting in a "
                "file elsewhere and name it with --config"
            )
    return directories + [found.path(one) for one in found.settings.checks]


def _merged(found: Loaded, arguments: Arguments) -> Settings:
    """The settings with what the command line says put over them."""
    changes: dict[str, Any] = {}
    for name in ("select", "ignore", "extend_select"):
        given = _split(arguments.get(name) or ())
        if given:
            before = [] if name == "select" else getattr(found.settings, name)
            changes[name] = [*before, *given]
    if arguments.get("exclude"):
        changes["exclude"] = [*found.settings.exclude, *arguments["exclude"]]
    if arguments.get("root"):
        changes["roots"] = list(arguments["root"])
    if arguments.get("fail_on"):
        changes["fail_on"] = arguments["fail_on"]
    if arguments.get("exit_zero"):
        changes["fail_on"] = "never"
    if arguments.get("fail_on_undecided"):
        changes["fail_on_undecided"] = True
    named = list(arguments.get("sources") or found.settings.sources)
    changes["sources"] = [part for one in named for part in _ranges(found.settings, one)]
    return msgspec.structs.replace(found.settings, **changes)


def _split(given: Sequence[str]) -> list[str]:
    """`--select IAC2,IAC3 --select no-key-pair` is three."""
    return [part.strip() for one in given for part in one.split(",") if part.strip()]


def _ranges(found: Settings, name: str) -> tuple[str, ...]:
    """The ranges of a client that is named, or the range itself."""
    ranges = found.client(name)
    for one in ranges:
        if not settings.is_network(one):
            known = ", ".join(sorted(found.clients)) or "none"
            raise CommandError(
                f'--from "{name}" is neither a range nor a name of [clients] (there are: {known})'
            )
    return ranges


def inputs(arguments: Arguments, found: Loaded | None = None) -> Inputs:
    """What the user supplies beside the files: settings, environment, command line."""
    found = found or Loaded(Settings())
    own = found.settings
    directory = found.directory
    return Inputs(
        variables={**_texts(own.variables), **_pairs(arguments.get("var") or (), "--var")},
        variable_files=_files(own.variable_files, directory, arguments.get("var_file") or ()),
        parameters={
            **_texts(own.parameters),
            **_pairs(arguments.get("parameter") or (), "--parameter"),
        },
        parameter_files=_files(
            own.parameter_files, directory, arguments.get("parameter_file") or ()
        ),
        environment={
            key: value for key, value in os.environ.items() if key.startswith(("TF_VAR_", "TF_W"))
        },
        region=arguments.get("region") or own.region,
        account=arguments.get("account") or own.account,
        workspace=arguments.get("workspace") or own.workspace,
        cache=own.cache and not arguments.get("no_cache"),
    )


def _texts(values: Mapping[str, str | int | float | bool]) -> dict[str, str]:
    return {
        key: str(value).lower() if isinstance(value, bool) else str(value)
        for key, value in values.items()
    }


def _files(own: Sequence[str], directory: Path, given: Sequence[str]) -> tuple[str, ...]:
    files = (*(str(directory / one) for one in own), *given)
    for one in files:
        if not Path(one).is_file():
            raise CommandError(f'there is no file "{one}"')
    return files


def _pairs(given: Sequence[str], name: str) -> dict[str, str]:
    pairs = {}
    for one in given:
        key, equals, value = one.partition("=")
        if not equals or not key.strip():
            raise CommandError(f'{name} takes NAME=VALUE, and "{one}" is none')
        pairs[key.strip()] = value
    return pairs
