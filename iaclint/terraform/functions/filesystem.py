"""Functions of files: what is inside the scanned tree is read, anything else is unknown."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from iaclint.terraform.cty import (
    STRING,
    CtyValue,
    Map,
    Object,
    SetType,
    TerraformError,
    is_null,
    set_,
    string,
    type_text,
)
from iaclint.terraform.functions.core import ArgumentError, Context, Family
from iaclint.terraform.functions.digest import ALGORITHMS, digest
from iaclint.terraform.functions.encoding import encoded_base64
from iaclint.value import Unknown

FILESYSTEM = Family()

MAXIMUM_FILES = 50_000
"""`fileset` looks at no more files."""


def _located(context: Context, path: str) -> Path:
    """The absolute path, with `~` expanded and `..` resolved."""
    expanded = Path(path).expanduser() if path.startswith("~") else Path(path)
    return Path(os.path.normpath(Path.cwd() / context.base / expanded))


def _outside(context: Context, located: Path, path: str) -> Unknown | None:
    """An unknown for a path that must not be read."""
    real = located.resolve()
    if any(real.is_relative_to(root.resolve()) for root in context.roots):
        return None
    return Unknown(f'the file "{path}" is outside the scanned tree', type="string")


def _bytes(context: Context, path: str) -> bytes | Unknown:
    located = _located(context, path)
    outside = _outside(context, located, path)
    if outside is not None:
        return outside
    try:
        return context.read(located)
    except FileNotFoundError:
        raise ArgumentError(
            0,
            f"no file exists at {path}; this function works only with files that are distributed "
            "as part of the configuration source code",
        ) from None
    except OSError as error:
        raise ArgumentError(0, f"failed to read {path}: {error.strerror or error}") from None


def _text(context: Context, path: str) -> str | Unknown:
    data = _bytes(context, path)
    if isinstance(data, Unknown):
        return data
    try:
        return string(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise ArgumentError(
            0,
            f"contents of {path} are not valid UTF-8; use the filebase64 function to obtain the "
            "Base64 encoded contents or the other file functions (e.g. filemd5, filesha256) to "
            "obtain file hashing results instead",
        ) from None


@FILESYSTEM.add("file", "path:string", returns="string", context=True)
def _file(context: Context, path: str) -> CtyValue:
    return _text(context, path)


@FILESYSTEM.add("filebase64", "path:string", returns="string", context=True)
def _filebase64(context: Context, path: str) -> CtyValue:
    data = _bytes(context, path)
    return data if isinstance(data, Unknown) else encoded_base64(data)


def _hasher(name: str) -> Callable[[Context, str], CtyValue]:
    def run(context: Context, path: str) -> CtyValue:
        data = _bytes(context, path)
        return data if isinstance(data, Unknown) else digest(name, data)

    return run


for _name in ALGORITHMS:
    _file_name = _name.replace("base64", "filebase64") if "base64" in _name else f"file{_name}"
    FILESYSTEM.add(_file_name, "path:string", returns="string", context=True)(_hasher(_name))


@FILESYSTEM.add("fileexists", "path:string", returns="bool", context=True)
def _fileexists(context: Context, path: str) -> CtyValue:
    located = _located(context, path)
    outside = _outside(context, located, path)
    if outside is not None:
        return Unknown(outside.reason, type="bool")
    if located.is_dir():
        raise ArgumentError(0, f"{path} is a directory, not a file")
    return located.is_file()


@FILESYSTEM.add("fileset", "path:string", "pattern:string", returns="set(string)", context=True)
def _fileset(context: Context, path: str, pattern: str) -> CtyValue:
    base = _located(context, path)
    outside = _outside(context, base, path)
    if outside is not None:
        return Unknown(outside.reason, type=type_text(SetType(STRING)))
    matcher = _glob(posixpath.normpath(pattern))
    found: list[str] = []
    seen = 0
    for folder, folders, names in os.walk(base):
        folders.sort()
        for name in names:
            seen += 1
            if seen > MAXIMUM_FILES:
                return Unknown(f"{path} has too many files", type=type_text(SetType(STRING)))
            full = Path(folder, name)
            shown = full.relative_to(base).as_posix()
            if matcher.fullmatch(shown) and full.is_file():
                found.append(string(shown))
    return set_(STRING, found)


@lru_cache(maxsize=64)
def _glob(pattern: str) -> re.Pattern[str]:
    """`*`, `?`, `**`, `{a,b}` and `[…]` as a regular expression over paths with `/`."""
    try:
        return re.compile(_translated(pattern))
    except re.error:
        raise ArgumentError(1, f"syntax error in pattern {pattern}") from None


_GLOB = re.compile(r"\*\*/|\*\*|\*|\?|\[[!^]?[^\]]+\]|\{|\}|,|\\.|.", re.DOTALL)


def _translated(pattern: str) -> str:
    depth = 0
    pieces: list[str] = []
    for match in _GLOB.finditer(pattern):
        token = match[0]
        if token == "{":
            depth += 1
            pieces.append("(?:")
        elif token == "}" and depth:
            depth -= 1
            pieces.append(")")
        elif token == "," and depth:
            pieces.append("|")
        else:
            pieces.append(_glob_token(token))
    if depth:
        raise ArgumentError(1, f"syntax error in pattern {pattern}")
    return "".join(pieces)


def _glob_token(token: str) -> str:
    fixed = {"**/": "(?:[^/]*/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    if token in fixed:
        return fixed[token]
    if token.startswith("[") and len(token) > 1:
        body = token[1:-1]
        return f"[^{body[1:]}]" if body[0] in "!^" else f"[{body}]"
    return re.escape(token[1:] if token.startswith("\\") and len(token) > 1 else token)


@FILESYSTEM.add("basename", "path:string", returns="string")
def _basename(path: str) -> CtyValue:
    if not path:
        return "."
    return path.rstrip("/").rpartition("/")[2] or "/"


@FILESYSTEM.add("dirname", "path:string", returns="string")
def _dirname(path: str) -> CtyValue:
    return _clean(path.rpartition("/")[0] + ("/" if "/" in path else ""))


def _clean(path: str) -> str:
    cleaned = posixpath.normpath(path) if path else "."
    return "/" + cleaned.lstrip("/") if cleaned.startswith("//") else cleaned


@FILESYSTEM.add("abspath", "path:string", returns="string", context=True)
def _abspath(context: Context, path: str) -> CtyValue:
    return Path(os.path.normpath(Path.cwd() / context.base / path)).as_posix()


@FILESYSTEM.add("pathexpand", "path:string", returns="string")
def _pathexpand(path: str) -> CtyValue:
    if not path.startswith("~"):
        return path
    if path[1:2] not in ("", "/"):
        raise TerraformError("cannot expand user-specific home dir")
    return _clean(f"{Path.home().as_posix()}{path[1:]}")


@FILESYSTEM.add("templatefile", "path:string", "vars:any", whole=False, context=True)
def _templatefile(context: Context, path: str, variables: CtyValue) -> CtyValue:
    text = _text(context, path)
    if isinstance(text, Unknown):
        return text
    return _rendered(context, text, path, variables)


@FILESYSTEM.add("templatestring", "template:string", "vars:any", whole=False, context=True)
def _templatestring(context: Context, text: str, variables: CtyValue) -> CtyValue:
    return _rendered(context, text, "", variables)


_IDENTIFIER = re.compile(r"[^\W\d][\w-]*")


def _rendered(context: Context, text: str, path: str, variables: CtyValue) -> CtyValue:
    if not isinstance(variables, Object | Map):
        raise ArgumentError(1, "invalid vars value: must be a map")
    for name in variables.items:
        if not _IDENTIFIER.fullmatch(name):
            raise ArgumentError(
                1,
                f'invalid template variable name "{name}": must start with a letter, followed by '
                "zero or more letters, digits, and underscores",
            )
    if context.render is None:
        raise TerraformError("templates cannot be rendered here")
    result = context.render(text, path, variables.items)
    if is_null(result):
        raise TerraformError("the result of the template is null, which is not valid here")
    return result
