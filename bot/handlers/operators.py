"""For the operators of the bot alone: /add, /feeds, /stats."""

from __future__ import annotations

from collections.abc import Mapping

from bot.feed_list import LIST, READ_NOW, REMOVE, feed_key, feed_page, feeds_page
from bot.handlers.answering import Answering, Visit
from bot.handlers.messages import Handler
from bot.handlers.presses import Handler as PressHandler
from bot.handlers.presses import Pressed
from bot.layout import name
from bot.markup import Page
from bot.phrases import Say
from bot.presses import Does
from bot.render import render_phrase
from whosays.config import Settings
from whosays.errors import InputError
from whosays.feeds import Feed, FeedFound
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
        return {Does.FEED: self._on_feed}

    async def add(self, visit: Visit) -> None:
        """Read the page at an address into the store, or add the feed that is there: whoever polls will read that."""
        phrases, address, answering = visit.phrases, visit.asked.words, self._answering
        if not address:
            await answering.say(visit, *render_phrase(phrases(Say.ADD_HOW)))
            return

        async def make() -> None:
            try:
                found = await answering.compute(lambda: answering.engine.read(address))
            except InputError as error:
                await answering.say(visit, *render_phrase(phrases(Say.NOT_READ, reason=phrases.isolated(str(error)))))
                return
            if isinstance(found, FeedFound):
                feed = Feed(url=found.url, added=answering.now(), title=found.title, site=found.site)
                new = await answering.feeds(lambda feeds: feeds.add(feed))
                said = phrases(Say.FEED_ADDED if new else Say.FEED_KNOWN, feed=name(feed.title or feed.url, phrases))
                await answering.say(visit, *render_phrase(said))
                return
            refused = [
                phrases(Say.REFUSED, where=phrases.isolated(one.where), reason=phrases.isolated(one.reason))
                for one in found.refused[:_REFUSALS_SHOWN]
            ]
            await answering.say(visit, *render_phrase(phrases(Say.ADDED, **_counts(found)), *refused))

        await answering.work(visit, make)

    async def feeds(self, visit: Visit) -> None:
        """List the feeds that are read."""
        feeds = await self._answering.feeds(lambda feeds: feeds.feeds())
        await self._answering.say(visit, feeds_page(feeds, visit.phrases))

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

    async def _on_feed(self, pressed: Pressed) -> str:
        """Open a feed, read it now, let it go, or show the list again."""
        phrases, feeds = pressed.phrases, self._answering.feeds
        if pressed.person not in self._admins:
            return phrases(Say.TOAST_STALE)
        known = await feeds(lambda feeds: feeds.feeds())
        meant = next((feed for feed in known if feed_key(feed.url) == pressed.press.of), None)
        does = "".join(pressed.press.arguments[:1])
        if does == LIST:
            await self._turn(pressed, feeds_page(known, phrases))
            return ""
        if meant is None:
            await self._turn(pressed, feeds_page(known, phrases))
            return phrases(Say.TOAST_GONE)
        if does == REMOVE:
            await feeds(lambda feeds: feeds.remove(meant.url))
            await self._turn(pressed, feeds_page([feed for feed in known if feed is not meant], phrases))
            return phrases(Say.TOAST_SAVED)
        if does == READ_NOW:
            await feeds(lambda feeds: feeds.read_soon(meant.url))
            return phrases(Say.TOAST_SAVED)
        await self._turn(pressed, feed_page(meant, phrases))
        return ""

    async def _turn(self, pressed: Pressed, page: Page) -> None:
        await self._answering.delivery.edit(page, pressed.chat.id, pressed.message)

    def _for_admins(self, handler: Handler) -> Handler:
        async def for_admins(visit: Visit) -> None:
            if visit.asked.person in self._admins:
                await handler(visit)
            elif visit.asked.private:
                await self._answering.say(visit, *render_phrase(visit.phrases(Say.UNKNOWN_COMMAND)))

        return for_admins


def _counts(report: IngestReport) -> Mapping[str, int]:
    return {name: len(getattr(report, name)) for name in ("added", "changed", "unchanged", "refused")}
