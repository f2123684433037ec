"""Answers, lists and errors as pages: pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.layout import CardLayout, Shape, line, name
from bot.markup import Block, Page, Run, Section, Style, paginate
from bot.phrases import Phrases, Say
from bot.worker import BusyError
from whosays.errors import InputError, LanguageError, ModelError, StoreError
from whosays.types import Answer, OutletRecord

OUTLETS_SHOWN = 40


def render_answer(answer: Answer, phrases: Phrases) -> tuple[Page, ...]:
    """Return the whole card, over as many pages as it takes: what a terminal shows."""
    return paginate(CardLayout(answer, phrases, Shape()).sections())


def render_outlets(outlets: Sequence[OutletRecord], phrases: Phrases, feeds: Sequence[Block] = ()) -> tuple[Page, ...]:
    """Return which outlets are indexed, those with the most articles first, and how fresh they are; `feeds` has a line a feed."""
    of_feeds = [Section(heading=(Run(phrases(Say.SOURCES_FEEDS), Style.BOLD),), blocks=tuple(feeds))] if feeds else []
    if not outlets:
        return paginate([Section(blocks=(line(phrases(Say.NO_ARTICLES)),)), *of_feeds])
    counted = {
        "articles": phrases(Say.COUNT_ARTICLES, count=sum(record.articles for record in outlets)),
        "outlets": phrases(Say.COUNT_OUTLETS, count=len(outlets)),
    }
    dates = [record.newest for record in outlets if record.newest]
    total = phrases(Say.OUTLETS_DATED, newest=phrases.date(max(dates)), **counted) if dates else phrases(Say.OUTLETS, **counted)
    largest = sorted(outlets, key=lambda record: (-record.articles, record.outlet or ""))
    lines = [line(_outlet_line(record, phrases)) for record in largest[:OUTLETS_SHOWN]]
    if len(largest) > OUTLETS_SHOWN:
        lines.append(line(phrases(Say.MORE_OUTLETS, count=len(largest) - OUTLETS_SHOWN)))
    return paginate([Section(heading=(Run(total, Style.BOLD),), blocks=tuple(lines)), *of_feeds])


def render_error(error: BaseException, phrases: Phrases) -> tuple[Page, ...]:
    """Word an error for a person, without any of its own words."""
    return render_phrase(phrases(word(error)))


def word(error: BaseException) -> Say:
    """Return the phrase for an error."""
    match error:
        case BusyError():
            return Say.BUSY
        case LanguageError():
            return Say.LANGUAGE
        case InputError():
            return Say.UNREADABLE_QUESTION
        case StoreError() | ModelError():
            return Say.NOT_READY
        case _:
            return Say.FAILED


def render_phrase(*paragraphs: str) -> tuple[Page, ...]:
    """Return phrases as they are, a paragraph each."""
    return paginate([Section(blocks=tuple(Block(lead=(Run(paragraph.strip()),)) for paragraph in paragraphs))])


def _outlet_line(record: OutletRecord, say: Phrases) -> str:
    outlet = name(record.outlet or "", say) or say(Say.NO_OUTLET)
    articles = say(Say.COUNT_ARTICLES, count=record.articles)
    if record.oldest and record.newest:
        return say(Say.OUTLET_DATED, outlet=outlet, articles=articles, dates=say.dates(record.oldest, record.newest))
    return say(Say.OUTLET, outlet=outlet, articles=articles)
