"""The buttons under a card: the same message shows another view of it, or something is reported or asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from telegram.constants import ChatType

from bot import cards, links, presses
from bot.handlers.answering import Answering
from bot.handlers.presses import Elsewhere, Handler, Pressed, as_message
from bot.handlers.questions import Questions
from bot.limits import Quota
from bot.markup import Page
from bot.phrases import Phrases, Say
from bot.presses import Does
from whosays.chats import Card, CardKind, Report
from whosays.types import Quotation


class CardPresses:
    """The buttons under a card."""

    def __init__(self, answering: Answering, questions: Questions, quota: Quota) -> None:
        """Take the quota of questions, too: some buttons ask one."""
        self._answering = answering
        self._questions = questions
        self._quota = quota

    @property
    def handlers(self) -> Mapping[Does, Handler]:
        """What each button of a card does."""
        return {
            Does.FIRST: self._on_card(self._first),
            Does.PAGE: self._on_card(self._page),
            Does.CHOOSE_CONTEXT: self._on_card(self._choose),
            Does.CHOOSE_WRONG: self._on_card(self._choose),
            Does.CONTEXT: self._on_card(self._context),
            Does.CHOOSE_FAULT: self._on_card(self._choose_fault),
            Does.REPORT: self._on_card(self._report),
            Does.TIMELINE: self._on_card(self._timeline),
            Does.NEAREST: self._on_card(self._nearest),
        }

    def _on_card(self, handle: Callable[[Pressed, Card], Awaitable[str]]) -> Handler:
        """Return the handler that finds the card and sees that the person may turn it: who may not gets one of his own."""

        async def on_card(pressed: Pressed) -> str | Elsewhere:
            card = await self._answering.records(lambda chats: chats.card(pressed.press.of))
            if card is None:
                return pressed.phrases(Say.TOAST_STALE)
            if card.chat != pressed.chat.id:
                # A message of a group that has become a supergroup stays as it is; its card has gone there, for those who are in.
                if pressed.chat.kind == ChatType.GROUP and card.chat < 0:
                    return Elsewhere(links.to_card(self._answering.username, card.id))
                # A card of another chat cannot be under a message here: such data is made up.
                return pressed.phrases(Say.TOAST_STALE)
            if not await self.may_turn(pressed, card):
                return Elsewhere(links.to_card(self._answering.username, card.id))
            return await handle(pressed, card)

        return on_card

    async def may_turn(self, pressed: Pressed, card: Card) -> bool:
        """Say whether somebody may change what a card shows: in a group who asked, admins, and everybody if the group is open."""
        if not pressed.in_group or pressed.person == card.asker or pressed.chat.open:
            return True
        return await self._answering.members.is_admin(pressed.chat.id, pressed.person)

    async def _first(self, pressed: Pressed, card: Card) -> str:
        return await self._turn(pressed, cards.first_view(card, self._phrases(card), pressed.chat.length))

    async def _page(self, pressed: Pressed, card: Card) -> str:
        return await self._turn(pressed, cards.page(card, pressed.press.number(0) or 0, self._phrases(card)))

    async def _choose(self, pressed: Pressed, card: Card) -> str:
        if pressed.press.does is Does.CHOOSE_CONTEXT and len(card.answer.quotations) == 1:
            return await self._show_context(pressed, card, card.answer.quotations[0])
        return await self._turn(
            pressed, cards.choose(card, pressed.press.does, pressed.press.number(0) or 0, self._phrases(card))
        )

    async def _context(self, pressed: Pressed, card: Card) -> str:
        which, mark = _which(pressed)
        quotation = cards.quotation_of(card, which)
        if quotation is None or mark != cards.mark_of(card, which):
            return pressed.phrases(Say.TOAST_STALE)
        return await self._show_context(pressed, card, quotation)

    async def _show_context(self, pressed: Pressed, card: Card, quotation: Quotation) -> str:
        context = await self._answering.compute(lambda: self._answering.engine.context(quotation))
        now = await self._answering.records(lambda chats: chats.card(card.id))
        if now is None or now.answer != card.answer:
            # Its question was edited meanwhile, and its message shows another answer.
            return pressed.phrases(Say.TOAST_STALE)
        return await self._turn(pressed, cards.context_view(card, context, self._phrases(card)))

    async def _choose_fault(self, pressed: Pressed, card: Card) -> str:
        which, mark = _which(pressed)
        page = cards.choose_fault(card, which, self._phrases(card))
        if page is None or mark != cards.mark_of(card, which):
            return pressed.phrases(Say.TOAST_STALE)
        return await self._turn(pressed, page)

    async def _report(self, pressed: Pressed, card: Card) -> str:
        which, mark = _which(pressed)
        fault, quotation = cards.fault_of("".join(pressed.press.arguments[2:])), cards.quotation_of(card, which)
        if fault is None or (quotation is None and which != cards.CARD_ITSELF) or mark != cards.mark_of(card, which):
            return pressed.phrases(Say.TOAST_STALE)
        report = Report(
            person=pressed.person,
            fault=fault,
            answer=card.answer,
            quotation=int(which) if quotation is not None else None,
            at=self._answering.now(),
        )
        await self._answering.records(lambda chats: chats.report(report))
        await self._first(pressed, card)
        return pressed.phrases(Say.TOAST_REPORTED)

    async def _timeline(self, pressed: Pressed, card: Card) -> str:
        query = card.answer.query
        # A summary's own words name its article, too; a question's topic leaves out who and when.
        words = query.text if card.kind is CardKind.SUMMARY else query.topic
        return await self._ask(pressed, card, "timeline", words)

    async def _nearest(self, pressed: Pressed, card: Card) -> str:
        number = pressed.press.number(0)
        _, mark = _which(pressed)
        topic = card.answer.nearest[number] if number is not None and number < len(card.answer.nearest) else None
        if topic is None or mark != presses.mark(topic):
            return pressed.phrases(Say.TOAST_STALE)
        return await self._ask(pressed, card, "summary", topic)

    async def _ask(self, pressed: Pressed, card: Card, command: str, words: str) -> str:
        """Ask what a message might, and reply to the card."""
        if self._quota.take(pressed.person, pressed.chat.id) is not None:
            return pressed.phrases(Say.TOAST_TOO_FAST)
        await self._questions.commands[command](as_message(pressed, card, command, words, self._answering))
        return ""

    async def _turn(self, pressed: Pressed, page: Page) -> str:
        if not pressed.turn.last:
            # Another press has come since, and shows what is wanted now.
            return ""
        edited = await self._answering.delivery.edit(page, pressed.chat.id, pressed.message)
        return "" if edited else pressed.phrases(Say.TOAST_STALE)

    def _phrases(self, card: Card) -> Phrases:
        """Return the phrases that a card was shown in: it stays in one language, whoever turns it."""
        return self._answering.catalogue.of(card.language)


def _which(pressed: Pressed) -> tuple[str, str]:
    """Return which of a card's parts a press is about, and what tells it from one of another answer in its place."""
    which, mark = (*pressed.press.arguments, "", "")[:2]
    return which, mark
