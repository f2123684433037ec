"""For the operators of the bot alone: /add, /feeds, /stats."""

from __future__ import annotations

from collections.abc import Mapping

from bot.handlers.answering import Answering, Visit
from bot.handlers.messages import Handler
from bot.handlers.presses import Handler as PressHandler
from bot.handlers.presses import Pressed
from bot.lists import feed_key, feeds_page
from bot.phrases import Say
from bot.presses import Does
from bot.render import render_phrase
from whosays.chats import Feed
from whosays.config import Settings
from whosays.errors import InputError
from whosays.types import IngestReport

_REFUSALS_SHOWN = 5


class Operators:
    """What an operator does in the chat. To everybody else these commands are unknown."""

    def __init__(self, answering: Answering, settings: Settings) -> None:
        self._answering = answering
        self._admins = settings.admins

    @property
    def commands(self) -> Mapping[str, Handler]:
        """The commands, by name."""
        return {"add": self._for_admins(self.add), "feeds": self._for_admins(self.feeds), "stats": self._for_admins(self.stats)}

    @property
    def handlers(self) -> Mapping[Does, PressHandler]:
        """What the buttons do."""
        return {Does.FEED: self._remove_feed}

    async def add(self, visit: Visit) -> None:
        """Read the page or the feed at an address into the store."""
        phrases, address, answering = visit.phrases, visit.asked.words, self._answering
        if not address:
            await answering.say(visit, *render_phrase(phrases(Say.ADD_HOW)))
            return

        async def make() -> None:
            try:
                report = await answering.compute(lambda: answering.engine.read(address))
            except InputError as error:
                await answering.say(visit, *render_phrase(phrases(Say.NOT_READ, reason=phrases.isolated(str(error)))))
                return
            read = phrases(Say.ADDED, **_counts(report))
            feed = Feed(url=address, added=answering.now(), read=answering.now(), outcome=read)
            if sum(_counts(report).values()) > 1:
                # A page is one article; what holds several is read again.
                await answering.records(lambda chats: chats.keep_feed(feed))
            refused = [
                phrases(Say.REFUSED, where=phrases.isolated(one.where), reason=phrases.isolated(one.reason))
                for one in report.refused[:_REFUSALS_SHOWN]
            ]
            await answering.say(visit, *render_phrase(read, *refused))

        await answering.work(visit, make)

    async def feeds(self, visit: Visit) -> None:
        """List the feeds that were added."""
        await self._answering.say(visit, feeds_page(await self._answering.records(lambda chats: chats.feeds()), visit.phrases))

    async def stats(self, visit: Visit) -> None:
        """Say how much the bot is used, and what it holds."""
        answering, phrases = self._answering, visit.phrases
        counts = await answering.records(lambda chats: chats.counts(answering.now()))
        outlets = await answering.compute(answering.engine.outlets)
        told = phrases(
            Say.STATS,
            chats=counts.chats,
            shut=counts.shut,
            today=counts.cards_today,
            week=counts.cards_week,
            followed=counts.followed,
            reports=counts.reports_open,
            articles=sum(record.articles for record in outlets),
            outlets=len(outlets),
        )
        await answering.say(visit, *render_phrase(told))

    async def _remove_feed(self, pressed: Pressed) -> str:
        phrases, records = pressed.phrases, self._answering.records
        if pressed.person not in self._admins:
            return phrases(Say.TOAST_STALE)
        feeds = await records(lambda chats: chats.feeds())
        gone = next((feed for feed in feeds if feed_key(feed.url) == pressed.press.of), None)
        if gone is not None:
            await records(lambda chats: chats.remove_feed(gone.url))
        left = [feed for feed in feeds if feed is not gone]
        await self._answering.delivery.edit(feeds_page(left, phrases), pressed.chat.id, pressed.message)
        return phrases(Say.TOAST_SAVED if gone is not None else Say.TOAST_GONE)

    def _for_admins(self, handler: Handler) -> Handler:
        async def for_admins(visit: Visit) -> None:
            if visit.asked.person in self._admins:
                await handler(visit)
            elif visit.asked.private:
                await self._answering.say(visit, *render_phrase(visit.phrases(Say.UNKNOWN_COMMAND)))

        return for_admins


def _counts(report: IngestReport) -> Mapping[str, int]:
    return {name: len(getattr(report, name)) for name in ("added", "changed", "unchanged", "refused")}
