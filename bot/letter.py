"""A message on its way: what it says, where it goes, and how Telegram is asked to put it there."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.markup import MAX_UNITS, Page, Picture, Run, cut
from bot.refusals import lacks_what_it_replies_to, shuts_chat, shuts_topic

_log = logging.getLogger(__name__)

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_CUT = " […]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where an answer goes: a chat, a topic of its forum, and the message that it replies to."""

    chat: int
    topic: int | None = None
    reply_to: int | None = None

    @classmethod
    def answering(cls, message: Message) -> Destination:
        """Return where an answer to the message belongs."""
        # Outside a forum a thread's id only says what is replied to, and may not be sent to.
        topic = message.message_thread_id if message.is_topic_message else None
        return cls(chat=message.chat.id, topic=topic, reply_to=message.message_id)


@dataclass(frozen=True, slots=True)
class Leave:
    """Leave to send an answer, which is had once.

    `take` says whether it is still to be had, and takes it; `give_back` is for an answer that has certainly not left, and waits:
    should the bot end meanwhile, the next start may send it. It says whether leave has to be taken again.
    """

    take: Callable[[], Awaitable[bool]]
    give_back: Callable[[], Awaitable[bool]]


@dataclass(slots=True)
class Letter:
    """A message on its way: what it is and where it goes changes with what Telegram says to it."""

    content: Page | Picture
    to: Destination
    plain: bool = False
    moved: bool = False

    def mend(self, error: BadRequest) -> bool:
        """Change what Telegram has refused; False where nothing is left to be changed."""
        if self.to.reply_to is not None and lacks_what_it_replies_to(error):
            self.to = replace(self.to, reply_to=None)
        elif self.plain or shuts_chat(error) or shuts_topic(error):
            return False
        else:
            # A bug of ours, which must not cost the reader his answer.
            _log.error("a message to chat %s is refused, and sent without styles: %s", self.to.chat, short(error))
            self.content, self.plain = _plain(self.content, error), True
        return True

    async def post(self, bot: Bot) -> int:
        """Send it as a new message and return its id. Raises TelegramError."""
        to, content = self.to, self.content
        reply = ReplyParameters(to.reply_to, allow_sending_without_reply=True) if to.reply_to else None
        if isinstance(content, Picture):
            message = await bot.send_photo(
                to.chat,
                content.png,
                content.caption.html,
                filename="picture.png",
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard(content.caption),
                message_thread_id=to.topic,
                reply_parameters=reply,
            )
        else:
            message = await bot.send_message(
                to.chat,
                content.html,
                parse_mode=ParseMode.HTML,
                link_preview_options=_NO_PREVIEW,
                reply_markup=keyboard(content),
                message_thread_id=to.topic,
                reply_parameters=reply,
            )
        return message.message_id

    async def put(self, bot: Bot, message: int) -> None:
        """Put it in place of a message of the bot. Raises TelegramError."""
        if isinstance(self.content, Picture):
            caption = self.content.caption
            media = InputMediaPhoto(self.content.png, caption.html, ParseMode.HTML, filename="picture.png")
            await bot.edit_message_media(media, self.to.chat, message, reply_markup=keyboard(caption))
            return
        await bot.edit_message_text(
            self.content.html,
            self.to.chat,
            message,
            parse_mode=ParseMode.HTML,
            link_preview_options=_NO_PREVIEW,
            reply_markup=keyboard(self.content),
        )


def short(error: Exception) -> str:
    """Return what an error says, without what stands behind its colon: that may be words of the message that it is about."""
    return str(error).split(":")[0]


def keyboard(page: Page) -> InlineKeyboardMarkup | None:
    """Return a page's buttons as Telegram wants them; None where it has none."""
    if not page.buttons:
        return None
    rows = [[InlineKeyboardButton(b.text, url=b.url, callback_data=b.data) for b in row] for row in page.buttons]
    return InlineKeyboardMarkup(rows)


def _plain(content: Page | Picture, error: BadRequest) -> Page:
    """Return the words alone; with their buttons, unless the error names those."""
    page = content.caption if isinstance(content, Picture) else content
    text = "".join(run.text for run in page.runs).strip()
    first = next(cut(text, MAX_UNITS - len(_CUT)), "")
    blamed = any(word in str(error).lower() for word in ("button", "keyboard", "markup"))
    return Page((Run(first.rstrip() + (_CUT if len(first) < len(text) else "")),), () if blamed else page.buttons)
