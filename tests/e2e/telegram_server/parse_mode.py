"""Telegram's HTML (https://core.telegram.org/bots/api#html-style), read strictly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_PIECE = re.compile(
    r"<(?P<end>/?)(?P<tag>[a-z][a-z-]*)(?P<attributes>(?:\s[^<>]*)?)>"
    r"|(?P<reference>&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});)|(?P<text>[^<>&]+)|(?P<stray>.)",
    re.DOTALL,
)
_HREF = re.compile(r'\shref="([^"<>]*)"')


class ParseError(ValueError):
    """Telegram would say: can't parse entities."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A styled stretch; offset and length count UTF-16 units, as in Telegram's own."""

    type: str
    offset: int
    length: int
    url: str | None = None


def length16(text: str) -> int:
    """Return the number of UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def parse_html(markup: str) -> tuple[str, list[Entity]]:
    """Return the text and its entities. Raises ParseError."""
    text = ""
    entities: list[Entity] = []
    open_tags: list[tuple[str, int, str | None]] = []
    for piece in _PIECE.finditer(markup):
        if piece["stray"]:
            raise ParseError(f"unescaped {piece['stray']!r} at {piece.start()}")
        if piece["tag"] is None:
            text += unescape(piece["reference"]) if piece["reference"] else piece["text"]
        elif not piece["end"]:
            tag, url = _opening(piece["tag"], piece["attributes"])
            if any(tag == other for other, _, _ in open_tags):
                raise ParseError(f"<{tag}> within <{tag}>")
            open_tags.append((tag, length16(text), url))
        else:
            if not open_tags or open_tags[-1][0] != piece["tag"]:
                raise ParseError(f"</{piece['tag']}> closes nothing")
            tag, offset, url = open_tags.pop()
            if length16(text) == offset:
                raise ParseError(f"<{tag}> holds nothing")
            entities.append(Entity(type=_TYPES[tag], offset=offset, length=length16(text) - offset, url=url))
    if open_tags:
        raise ParseError(f"<{open_tags[-1][0]}> is not closed")
    return text, entities


def words(text: str, entity: Entity) -> str:
    """Return what an entity covers."""
    return text.encode("utf-16-le")[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le")


def quotations(text: str, entities: list[Entity]) -> list[str]:
    """Return what stands in block quotes."""
    return [words(text, entity) for entity in entities if entity.type == "blockquote"]


def _opening(tag: str, attributes: str) -> tuple[str, str | None]:
    if tag not in _TYPES:
        raise ParseError(f"unsupported start tag <{tag}>")
    if tag == "a":
        href = _HREF.fullmatch(attributes)
        if href is None or not unescape(href[1]).startswith(("http://", "https://")):
            raise ParseError(f"<a{attributes}> leads nowhere")
        return tag, unescape(href[1])
    if attributes and not (tag == "blockquote" and attributes == " expandable"):
        raise ParseError(f"<{tag}> takes no {attributes.strip()!r}")
    return tag, None
