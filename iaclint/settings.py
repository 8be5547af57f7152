"""
The settings of a project: found, read strictly, with the place of every mistake.
"""

from __future__ import annotations

import difflib
import ipaddress
import re
import tomllib
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from iaclint.globs import matches
from iaclint.source import Span
from iaclint.toml import locate

FILES = (".iaclint.toml", "iaclint.toml", "pyproject.toml")
"""In one directory the first of these that has settings counts."""

LevelName = Literal["error", "warning", "note"]
Threshold = Literal["error", "warning", "note", "never"]
Selector = Annotated[
    str, msgspec.Meta(description="An id (IAC201), a name (no-internet-route), or a prefix (IAC2).")
]
Network = Annotated[str, msgspec.Meta(description="A range in CIDR notation, or one address.")]
SERVICES = ("ssh", "rdp", "winrm", "icmp")
_SERVICE = re.compile(r"(ssh|rdp|winrm|icmp|icmpv6|ping)|(tcp|udp)/(\d{1,5})(-\d{1,5})?")


class SettingsError(Exception):
    """The settings cannot be used; the text says where, what, and what to do."""

    def __init__(self, message: str, span: Span) -> None:
        super().__init__(f"{span}: {message}")
        self.span = span


class Expect(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"source": "from"}
):
    """
    A flow that must, or must not, be possible: `from`, `to`, and either `allow` or `deny`.

    `allow = "ssh"` names the service (or several, in a list); `allow = true` takes them from
    `service`. `from` is a name of `[clients]`, a range, `internet`, or the address of a resource;
    `to` an address. Addresses may have globs, and `tag:Name=value` matches by tag.
    """

    source: str
    to: str
    service: str | list[str] | None = None
    allow: bool | str | list[str] | None = None
    deny: bool | str | list[str] | None = None
    reason: str = ""

    @property
    def verdict(self) -> Literal["allow", "deny"]:
        """What is expected."""
        return "allow" if self.allow not in (None, False) else "deny"

    @property
    def services(self) -> tuple[str, ...]:
        """The services meant, as `ssh`, `rdp`, `winrm`, `icmp` or `tcp/443`."""
        said = self.allow if self.verdict == "allow" else self.deny
        named = self.service if isinstance(said, bool) or said is None else said
        listed = [named] if isinstance(named, str) else named or []
        return tuple("icmp" if one == "ping" else one for one in listed)


class Settings(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"
):
    """
    All settings. Paths and globs are relative to the directory of the settings file; globs are as
    in `.gitignore`.
    """

    select: list[Selector] = []
    ignore: list[Selector] = []
    extend_select: list[Selector] = []
    per_file_ignores: dict[str, list[Selector]] = {}
    levels: dict[Selector, LevelName] = {}
    exclude: list[str] = []
    roots: list[str] = []
    fail_on: Threshold = "error"
    fail_on_undecided: bool = False
    baseline: str = ""
    checks: list[str] = []
    clients: dict[str, Network | list[Network]] = {}
    expect: list[Expect] = []
    sources: Annotated[
        list[str], msgspec.Meta(description="Clients to check beside the internet, as --from.")
    ] = msgspec.field(name="from", default_factory=list)
    region: str = ""
    account: str = ""
    workspace: str = ""
    variables: dict[str, str | int | float | bool] = {}
    variable_files: list[str] = []
    parameters: dict[str, str | int | float | bool] = {}
    parameter_files: list[str] = []
    cache: bool = True

    def client(self, name: str) -> tuple[str, ...]:
        """The ranges of a named client; the name itself where none is defined."""
        ranges = self.clients.get(name, name)
        return (ranges,) if isinstance(ranges, str) else tuple(ranges)


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings, the file they come from (None for defaults), and its text, to point into."""

    settings: Settings
    file: Path | None = None
    name: str = ""
    text: str = ""

    @property
    def directory(self) -> Path:
        """What paths in the settings are relative to."""
        return self.file.parent if self.file else Path.cwd()

    def path(self, relative: str) -> Path:
        """A path of the settings, absolute."""
        return self.directory / relative

    def span(self, *keys: str | int) -> Span:
        """Where a setting is written: `span("expect", 0)`."""
        return locate(self.text, self.name, self._prefix + keys)

    @property
    def _prefix(self) -> tuple[str | int, ...]:
        pyproject = self.file is not None and self.file.name == "pyproject.toml"
        return ("tool", "iaclint") if pyproject else ()

    def ignored_in(self, path: str) -> tuple[str, ...]:
        """The selectors that `per-file-ignores` names for a path, which may be relative."""
        relative = _relative(Path(path), self.directory)
        return tuple(
            selector
            for pattern, selectors in self.settings.per_file_ignores.items()
            if matches(relative, pattern)
            for selector in selectors
        )


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the settings, for editors."""
    made = msgspec.json.schema(Settings)
    draft = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": draft, "title": "Settings of iaclint", **made}


def git_top(start: Path) -> Path | None:
    """The root of the repository that holds a path: the nearest directory with `.git`."""
    start = start.resolve()
    for directory in (start, *start.parents):
        if (directory / ".git").exists():
            return directory
    return None


def find(start: Path) -> Path | None:
    """
    The settings file that counts for a path: the nearest upwards, not above the root of the
    repository, or, where there is none, not above the working directory.
    """
    start = start.resolve()
    here = start if start.is_dir() else start.parent
    last = git_top(here) or (Path.cwd() if here.is_relative_to(Path.cwd()) else here)
    for directory in (here, *here.parents):
        for name in FILES:
            if _has_settings(directory / name):
                return directory / name
        if directory == last:
            break
    return None


def _has_settings(path: Path) -> bool:
    if not path.is_file():
        return False
    if path.name != "pyproject.toml":
        return True
    try:
        return re.search(rb"^\s*\[\[?\s*tool\.iaclint\b", path.read_bytes(), re.M) is not None
    except OSError:
        return False


def load(path: Path, name: str = "") -> Loaded:
    """The settings of a file. Raises `SettingsError` with the place of the first mistake."""
    name = name or path.name
    try:
        text = path.read_text("utf-8-sig")
        data = tomllib.loads(text)
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror or error}", Span(name, 1)) from error
    except UnicodeDecodeError as error:
        raise SettingsError("is not UTF-8 text", Span(name, 1)) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"is not TOML: {error}", _toml_place(name, str(error))) from error
    except RecursionError as error:
        raise SettingsError("is nested too deeply", Span(name, 1)) from error
    prefix: tuple[str | int, ...] = ()
    if path.name == "pyproject.toml":
        prefix, data = ("tool", "iaclint"), data.get("tool", {}).get("iaclint", {})
    loaded = Loaded(_convert(data, text, name, prefix), path.resolve(), name, text)
    _validate(loaded)
    return loaded


def _toml_place(name: str, message: str) -> Span:
    found = re.search(r"line (\d+), column (\d+)", message)
    return Span(name, int(found[1]), int(found[2])) if found else Span(name, 1)


def _convert(data: Any, text: str, name: str, prefix: tuple[str | int, ...]) -> Settings:
    for keys, allowed in _unknown_keys(data, Settings):
        span = locate(text, name, prefix + keys)
        raise SettingsError(
            f'unknown setting "{keys[-1]}"{suggestion(str(keys[-1]), allowed)}', span
        )
    try:
        return msgspec.convert(data, Settings)
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at `$")
        keys = tuple(_path(where.rstrip("`")))
        raise SettingsError(_worded(message, keys), locate(text, name, prefix + keys)) from error


def _worded(message: str, keys: tuple[str | int, ...]) -> str:
    shown = f' of "{keys[-1] if isinstance(keys[-1], str) else keys[0]}"' if keys else ""
    return f"the value{shown} is not valid: {message[:1].lower()}{message[1:]}"


def _unknown_keys(
    data: Any, kind: type[msgspec.Struct], keys: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], list[str]]]:
    """The path of each key that the structure does not have, and those it has."""
    if not isinstance(data, dict):
        return
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for key, value in data.items():
        if key not in fields:
            yield (*keys, key), list(fields)
        elif (inner := _element(fields[key].type)) is not None and isinstance(value, list):
            for index, item in enumerate(value):
                yield from _unknown_keys(item, inner, (*keys, key, index))


def _element(kind: Any) -> type[msgspec.Struct] | None:
    """The structure that a list holds, if it does."""
    for inner in typing.get_args(kind):
        if isinstance(inner, type) and not isinstance(inner, types.GenericAlias):
            return inner if issubclass(inner, msgspec.Struct) else None
    return None


def suggestion(key: str, allowed: Iterable[str]) -> str:
    """`, did you mean "ignore"?`, or the list of what there is."""
    names = sorted(allowed)
    near = difflib.get_close_matches(key.lower(), names, 1, 0.6)
    if not near:
        near = [name for name in names if name.replace("-", "") == re.sub("[-_]", "", key.lower())]
    return f', did you mean "{near[0]}"?' if near else f"; there are: {', '.join(names)}"


def _path(text: str) -> Iterator[str | int]:
    """The keys in `.expect[0].from` as msgspec writes it."""
    for name, index in re.findall(r"\.([\w-]+)|\[(\d+|\.\.\.)\]", text):
        if name:
            yield name
        elif index != "...":
            yield int(index)


def _validate(loaded: Loaded) -> None:
    """What types cannot say. Raises `SettingsError`."""
    for name, ranges in loaded.settings.clients.items():
        for one in [ranges] if isinstance(ranges, str) else ranges:
            if not is_network(one):
                span = loaded.span("clients", name)
                raise SettingsError(f'"{one}" is neither a range nor an address', span)
    for index, expect in enumerate(loaded.settings.expect):
        _expectation(expect, loaded.span("expect", index))


def is_network(text: str) -> bool:
    """Whether it is a range or an address of either family."""
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _expectation(expect: Expect, span: Span) -> None:
    said = [word for word in ("allow", "deny") if getattr(expect, word) not in (None, False)]
    if len(said) != 1:
        raise SettingsError("an expectation needs either `allow` or `deny`", span)
    if not expect.services:
        raise SettingsError('which service? write `allow = "ssh"`, or add `service`', span)
    if expect.service is not None and getattr(expect, said[0]) is not True:
        raise SettingsError(f"the service is named twice: in `{said[0]}` and in `service`", span)
    for service in expect.services:
        if not valid_service(service):
            known = suggestion(service, (*SERVICES, "tcp/22"))
            raise SettingsError(f'unknown service "{service}"{known}', span)


def valid_service(text: str) -> bool:
    """Whether it is `ssh`, `rdp`, `winrm`, `icmp`, `icmpv6`, `ping`, `tcp/N`, or `udp/N-M`."""
    found = _SERVICE.fullmatch(text)
    return bool(found) and all(int(port) <= 65535 for port in re.findall(r"\d+(?![v\d])", text))


def _relative(path: Path, directory: Path) -> str:
    absolute = path if path.is_absolute() else Path.cwd() / path
    try:
        return absolute.resolve().relative_to(directory.resolve()).as_posix()
    except ValueError:
        return absolute.as_posix()


def effective(settings: Settings) -> Mapping[str, Any]:
    """The settings as plain data, under the names they are written with."""
    result: Mapping[str, Any] = msgspec.to_builtins(settings)
    return result
