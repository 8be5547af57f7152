"""
Firewalls inside a Linux host: whether the login port stays open once a script has run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from iaclint.host.shell import Command
from iaclint.host.text import HOLE

_VARIABLE = re.compile(rf"[${HOLE}]")


@dataclass(frozen=True, slots=True)
class Closed:
    """A firewall that closes the port: which one, by which command, and whether that is certain."""

    program: str
    command: Command
    sure: bool


def closed(all_: Iterable[Command], port: int) -> list[Closed]:
    """The firewalls that keep new connections to the port out at the end of a script."""
    commands = list(all_)
    found = (_ufw(commands, port), _iptables(commands, port), _firewalld(commands, port))
    return [each for each in (*found, _nft(commands, port)) if each is not None]


def drops_ping(command: Command) -> bool:
    """Whether a command makes iptables drop echo requests."""
    words = command.words
    if command.name not in ("iptables", "ip6tables") or not _is_input(words):
        return False
    kind = _after(words, "--icmp-type", "--icmpv6-type")
    return (
        _after(words, "-p", "--protocol") in ("icmp", "icmpv6", "ipv6-icmp")
        and _after(words, "-j", "--jump") in ("DROP", "REJECT")
        and kind in ("", "any", "echo-request", "8", "128")
    )


def _ufw(commands: list[Command], port: int) -> Closed | None:
    enabled: Command | None = None
    lets_in = False
    for command in commands:
        words = tuple(w for w in command.words if w != "--force")
        if command.name == "systemctl" and "ufw" in words and {"disable", "stop"} & set(words):
            enabled = None
        if command.name != "ufw":
            continue
        if "delete" in words:
            continue
        if "enable" in words:
            enabled = command
        elif "disable" in words or "reset" in words:
            enabled, lets_in = None, lets_in and "reset" not in words
        elif {"allow", "limit"} & set(words) and not {"out", "outgoing", "routed"} & set(words):
            lets_in = lets_in or _ufw_lets_in(words, port)
    if enabled is None or lets_in:
        return None
    return Closed("ufw", enabled, enabled.sure)


def _ufw_lets_in(words: tuple[str, ...], port: int) -> bool:
    """`ufw allow 22/tcp`, `allow OpenSSH`, `allow from X [to any port 22]`, `default allow`."""
    plain = " ".join(words)
    if _VARIABLE.search(plain) or "default" in words:
        return True
    if "from" in words and "port" not in words and "app" not in words:
        return True
    if port == 22 and re.search(r"\b(open)?ssh\b", plain, re.IGNORECASE):
        return True
    return any(_covers(number, port) for number in re.findall(r"[\d:,]+(?=/|\s|$)", plain))


def _covers(written: str, port: int) -> bool:
    """Whether ports as firewalls write them (`22`, `20:25`, `22,80`) include one."""
    for piece in written.split(","):
        first, _, last = piece.replace("-", ":").partition(":")
        if first.isdigit() and int(first) <= port <= int(last if last.isdigit() else first):
            return True
    return False


@dataclass(slots=True)
class _Chain:
    """The INPUT chain of iptables as a script builds it."""

    drops: Command | None = None
    decided: bool = False
    """A rule has accepted the port already."""
    blocked: Command | None = None
    saved: bool = False
    """The rules so far are those that the service loads when it starts."""
    doubtful: bool = False


def _iptables(commands: list[Command], port: int) -> Closed | None:
    chain = _Chain()
    for command in commands:
        if command.name == "iptables":
            chain.saved = False
            _apply(chain, command, command.words, port)
        elif command.name == "iptables-restore":
            _restored(chain, command, port)
        elif _saves(command):
            chain.saved = True
        elif _switches(command, "stop", "disable", "mask"):
            chain.doubtful = True
        elif _switches(command, "start", "restart", "reload", "enable"):
            chain.doubtful = chain.doubtful or not chain.saved
    reason = chain.blocked or (chain.drops if not chain.decided else None)
    if reason is None:
        return None
    return Closed("iptables", reason, reason.sure and not chain.doubtful)


def _saves(command: Command) -> bool:
    """Whether the rules are written to where the service reads them."""
    if command.name == "service":
        return command.words[1:3] == ("iptables", "save")
    return command.name == "iptables-save" and command.target == "/etc/sysconfig/iptables"


def _switches(command: Command, *verbs: str) -> bool:
    """
    Whether the service takes over now: starting it loads the rules it has saved, stopping it drops
    all. To enable it is about the next start of the host only, unless with `--now`.
    """
    if command.name not in ("systemctl", "service") or "iptables" not in command.plain:
        return False
    words = set(command.words)
    later = words & {"enable", "disable", "mask"} and "--now" not in words
    return not later and bool(words & set(verbs))


def _restored(chain: _Chain, command: Command, port: int) -> None:
    for line in command.body.splitlines():
        words = tuple(line.split())
        if words[:2] == (":INPUT", "DROP"):
            chain.drops = command
        elif words:
            _apply(chain, command, words, port)


def _apply(chain: _Chain, command: Command, words: tuple[str, ...], port: int) -> None:
    if _after(words, "-t", "--table") not in ("", "filter"):
        return
    if _after(words, "-P", "--policy") == "INPUT":
        chain.drops = command if words[-1] == "DROP" else None
        return
    if {"-F", "--flush"} & set(words) and _after(words, "-F", "--flush") in ("", "INPUT"):
        chain.decided, chain.blocked, chain.doubtful = False, None, False
        return
    if not _is_input(words):
        return
    inserted = bool({"-I", "--insert"} & set(words))
    target = _after(words, "-j", "--jump")
    if not _speaks_of(words, port):
        return
    if target in ("ACCEPT", "LOG") or target not in ("DROP", "REJECT"):
        chain.decided = chain.decided or target != "LOG"
        if inserted or _VARIABLE.search(" ".join(words)):
            chain.blocked = None
    elif not _narrow(words) and (inserted or not chain.decided):
        chain.blocked = command


def _is_input(words: tuple[str, ...]) -> bool:
    return _after(words, "-A", "--append", "-I", "--insert") == "INPUT"


def _after(words: tuple[str, ...], *options: str) -> str:
    """The word that follows an option; empty when it is not there."""
    for number, word in enumerate(words):
        if word in options:
            return words[number + 1] if number + 1 < len(words) else ""
    return ""


def _speaks_of(words: tuple[str, ...], port: int) -> bool:
    """Whether a rule is about new TCP connections to the port, as far as its conditions tell."""
    protocol = _after(words, "-p", "--protocol")
    if protocol not in ("", "tcp", "all", "6") or "!" in words:
        return False
    if _after(words, "-i", "--in-interface") == "lo":
        return False
    states = _after(words, "--state", "--ctstate")
    if states and "NEW" not in states:
        return False
    if {"--syn", "--tcp-flags", "--sport", "--sports", "--limit", "recent"} & set(words):
        return _after(words, "-j", "--jump") == "ACCEPT"
    ports = _after(words, "--dport", "--dports", "--destination-port", "--destination-ports")
    if _VARIABLE.search(ports):
        return True
    return not ports or (ports == "ssh" and port == 22) or _covers(ports, port)


def _narrow(words: tuple[str, ...]) -> bool:
    """A rule about some clients, or some packets, only."""
    return bool(
        {"-s", "--source", "--src-range", "--connlimit-above", "--hashlimit", "recent", "limit"}
        & set(words)
    )


def _firewalld(commands: list[Command], port: int) -> Closed | None:
    reason: Command | None = None
    for command in commands:
        plain = command.plain
        if command.name != "firewall-cmd":
            continue
        if _closes_zone(plain, port):
            reason = command
        elif _opens_zone(plain, port):
            reason = None
    return Closed("firewalld", reason, reason.sure) if reason is not None else None


def _closes_zone(plain: str, port: int) -> bool:
    if re.search(r"--remove-service[= ]ssh\b", plain) and port == 22:
        return True
    return re.search(r"--set-default-zone[= ](drop|block)\b", plain) is not None


def _opens_zone(plain: str, port: int) -> bool:
    if re.search(r"--add-(service[= ]ssh\b|source|rich-rule|interface)", plain):
        return True
    match = re.search(r"--add-port[= ](\S+)", plain)
    return match is not None and (
        _VARIABLE.search(match.group(1)) is not None or _covers(match.group(1).split("/")[0], port)
    )


def _nft(commands: list[Command], port: int) -> Closed | None:
    for command in commands:
        text = f"{command.plain}\n{command.body}"
        if "nft" not in text or not re.search(r"hook input[^}]*policy drop", text):
            continue
        opened = re.search(rf"dport[^\n]*(\b{port}\b|ssh|[${HOLE}])[^\n]*accept", text)
        source = re.search(r"(saddr|iif(name)?)\s+(?!\"?lo\b)[^\n]*accept", text)
        if not opened and not source:
            return Closed("nftables", command, False)
    return None
