"""
Users, their homes and their authorized keys, as a script leaves them.

sshd refuses a key when the home, `.ssh` or `authorized_keys` can be written by others, or belongs
to somebody else than the user or root (`StrictModes`, https://man.openbsd.org/sshd_config).
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator

from iaclint.host.setup import Change
from iaclint.host.shell import Command, writings
from iaclint.host.text import HOLE

DEFAULT_USERS = frozenset(
    {"ec2-user", "ubuntu", "admin", "centos", "rocky", "fedora", "bitnami", "core", "debian"}
)
"""Users that images bring with them, and to whom EC2 gives the key."""

_HOME = re.compile(
    r"^(?:/home/(?P<user>[\w.-]+)|(?P<own>~|\$HOME|\$\{HOME\}|/root))(?P<rest>/.*)?$"
)
_KEYS = ("/.ssh", "/.ssh/", "/.ssh/authorized_keys", "/.ssh/*")
_CREATED = re.compile(r"^(useradd|adduser|newusers)$")
_UNKNOWN = re.compile(rf"[${HOLE}`]")

Found = tuple[Change, Command, str, int]
"""What happens, by which command, where, and the mode."""


def created(all_: Iterable[Command]) -> Iterator[str]:
    """The users that a script creates; `HOLE` for one whose name is not known."""
    for command in all_:
        name = ""
        if _CREATED.match(command.name):
            name = next((w for w in reversed(command.arguments) if not w.startswith("-")), "")
        elif command.name == "usermod" and ({"-l", "--login"} & set(command.words)):
            at = next(n for n, w in enumerate(command.words) if w in ("-l", "--login")) + 1
            name = command.words[at] if at < len(command.words) else ""
        if name:
            yield HOLE if _UNKNOWN.search(name) else name


def sets_passwords(command: Command) -> bool:
    """Whether a command gives somebody a password."""
    if command.name == "chpasswd" or (command.name == "passwd" and "-l" not in command.words):
        return True
    return command.name == "net" and command.words[1:2] == ("user",)


_VOUCHERS = re.compile("ssh-import-id|TrustedUserCAKeys|AuthorizedKeysCommand ", re.IGNORECASE)


def adds_keys(command: Command) -> bool:
    """
    Whether a command authorizes a key: any that names the file, asks for keys, or tells sshd who
    else vouches for them (sshd_config(5)).
    """
    if _VOUCHERS.search(command.plain):
        return True
    return "authorized_keys" in command.plain or any(
        "authorized_keys" in writing.path for writing in writings(command)
    )


def damage(all_: Iterable[Command]) -> Iterator[Found]:
    """What takes the key pair's login away from the user of the image."""
    modes: dict[str, Found | None] = {}
    listed = list(all_)
    alone = _GROUPS_OF_THEIR_OWN - set(_shared(listed))
    for command in listed:
        for writing in writings(command):
            user = owner(writing.path)
            if user and writing.path.endswith("authorized_keys") and not writing.appends:
                yield Change.KEYS_OVERWRITTEN, command, user, 0
        if command.name in ("chmod", "chown"):
            modes.update(_permissions(command, alone))
    yield from (bad for bad in modes.values() if bad is not None)


def owner(path: str) -> str:
    """The user of an image whose home a path is in; empty for any other path."""
    match = _HOME.match(path)
    user = match.group("user") if match else ""
    return user if user in DEFAULT_USERS else ""


_GROUPS_OF_THEIR_OWN = frozenset({"ubuntu", "admin", "debian", "bitnami"})
"""
Users of Debian, Ubuntu and what is made of them. Their sshd takes no offence at what a group may
write that nobody else is in (`user-group-modes.patch`).

https://sources.debian.org/patches/openssh/latest/user-group-modes.patch/
"""


def _shared(all_: Iterable[Command]) -> Iterator[str]:
    """Users whose files another group gets, or whose group somebody else comes into."""
    for command in all_:
        words = [word for word in command.arguments if not word.startswith("-")]
        if command.name in ("chown", "chgrp") and words:
            group = words[0] if command.name == "chgrp" else re.split(r"[:.]", words[0] + ":")[1]
            known = group and not group.isdigit() and not _UNKNOWN.search(group)
            users = [user for path in words[1:] if known and (user := owner(path))]
            yield from (user for user in users if user != group)
        elif command.name == "usermod":
            yield from (group for word in words[:-1] for group in word.split(","))
        elif command.name in ("gpasswd", "adduser", "addgroup") and len(words) > 1:
            yield words[-1]


def _permissions(command: Command, alone: Container[str]) -> Iterator[tuple[str, Found | None]]:
    """The last word on each place counts, so that a later `chmod 700` repairs an earlier one."""
    words = [w for w in command.arguments if not w.startswith("--")]
    plain = [w for w in words if not re.fullmatch(r"-[Rvfch]+", w)]
    if len(plain) < 2:
        return
    for path in plain[1:]:
        user = owner(path)
        if not user or not _guarded(path):
            continue
        bad = (
            _bad_mode(plain[0], user in alone)
            if command.name == "chmod"
            else _bad_owner(plain[0], user, path)
        )
        number = int(plain[0], 8) if re.fullmatch(r"[0-7]{3,4}", plain[0]) else 0
        key = f"{command.name} {path.rstrip('/*')}"
        yield key, (Change.BAD_MODE, command, user, number) if bad else None


def _guarded(path: str) -> bool:
    """Whether sshd looks at the path: the home itself, `.ssh` and what is in it."""
    match = _HOME.match(path)
    rest = (match.group("rest") or "") if match else "/"
    return rest in ("", "/") or rest in _KEYS


def _bad_mode(mode: str, alone: bool) -> bool:
    """Whether others may write, or the group, if anybody but the user is in it."""
    if re.fullmatch(r"[0-7]{3,4}", mode):
        return bool(int(mode, 8) & (0o002 if alone else 0o022))
    who = "oa" if alone else "goa"
    return any(
        re.match(rf"([ugoa]*[{who}][ugoa]*)[+=][rxXst]*w", clause) is not None
        for clause in mode.split(",")
    )


def _bad_owner(owner_: str, user: str, path: str) -> bool:
    """Another owner than the user. Root may own them, if the user can still read the keys."""
    name = re.split(r"[:.]", owner_)[0]
    if not name or _UNKNOWN.search(owner_) or name == user or name.isdigit():
        return False
    return name != "root" or "/.ssh" in path
