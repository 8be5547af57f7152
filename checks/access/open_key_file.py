import re

from iaclint.check import (
    Check,
    Edit,
    Finding,
    Fix,
    Iterator,
    KeyFile,
    Label,
    Level,
    Network,
    Unknown,
    Value,
    text,
)

OTHERS = 0o077


class OpenKeyFile(Check):
    """
    Terraform writes a private key that others can read, and ssh refuses to use it.

    ## On the wire

    `WARNING: UNPROTECTED PRIVATE KEY FILE!`, then `Permission denied (publickey)`.

    ## Why AWS does that

    ssh ignores a key file of which the group or others may do anything: 0400, 0500, 0600 and
    0700 are accepted, 0640, 0644, 0711, 0755 and 0777 are not. `local_file` writes 0777 unless
    told otherwise.

    ## Repair in Terraform

    `file_permission = "0400"`, or a `local_sensitive_file`, which writes 0700.

    ## Repair in CloudFormation

    There is nothing to repair: CloudFormation writes no files on the client.

    ## What it does not see

    The umask of who runs Terraform, access lists on Windows. It is silent where a script
    changes the mode afterwards.
    """

    id = "IAC609"
    name = "open-key-file"
    reference = (
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/"
        "TroubleshootingInstancesConnecting.html"
    )
    breaks = (
        """
        resource "tls_private_key" "operations" {
          algorithm = "RSA"
        }
        resource "local_file" "key" {
          filename = "operations.pem"
          content  = tls_private_key.operations.private_key_pem
        }
        """,
        """
        resource "tls_private_key" "operations" {
          algorithm = "RSA"
        }
        resource "local_sensitive_file" "key" {
          filename        = "operations.pem"
          content         = tls_private_key.operations.private_key_pem
          file_permission = "0644"
        }
        """,
    )
    quiet = (
        """
        resource "tls_private_key" "operations" {
          algorithm = "RSA"
        }
        resource "local_file" "key" {
          filename        = "operations.pem"
          content         = tls_private_key.operations.private_key_pem
          file_permission = "400"
        }
        """,
        """
        resource "tls_private_key" "operations" {
          algorithm = "RSA"
        }
        resource "local_file" "key" {
          filename = "operations.pem"
          content  = tls_private_key.operations.private_key_pem
          provisioner "local-exec" {
            command = "chmod 400 operations.pem"
          }
        }
        """,
    )

    def look(self, network: Network) -> Iterator[Finding]:
        """One finding for each file."""
        if _changes_mode(network):
            return
        for file in network.key_files:
            if isinstance(file.mode, Unknown) or not file.mode & OTHERS or not _for_ssh(file):
                continue
            span = file.mode_span or file.span
            assert span is not None
            yield self.about(
                file,
                f"{file.address} writes a private key with mode {file.mode:04o}, which ssh refuses",
                Label(span, "others may read the key"),
                'file_permission = "0400"',
                level=Level.ERROR,
                services=("ssh",),
                fix=_fix(file),
            )


def _for_ssh(file: KeyFile) -> bool:
    """Whether ssh can be meant: not for the key of a certificate, or of PuTTY."""
    path = file.path if isinstance(file.path, str) else ""
    return not re.search(r"\.ppk$|tls|cert|\bca[-_.]|server\.key", path, re.IGNORECASE)


def _fix(file: KeyFile) -> Fix | None:
    if file.mode_span is None:
        return None
    return Fix("let only the owner read the key", (Edit(file.mode_span, '"0400"'),), safe=True)


def _changes_mode(network: Network) -> bool:
    """Whether a script on the client changes modes."""
    commands = (
        connection.body.get("command")
        for resource in network.resources
        for connection in resource.connections
        if connection.provisioner == "local-exec" and connection.body is not None
    )
    return any(re.search(r"\b(chmod|icacls)\b", _plain(command)) for command in commands)


def _plain(value: Value | None) -> str:
    found = text(value)
    if isinstance(found, Unknown):
        return "".join(part for part in found.parts if isinstance(part, str))
    return found or ""
