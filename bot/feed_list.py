"""Feeds as their operators see them, and as everybody does: pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from bot.layout import line, name, one_line
from bot.markup import Block, Button, Page, Run, Section, Style, paginate
from bot.phrases import Phrases, Say
from bot.presses import Does, Press
from bot.render import render_phrase
from whosays.feeds import Feed

#: A button of this many lines is the most that a phone shows without scrolling for long.
_SHOWN = 30
#: What the buttons of a feed do.
READ_NOW, REMOVE, LIST = "now", "remove", "list"


def feeds_page(feeds: Sequence[Feed], phrases: Phrases) -> Page:
    """Return which feeds are read and how that goes, those that fail first, each with the button that opens it."""
    if not feeds:
        return render_phrase(phrases(Say.FEEDS_NONE))[0]
    shown = sorted(feeds, key=lambda feed: (not feed.failing, feed.url))[:_SHOWN]
    lines = [line(_state(feed, phrases)) for feed in shown]
    if len(feeds) > len(shown):
        lines.append(line(phrases(Say.FEEDS_MORE, count=len(feeds) - len(shown))))
    page = paginate([Section(heading=(Run(phrases(Say.FEEDS), Style.BOLD),), blocks=tuple(lines))])[0]
    mark = {True: "⚠ ", False: ""}
    buttons = [(_button(f"{mark[feed.failing]}{one_line(feed.title or feed.url)}", feed),) for feed in shown]
    return replace(page, buttons=tuple(buttons))


def feed_page(feed: Feed, phrases: Phrases) -> Page:
    """Return what is known of a feed, with the buttons that read it now, let it go, and lead back to the list."""
    lines = [line(name(feed.url, phrases)), line(_state(feed, phrases))]
    if feed.interval is not None and not feed.ended:
        lines.append(line(phrases(Say.FEED_EVERY, count=max(1, round(feed.interval.total_seconds() / 60)))))
    if feed.newest is not None:
        lines.append(line(phrases(Say.FEED_NEWEST, date=phrases.date(feed.newest))))
    page = paginate([Section(heading=(Run(one_line(feed.title or feed.url), Style.BOLD),), blocks=tuple(lines))])[0]
    rows = (
        (_button(phrases(Say.BUTTON_READ_NOW), feed, READ_NOW), _button(f"✕ {phrases(Say.BUTTON_REMOVE)}", feed, REMOVE)),
        (_button(phrases(Say.BUTTON_BACK), feed, LIST),),
    )
    return replace(page, buttons=rows)


def failing_page(feed: Feed, phrases: Phrases) -> Page:
    """Return what its operators are told of a feed that fails, or has ended."""
    said = Say.FEED_OVER if feed.ended else Say.FEED_FAILS
    values = {"feed": name(feed.title or feed.url, phrases), "error": name(feed.error, phrases)}
    told = phrases(said, **values) if feed.ended else phrases(said, count=feed.failures, **values)
    row = (_button(phrases(Say.BUTTON_READ_NOW), feed, READ_NOW), _button(f"✕ {phrases(Say.BUTTON_REMOVE)}", feed, REMOVE))
    return replace(render_phrase(told)[0], buttons=(row,))


def fresh_lines(feeds: Sequence[Feed], phrases: Phrases, most: int) -> tuple[Block, ...]:
    """Return a line a feed for everybody: when it was last read, and whether it can be; without reasons and addresses."""
    shown = sorted(feeds, key=lambda feed: one_line(feed.title or feed.url).casefold())[:most]
    lines = [line(_public_state(feed, phrases)) for feed in shown]
    if len(feeds) > len(shown):
        lines.append(line(phrases(Say.FEEDS_MORE, count=len(feeds) - len(shown))))
    return tuple(lines)


def feed_key(url: str) -> str:
    """Return what a button names a feed by: an address may be longer than a button's data."""
    return hashlib.blake2b(url.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _button(text: str, feed: Feed, *does: str) -> Button:
    return Button(text=text, data=Press(Does.FEED, feed_key(feed.url), does).data)


def _state(feed: Feed, phrases: Phrases) -> str:
    named = name(feed.title or feed.url, phrases)
    if feed.ended:
        return phrases(Say.FEED_ENDED, feed=named, error=name(feed.error, phrases))
    if feed.failures:
        return phrases(Say.FEED_FAILING, feed=named, count=feed.failures, error=name(feed.error, phrases))
    return _public_state(feed, phrases)


def _public_state(feed: Feed, phrases: Phrases) -> str:
    named = name(feed.title or feed.url, phrases)
    if feed.read is None:
        return phrases(Say.FEED_NEW, feed=named)
    return phrases(Say.FEED_STALE if feed.failing else Say.FEED_READ, feed=named, date=phrases.moment(feed.read))
