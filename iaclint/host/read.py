"""
From the documents of user data to what they change.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from iaclint.aws.keys import Fault, PublicKey, public_key
from iaclint.host import accounts, cloudconfig, firewall, sshd, windows
from iaclint.host.setup import Change, Fact, Setup
from iaclint.host.shell import Command, commands, writings
from iaclint.host.text import HOLE, Document, parts
from iaclint.host.tunnels import tunnels

SHELLS = re.compile(r"#!\s*\S*?(\benv\s+)?\b(ba|z|k|da|a)?sh\b")
_POWER = re.compile(r"(shutdown\s+(-\w+\s+)*(-h|-P|now|0|\+0)\b|poweroff\b|halt\b|init\s+0\b)")
_NOT_POWER = re.compile(r"shutdown\s+.*(-r|-c|\+[1-9])|systemctl\s+(enable|disable|mask)")
_SERVER_OFF = re.compile(
    r"(systemctl\s+(-\S+\s+)*(disable|stop|mask)\s+(-\S+\s+)*(sshd?)(\.service|\.socket)?(\s|$))|"
    r"(service\s+sshd?\s+stop)|(chkconfig\s+sshd?\s+off)|(update-rc\.d\s+(-f\s+)?ssh\s+(remove|disable))|"
    r"((apt|apt-get|yum|dnf)\s+(-\S+\s+)*(remove|purge|erase|autoremove)\s+.*openssh-server)"
)
_SERVER_ON = re.compile(
    r"systemctl\s+(-\S+\s+)*(start|restart|enable|unmask)\s+(-\S+\s+)*sshd?|service\s+sshd?\s+(re)?start|"
    r"(apt|apt-get|yum|dnf)\s+(-\S+\s+)*install\s+.*openssh-server"
)
_PING_OFF = re.compile(r"icmp_echo_ignore_all\s*=\s*1\b")
_SYSCTL = ("/etc/sysctl", "/usr/lib/sysctl.d/", "/run/sysctl.d/")
_PROC = re.compile(r"/proc/sys/net/ipv[46]/icmp/?_?echo_ignore_all|icmp_echo_ignore_all")


@dataclass(slots=True)
class _Found:
    """What has been found so far."""

    commands: list[tuple[Document, Command]] = field(default_factory=list)
    settings: list[tuple[Document, sshd.Setting, bool]] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    users: set[str] = field(default_factory=set)
    installs: set[str] = field(default_factory=set)
    passwords: bool = False
    adds_keys: bool = False


def read(documents: Iterable[Document], opaque: bool, windows_host: bool = False) -> Setup:
    """
    What the documents change, in the order in which they run. `opaque` says that a part of the
    user data could not be read.
    """
    found = _Found()
    every = [part for whole in documents for part in parts(whole)]
    for part in every:
        _document(found, part, windows_host)
    found.facts += _commands(found)
    ports = _ports(found)
    found.facts += _refusals(found)
    rdp = next((f.number for f in found.facts if f.change is Change.RDP_PORT), 0)
    return Setup(
        facts=tuple(found.facts),
        users=frozenset(found.users),
        opaque=opaque or any(not part.complete for part in every),
        ports=ports,
        somewhere=_somewhere(found),
        rdp_port=rdp,
        passwords=found.passwords,
        adds_keys=found.adds_keys,
        installs=frozenset(found.installs),
        tunnels=frozenset(kind for part in every for kind in tunnels(part.text)),
    )


def _document(found: _Found, part: Document, windows_host: bool) -> None:
    head = part.text.lstrip().lower()
    if re.search(r"<(powershell|script)>", head) or windows_host:
        found.facts += windows.facts(part)
        found.passwords = found.passwords or windows.sets_password(part.text)
        found.installs |= set(windows.services(part.text))
    elif part.text.lstrip().startswith(("#cloud-config", "## template: jinja")) or (
        part.content_type == "text/cloud-config"
    ):
        _cloud_config(found, part)
    elif _is_shell(part, head):
        _script(found, part, part.text)


def _is_shell(part: Document, head: str) -> bool:
    if SHELLS.match(part.text.lstrip()) or head.startswith("#cloud-boothook"):
        return True
    return part.content_type == "text/x-shellscript" and not head.startswith("#!")


def _script(found: _Found, part: Document, text: str) -> None:
    listed = commands(text)
    found.commands += [(part, command) for command in listed]
    found.settings += [(part, setting, False) for setting in sshd.from_commands(listed)]
    found.users |= set(accounts.created(listed))
    if "/root/.ssh/authorized_keys" in text:
        found.users.add("root")
    found.passwords = found.passwords or any(accounts.sets_passwords(c) for c in listed)
    found.adds_keys = found.adds_keys or any(accounts.adds_keys(c) for c in listed)


# ---- cloud-config ----------------------------------------------------------------------------


def _cloud_config(found: _Found, part: Document) -> None:
    bad = cloudconfig.tab(part.text)
    if bad is not None:
        found.facts.append(Fact(Change.INVALID, part.at(bad), words="is indented with a tab"))
    for section in cloudconfig.sections(part.text):
        _section(found, part, section)
    found.adds_keys = found.adds_keys or bool(
        re.search(r"ssh_authorized_keys|ssh_import_id|ssh-authorized-keys", part.text)
    )
    for line, key in cloudconfig.authorized(part.text):
        found.facts += _entry(part, line, key)


def _section(found: _Found, part: Document, section: cloudconfig.Section) -> None:
    match section.name:
        case "users":
            _users(found, part, section)
        case "system_info":
            match = re.search(r"^\s+name:\s*(\S+)", "\n".join(section.body), re.MULTILINE)
            found.users.add(match.group(1)) if match else None
        case "user":
            found.users.add(section.value or HOLE)
        case "write_files":
            _files(found, part, section)
        case "runcmd" | "bootcmd":
            _script(found, part, cloudconfig.script(section))
        case "password" | "chpasswd":
            found.passwords = True
        case "ssh_pwauth" if section.value.lower() in ("true", "yes", "1"):
            found.passwords = True
        case "disable_root" if section.value.lower() in ("false", "no", "0"):
            found.users.add("root")
        case "power_state":
            mode = re.search(r"mode:\s*['\"]?(poweroff|halt)", "\n".join(section.body))
            if mode:
                found.facts.append(Fact(Change.POWER_OFF, part.at(section.line)))


def _users(found: _Found, part: Document, section: cloudconfig.Section) -> None:
    listed = cloudconfig.users(section)
    found.users |= {user.name for user in listed if user.name != "default"}
    known = all(HOLE not in user.name for user in listed) and HOLE not in "".join(section.body)
    if listed and all(user.name != "default" for user in listed):
        own = "" if any(user.keys for user in listed) else "and none of them has a key"
        found.facts.append(Fact(Change.NO_DEFAULT_USER, part.at(section.line), known, words=own))


def _files(found: _Found, part: Document, section: cloudconfig.Section) -> None:
    for path, content, line in cloudconfig.files(section):
        if sshd.CONFIG.search(path):
            found.settings += [(part, setting, True) for setting in sshd.from_text(content, line)]
        elif path.startswith("/etc/sysctl") and _PING_OFF.search(content):
            found.facts.append(Fact(Change.PING_OFF, part.at(line)))


def _entry(part: Document, line: int, key: str) -> Iterator[Fact]:
    if HOLE in key or not key:
        return
    read_ = public_key(key)
    if isinstance(read_, Fault) and read_.kind in ("private", "pem", "path", "broken"):
        if not re.match(r"(command|from|no-|restrict|cert-authority|environment)", key):
            yield Fact(Change.BAD_ENTRY, part.at(line), words=read_.words)
    elif isinstance(read_, PublicKey) and read_.kind == "dsa":
        yield Fact(Change.BAD_ENTRY, part.at(line), words="is a DSA key, which sshd refuses")


# ---- commands --------------------------------------------------------------------------------


def _commands(found: _Found) -> Iterator[Fact]:
    listed = [command for _, command in found.commands]
    documents = {id(command): part for part, command in found.commands}
    off: Fact | None = None
    for part, command in found.commands:
        place = part.at(command.line)
        plain = command.run
        if _SERVER_OFF.match(plain):
            off = Fact(Change.SERVER_OFF, place, command.sure, name="sshd")
        elif _SERVER_ON.match(plain):
            off = None
        if _switches_ping_off(command):
            yield Fact(Change.PING_OFF, place, command.sure)
        if _POWER.match(plain) and not _NOT_POWER.search(plain):
            yield Fact(Change.POWER_OFF, place, command.sure)
    if off is not None:
        yield off
    for change, command, user, mode in accounts.damage(listed):
        place = documents[id(command)].at(command.line)
        yield Fact(change, place, command.sure, user, mode)
    yield from _firewalls(found, listed)


def _switches_ping_off(command: Command) -> bool:
    if firewall.drops_ping(command):
        return True
    if command.name in ("sysctl", "sed") and _PING_OFF.search(command.plain):
        return True
    written = (w for w in writings(command) if w.path.startswith(_SYSCTL))
    if any(_PING_OFF.search(each.text) for each in written):
        return True
    return bool(
        command.target and _PROC.search(command.target) and command.words[:2] == ("echo", "1")
    )


def _firewalls(found: _Found, listed: Sequence[Command]) -> Iterator[Fact]:
    ports = _ports(found)
    port = 22 if not ports else ports[0]
    for closed in firewall.closed(listed, port):
        part = next(p for p, c in found.commands if c is closed.command)
        yield Fact(
            Change.FIREWALL,
            part.at(closed.command.line),
            closed.sure,
            name=closed.program,
            number=port,
        )


# ---- sshd ------------------------------------------------------------------------------------


def _ports(found: _Found) -> tuple[int, ...]:
    """The ports sshd listens on: every `Port` line counts."""
    numbers = [
        int(setting.value.split()[0])
        for _, setting, _ in found.settings
        if setting.name == "port" and re.match(r"\d+\b", setting.value)
    ]
    return tuple(dict.fromkeys(n for n in numbers if 0 < n < 65536))


def _somewhere(found: _Found) -> bool:
    return any(
        setting.name == "port" and re.match(rf"[${HOLE}]", setting.value)
        for _, setting, _ in found.settings
    )


def _refusals(found: _Found) -> Iterator[Fact]:
    """Settings that decide who is let in; a later `yes` takes back an earlier `no`."""
    restarted = any(sshd.restarts(command) for _, command in found.commands)
    last: dict[str, Fact] = {}
    for part, setting, early in found.settings:
        place = part.at(setting.line)
        sure = setting.sure and (early or restarted)
        if setting.name == "port" and re.match(r"\d+\b", setting.value):
            number = int(setting.value.split()[0])
            if number != 22:
                last[f"port {number}"] = Fact(Change.SSH_PORT, place, sure, number=number)
        elif setting.name == "pubkeyauthentication":
            last[setting.name] = Fact(
                Change.LOGIN_REFUSED,
                place,
                sure,
                words=_if_no(setting.value, "PubkeyAuthentication no"),
            )
        elif setting.name in ("allowusers", "denyusers"):
            title = "AllowUsers" if setting.name == "allowusers" else "DenyUsers"
            last[setting.name] = Fact(
                Change.LOGIN_REFUSED, place, sure, name=setting.value, words=title
            )
        elif setting.name == "listenaddress":
            local = re.match(r"(127\.|localhost|::1)", setting.value)
            words = f"ListenAddress {setting.value}" if local else ""
            last[setting.name] = Fact(Change.LOGIN_REFUSED, place, sure, words=words)
    yield from (fact for fact in last.values() if fact.words or fact.number)


def _if_no(value: str, words: str) -> str:
    return words if value.lower().startswith("no") else ""


def merged(first: Setup, second: Setup) -> Setup:
    """Two setups of one host as one."""
    return replace(
        first,
        facts=first.facts + second.facts,
        users=first.users | second.users,
        opaque=first.opaque or second.opaque,
        ports=first.ports + second.ports,
        somewhere=first.somewhere or second.somewhere,
        passwords=first.passwords or second.passwords,
        adds_keys=first.adds_keys or second.adds_keys,
        installs=first.installs | second.installs,
        tunnels=first.tunnels | second.tunnels,
    )
