"""Extended grapheme clusters: what Terraform counts as one character of a text (UAX #29)."""

from __future__ import annotations

import unicodedata

ZERO_WIDTH_JOINER = "\u200d"
_PREPEND = frozenset(
    [*range(0x0600, 0x0606), 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2, 0x0D4E, 0x110BD, 0x110CD]
)


def graphemes(text: str) -> list[str]:
    """The clusters of a text, in order."""
    if text.isascii() and "\r" not in text:
        return list(text)
    found: list[str] = []
    for char in text:
        if found and _joins(found[-1], char):
            found[-1] += char
        else:
            found.append(char)
    return found


def _joins(cluster: str, char: str) -> bool:
    last = cluster[-1]
    if last == "\r" and char == "\n":
        return True
    if _is_control(last) or _is_control(char):
        return False
    if _extends(char):
        return True
    if ord(last) in _PREPEND:
        return True
    if _is_regional(char) and _is_regional(last):
        return len([other for other in cluster if _is_regional(other)]) % 2 == 1
    if last == ZERO_WIDTH_JOINER and _is_pictographic(char):
        base = cluster.rstrip(ZERO_WIDTH_JOINER)
        base = base.rstrip("".join({c for c in base if _extends(c)}))
        return bool(base) and _is_pictographic(base[-1])
    return _joins_syllable(_hangul(last), _hangul(char))


def _is_control(char: str) -> bool:
    category = unicodedata.category(char)
    if char in (ZERO_WIDTH_JOINER, "\u200c"):
        return False
    return category in ("Cc", "Zl", "Zp") or (
        category == "Cf" and ord(char) not in _PREPEND and not 0xE0020 <= ord(char) <= 0xE007F
    )


def _extends(char: str) -> bool:
    code = ord(char)
    if char in (ZERO_WIDTH_JOINER, "\u200c") or 0x1F3FB <= code <= 0x1F3FF:
        return True
    if 0xE0020 <= code <= 0xE007F or code in (0xFF9E, 0xFF9F):
        return True
    return unicodedata.category(char) in ("Mn", "Me", "Mc")


def _is_regional(char: str) -> bool:
    return 0x1F1E6 <= ord(char) <= 0x1F1FF


def _is_pictographic(char: str) -> bool:
    code = ord(char)
    return (
        (0x1F000 <= code <= 0x1FAFF and not 0x1F1E6 <= code <= 0x1F1FF)
        or 0x2600 <= code <= 0x27BF
        or 0x2190 <= code <= 0x21FF
        or 0x2300 <= code <= 0x23FF
        or 0x2B00 <= code <= 0x2BFF
        or code in (0xA9, 0xAE, 0x203C, 0x2049, 0x2122, 0x2139, 0x3030, 0x303D, 0x3297, 0x3299)
    )


def _hangul(char: str) -> str:
    code = ord(char)
    if 0x1100 <= code <= 0x115F or 0xA960 <= code <= 0xA97C:
        return "L"
    if 0x1160 <= code <= 0x11A7 or 0xD7B0 <= code <= 0xD7C6:
        return "V"
    if 0x11A8 <= code <= 0x11FF or 0xD7CB <= code <= 0xD7FB:
        return "T"
    if 0xAC00 <= code <= 0xD7A3:
        return "LV" if (code - 0xAC00) % 28 == 0 else "LVT"
    return ""


def _joins_syllable(last: str, char: str) -> bool:
    match last:
        case "L":
            return char in ("L", "V", "LV", "LVT")
        case "LV" | "V":
            return char in ("V", "T")
        case "LVT" | "T":
            return char == "T"
    return False
