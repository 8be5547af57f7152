"""
Key pairs and key files: what kind of key a text is, and whether EC2 and ssh can use it.

Only kinds, sizes and digests leave this module, never the key.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/create-key-pairs.html
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from iaclint.aws.shape import Declared, attr, shape
from iaclint.value import Value

KeyKind = Literal["rsa", "ed25519", "dsa", "ecdsa", "sk", "unknown"]
KeyFormat = Literal["openssh", "pkcs1", "pkcs8", "sec1", "ppk", "unknown"]

OPENSSH_KINDS: dict[str, KeyKind] = {
    "ssh-rsa": "rsa",
    "ssh-ed25519": "ed25519",
    "ssh-dss": "dsa",
    "ecdsa-sha2-nistp256": "ecdsa",
    "ecdsa-sha2-nistp384": "ecdsa",
    "ecdsa-sha2-nistp521": "ecdsa",
    "sk-ssh-ed25519@openssh.com": "sk",
    "sk-ecdsa-sha2-nistp256@openssh.com": "sk",
}
LARGEST = 64_000
"""No key is longer, in characters."""

_RSA_OID = bytes.fromhex("06092a864886f70d010101")
_ED25519_OID = bytes.fromhex("06032b6570")
_EC_OID = bytes.fromhex("06072a8648ce3d0201")
_PATH = re.compile(
    r"(~|\.{1,2}|[A-Za-z]:)?[/\\]?[\w.\-/\\ ]+\.(pub|pem|key)|(~|\.{1,2}|)/[\w.\-/]+"
)
_PLACEHOLDER = re.compile(
    r"\.\.\.|…|<[^>]*>|x{4,}|your[-_ ]|replace|change[-_ ]?me|example|\.{2,}$|insert|todo",
    re.IGNORECASE,
)


@shape("tls_private_key")
class GeneratedKey(Declared):
    """
    A key that Terraform makes. RSA has 2048 bits, ECDSA the curve P224 unless given.

    https://registry.terraform.io/providers/hashicorp/tls/latest/docs/resources/private_key
    """

    algorithm: Value | None = attr("algorithm")
    bits: Value | None = attr("rsa_bits")
    curve: Value | None = attr("ecdsa_curve")


@shape("local_file", "local_sensitive_file")
class LocalFile(Declared):
    """
    A file that Terraform writes. Mode 0777 unless given; 0700 for the sensitive kind.

    https://registry.terraform.io/providers/hashicorp/local/latest/docs/resources/file
    """

    filename: Value | None = attr("filename")
    content: Value | None = attr("content", "sensitive_content", "content_base64", "source")
    permission: Value | None = attr("file_permission")


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The public half of a key: its kind, its size in bits (RSA), and a digest to compare by."""

    kind: KeyKind
    bits: int | None = None
    digest: str = ""


FaultKind = Literal[
    "empty", "private", "pem", "certificate", "path", "several", "broken", "placeholder", "kind"
]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text is no public key; `words` completes "the public key …"."""

    kind: FaultKind
    words: str


def public_key(text: str) -> PublicKey | Fault:
    """What a text given as a public key is."""
    plain = text.strip().lstrip("\ufeff")[:LARGEST]
    if not plain:
        return Fault("empty", "is empty")
    if "PRIVATE KEY" in plain or plain.startswith("PuTTY-User-Key-File"):
        return Fault("private", "is a private key")
    if re.match(r"-----BEGIN (RSA )?PUBLIC KEY", plain):
        return Fault("pem", "is in PEM format, not the one line that OpenSSH writes")
    if plain.startswith("-----BEGIN CERTIFICATE"):
        return Fault("certificate", "is a certificate")
    if plain.startswith("---- BEGIN SSH2 PUBLIC KEY"):
        return _rfc4716(plain)
    return _line(plain)


def _line(plain: str) -> PublicKey | Fault:
    """A public key as OpenSSH writes it: kind, base64, comment, on one line."""
    lines = [line.strip() for line in plain.splitlines() if line.strip()]
    words = lines[0].split()
    if words[0] not in OPENSSH_KINDS:
        return _other(plain)
    if len(lines) > 1:
        several = sum(line.split()[0] in OPENSSH_KINDS for line in lines) > 1
        words_ = "holds several keys" if several else "is broken over several lines"
        return Fault("several", words_)
    if len(words) == 1:
        return _unless_placeholder(plain, "has no key after its type")
    return _blob(words[1], words[0], plain)


def _other(plain: str) -> PublicKey | Fault:
    found = _decoded("".join(plain.split()))
    if found is not None and found[:1] == b"\x30":
        return _spki(found)
    if len(plain) < 300 and "\n" not in plain and _PATH.fullmatch(plain):
        return Fault("path", "is the name of a file, not what is in it")
    if re.match(r"(ssh|ecdsa|sk)-[\w@.-]+ ", plain):
        return Fault("kind", "is of a type that EC2 does not know")
    return _unless_placeholder(plain, "is not in a format that EC2 can import")


def _unless_placeholder(plain: str, words: str) -> Fault:
    if _PLACEHOLDER.search(plain):
        return Fault("placeholder", "is a placeholder")
    return Fault("broken", words)


def _blob(encoded: str, kind: str, plain: str) -> PublicKey | Fault:
    blob = _decoded(encoded)
    fields = _fields(blob) if blob is not None else []
    if kind not in ("ssh-rsa", "ssh-ed25519"):
        return PublicKey(OPENSSH_KINDS[kind], None, _digest(blob or b""))
    if blob is None or not fields:
        return _unless_placeholder(plain, "cannot be decoded: it was cut or changed in copying")
    inner = fields[0].decode("ascii", "replace")
    if inner != kind:
        return Fault("broken", f"says {kind}, and holds another type of key")
    bits = None
    if kind == "ssh-rsa":
        if len(fields) != 3:
            return _unless_placeholder(plain, "cannot be decoded: it was cut or changed in copying")
        bits = int.from_bytes(fields[2], "big").bit_length()
    return PublicKey(OPENSSH_KINDS[kind], bits, _digest(blob))


def _rfc4716(plain: str) -> PublicKey | Fault:
    body = [line for line in plain.splitlines()[1:] if not line.startswith("----")]
    kept = "".join(line.strip() for line in body if ":" not in line)
    blob = _decoded(kept)
    fields = _fields(blob) if blob is not None else []
    kind = fields[0].decode("ascii", "replace") if fields else ""
    if kind not in OPENSSH_KINDS:
        return Fault("broken", "cannot be decoded")
    return _blob(kept, kind, plain)


def _spki(der: bytes) -> PublicKey | Fault:
    if _RSA_OID in der[:40]:
        numbers = _integers(der[der.index(_RSA_OID) + len(_RSA_OID) :])
        if numbers:
            return PublicKey("rsa", numbers[0].bit_length(), _digest(_rsa_blob(*numbers[:2])))
    return Fault("broken", "is not in a format that EC2 can import")


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """What a private key file is. `digest` is that of its public half, empty if it is not there."""

    kind: KeyKind
    format: KeyFormat
    encrypted: bool = False
    digest: str = ""


_ARMOUR = re.compile(r"-----BEGIN ([A-Z0-9 ]*)PRIVATE KEY-----(.*?)-----END", re.DOTALL)


def private_key(text: str) -> PrivateKey | None:
    """What a text given as a private key is; None when it is none."""
    plain = text.strip()[:LARGEST]
    if plain.startswith("PuTTY-User-Key-File"):
        first = plain.splitlines()[0]
        named = [kind for name, kind in OPENSSH_KINDS.items() if name in first]
        return PrivateKey(named[0] if named else "unknown", "ppk", "Encryption: none" not in plain)
    armour = _ARMOUR.search(plain)
    if armour is None:
        return None
    label, body = armour.group(1).strip(), armour.group(2)
    encrypted = "ENCRYPTED" in label or "Proc-Type: 4,ENCRYPTED" in body
    data = _decoded("".join(line for line in body.split() if ":" not in line))
    return _private(label, encrypted, b"" if data is None or encrypted else data)


def _private(label: str, encrypted: bool, data: bytes) -> PrivateKey:
    match label:
        case "OPENSSH":
            return _openssh(data)
        case "RSA":
            return PrivateKey("rsa", "pkcs1", encrypted, _rsa_private(data))
        case "DSA":
            return PrivateKey("dsa", "pkcs1", encrypted)
        case "EC":
            return PrivateKey("ecdsa", "sec1", encrypted)
    if _RSA_OID in data[:60]:
        rest = data[data.index(_RSA_OID) + len(_RSA_OID) :]
        start = rest.find(b"\x30\x82")
        return PrivateKey("rsa", "pkcs8", encrypted, _rsa_private(rest[max(start, 0) :]))
    if _ED25519_OID in data[:30]:
        return PrivateKey("ed25519", "pkcs8", encrypted)
    return PrivateKey("ecdsa" if _EC_OID in data[:40] else "unknown", "pkcs8", encrypted)


def _openssh(data: bytes) -> PrivateKey:
    """`openssh-key-v1`: cipher, key derivation, its options, number of keys, the public key."""
    magic = b"openssh-key-v1\0"
    if not data.startswith(magic):
        return PrivateKey("unknown", "openssh")
    rest = data[len(magic) :]
    head = _fields(rest, 3)
    if len(head) < 3:
        return PrivateKey("unknown", "openssh")
    offset = sum(len(field) + 4 for field in head) + 4
    public = _fields(rest[offset:], 1)
    inner = _fields(public[0], 1) if public else []
    name = inner[0].decode("ascii", "replace") if inner else ""
    kind = OPENSSH_KINDS.get(name, "unknown")
    return PrivateKey(kind, "openssh", head[0] != b"none", _digest(public[0]) if public else "")


def _rsa_private(der: bytes) -> str:
    """The digest of the public half of a PKCS#1 RSA key: version, modulus, exponent, …"""
    numbers = _integers(der)
    return _digest(_rsa_blob(numbers[1], numbers[2])) if len(numbers) > 2 else ""


def _rsa_blob(modulus: int, exponent: int) -> bytes:
    return b"".join(_string(part) for part in (b"ssh-rsa", _mpint(exponent), _mpint(modulus)))


def _string(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def _mpint(number: int) -> bytes:
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def _digest(blob: bytes) -> str:
    return sha256(blob).hexdigest()


def _decoded(encoded: str) -> bytes | None:
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None


def _fields(blob: bytes, most: int = 16) -> list[bytes]:
    """The length-prefixed fields of an SSH structure; none when a length does not fit."""
    found: list[bytes] = []
    at = 0
    while at + 4 <= len(blob) and len(found) < most:
        size = int.from_bytes(blob[at : at + 4], "big")
        if at + 4 + size > len(blob):
            return []
        found.append(blob[at + 4 : at + 4 + size])
        at += 4 + size
    return found if found and (at == len(blob) or len(found) == most) else []


def _integers(der: bytes, most: int = 3) -> list[int]:
    """The first integers of a DER structure, going into sequences and bit strings."""
    found: list[int] = []
    at = 0
    while at + 2 <= len(der) and len(found) < most:
        tag, size, start = der[at], der[at + 1], at + 2
        if size & 0x80:
            count = size & 0x7F
            size = int.from_bytes(der[start : start + count], "big")
            start += count
        if tag == 0x02:
            found.append(int.from_bytes(der[start : start + size], "big"))
        at = {0x30: start, 0x03: start + 1}.get(tag, start + size)
    return found
