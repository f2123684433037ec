"""Followed topics: /follow, /following, /unfollow, a page for each topic, and their buttons."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum, auto

from bot.handlers.answering import Answering, Visit
from bot.handlers.messages import Handler
from bot.handlers.permission import Permission
from bot.handlers.presses import Handler as PressHandler
from bot.handlers.presses import Pressed, as_message
from bot.lists import following_page, unfollowing_page
from bot.markup import Page
from bot.phrases import Phrases, Say
from bot.presses import Does
from bot.preview import Preview, preview
from bot.render import render_phrase
from bot.topics import LIST, OUTLETS, SIDES, STOP, changed, choices_page, topic_page
from whosays.chats import Card, CardKind, Following
from whosays.errors import WhosaysError
from whosays.heard import Heard, heard_in
from whosays.types import Answer

_log = logging.getLogger(__name__)

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
        return {
            Does.FOLLOW: self._follow_pressed,
            Does.ONCE: self._once_pressed,
            Does.TOPIC: self._topic_pressed,
            Does.UNFOLLOW: self._unfollow_pressed,
        }

    async def follow(self, visit: Visit) -> None:
        """Follow a topic, or that of the card that is replied to, and show what it would have told in the last days."""
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
            answer = await answering.compute(lambda: answering.engine.survey(topic, answering.now()))
            wanted = self._following(visit, topic)
            outcome, kept = await self._keep(wanted, heard_in(answer, answering.now()))
            if kept is None:
                await answering.say(visit, *render_phrase(_said(outcome, topic, phrases)))
            else:
                await answering.say(visit, self._page(kept, visit, outcome, preview(answer, answering.now())))

        await answering.work(visit, make)

    async def following(self, visit: Visit) -> None:
        """List what is followed in this chat, each with the button that opens its page."""
        followed = await self._followed(visit.asked.chat, visit.asked.to.topic)
        await self._answering.say(visit, following_page(followed, visit.phrases, self._answering.now()))

    async def unfollow(self, visit: Visit) -> None:
        """Stop following a topic by its words; without words, or with others, list what is followed."""
        if not await self._permission.of(visit):
            return
        asked, phrases = visit.asked, visit.phrases
        followed = await self._followed(asked.chat, asked.to.topic)
        meant = [one for one in followed if one.topic.casefold() == asked.words.casefold()]
        if not meant:
            say = Say.UNFOLLOW_UNKNOWN if asked.words else Say.UNFOLLOW_WHICH
            await self._answering.say(visit, unfollowing_page(followed, phrases, say))
            return
        await self._answering.records(lambda chats: [chats.unfollow(asked.chat, one.id) for one in meant])
        await self._answering.say(visit, *render_phrase(phrases(Say.UNFOLLOWED, topic=phrases.isolated(meant[0].topic))))

    async def _follow_pressed(self, pressed: Pressed) -> str:
        """Follow what a card is about, and reply to it with what that would have told in the last days."""
        phrases, answering = pressed.phrases, self._answering
        card = await self._card(pressed)
        if card is None:
            return phrases(Say.TOAST_STALE)
        if not await self._permission.of_press(pressed):
            return phrases(Say.TOAST_ADMINS_ONLY)
        topic = _topic(card)
        visit = as_message(pressed, card, "follow", topic, answering)
        outcome, kept = await self._keep(self._following(visit, topic), heard_in(card.answer, answering.now()))
        if kept is not None and outcome is _Outcome.FOLLOWED:
            page = self._page(kept, visit, outcome, await self._preview(topic))
            await answering.say(visit, page)
        return {
            _Outcome.FOLLOWED: phrases(Say.TOAST_FOLLOWED),
            _Outcome.ALREADY: phrases(Say.TOAST_FOLLOWED_ALREADY),
            _Outcome.TOO_MUCH: phrases(Say.TOAST_FOLLOWED_TOO_MUCH),
        }[outcome]

    async def _once_pressed(self, pressed: Pressed) -> str:
        """Watch the status of a card, for whoever asked for it, or may choose for the chat."""
        phrases, answering = pressed.phrases, self._answering
        card = await self._card(pressed)
        if card is None:
            return phrases(Say.TOAST_STALE)
        if pressed.person != card.asker and not await self._permission.of_press(pressed):
            return phrases(Say.TOAST_ADMINS_ONLY)
        topic, answer = _topic(card), card.answer
        if topic != answer.query.text or card.kind is not CardKind.ANSWER:
            # It is the topic that will be asked about anew: its status is what may change.
            answer = await answering.compute(lambda: answering.engine.ask(topic, answering.now()))
        visit = as_message(pressed, card, "follow", topic, answering)
        wanted = self._following(visit, topic, answer)
        outcome, _ = await self._keep(wanted, heard_in(card.answer, answering.now()))
        return {
            _Outcome.FOLLOWED: phrases(Say.TOAST_ONCE),
            _Outcome.ALREADY: phrases(Say.TOAST_ONCE_ALREADY),
            _Outcome.TOO_MUCH: phrases(Say.TOAST_FOLLOWED_TOO_MUCH),
        }[outcome]

    async def _topic_pressed(self, pressed: Pressed) -> str:
        """Open a topic's page, or change how it is told, or show the list of all."""
        answering, press, phrases = self._answering, pressed.press, pressed.phrases
        if not await self._permission.of_press(pressed):
            return phrases(Say.TOAST_ADMINS_ONLY)
        if press.of == LIST:
            return await self._show_list(pressed)
        topic = await answering.records(lambda chats: chats.following(pressed.chat.id, press.id_of_topic))
        if topic is None:
            await self._show_list(pressed)
            return phrases(Say.TOAST_GONE)
        if press.arguments[:1] == (STOP,):
            await answering.records(lambda chats: chats.unfollow(pressed.chat.id, topic.id))
            await self._show_list(pressed)
            return phrases(Say.TOAST_SAVED)
        return await self._choose(pressed, topic)

    async def _choose(self, pressed: Pressed, topic: Following) -> str:
        """Change a topic as a press says, if it says so, and show what it is then."""
        answering, press, phrases = self._answering, pressed.press, pressed.phrases
        kind = "".join(press.arguments[:1])
        filters = kind in {SIDES, OUTLETS}
        known = await self._known(topic, kind) if filters else ()
        if len(press.arguments) == (2 if filters else 1):
            new = changed(topic, press, known, answering.now())
            if new is None:
                return phrases(Say.TOAST_STALE)
            await answering.records(lambda chats: chats.keep_following(new))
            topic = new
        if filters:
            return await self._turn(pressed, choices_page(topic, kind, known, phrases))
        return await self._turn(pressed, topic_page(topic, pressed.chat, phrases, answering.now()))

    async def _unfollow_pressed(self, pressed: Pressed) -> str:
        phrases = pressed.phrases
        if not await self._permission.of_press(pressed):
            return phrases(Say.TOAST_ADMINS_ONLY)
        id_ = pressed.press.id_of_topic
        was_there = await self._answering.records(lambda chats: chats.unfollow(pressed.chat.id, id_))
        if pressed.press.arguments:
            # From the list, which is shown anew; an alert stays as it is.
            followed = await self._followed(pressed.chat.id, pressed.thread)
            await self._turn(pressed, unfollowing_page(followed, phrases, Say.UNFOLLOW_WHICH))
        return phrases(Say.TOAST_SAVED if was_there else Say.TOAST_GONE)

    async def _card(self, pressed: Pressed) -> Card | None:
        """Return the card under which a button was pressed; None for one of another chat: such data is made up."""
        card = await self._answering.records(lambda chats: chats.card(pressed.press.of))
        return card if card is not None and card.chat == pressed.chat.id else None

    def _following(self, visit: Visit, topic: str, once: Answer | None = None) -> Following:
        """Return what a visit has its chat follow: a topic, or (`once`) the status of an answer."""
        return Following(
            chat=visit.asked.chat,
            thread=visit.asked.to.topic,
            person=visit.asked.person,
            topic=topic,
            since=self._answering.now(),
            language=visit.phrases.language,
            once=once is not None,
            status=once.status if once is not None else None,
        )

    async def _keep(self, wanted: Following, heard: Sequence[Heard]) -> tuple[_Outcome, Following | None]:
        """Have a topic followed whose chat was shown some claims; return it, or the one that is followed already."""
        records = self._answering.records
        followed = await records(lambda chats: chats.followed_in(wanted.chat, all_threads=True))
        # What anybody in a group may have watched for a week takes no room from what its admins have it follow.
        alike = [one for one in followed if one.once == wanted.once]
        same = [one for one in alike if one.thread == wanted.thread and one.topic.casefold() == wanted.topic.casefold()]
        if same:
            return _Outcome.ALREADY, same[0]
        if len(alike) >= MOST:
            return _Outcome.TOO_MUCH, None
        kept = await records(lambda chats: chats.follow(wanted, heard))
        return (_Outcome.FOLLOWED if kept is not None else _Outcome.ALREADY), kept

    async def _preview(self, topic: str) -> Preview | None:
        """Return what a topic would have told; None where that cannot be had now: it is followed all the same."""
        answering = self._answering
        try:
            return preview(await answering.compute(lambda: answering.engine.survey(topic, answering.now())), answering.now())
        except WhosaysError as error:
            _log.info("a topic has no preview: %s", type(error).__name__)
            return None

    async def _known(self, topic: Following, kind: str) -> Sequence[str]:
        """Return the sides, or the outlets, that are known on a topic."""
        answering = self._answering
        answer = await answering.compute(lambda: answering.engine.survey(topic.topic, answering.now()))
        names: Iterable[str | None]
        names = (side.name for side in answer.sides) if kind == SIDES else (source.outlet for source in answer.sources)
        return list(dict.fromkeys(one for one in names if one))

    def _page(self, topic: Following, visit: Visit, outcome: _Outcome, seen: Preview | None) -> Page:
        above = _said(outcome, topic.topic, visit.phrases)
        return topic_page(topic, visit.chat, visit.phrases, self._answering.now(), above=above, preview=seen)

    async def _followed(self, chat: int, thread: int | None) -> Sequence[Following]:
        return await self._answering.records(lambda chats: chats.followed_in(chat, thread))

    async def _show_list(self, pressed: Pressed) -> str:
        followed = await self._followed(pressed.chat.id, pressed.thread)
        return await self._turn(pressed, following_page(followed, pressed.phrases, self._answering.now()))

    async def _turn(self, pressed: Pressed, page: Page) -> str:
        if pressed.turn.last:
            await self._answering.delivery.edit(page, pressed.chat.id, pressed.message)
        return ""


def _said(outcome: _Outcome, topic: str, phrases: Phrases) -> str:
    match outcome:
        case _Outcome.FOLLOWED:
            return phrases(Say.FOLLOWED, topic=phrases.isolated(topic))
        case _Outcome.ALREADY:
            return phrases(Say.FOLLOWED_ALREADY, topic=phrases.isolated(topic))
        case _Outcome.TOO_MUCH:
            return phrases(Say.FOLLOWED_TOO_MUCH, count=MOST)


def _topic(card: Card) -> str:
    """Return what following a card follows: its question; for one that cannot stand alone, or an address, what it is about."""
    query = card.answer.query
    return query.topic if query.follows or "://" in query.text else query.text
