"""
What PowerShell and batch user data does to Remote Desktop.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/troubleshoot-connect-windows-instance.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from iaclint.host.setup import Change, Fact
from iaclint.host.text import Document

_FLAGS = re.IGNORECASE
_PORT = re.compile(
    r"(?:RDP-Tcp.*?PortNumber|PortNumber.*?RDP-Tcp).*?(?:-Value\s+|/d\s+|-Value:)(0x[0-9a-f]+|\d+)",
    _FLAGS,
)
_OFF = re.compile(
    r"fDenyTSConnections\b.*?(?:-Value\s+|/d\s+)[\"']?1\b|"
    r"Set-Service\b(?=.*\bTermService\b).*-StartupType\s+[\"']?Disabled|"
    r"Stop-Service\b.*\bTermService\b|sc(?:\.exe)?\s+config\s+TermService\s+start=\s*disabled|"
    r"net\s+stop\s+TermService",
    _FLAGS,
)
_BLOCKS = re.compile(
    r"New-NetFirewallRule\b(?=.*-Action\s+[\"']?Block)(?=.*-LocalPort\s+[^-]*\b3389\b)|"
    r"netsh\s+advfirewall\s+firewall\s+add\s+rule\b(?=.*action=block)(?=.*localport=\S*3389)|"
    r"Disable-NetFirewallRule\b.*Remote ?Desktop|"
    r"netsh\s+advfirewall\s+firewall\s+set\s+rule\b(?=.*remote desktop).*enable=no|"
    r"firewallpolicy\s+blockinboundalways",
    _FLAGS,
)
_PASSWORD = re.compile(
    r"net(?:\.exe)?\s+user\s+\S+|New-LocalUser\b|Set-LocalUser\b.*-Password|\.SetPassword\(|"
    r"ConvertTo-SecureString|-Password\b",
    _FLAGS,
)
_SSH = re.compile(r"OpenSSH\.Server|Install-?OpenSSH|choco(?:latey)? install.*openssh", _FLAGS)
_WINRM = re.compile(r"winrm\b|Enable-PSRemoting", _FLAGS)


def facts(document: Document) -> Iterator[Fact]:
    """What happens, line by line. Comments are left out."""
    for number, line in enumerate(_lines(document.text)):
        for change, pattern in ((Change.RDP_OFF, _OFF), (Change.FIREWALL, _BLOCKS)):
            if pattern.search(line):
                yield Fact(change, document.at(number), _is_outer(line), name="Windows Firewall")
        port = _PORT.search(line)
        if port:
            yield Fact(Change.RDP_PORT, document.at(number), True, number=int(port.group(1), 0))


def _is_outer(line: str) -> bool:
    return not re.match(r"\s*(if|else|catch|\})", line, _FLAGS)


def _lines(text: str) -> Iterator[str]:
    """Lines without comments, with their continuation (`` ` ``, `^`) joined to the first."""
    pending, waiting = "", 0
    for line in text.split("\n"):
        plain = re.sub(r"(^|\s)(#|rem\s|::).*$", "", line.rstrip("\r"), flags=_FLAGS)
        pending += plain
        if pending.endswith(("`", "^")):
            pending, waiting = pending[:-1] + " ", waiting + 1
            continue
        yield pending
        yield from [""] * waiting
        pending, waiting = "", 0
    if pending:
        yield pending


def sets_password(text: str) -> bool:
    """Whether a user with a password of one's own is made."""
    return _PASSWORD.search(text) is not None


def services(text: str) -> Iterator[str]:
    """The login services that are installed beside Remote Desktop."""
    if _SSH.search(text):
        yield "ssh"
    if _WINRM.search(text):
        yield "winrm"
