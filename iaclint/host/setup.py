"""
What user data does that matters for a login: the facts, in the order in which they happen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from iaclint.source import Span


class Change(Enum):
    """What happens inside the host. The value completes "user data …"."""

    SSH_PORT = "moves sshd to another port"
    RDP_PORT = "moves Remote Desktop to another port"
    FIREWALL = "starts a firewall that does not let the login in"
    SERVER_OFF = "switches the login service off"
    RDP_OFF = "switches Remote Desktop off"
    KEYS_OVERWRITTEN = "overwrites authorized_keys"
    BAD_MODE = "gives a mode or owner that sshd refuses"
    NO_DEFAULT_USER = "lists users without the default one"
    LOGIN_REFUSED = "tells sshd to refuse the login"
    IGNORED = "is not run"
    INVALID = "is not valid cloud-config"
    PING_OFF = "switches replies to ping off"
    POWER_OFF = "shuts the instance down"
    BAD_ENTRY = "authorizes something that is no public key"


@dataclass(frozen=True, slots=True)
class Fact:
    """
    One thing that happens. `sure` is False where it depends on something at run time; `name` is a
    user, program or place, `number` a port or mode, `words` completes the sentence.
    """

    change: Change
    span: Span
    sure: bool = True
    name: str = ""
    number: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class Setup:
    """
    Everything that is known about the inside of a host. `users` are those it creates; `opaque`
    says that there may be more than what could be read. `ports` are what sshd listens on at the
    end, empty where nothing changes it.
    """

    facts: tuple[Fact, ...] = ()
    users: frozenset[str] = frozenset()
    opaque: bool = False
    ports: tuple[int, ...] = ()
    somewhere: bool = False
    """Whether sshd is moved to a port that is not known."""
    rdp_port: int = 0
    passwords: bool = False
    """Whether somebody may log in with a password."""
    adds_keys: bool = False
    """Whether it authorizes keys of its own."""
    installs: frozenset[str] = field(default_factory=frozenset)
    """Login services it installs (`ssh`, `winrm`)."""
    tunnels: frozenset[str] = field(default_factory=frozenset)
    """What it installs for people to get further (`vpn`, `desktop gateway`)."""

    def of(self, change: Change) -> Iterator[Fact]:
        """The facts of one kind."""
        return (fact for fact in self.facts if fact.change is change)

    @property
    def ssh_port(self) -> int:
        """The port to dial: 22, or what it was moved to."""
        return 22 if not self.ports or 22 in self.ports else self.ports[0]


NOTHING = Setup()
