"""Answers, lists and errors as pages: pure, and the only place where anything is worded for a person.

Quotations stand in block quotes, not in quotation marks of ours: so every character in them is the article's, and marks that it
sets itself are not doubled. All other words are phrases, names, titles and dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from bot.markup import Block, Page, Run, Section, Style, cut, isolate, paginate, units
from bot.phrases import Phrases, Say
from bot.worker import BusyError
from whosays.errors import InputError, LanguageError, ModelError, StoreError
from whosays.types import Answer, OutletRecord, Quotation, Source, Speaker, Status

#: Quotations shown of a side, of the observers and of those whose side is not clear.
SHOWN = 3
#: Passages shown of the outlets' own voice.
OWN_VOICE_SHOWN = 3
#: UTF-16 units of such a passage, cut at the end of a sentence.
OWN_VOICE_UNITS = 320
#: A longer quotation is folded until it is tapped.
FOLDED_UNITS = 500
OUTLETS_SHOWN = 40

_CUT = "[…]"
_NAME_UNITS = 160
_ALSO_SHOWN = 8
_NEAREST_SHOWN = 5
_MISSING_SHOWN = 8
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*(?=\s|$)")
#: A longer address opens in no chat.
_URL_CHARACTERS = 2000


def render_answer(answer: Answer, phrases: Phrases) -> tuple[Page, ...]:
    """Return the card, in the order of its kind: status, sides, observers, side not clear, own voice, sources."""
    return paginate(_Card(answer, phrases).sections())


def render_outlets(outlets: Sequence[OutletRecord], phrases: Phrases) -> tuple[Page, ...]:
    """Return which outlets are indexed, those with the most articles first, and how fresh they are."""
    if not outlets:
        return render_phrase(phrases(Say.NO_ARTICLES))
    articles = sum(record.articles for record in outlets)
    dates = [record.newest for record in outlets if record.newest]
    total = (
        phrases(Say.OUTLETS_DATED, articles=articles, outlets=len(outlets), newest=phrases.date(max(dates)))
        if dates
        else phrases(Say.OUTLETS, articles=articles, outlets=len(outlets))
    )
    largest = sorted(outlets, key=lambda record: (-record.articles, record.outlet or ""))
    lines = [_line(_outlet_line(record, phrases)) for record in largest[:OUTLETS_SHOWN]]
    if len(largest) > OUTLETS_SHOWN:
        lines.append(_line(phrases(Say.MORE_OUTLETS, count=len(largest) - OUTLETS_SHOWN)))
    return paginate([Section(heading=(Run(total, Style.BOLD),), blocks=tuple(lines))])


def render_error(error: BaseException, phrases: Phrases) -> tuple[Page, ...]:
    """Word an error for a person, without any of its own words."""
    match error:
        case BusyError():
            say = Say.BUSY
        case LanguageError():
            say = Say.LANGUAGE
        case InputError():
            say = Say.UNREADABLE_QUESTION
        case StoreError() | ModelError():
            say = Say.NOT_READY
        case _:
            say = Say.FAILED
    return render_phrase(phrases(say))


def render_phrase(*paragraphs: str) -> tuple[Page, ...]:
    """Return phrases as they are, a paragraph each."""
    return paginate([Section(blocks=tuple(Block(lead=(Run(paragraph.strip()),)) for paragraph in paragraphs))])


class _Card:
    """One answer being laid out; notes which sources it has cited."""

    def __init__(self, answer: Answer, phrases: Phrases) -> None:
        self._answer = answer
        self._say = phrases
        self._sources: Mapping[int, Source] = {source.n: source for source in answer.sources}
        self._cited: set[int] = set()

    def sections(self) -> Iterator[Section]:
        answer, say = self._answer, self._say
        yield Section(blocks=tuple(self._status()))
        yield from self._nearest()
        if answer.status is Status.NOTHING:
            return
        for side in answer.sides:
            yield self._section(_name(side.name), side.quotations)
        if answer.missing:
            names = ", ".join(_name(name) for name in answer.missing[:_MISSING_SHOWN])
            yield Section(blocks=(Block(lead=(Run(say(Say.MISSING, sides=names), Style.ITALIC),)),))
        yield self._section(say(Say.OBSERVERS), answer.observers)
        yield self._section(say(Say.OPEN), answer.open)
        yield self._section(say(Say.OWN_VOICE), answer.own_voice, shown=OWN_VOICE_SHOWN)
        yield from self._source_list()

    def _status(self) -> Iterator[Block]:
        answer, say = self._answer, self._say
        line = [Run(say(Say(f"status.{answer.status.name.lower()}")), Style.BOLD)]
        if answer.as_of and answer.status is not Status.NOTHING:
            line.append(Run(" · " + say(Say.AS_OF, date=say.date(answer.as_of))))
        yield Block(lead=tuple(line))
        if answer.conflict:
            yield Block(lead=tuple(self._conflict(*answer.conflict.pair)), gap=1)
        if answer.status is Status.OLD:
            yield _line(say(Say.OLD_NOTE))
        if answer.status is Status.NOTHING:
            yield _line(say(Say.NOTHING_ANSWERS))

    def _conflict(self, one: Quotation, other: Quotation) -> Iterator[Run]:
        """Yield the pair that the dispute rests on: of each end its side, and the way to its passage."""
        ends = {"\0": one, "\1": other}
        for part in re.split("([\0\1])", self._say(Say.CONFLICT, one="\0", other="\1")):
            if quotation := ends.get(part):
                side = quotation.claim.side if quotation.claim else None
                yield Run(f"{_name(side or self._say(Say.OPEN))} ")
                yield self._reference(quotation)
            elif part:
                yield Run(part)

    def _nearest(self) -> Iterator[Section]:
        if nearest := self._answer.nearest[:_NEAREST_SHOWN]:
            yield Section(
                heading=(Run(self._say(Say.NEAREST)),),
                blocks=tuple(_line("• " + _name(topic)) for topic in nearest),
            )

    def _section(self, heading: str, quotations: Sequence[Quotation], shown: int = SHOWN) -> Section:
        blocks = [self._quotation(quotation) for quotation in self._foremost(quotations, shown)]
        if len(quotations) > shown:
            more = self._say(Say.MORE, count=len(quotations) - shown)
            blocks.append(Block(lead=(Run(more, Style.ITALIC),)))
        return Section(
            heading=(Run(heading, Style.BOLD),),
            heading_again=(Run(self._say(Say.CONTINUED, heading=heading), Style.BOLD),),
            blocks=tuple(blocks),
        )

    def _foremost(self, quotations: Sequence[Quotation], shown: int) -> Sequence[Quotation]:
        """Return those to show: the first ones, but in any case the one that the dispute rests on."""
        pair = self._answer.conflict.pair if self._answer.conflict else ()
        hidden = [quotation for quotation in quotations[shown:] if quotation in pair]
        return [*quotations[: shown - len(hidden)], *hidden]

    def _quotation(self, quotation: Quotation) -> Block:
        claim = quotation.claim
        tail = [Run("\n")]
        if claim is None:
            text = _shortened(quotation.text, OWN_VOICE_UNITS)
            lead, lead_again = "", ""
        else:
            text = quotation.told or quotation.text
            stance = self._say(Say.CONCEDES if quotation.concedes else Say(f"stance.{claim.stance.name.lower()}"))
            lead, lead_again = stance + "\n", self._say(Say.CONTINUED, heading=stance) + "\n"
            tail.append(Run(f"— {self._speaker(claim.speaker)}\n"))
        return Block(
            lead=(Run(lead, Style.ITALIC),) if lead else (),
            lead_again=(Run(lead_again, Style.ITALIC),) if lead_again else (),
            quote=Run(text, Style.LONG_QUOTE if units(text) > FOLDED_UNITS else Style.QUOTE),
            tail=(*tail, *self._citation(quotation)),
        )

    def _speaker(self, speaker: Speaker) -> str:
        return ", ".join(_name(part) for part in (speaker.name, speaker.role) if part) or self._say(Say.UNNAMED)

    def _citation(self, quotation: Quotation) -> Iterator[Run]:
        """Yield outlet, date and `[n]`, then the sources that say it too."""
        source = self._sources[quotation.source]
        self._cited.add(source.n)
        yield Run(f"{self._outlet(source)}, {self._date(source)} ")
        yield self._reference(quotation)
        also = [self._sources[n] for n in quotation.also if n in self._sources][:_ALSO_SHOWN]
        if not also:
            return
        self._cited.update(source.n for source in also)
        before, _, after = self._say(Say.ALSO, sources="\0").partition("\0")
        yield Run(", " + before)
        for position, source in enumerate(also):
            yield Run(", " if position else "")
            yield Run(f"[{source.n}]", link=_address(source.url))
        yield Run(after)

    def _reference(self, quotation: Quotation) -> Run:
        source = self._sources[quotation.source]
        return Run(f"[{source.n}]", link=_address(quotation.url) or _address(source.url))

    def _source_list(self) -> Iterator[Section]:
        """Yield the sources cited on the card; those of quotations that are not shown would only confuse."""
        lines = []
        for source in self._answer.sources:
            if source.n in self._cited:
                title = Run(_name(source.title or "") or self._say(Say.UNTITLED), link=_address(source.url))
                before, after = f"[{source.n}] {self._outlet(source)}: ", f", {self._date(source)}"
                lines.append(Block(lead=(Run(before), title, Run(after)), gap=1))
        heading = self._say(Say.SOURCES)
        yield Section(
            heading=(Run(heading, Style.BOLD),),
            heading_again=(Run(self._say(Say.CONTINUED, heading=heading), Style.BOLD),),
            blocks=tuple(lines),
        )

    def _outlet(self, source: Source) -> str:
        return _name(source.outlet or "") or self._say(Say.NO_OUTLET)

    def _date(self, source: Source) -> str:
        return self._say.date(source.published) if source.published else self._say(Say.UNDATED)


def _outlet_line(record: OutletRecord, say: Phrases) -> str:
    outlet = _name(record.outlet or "") or say(Say.NO_OUTLET)
    if record.oldest and record.newest:
        oldest, newest = say.date(record.oldest), say.date(record.newest)
        return say(Say.OUTLET_DATED, outlet=outlet, articles=record.articles, oldest=oldest, newest=newest)
    return say(Say.OUTLET, outlet=outlet, articles=record.articles)


def _line(text: str) -> Block:
    return Block(lead=(Run(text),), gap=1)


def _name(text: str) -> str:
    """Return a name or title on one line, of bounded length, its direction kept to itself."""
    text = " ".join(text.split())
    return isolate(text if units(text) <= _NAME_UNITS else next(cut(text, _NAME_UNITS)).rstrip() + "…")


def _shortened(text: str, max_units: int) -> str:
    """Return the sentences that fit, else the words that fit, with the cut shown."""
    if units(text) <= max_units:
        return text
    room = next(cut(text, max_units))
    ends = [match.end() for match in _SENTENCE_END.finditer(room)]
    return f"{room[: ends[-1]] if ends else room.rstrip()} {_CUT}"


def _address(url: str | None) -> str | None:
    """Return a web address that a chat can open, without its text fragment where it is too long; None for any other."""
    if url is None:
        return None
    if len(url) > _URL_CHARACTERS:
        url = url.partition("#")[0]
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname and len(url) <= _URL_CHARACTERS else None
