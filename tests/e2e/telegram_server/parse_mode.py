"""Telegram's HTML (https://core.telegram.org/bots/api#html-style), read strictly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

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
    "span": "spoiler",
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
#: A block quote that is folded to a few lines.
EXPANDABLE = "expandable_blockquote"
QUOTES = frozenset({"blockquote", EXPANDABLE})
_CODE = frozenset({"code", "pre"})
_LANGUAGE = re.compile(r'\sclass="language-[\w+-]+"')
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

    def json(self) -> dict[str, Any]:
        """Return the Bot API's `MessageEntity`."""
        url = {"url": self.url} if self.url else {}
        return {"type": self.type, "offset": self.offset, "length": self.length, **url}


def length16(text: str) -> int:
    """Return the number of UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def parse_html(markup: str) -> tuple[str, list[Entity]]:
    """Return the text and its entities. Raises ParseError."""
    text = ""
    entities: list[Entity] = []
    open_tags: list[tuple[str, str, int, str | None]] = []
    for piece in _PIECE.finditer(markup):
        if piece["stray"]:
            raise ParseError(f"unescaped {piece['stray']!r} at {piece.start()}")
        if piece["tag"] is None:
            text += unescape(piece["reference"]) if piece["reference"] else piece["text"]
        elif not piece["end"]:
            tag, attributes = piece["tag"], piece["attributes"]
            type_, url = _opening(tag, attributes, within=[other for _, other, _, _ in open_tags])
            open_tags.append((tag, type_, length16(text), url))
        else:
            if not open_tags or open_tags[-1][0] != piece["tag"]:
                raise ParseError(f"</{piece['tag']}> closes nothing")
            tag, type_, offset, url = open_tags.pop()
            if length16(text) == offset:
                raise ParseError(f"<{tag}> holds nothing")
            entities.append(Entity(type=type_, offset=offset, length=length16(text) - offset, url=url))
    if open_tags:
        raise ParseError(f"<{open_tags[-1][0]}> is not closed")
    return text, entities


def words(text: str, entity: Entity) -> str:
    """Return what an entity covers."""
    return text.encode("utf-16-le")[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le")


def quotations(text: str, entities: list[Entity], types: frozenset[str] = QUOTES) -> list[str]:
    """Return what stands in block quotes, the folded ones among them."""
    return [words(text, entity) for entity in entities if entity.type in types]


def _opening(tag: str, attributes: str, within: list[str]) -> tuple[str, str | None]:
    """Return the type of the entity that a tag opens, and its address. Raises ParseError where Telegram would drop one."""
    if tag not in _TYPES:
        raise ParseError(f"unsupported start tag <{tag}>")
    type_, url = _TYPES[tag], None
    if tag == "a":
        href = _HREF.fullmatch(attributes)
        if href is None or not unescape(href[1]).startswith(("http://", "https://", "tg://")):
            raise ParseError(f"<a{attributes}> leads nowhere")
        url = unescape(href[1])
    elif tag == "blockquote" and attributes == " expandable":
        type_ = EXPANDABLE
    elif tag == "code" and within[-1:] == ["pre"] and _LANGUAGE.fullmatch(attributes):
        return type_, None
    elif attributes != (' class="tg-spoiler"' if tag == "span" else ""):
        raise ParseError(f"<{tag}> takes no {attributes.strip()!r}")
    if type_ in within or (type_ in QUOTES and QUOTES & {*within}):
        raise ParseError(f"<{tag}> within the like of it")
    if _CODE & {*within} or (type_ in _CODE and {*within} - QUOTES):
        raise ParseError(f"<{tag}> may not be mixed with {', '.join(within)}")
    return type_, url
