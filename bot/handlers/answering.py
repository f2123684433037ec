"""What all handlers share: an update → words or a card, in the chat and the language that it came from."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from telegram.error import BadRequest, TelegramError

from bot.asked import Asked
from bot.cards import first_view
from bot.deliver import Delivery
from bot.drawing import Drawing
from bot.letter import Leave, short
from bot.limits import Crowd
from bot.markup import Page, Picture
from bot.members import Members
from bot.phrases import Catalogue, Phrases
from bot.presses import new_card_id
from bot.records import Records
from bot.render import render_error
from bot.speaking import Speaking
from bot.under_way import UnderWay
from bot.worker import BusyError, Engine, Worker
from whosays.chats import Card, CardKind, Chat, Chats
from whosays.errors import InputError, LanguageError, StoreError
from whosays.feeds import Feeds
from whosays.observe.trace import note
from whosays.types import Answer, Query, Status

_log = logging.getLogger(__name__)

#: Answers under way in one chat: what its quota lets through at once, and the words that tell whoever asks more. Beyond that it
#: is flooding, and is not even told so.
MOST_AT_ONCE = 40

#: Of a card whose question was edited into one that has no answer.
NOTHING_ASKED = Answer(query=Query(text="", topic=""), status=Status.NOTHING)

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A message that is answered, with the settings of its chat and the phrases of its language."""

    asked: Asked
    chat: Chat
    phrases: Phrases


class Answering(Speaking):
    """Lets the engine work and sends what comes of it; whatever goes wrong becomes a phrase."""

    def __init__(
        self,
        *,
        engine: Engine,
        worker: Worker,
        drawing: Drawing,
        records: Records[Chats],
        feeds: Records[Feeds],
        delivery: Delivery,
        members: Members,
        catalogue: Catalogue,
        username: Callable[[], str],
        now: Callable[[], datetime],
    ) -> None:
        super().__init__(records=records, delivery=delivery, catalogue=catalogue, now=now)
        self.engine = engine
        self.drawing = drawing
        self._username = username
        self.feeds = feeds
        self.members = members
        #: Supergroups that were groups until now: Telegram tells of them as if the bot had just been added.
        self.moved: set[int] = set()
        self.under_way = UnderWay()
        self._worker = worker
        self._crowd = Crowd(MOST_AT_ONCE)

    @property
    def username(self) -> str:
        """The bot's user name, without "@"; Telegram tells it when the bot introduces itself."""
        return self._username()

    async def compute(self, work: Callable[[], Result]) -> Result:
        """Return what some work of the engine returns. Raises BusyError, and what the work raises."""
        return await self._worker.run(work)

    async def compute_spare(self, work: Callable[[], Result]) -> Result:
        """Return what some work of the engine returns that is in no hurry: questions come first. Raises what the work raises."""
        return await self._worker.run_spare(work)

    async def say(self, visit: Visit, *pages: Page | Picture) -> tuple[int, ...]:
        """Reply with what is ready; return the ids of the messages that are known to be there."""
        asked = visit.asked
        with self._crowd.place(asked.chat) as free:
            if not free or (len(pages) == 1 and isinstance(pages[0], Page) and await self._instead(asked, pages[0])):
                return ()
            try:
                return await self.delivery.send(pages, asked.to, leave=self._once(asked))
            except BadRequest as error:
                _log.error("Telegram refuses words to chat %s: %s", asked.chat, short(error))
                return ()
            except TelegramError as error:
                _log.warning("words to chat %s did not get out: %s", asked.chat, short(error))
                return ()

    async def work(self, visit: Visit, make: Callable[[], Awaitable[None]]) -> None:
        """Do what takes the engine a while: "typing" is shown, and an error becomes a phrase."""
        asked = visit.asked
        with self._crowd.place(asked.chat) as free:
            if not free:
                note(outcome="flooding")
                return
            try:
                async with self.delivery.typing(asked.to):
                    await make()
            except TelegramError as error:
                _log.warning("an answer to chat %s did not get out: %s", asked.chat, short(error))
            except Exception as error:
                await self.apologise(visit, error)

    async def apologise(self, visit: Visit, error: Exception) -> None:
        """Say that there is no answer, if none was sent, and write down why."""
        # The chat's id is enough to find the case by: what people ask is not written down.
        note(outcome=outcome_of(error))
        if not isinstance(error, BusyError | InputError):
            _log.error("no answer for chat %s", visit.asked.chat, exc_info=error)
        said = render_error(error, visit.phrases)
        try:
            if not await self._instead(visit.asked, said[0]):
                await self.delivery.send(said, visit.asked.to, leave=self._once(visit.asked))
        except TelegramError as refused:
            _log.warning("that there is no answer did not get out to chat %s: %s", visit.asked.chat, short(refused))

    async def show(self, visit: Visit, kind: CardKind, answer: Answer, picture: Picture | None = None) -> None:
        """Send an answer as a card, behind its picture if it has one; or edit those that an edited question has."""
        asked = visit.asked
        note(outcome=answer.status.value)
        old = await self.card_of(asked) if asked.edited else None
        card = Card(
            # The same one: buttons pressed while this is under way still find a card.
            id=old.id if old is not None else new_card_id(),
            kind=kind,
            chat=asked.chat,
            thread=asked.to.topic,
            asker=asked.person,
            question_message=asked.to.reply_to,
            message=old.message if old is not None else None,
            picture=old.picture if old is not None else None,
            language=visit.phrases.language,
            answer=answer,
            asked=self.now(),
        )
        page = first_view(card, visit.phrases, visit.chat.length)
        if not await self.keep_card(asked.update, card):
            # An answer whose buttons would not work is better than none.
            page = replace(page, buttons=())
        if await self._edit(card, page, picture):
            return
        pages: list[Page | Picture] = [picture, page] if picture is not None else [page]
        sent = await self.delivery.send(pages, asked.to, leave=self._once(asked))
        if sent:
            # Where pictures are forbidden there is the list alone.
            above = sent[0] if len(sent) > 1 else None
            await self._keep(asked.chat, lambda chats: chats.set_message(card.id, sent[-1], above))

    async def keep_card(self, update: int, card: Card) -> bool:
        """Keep a card; False where the store fails, and where meanwhile all was forgotten of who asked, or of the chat."""
        if self.under_way.is_forgotten(update) or not await self._keep(card.chat, lambda chats: chats.keep_card(card)):
            return False
        if self.under_way.is_forgotten(update) or await self._was_let_go(update):
            await self._keep(card.chat, lambda chats: chats.let_card_go(card.id))
            return False
        return True

    async def _was_let_go(self, update: int) -> bool:
        """Say whether another bot over the store has deleted an update, with all else that was kept of who asked."""
        try:
            return await self.records(lambda chats: chats.was_let_go(update))
        except StoreError:
            return False

    async def _instead(self, asked: Asked, page: Page) -> bool:
        """Put words in place of the answer that an edited question had, for it is asked no more; say whether they stand there.

        The message is still known as the one that answers the question: another edit may find an answer again.
        """
        try:
            old = await self.card_of(asked) if asked.edited else None
        except StoreError:
            return False
        if old is None or old.message is None:
            return False
        if old.picture is not None:
            await self.delivery.delete(old.chat, old.picture)
        # Under another id, so that buttons, links and topics find nothing by the one before.
        emptied = replace(old, id=new_card_id(), kind=CardKind.ANSWER, picture=None, answer=NOTHING_ASKED, shared=False)
        await self._keep(asked.chat, lambda chats: chats.let_card_go(old.id))
        await self.keep_card(asked.update, emptied)
        return await self.delivery.edit(page, old.chat, old.message)

    async def _edit(self, card: Card, page: Page, picture: Picture | None) -> bool:
        """Put an answer in place of the one before; False where there is none, or it is gone, or another kind of message."""
        if card.message is None:
            return False
        if (picture is None) == (card.picture is None):
            if (
                picture is not None
                and card.picture is not None
                and not await self.delivery.edit(picture, card.chat, card.picture)
            ):
                return False
            return await self.delivery.edit(page, card.chat, card.message)
        # Words become no picture, and a picture no words.
        for message in (card.picture, card.message):
            if message is not None:
                await self.delivery.delete(card.chat, message)
        return False

    async def card_of(self, asked: Asked) -> Card | None:
        """Return the card that answers a message already. Raises StoreError."""
        message = asked.to.reply_to
        return await self.records(lambda chats: chats.card_asked_by(asked.chat, message)) if message is not None else None

    async def _keep(self, chat: int, work: Callable[[Chats], None]) -> bool:
        """Keep what belongs to an answer; False where the store fails, which is no reason to be silent."""
        try:
            await self.records(work)
        except StoreError:
            _log.exception("an answer to chat %s cannot be kept", chat)
            return False
        return True

    def _once(self, asked: Asked) -> Leave:
        async def begin() -> bool:
            try:
                return await self.records(lambda chats: chats.begin(asked.update))
            except StoreError:
                # Answering beats the certainty that a restart does not answer again.
                _log.exception("that an answer to chat %s is being sent cannot be noted", asked.chat)
                return True

        async def put_off() -> bool:
            return await self._keep(asked.chat, lambda chats: chats.put_off(asked.update))

        return Leave(begin, put_off)


def where(kind: str) -> str:
    """Return what kind of chat this is, as its questions are counted: a supergroup is a group."""
    return kind.removeprefix("super")


def outcome_of(error: Exception) -> str:
    """Return what came of a question that has no answer, as it is counted."""
    match error:
        case BusyError():
            return "busy"
        case LanguageError():
            return "language"
        case InputError():
            return "refused"
        case _:
            return "error"
