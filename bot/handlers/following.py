"""Followed topics: /follow, /following, /unfollow, and their buttons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum, auto

from bot.handlers.answering import Answering, Visit
from bot.handlers.messages import Handler
from bot.handlers.permission import Permission
from bot.handlers.presses import Handler as PressHandler
from bot.handlers.presses import Pressed
from bot.lists import following_page
from bot.phrases import Say
from bot.presses import Does
from bot.render import render_phrase
from whosays.chats import Card, Following
from whosays.heard import marks
from whosays.types import Answer

#: Topics that a chat may follow.
MOST = 25


class _Outcome(Enum):
    FOLLOWED = auto()
    ALREADY = auto()
    TOO_MUCH = auto()


class Topics:
    """Follows topics for chats."""

    def __init__(self, answering: Answering, permission: Permission) -> None:
        self._answering = answering
        self._permission = permission

    @property
    def commands(self) -> Mapping[str, Handler]:
        """The commands, by name."""
        return {"follow": self.follow, "following": self.following, "unfollow": self.unfollow}

    @property
    def handlers(self) -> Mapping[Does, PressHandler]:
        """What the buttons do."""
        return {Does.FOLLOW: self._follow_pressed, Does.UNFOLLOW: self._unfollow_pressed}

    async def follow(self, visit: Visit) -> None:
        """Follow a topic, or that of the card that is replied to."""
        asked, answering, phrases = visit.asked, self._answering, visit.phrases
        if not await self._permission.of(visit):
            return
        replied = asked.replied
        card = await answering.records(lambda chats: chats.card_shown_in(asked.chat, replied)) if replied is not None else None
        topic = asked.words or (_topic(card) if card is not None else "")
        if not topic:
            await answering.say(visit, *render_phrase(phrases(Say.HOW_TO_FOLLOW)))
            return

        async def make() -> None:
            # What the chat could see today is no news tomorrow.
            answer = await answering.compute(lambda: answering.engine.ask(topic, answering.now()))
            outcome = await self._keep(asked.chat, asked.to.topic, asked.person, topic, phrases.language, answer)
            said = {
                _Outcome.FOLLOWED: phrases(Say.FOLLOWED, topic=phrases.isolated(topic)),
                _Outcome.ALREADY: phrases(Say.FOLLOWED_ALREADY, topic=phrases.isolated(topic)),
                _Outcome.TOO_MUCH: phrases(Say.FOLLOWED_TOO_MUCH, count=MOST),
            }
            await answering.say(visit, *render_phrase(said[outcome]))

        await answering.work(visit, make)

    async def following(self, visit: Visit) -> None:
        """List what is followed in this chat, each with the button that stops it."""
        await self._answering.say(visit, following_page(await self._followed(visit), visit.phrases, Say.FOLLOWING))

    async def unfollow(self, visit: Visit) -> None:
        """Stop following a topic by its words; without words, or with others, list what is followed."""
        if not await self._permission.of(visit):
            return
        asked, phrases = visit.asked, visit.phrases
        followed = await self._followed(visit)
        meant = next((one for one in followed if one.topic.casefold() == asked.words.casefold()), None)
        if meant is None:
            say = Say.UNFOLLOW_UNKNOWN if asked.words else Say.FOLLOWING
            await self._answering.say(visit, following_page(followed, phrases, say))
            return
        await self._answering.records(lambda chats: chats.unfollow(asked.chat, meant.id))
        await self._answering.say(visit, *render_phrase(phrases(Say.UNFOLLOWED, topic=phrases.isolated(meant.topic))))

    async def _follow_pressed(self, pressed: Pressed) -> str:
        phrases = pressed.phrases
        card = await self._answering.records(lambda chats: chats.card(pressed.press.of))
        if card is None or card.chat != pressed.chat.id:
            return phrases(Say.TOAST_STALE)
        if not await self._permission.of_press(pressed):
            return phrases(Say.TOAST_ADMINS_ONLY)
        language = card.language
        outcome = await self._keep(card.chat, card.thread, pressed.person, _topic(card), language, card.answer)
        return {
            _Outcome.FOLLOWED: phrases(Say.TOAST_FOLLOWED),
            _Outcome.ALREADY: phrases(Say.TOAST_FOLLOWED_ALREADY),
            _Outcome.TOO_MUCH: phrases(Say.TOAST_FOLLOWED_TOO_MUCH),
        }[outcome]

    async def _unfollow_pressed(self, pressed: Pressed) -> str:
        phrases = pressed.phrases
        if not await self._permission.of_press(pressed):
            return phrases(Say.TOAST_ADMINS_ONLY)
        id_ = pressed.press.id_of_topic
        was_there = await self._answering.records(lambda chats: chats.unfollow(pressed.chat.id, id_))
        if pressed.press.arguments:
            # From the list, which is shown anew; an alert stays as it is.
            followed = await self._answering.records(lambda chats: chats.followed_in(pressed.chat.id, pressed.thread))
            page = following_page(followed, phrases, Say.FOLLOWING)
            await self._answering.delivery.edit(page, pressed.chat.id, pressed.message)
        return phrases(Say.TOAST_SAVED if was_there else Say.TOAST_GONE)

    async def _keep(self, chat: int, thread: int | None, person: int, topic: str, language: str, answer: Answer) -> _Outcome:
        followed = await self._answering.records(lambda chats: chats.followed_in(chat, all_threads=True))
        if len(followed) >= MOST:
            return _Outcome.TOO_MUCH
        wanted = Following(
            chat=chat,
            thread=thread,
            person=person,
            topic=topic,
            since=self._answering.now(),
            language=language,
            shown=marks(answer),
        )
        kept = await self._answering.records(lambda chats: chats.follow(wanted))
        return _Outcome.FOLLOWED if kept is not None else _Outcome.ALREADY

    async def _followed(self, visit: Visit) -> Sequence[Following]:
        asked = visit.asked
        return await self._answering.records(lambda chats: chats.followed_in(asked.chat, asked.to.topic))


def _topic(card: Card) -> str:
    """Return what following a card follows: its question; for one that cannot stand alone, or an address, what it is about."""
    query = card.answer.query
    return query.topic if query.follows or "://" in query.text else query.text
