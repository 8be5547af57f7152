"""
A module registry on the loopback that serves every tagged version of local clones.

`namespace/name/system` is the clone of `namespace/terraform-system-name`, as everywhere.
https://developer.hashicorp.com/terraform/internals/module-registry-protocol
"""

from __future__ import annotations

import http.server
import json
import re
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path

_VERSION = re.compile(r"v?(\d+\.\d+\.\d+)")


def git(clone: Path, *arguments: str) -> bytes:
    """What git says about a clone."""
    command = ["git", "--git-dir", str(clone), *arguments]
    return subprocess.run(command, check=True, capture_output=True).stdout


def versions(clone: Path) -> dict[str, str]:
    """Version → tag."""
    tags = git(clone, "tag").decode().split()
    return {found[1]: tag for tag in tags if (found := _VERSION.fullmatch(tag))}


def check_out(clone: Path, tag: str, folder: Path) -> Path:
    """The files of a tag, in a folder of their own."""
    place = folder / f"{clone.parent.name}@{tag}"
    if not place.exists():
        unfinished = place.with_suffix(".unfinished")
        unfinished.mkdir(parents=True, exist_ok=True)
        packed = git(clone, "archive", tag)
        subprocess.run(["tar", "-x", "-C", str(unfinished)], input=packed, check=True)
        unfinished.rename(place)
    return place


@dataclass(frozen=True, slots=True)
class Registry:
    """Clones, and where their versions are unpacked."""

    clones: Path
    folder: Path

    def clone(self, owner: str, name: str) -> Path | None:
        """The git directory of a clone."""
        for place in (
            self.clones / f"{owner}+{name}" / "repo",
            self.clones / owner / name / ".git",
        ):
            if place.is_dir():
                return place
        return None

    def answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body for a request."""
        parts = path.strip("/").split("/")
        clone = self.clone(parts[0], f"terraform-{parts[2]}-{parts[1]}") if len(parts) > 3 else None
        if clone is None:
            return 404, {}, b""
        known = versions(clone)
        if parts[3:] == ["versions"]:
            listed = {"modules": [{"versions": [{"version": one} for one in known]}]}
            return 200, {"Content-Type": "application/json"}, json.dumps(listed).encode()
        if parts[4:] == ["download"] and parts[3] in known:
            place = check_out(clone, known[parts[3]], self.folder)
            return 204, {"X-Terraform-Get": f"file://{place}"}, b""
        return 404, {}, b""


def serve(registry: Registry) -> tuple[http.server.ThreadingHTTPServer, str]:
    """The server (to be shut down), and the text of a CLI configuration that leads to it."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = registry.answer(self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}/"
    services = (
        f'host "registry.terraform.io" {{\n  services = {{ "modules.v1" = "{address}" }}\n}}\n'
    )
    return server, services
