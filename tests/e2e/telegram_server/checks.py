"""What Telegram asks of a message's text, picture and buttons; https://core.telegram.org/bots/api has the limits."""

from __future__ import annotations

import struct
from typing import Any

from tests.e2e.telegram_server.messages import Button, Json
from tests.e2e.telegram_server.parse_mode import Entity, ParseError, length16, parse_html
from tests.e2e.telegram_server.refusal import bad

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_ENTITIES = 100
MAX_PHOTO = 10_000_000
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_END = b"\x00\x00\x00\x00IEND\xaeB`\x82"
_JPEG = b"\xff\xd8\xff"
_ACTIONS = frozenset({
    "callback_data", "url", "switch_inline_query", "switch_inline_query_current_chat", "switch_inline_query_chosen_chat",
    "copy_text",
})  # fmt: skip


def checked_text(parameters: Json, field: str = "text", *, preview: str = "link_preview_options") -> tuple[str, list[Entity]]:
    """Return a message's text and its entities. Raises Refusal."""
    if not parameters.get(preview, {}).get("is_disabled"):
        raise bad("a preview would bury the answer")
    text, entities = _styled(parameters, field, MAX_TEXT, "message is too long")
    if not text.strip():
        raise bad("message text is empty")
    return text, entities


def checked_caption(parameters: Json) -> tuple[str, list[Entity]]:
    """Return a caption, which may be empty, and its entities. Raises Refusal."""
    if not parameters.get("caption"):
        return "", []
    return _styled(parameters, "caption", MAX_CAPTION, "message caption is too long")


def _styled(parameters: Json, field: str, limit: int, too_long: str) -> tuple[str, list[Entity]]:
    if parameters.get("parse_mode") != "HTML":
        raise bad("unsupported parse_mode")
    try:
        text, entities = parse_html(parameters.get(field, ""))
    except ParseError as error:
        raise bad(f"can't parse entities: {error}") from error
    if length16(text) > limit:
        raise bad(too_long)
    if len(entities) > MAX_ENTITIES:
        raise bad("Telegram would drop the entities after the hundredth")
    if text != text.strip():
        raise bad("Telegram would trim the text, and shift what is counted in it")
    return text, entities


def checked_photo(photo: Any) -> tuple[int, int]:
    """Return the width and height of an uploaded picture. Raises Refusal."""
    if not isinstance(photo, bytes):
        raise bad("wrong file identifier/HTTP URL specified")
    if not photo:
        raise bad("file must be non-empty")
    if len(photo) >= MAX_PHOTO:
        raise bad(f"file is too big: {len(photo)} bytes")
    width, height = _size(photo)
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad(f"PHOTO_INVALID_DIMENSIONS: {width} x {height}")
    return width, height


def _size(photo: bytes) -> tuple[int, int]:
    if photo.startswith(_PNG) and photo[12:16] == b"IHDR" and photo.endswith(_PNG_END):
        width, height = struct.unpack(">II", photo[16:24])
    elif photo.startswith(_JPEG):
        width, height = _jpeg_size(photo)
    else:
        raise bad("IMAGE_PROCESS_FAILED")
    if not (width and height):
        raise bad("PHOTO_INVALID_DIMENSIONS")
    return width, height


def _jpeg_size(photo: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 <= len(photo) and photo[at] == 0xFF:
        marker, (length,) = photo[at + 1], struct.unpack(">H", photo[at + 2 : at + 4])
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", photo[at + 5 : at + 9])
            return width, height
        at += 2 + length
    raise bad("IMAGE_PROCESS_FAILED")


def checked_keyboard(parameters: Json) -> list[list[Button]]:
    """Return the buttons of a message, none where it has no keyboard. Raises Refusal."""
    markup = parameters.get("reply_markup")
    if markup is None:
        return []
    if not isinstance(markup, dict) or markup.keys() != {"inline_keyboard"}:
        raise bad("only inline keyboards are expected here")
    rows = [[_checked_button(button) for button in row] for row in markup["inline_keyboard"]]
    if not all(rows):
        raise bad("an empty row of buttons")
    if sum(map(len, rows)) > 100:
        raise bad("reply markup is too long: more than 100 buttons")
    if any(len(row) > 8 for row in rows):
        raise bad("Telegram would break a row of more than 8 buttons")
    return rows


def _checked_button(button: Json) -> Button:
    text = button.get("text")
    if not isinstance(text, str) or not text.strip():
        raise bad("can't parse inline keyboard button: a text is missing")
    if unknown := button.keys() - _ACTIONS - {"text", "style", "icon_custom_emoji_id"}:
        raise bad(f"can't parse inline keyboard button: unknown {', '.join(sorted(unknown))}")
    if len(button.keys() & _ACTIONS) != 1:
        raise bad("can't parse inline keyboard button: text buttons are unallowed in the inline keyboard")
    data, url = button.get("callback_data"), button.get("url")
    if "callback_data" in button and not (isinstance(data, str) and 1 <= len(data.encode()) <= 64):
        raise bad("BUTTON_DATA_INVALID")
    if "url" in button and not (isinstance(url, str) and url.startswith(("http://", "https://", "tg://"))):
        raise bad(f"inline keyboard button URL {url!r} is invalid")
    if "copy_text" in button and not 1 <= len(button["copy_text"].get("text", "")) <= 256:
        raise bad("BUTTON_COPY_TEXT_INVALID")
    if button.get("style", "primary") not in {"primary", "success", "danger"}:
        raise bad("BUTTON_STYLE_INVALID")
    return Button(text=text, data=data, url=url, raw=button)
