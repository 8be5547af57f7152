"""Functions that encode and decode: base64, URLs, CSV, JSON."""

from __future__ import annotations

import base64
import binascii
import codecs
import json
import zlib
from typing import Any

from iaclint.terraform import number
from iaclint.terraform.cty import (
    STRING,
    CtyValue,
    ObjectType,
    TerraformError,
    first_unknown,
    list_,
    object_,
    quoted,
    string,
    to_json,
    tuple_,
    unknown,
)
from iaclint.terraform.functions.core import MAXIMUM_TEXT, ArgumentError, Family

ENCODING = Family()

UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~")


def decoded_base64(text: str) -> bytes:
    """
    The bytes of a text in standard base64; line ends in it are passed over.

    Raises `TerraformError` for any other character or missing padding.
    """
    try:
        return base64.b64decode(text.replace("\r", "").replace("\n", ""), validate=True)
    except (binascii.Error, ValueError):
        raise TerraformError("failed to decode base64 data") from None


def encoded_base64(data: bytes) -> str:
    """The bytes in standard base64."""
    return base64.b64encode(data).decode("ascii")


@ENCODING.add("base64encode", "str:string", returns="string")
def _base64encode(text: str) -> CtyValue:
    return encoded_base64(text.encode())


@ENCODING.add("base64decode", "str:string", returns="string")
def _base64decode(text: str) -> CtyValue:
    try:
        return string(decoded_base64(text).decode("utf-8"))
    except UnicodeDecodeError:
        raise TerraformError(
            "the result of decoding the provided string is not valid UTF-8"
        ) from None


@ENCODING.add("base64gzip", "str:string", returns="string")
def _base64gzip(text: str) -> CtyValue:
    data = text.encode()
    packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    header = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
    # The body ends with a flush and an empty last block, as Go's writer ends it.
    body = packer.compress(data) + packer.flush(zlib.Z_SYNC_FLUSH) if data else b""
    tail = b"\x01\0\0\xff\xff"
    check = zlib.crc32(data).to_bytes(4, "little") + (len(data) & 0xFFFFFFFF).to_bytes(4, "little")
    return encoded_base64(header + (body or b"\0\0\0\xff\xff") + tail + check)


@ENCODING.add("urlencode", "str:string", returns="string")
def _urlencode(text: str) -> CtyValue:
    return "".join(
        chr(byte) if byte in UNRESERVED else "+" if byte == 0x20 else f"%{byte:02X}"
        for byte in text.encode()
    )


CODECS = {
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "ascii",
    "utf-16": "utf-16-be-bom", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
    "shift_jis": "shift_jis", "euc-jp": "euc_jp", "iso-2022-jp": "iso2022_jp",
    "euc-kr": "euc_kr", "gbk": "gbk", "gb18030": "gb18030", "big5": "big5", "hz-gb-2312": "hz",
    "koi8-r": "koi8_r", "koi8-u": "koi8_u", "macintosh": "mac_roman", "ibm866": "cp866",
    "ibm437": "cp437", "ibm850": "cp850", "ibm852": "cp852", "ibm855": "cp855",
    "windows-874": "cp874", "ibm037": "cp037", "ibm1047": "cp1047",
    "latin1": "latin_1", "l1": "latin_1",
} | {f"windows-{n}": f"cp{n}" for n in range(1250, 1259)} | {
    f"iso-8859-{n}": f"iso8859_{n}" for n in (*range(1, 12), *range(13, 17))
}  # fmt: skip


def _codec(name: str) -> str:
    known = CODECS.get(name.lower())
    try:
        return known if known == "utf-16-be-bom" else codecs.lookup(known or "").name
    except LookupError:
        raise ArgumentError(
            1,
            f"{quoted(name)} is not a supported IANA encoding name or alias in this Terraform "
            "version",
        ) from None


@ENCODING.add("textencodebase64", "string:string", "encoding:string", returns="string")
def _textencodebase64(text: str, encoding: str) -> CtyValue:
    codec = _codec(encoding)
    try:
        if codec == "utf-16-be-bom":
            return encoded_base64(b"\xfe\xff" + text.encode("utf-16-be"))
        return encoded_base64(text.encode(codec))
    except UnicodeEncodeError:
        raise ArgumentError(
            0,
            f"the given string contains characters that cannot be represented in {encoding}",
        ) from None


@ENCODING.add("textdecodebase64", "source:string", "encoding:string", returns="string")
def _textdecodebase64(source: str, encoding: str) -> CtyValue:
    codec = _codec(encoding)
    try:
        data = decoded_base64(source)
    except TerraformError:
        raise ArgumentError(0, "the given value has an invalid base64 symbol") from None
    if codec == "utf-16-be-bom":
        little = data.startswith(b"\xff\xfe")
        data = data[2:] if little or data.startswith(b"\xfe\xff") else data
        codec = "utf-16-le" if little else "utf-16-be"
    try:
        return string(data.decode(codec))
    except UnicodeDecodeError:
        raise ArgumentError(
            0, f"the given string contains symbols that are not defined for {encoding}"
        ) from None


# --- CSV -----------------------------------------------------------------------------------------


@ENCODING.add("csvdecode", "str:string")
def _csvdecode(text: str) -> CtyValue:
    rows = _csv_rows(text)
    if not rows:
        raise TerraformError("missing header line")
    headers = rows[0]
    for place, name in enumerate(headers):
        if name in headers[:place]:
            raise TerraformError(f"duplicate column name {quoted(name)}")
    kind = ObjectType(tuple((name, STRING) for name in sorted(map(string, headers))))
    found = []
    for line, row in enumerate(rows[1:], 2):
        if len(row) != len(headers):
            raise TerraformError(f"CSV parse error on line {line}: wrong number of fields")
        found.append(object_(zip(map(string, headers), map(string, row), strict=True)))
    return list_(kind, found)


def _csv_rows(text: str) -> list[list[str]]:
    """RFC 4180 as Go reads it: a quote inside a bare field, or after a quoted one, is an error."""
    rows: list[list[str]] = []
    place = 0
    text = text.replace("\r\n", "\n")
    while place < len(text):
        if text[place] == "\n":
            place += 1
            continue
        row: list[str] = []
        place = _csv_row(text, place, row)
        rows.append(row)
    return rows


def _csv_row(text: str, place: int, row: list[str]) -> int:
    while True:
        if text.startswith('"', place):
            field, place = _csv_quoted(text, place + 1)
        else:
            ends = [end for end in (text.find(",", place), text.find("\n", place)) if end >= 0]
            end = min(ends, default=len(text))
            field, place = text[place:end], end
            if '"' in field:
                raise TerraformError('CSV parse error: bare " in non-quoted-field')
        row.append(field)
        if not text.startswith(",", place):
            return place + 1
        place += 1


def _csv_quoted(text: str, place: int) -> tuple[str, int]:
    pieces: list[str] = []
    while True:
        end = text.find('"', place)
        if end < 0:
            raise TerraformError('CSV parse error: extraneous or missing " in quoted-field')
        pieces.append(text[place:end])
        if text.startswith('""', end):
            pieces.append('"')
            place = end + 2
            continue
        if end + 1 < len(text) and text[end + 1] not in ",\n":
            raise TerraformError('CSV parse error: extraneous or missing " in quoted-field')
        return "".join(pieces), end + 1


# --- JSON ----------------------------------------------------------------------------------------


@ENCODING.add("jsonencode", "val:any?!*", returns="string", whole=False)
def _jsonencode(value: CtyValue) -> CtyValue:
    waiting = first_unknown(value)
    if waiting is not None:
        return unknown(waiting, STRING)
    return to_json(value)


@ENCODING.add("jsondecode", "str:string")
def _jsondecode(text: str) -> CtyValue:
    return decoded_json(text)


def decoded_json(text: str) -> CtyValue:
    """
    The value of a JSON text: objects, tuples and exact numbers.

    Raises `TerraformError` for what is not JSON.
    """
    if len(text) > MAXIMUM_TEXT:
        raise TerraformError("the JSON text is too long")
    try:
        return json.loads(
            text,
            parse_int=_number,
            parse_float=_number,
            parse_constant=_refused,
            object_pairs_hook=_json_object,
            cls=_Decoder,
        )
    except RecursionError:
        raise TerraformError("the JSON text is nested too deeply") from None
    except ValueError as error:
        raise TerraformError(f"invalid JSON: {error}") from None


class _Decoder(json.JSONDecoder):
    def decode(self, s: str, *args: Any) -> Any:
        return _frozen(super().decode(s, *args))


def _frozen(value: Any) -> CtyValue:
    """Lists become tuples and texts normal form; objects have been made on the way."""
    if isinstance(value, list):
        return tuple_(map(_frozen, value))
    return string(value) if isinstance(value, str) else value


def _number(text: str) -> CtyValue:
    try:
        return number.parse(text)
    except number.NumberError as error:
        raise ValueError(str(error)) from error


def _refused(name: str) -> CtyValue:
    raise ValueError(f"invalid character {name[0]!r}")


def _json_object(pairs: list[tuple[str, Any]]) -> CtyValue:
    return object_((string(name), _frozen(value)) for name, value in pairs)
