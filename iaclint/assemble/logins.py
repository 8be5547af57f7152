"""
Logins: which instance each connection block, ssh command and inventory line is about.

https://developer.hashicorp.com/terraform/language/resources/provisioners/connection
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from iaclint.assemble.build import Build
from iaclint.assemble.index import direct_ref, written
from iaclint.aws import interface as shapes
from iaclint.aws import keys
from iaclint.network import Instance, Login, LoginKind
from iaclint.resource import Connection, Resource
from iaclint.source import Span
from iaclint.value import ListValue, MapValue, Ref, Scalar, Unknown, Value, refs, text, whole

REMOTE = ("remote-exec", "file", "chef", "puppet", "habitat", "salt-masterless")
"""Provisioners that log in; `local-exec` runs on the client."""

HOLE = "\ufffc"
_LOGIN = re.compile(rf"(?<![\w/:.$<{{-])(?P<user>[A-Za-z_][\w.-]*|{HOLE})@(?P<host>{HOLE})")
_FORWARD = re.compile(
    rf"(?:-L|LocalForward)\s*[\w.*:\[\]]*[:\s](?P<host>{HOLE}):(?P<port>\d{{1,5}})\b"
)
_PROGRAM = re.compile(rf"\b(ssh|scp|sftp|mosh|rsync)\b|^['\"]?([\w.-]+|{HOLE})@\S+$")
_KEY_FILE = re.compile(r"-i\s+['\"]?([^\s'\"]+)")
_PLAYBOOK = re.compile(r"\bansible(-playbook)?\b[^\n;&|]*")
_PLAYBOOK_USER = re.compile(r"(?:\s-u|--user)[= ]\s*['\"]?([A-Za-z_][\w-]*)")
_PLAYBOOK_KEY = re.compile(r"--(?:private-key|key-file)[= ]\s*['\"]?([^\s'\"]+)")
_INVENTORY = re.compile(r"ansible_(?:ssh_)?user\s*[=:]\s*['\"]?([A-Za-z_][\w-]*)")


def build_logins(build: Build) -> None:
    """Gives every instance the connections and logins that are about it."""
    owners = _owners(build)
    found: dict[int, list[Login]] = {}
    dialled: dict[int, list[Connection]] = {}
    for resource in build.network.resources:
        for connection in resource.connections:
            _connection(build, owners, resource, connection, found, dialled)
    for piece in _texts(build):
        for login, instance in _in_text(piece, owners):
            found.setdefault(id(instance), []).append(login)
        for port, instance in _forwards(piece, owners):
            instance.forwarded += ((port, piece.span),)
    for instance in build.network.instances:
        instance.connections = tuple(dialled.get(id(instance), ()))
        instance.logins = tuple(_distinct(found.get(id(instance), ())))


def _distinct(logins: Iterable[Login]) -> Iterator[Login]:
    """One login of each block: provisioners that share it log in alike."""
    seen: set[tuple[object, ...]] = set()
    for login in logins:
        user = login.user if isinstance(login.user, str) else ""
        key = (login.kind, login.span, user, login.key_file)
        if key not in seen:
            seen.add(key)
            yield login


# ---- whose address it is ----------------------------------------------------------------------


def _owners(build: Build) -> Mapping[str, Instance]:
    """The instance an address belongs to: by the instance's own address, or an Elastic IP's."""
    owners = {instance.address: instance for instance in build.network.instances}
    holders = dict(owners)
    for instance in build.network.instances:
        for interface in instance.interfaces():
            holders.setdefault(interface.address, instance)
    for each in build.index.all(shapes.ElasticIp):
        _owned(owners, holders, each.address, (each.instance, each.interface))
    for link in build.index.all(shapes.ElasticIpAssociation):
        ref = direct_ref(link.allocation) or direct_ref(link.address_)
        for address in (link.address, *((ref.address,) if ref else ())):
            _owned(owners, holders, address, (link.instance, link.interface))
    return owners


def _owned(
    owners: dict[str, Instance],
    holders: Mapping[str, Instance],
    address: str,
    values: Iterable[Value | None],
) -> None:
    for value in values:
        ref = direct_ref(value)
        if ref is not None and ref.address in holders:
            owners.setdefault(address, holders[ref.address])


# ---- connection blocks ------------------------------------------------------------------------


def _connection(
    build: Build,
    owners: Mapping[str, Instance],
    resource: Resource,
    connection: Connection,
    found: dict[int, list[Login]],
    dialled: dict[int, list[Connection]],
) -> None:
    protocol = text(connection.arguments.get("type"))
    if connection.provisioner not in REMOTE or protocol not in (None, "ssh", "winrm"):
        return
    login = _login(resource, connection, "connection")
    target = _target(owners, resource, login.host)
    if target is None:
        build.network.lost_logins.append(login)
    else:
        dialled.setdefault(id(target), []).append(connection)
        found.setdefault(id(target), []).append(login)
    bastion = _login(resource, connection, "bastion")
    through = _target(owners, None, bastion.host)
    if through is not None:
        found.setdefault(id(through), []).append(bastion)


def _target(
    owners: Mapping[str, Instance], resource: Resource | None, host: Value | None
) -> Instance | None:
    """The instance that is dialled. A host that is not known is the resource's own."""
    named = _named(owners, refs(host))
    if named is not None:
        return named
    if isinstance(host, Scalar):
        return _by_address(owners, str(host.value))
    if resource is None or isinstance(host, ListValue | MapValue):
        return None
    return owners.get(resource.address)


def _named(owners: Mapping[str, Instance], found: Iterable[Ref]) -> Instance | None:
    return next((owners[ref.address] for ref in found if ref.address in owners), None)


def _by_address(owners: Mapping[str, Instance], address: str) -> Instance | None:
    """The instance whose private address is given in the files."""
    for instance in owners.values():
        for interface in instance.interfaces():
            if any(str(prefix).partition("/")[0] == address for prefix in interface.private):
                return instance
    return None


def _login(resource: Resource, connection: Connection, kind: LoginKind) -> Login:
    given = connection.arguments

    def of(name: str) -> Value | None:
        own = given.get(f"bastion_{name}") if kind == "bastion" else None
        return given.get(name) if own is None else own

    user = of("user")
    winrm = kind == "connection" and text(given.get("type")) == "winrm"
    return Login(
        kind=kind,
        protocol="winrm" if winrm else "ssh",
        user=text(user),
        span=written(user, connection.span),
        host=given.get("bastion_host" if kind == "bastion" else "host"),
        key=of("private_key"),
        port=whole(of("port")),
        resource=resource,
        connection=connection,
    )


# ---- commands ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Text:
    """A text with `HOLE` for what is not known, the values of the holes, and its place."""

    plain: str
    holes: tuple[Unknown, ...]
    kind: LoginKind
    span: Span
    resource: Resource | None = None


def _texts(build: Build) -> Iterator[_Text]:
    for output in build.network.outputs:
        for each in _strings(output.value):
            yield replace(_text(each, "output"), span=_place(each, output.span))
    for resource in build.network.resources:
        for connection in resource.connections:
            if connection.provisioner == "local-exec" and connection.body is not None:
                for each in _strings(connection.body.get("command")):
                    made = _text(each, "script")
                    yield replace(made, span=_place(each, connection.span), resource=resource)
    for declared in build.index.all(keys.LocalFile):
        for each in _strings(declared.content):
            made = _text(each, "script")
            yield replace(made, span=_place(each, declared.span), resource=declared.resource)


def _place(value: Value, otherwise: Span) -> Span:
    """The place of a text, where that is in the same file as what it belongs to."""
    span = written(value, otherwise)
    return span if span.path == otherwise.path and span.line >= otherwise.line else otherwise


def _strings(value: Value | None) -> Iterator[Unknown]:
    """The texts of which a part is not known; only those can name an instance's address."""
    match value:
        case Unknown(parts=parts) if parts:
            yield value
        case Unknown(choices=choices):
            for choice in choices:
                yield from _strings(choice)
        case ListValue(items=items):
            for item in items:
                yield from _strings(item)
        case MapValue(items=mapping):
            for item in mapping.values():
                yield from _strings(item)


def _text(value: Unknown, kind: LoginKind) -> _Text:
    plain = "".join(p.replace(HOLE, " ") if isinstance(p, str) else HOLE for p in value.parts)
    holes = tuple(part for part in value.parts if isinstance(part, Unknown))
    return _Text(plain[:20_000], holes, kind, value.span or Span("", 1))


def _in_text(found: _Text, owners: Mapping[str, Instance]) -> Iterator[tuple[Login, Instance]]:
    first = 0
    for line in found.plain.split("\n"):
        yield from _in_line(found, line, first, owners)
        first += line.count(HOLE)


def _forwards(found: _Text, owners: Mapping[str, Instance]) -> Iterator[tuple[int, Instance]]:
    """https://man.openbsd.org/ssh#L"""
    for match in _FORWARD.finditer(found.plain):
        instance = _owner(found, found.plain.count(HOLE, 0, match.start("host")), owners)
        if instance is not None:
            yield int(match.group("port")), instance


def _in_line(
    found: _Text, line: str, first: int, owners: Mapping[str, Instance]
) -> Iterator[tuple[Login, Instance]]:
    if _PROGRAM.search(line.strip()):
        for match in _LOGIN.finditer(line):
            hole = first + line.count(HOLE, 0, match.start("host"))
            instance = _owner(found, hole, owners)
            if instance is not None:
                user = match.group("user")
                path = _KEY_FILE.findall(line[: match.start()])
                named = found.holes[hole - 1] if user == HOLE else user
                yield _made(found, named, path[-1] if path else "", hole), instance
    yield from _ansible(found, line, first, owners)


def _ansible(
    found: _Text, line: str, first: int, owners: Mapping[str, Instance]
) -> Iterator[tuple[Login, Instance]]:
    playbook = _PLAYBOOK.search(line)
    user = _PLAYBOOK_USER.search(playbook.group()) if playbook else _INVENTORY.search(line)
    if user is None:
        return
    key = _PLAYBOOK_KEY.search(line)
    path = key.group(1) if key else ""
    for hole in range(first, first + line.count(HOLE)):
        instance = _owner(found, hole, owners)
        if instance is not None:
            yield _made(found, user.group(1), path, hole), instance
            return


def _owner(found: _Text, hole: int, owners: Mapping[str, Instance]) -> Instance | None:
    return _named(owners, found.holes[hole].refs())


def _made(found: _Text, user: str | Unknown, path: str, hole: int) -> Login:
    return Login(
        kind=found.kind,
        protocol="ssh",
        user=user,
        span=found.span,
        host=found.holes[hole],
        key_file=path,
        of_a_pair=path.endswith(f"{HOLE}.pem"),
        resource=found.resource,
    )
