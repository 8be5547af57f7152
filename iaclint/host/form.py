"""
Whether the host runs user data at all: it has to begin in a way that cloud-init knows.

https://cloudinit.readthedocs.io/en/latest/explanation/format.html
"""

from __future__ import annotations

import re

from iaclint.host.setup import Change, Fact
from iaclint.host.text import HOLE, Document, is_multipart

_KNOWN = (
    "#!",
    "#cloud-config",
    "#cloud-boothook",
    "#include",
    "#part-handler",
    "#upstart-job",
    "#cloud-config-archive",
    "#cloud-config-jsonp",
    "## template: jinja",
)
_ALMOST = re.compile(r"#+\s*!?\s*cloud[-_ ]config\s*$", re.IGNORECASE)
_COMMANDS = re.compile(
    r"(sudo|yum|apt|apt-get|dnf|amazon-linux-extras|systemctl|service|useradd|chmod|chown|mkdir|"
    r"docker|curl|wget|echo|export|cd|cp|mv|sed|cat|pip3?|git|set|sh|bash)\s+\S"
)
_MODULES = re.compile(
    r"(packages|runcmd|users|write_files|package_update|ssh_authorized_keys):\s*$"
)


def ignored(document: Document) -> Fact | None:
    """
    Why cloud-init does not run the user data of a Linux host; None where it does, or where the
    text may be meant for another program.
    """
    text = document.text
    if not text.strip() or text.startswith(HOLE) or document.content_type:
        return None
    start = text.lstrip()
    line = text[: len(text) - len(start)].count("\n")
    if start.startswith("#!") and not _ALMOST.match(start.split("\n")[0]):
        return _moved(document, text, line)
    if start.lower().startswith(_KNOWN) or is_multipart(text) or start.startswith(HOLE):
        return None
    return _unmarked(document, start, line)


def _moved(document: Document, text: str, line: int) -> Fact | None:
    """A script whose `#!` is not the very first: the kernel does not know what to run it with."""
    if text.startswith("#!"):
        return None
    words = "has an empty line before #!" if line else "is indented, so that #! is not first"
    if text.startswith("\ufeff"):
        words = "begins with a byte order mark"
    return Fact(Change.IGNORED, document.at(line), words=words)


def _unmarked(document: Document, start: str, line: int) -> Fact | None:
    """Text without a mark that reads like a script or like cloud-config."""
    lines = [each.strip() for each in start.split("\n")]
    if _ALMOST.match(lines[0]):
        words = 'begins with something else than "#cloud-config"'
        return Fact(Change.IGNORED, document.at(line), words=words)
    first = next((each for each in lines if each and not each.startswith("#")), "")
    if _COMMANDS.match(first):
        return Fact(Change.IGNORED, document.at(line), words="does not begin with #!")
    if _MODULES.match(first):
        return Fact(Change.IGNORED, document.at(line), words="does not begin with #cloud-config")
    return None
