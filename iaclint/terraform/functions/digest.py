"""Functions that hash, identify or decrypt: `md5`, `sha…`, `uuidv5`, `rsadecrypt`."""

from __future__ import annotations

import base64
import binascii
import hashlib
import uuid
from collections.abc import Callable

from iaclint.terraform.cty import CtyValue, TerraformError
from iaclint.terraform.functions.core import ArgumentError, Family
from iaclint.terraform.functions.encoding import decoded_base64
from iaclint.value import Unknown

DIGEST = Family()

ALGORITHMS: dict[str, tuple[str, bool]] = {
    "md5": ("md5", False),
    "sha1": ("sha1", False),
    "sha256": ("sha256", False),
    "sha512": ("sha512", False),
    "base64sha256": ("sha256", True),
    "base64sha512": ("sha512", True),
}
"""Function name: the algorithm, and whether the result is written in base64."""


def digest(name: str, data: bytes) -> str:
    """The hash that the function of that name gives for the bytes."""
    algorithm, encoded = ALGORITHMS[name]
    hashed = hashlib.new(algorithm, data, usedforsecurity=False)
    if encoded:
        return base64.b64encode(hashed.digest()).decode("ascii")
    return hashed.hexdigest()


def _hasher(name: str) -> Callable[[str], str]:
    return lambda text: digest(name, text.encode("utf-8", "surrogatepass"))


for _name in ALGORITHMS:
    DIGEST.add(_name, "str:string", returns="string")(_hasher(_name))

NAMESPACES = {
    "dns": uuid.NAMESPACE_DNS,
    "url": uuid.NAMESPACE_URL,
    "oid": uuid.NAMESPACE_OID,
    "x500": uuid.NAMESPACE_X500,
}


@DIGEST.add("uuidv5", "namespace:string", "name:string", returns="string")
def _uuidv5(namespace: str, name: str) -> CtyValue:
    try:
        space = NAMESPACES.get(namespace) or uuid.UUID(namespace)
    except ValueError as error:
        raise TerraformError(
            f"uuidv5() doesn't support namespace {namespace} (invalid UUID)"
        ) from error
    hashed = hashlib.sha1(space.bytes + name.encode(), usedforsecurity=False).digest()
    return str(uuid.UUID(bytes=hashed[:16], version=5))


@DIGEST.add("uuid", returns="string")
def _uuid() -> CtyValue:
    return Unknown("uuid() gives another value each time", type="string")


@DIGEST.add("bcrypt", "str:string", "...cost:number", returns="string")
def _bcrypt(_text: str, *cost: CtyValue) -> CtyValue:
    if len(cost) > 1:
        raise TerraformError("bcrypt() takes no more than two arguments")
    return Unknown("bcrypt() gives another value each time", type="string")


@DIGEST.add("rsadecrypt", "ciphertext:string", "privatekey:string", returns="string")
def _rsadecrypt(ciphertext: str, key: str) -> CtyValue:
    try:
        message = decoded_base64(ciphertext)
    except TerraformError:
        raise ArgumentError(
            0, "failed to decode input: cipher text must be base64-encoded"
        ) from None
    modulus, exponent = _private_key(key)
    size = (modulus.bit_length() + 7) // 8
    if len(message) != size or int.from_bytes(message) >= modulus:
        raise TerraformError("failed to decrypt: crypto/rsa: decryption error")
    plain = pow(int.from_bytes(message), exponent, modulus).to_bytes(size)
    end = plain.find(b"\0", 2)
    if plain[:2] != b"\0\x02" or end < 10:
        raise TerraformError("failed to decrypt: crypto/rsa: decryption error")
    try:
        return plain[end + 1 :].decode("utf-8")
    except UnicodeDecodeError:
        raise TerraformError("the decrypted value is not UTF-8 text") from None


def _private_key(pem: str) -> tuple[int, int]:
    """Modulus and private exponent of a PKCS #1 or PKCS #8 key, RFC 8017 appendix A.1."""
    refusal = ArgumentError(1, "invalid private key: ssh: no key found")
    begin, _, rest = pem.partition("PRIVATE KEY-----")
    body = rest.partition("-----END")[0]
    try:
        der = base64.b64decode("".join(body.split()), validate=True)
    except (binascii.Error, ValueError):
        raise refusal from None
    if not begin or not der:
        raise refusal
    try:
        fields = _fields(der)
        if "RSA" not in begin:
            fields = _fields(_content(fields[2]))
        return int.from_bytes(_content(fields[1])), int.from_bytes(_content(fields[3]))
    except (IndexError, ValueError):
        raise ArgumentError(1, "invalid ASN1 data in the given private key") from None


def _element(data: bytes, place: int) -> tuple[int, int]:
    """Start of the content and end of the DER element at a place."""
    length = data[place + 1]
    start = place + 2
    if length & 0x80:
        count = length & 0x7F
        length = int.from_bytes(data[start : start + count])
        start += count
    if start + length > len(data):
        raise ValueError("truncated")
    return start, start + length


def _content(element: bytes) -> bytes:
    start, end = _element(element, 0)
    return element[start:end]


def _fields(sequence: bytes) -> list[bytes]:
    inner = _content(sequence)
    found: list[bytes] = []
    place = 0
    while place < len(inner):
        _, end = _element(inner, place)
        found.append(inner[place:end])
        place = end
    return found
