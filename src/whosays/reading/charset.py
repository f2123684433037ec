"""Bytes → text, whatever their charset is said to be: no article is lost because its server is wrong about that."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

#: Labels that mean another charset than they name, as browsers read them: https://encoding.spec.whatwg.org/#names-and-labels
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "utf-16": "utf-16-le",
}
#: Python's charsets that a page may name. Its others are either no charsets (idna, unicode_escape) or a way to hide (utf-7).
_KNOWN = frozenset(
    {
        *("utf-8", "utf-16-le", "utf-16-be", "gb18030", "cp932", "cp949", "big5hkscs", "euc_jp", "iso2022_jp"),
        *("koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "cp866", "cp874", *(f"cp125{n}" for n in range(9))),
        *(f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)),
    }
)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
#: Where a declaration may stand: browsers read the first 1,024 bytes; many pages are later with it.
_HEAD = 4_096
_DECLARED = re.compile(
    rb"""(?:<\?xml[^>]{0,200}?encoding|<meta[^>]{0,200}?charset)\s*=\s*["']?\s*([a-z0-9._:-]{1,40})""", re.IGNORECASE
)
#: Bytes of a text that a guess is made from.
_SAMPLE = 65_536
_HIGH = re.compile(rb"[\x80-\xff]")
_RUNS = re.compile(rb"[\x80-\xff]{3,}")
_FEW_IN_RUNS = 0.3
#: The share of characters that may be broken in a text of the charset that it names: a cut, a quotation pasted in.
_MOST_BROKEN = 0.01


def decode(body: bytes, told: str | None = None) -> str:
    """Return the text. `told` is the charset that its server names. What cannot be read stands there as U+FFFD.

    A byte order mark decides, then UTF-8 where all of it is UTF-8 (what is not almost never passes for it), then what the server
    and the text itself say, where that fits; else it is guessed.
    """
    for mark, charset in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(charset, "replace")
    named = list(dict.fromkeys(_named(body, told)))
    if "iso2022_jp" in named and b"\x1b" in body:
        return body.decode("iso2022_jp", "replace")
    if wide := _without_mark(body):
        return body.decode(wide, "replace")
    for charset in ("utf-8", *named):
        try:
            return body.decode(charset)
        except UnicodeDecodeError:
            continue
    for charset in named:
        text = body.decode(charset, "replace")
        if text.count("\ufffd") <= _MOST_BROKEN * len(text):
            return text
    return body.decode(_guess(body), "replace")


def _named(body: bytes, told: str | None) -> Iterator[str]:
    declared = _DECLARED.search(body[:_HEAD])
    for label in (told, declared[1].decode("ascii") if declared else None):
        if charset := _charset(label):
            yield charset


def _charset(label: str | None) -> str | None:
    """Return Python's name of the charset that a label means; None where it means none."""
    try:
        name = codecs.lookup((label or "").strip()).name
    except (LookupError, ValueError):
        return None
    name = _MEANT.get(name, name)
    return name if name in _KNOWN else None


def _without_mark(body: bytes) -> str | None:
    """Return UTF-16 of either order where every other byte of the beginning is zero, as with English."""
    head = body[:256]
    if len(head) < 16:
        return None
    half = len(head) // 2
    if head[1::2].count(0) > 0.9 * half and not head[0::2].count(0):
        return "utf-16-le"
    if head[0::2].count(0) > 0.9 * half and not head[1::2].count(0):
        return "utf-16-be"
    return None


def _guess(body: bytes) -> str:
    # Letters with accents and curly quotes stand alone among plain ones: Latin, which a guess by frequency often takes for Czech.
    high, in_runs = len(_HIGH.findall(body)), sum(len(run) for run in _RUNS.findall(body))
    if in_runs < _FEW_IN_RUNS * high:
        return "cp1252"
    from charset_normalizer import from_bytes  # noqa: PLC0415  it loads for a while, and is hardly ever asked

    # The beginning of a page is its markup, in ASCII: what tells charsets apart is further on.
    first = next((i for i, byte in enumerate(body) if byte > 0x7F), 0)
    best = from_bytes(body[first : first + _SAMPLE]).best()
    return _charset(best.encoding if best else None) or "cp1252"
