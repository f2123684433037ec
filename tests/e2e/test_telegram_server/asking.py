"""What the tests of the server say to it, through the library's own `Bot`."""

from __future__ import annotations

import struct
import zlib

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Message, Update

from tests.e2e.telegram_server import Chat

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


async def send(bot: Bot, chat: Chat, text: str = "hello", *rows: list[InlineKeyboardButton], topic: int | None = None) -> Message:
    return await bot.send_message(
        chat.id,
        text,
        parse_mode="HTML",
        link_preview_options=NO_PREVIEW,
        reply_markup=InlineKeyboardMarkup(rows) if rows else None,
        message_thread_id=topic,
    )


async def edit(bot: Bot, chat: Chat, message: int, text: str, *rows: list[InlineKeyboardButton]) -> None:
    markup = InlineKeyboardMarkup(rows) if rows else None
    await bot.edit_message_text(text, chat.id, message, parse_mode="HTML", link_preview_options=NO_PREVIEW, reply_markup=markup)


async def updates(bot: Bot) -> list[Update]:
    """Fetch what there is, and confirm it."""
    found = list(await bot.get_updates(timeout=0))
    if found:
        await bot.get_updates(offset=found[-1].update_id + 1, timeout=0)
    return found


def png(width: int, height: int) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\0" * -(-width // 8)) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
