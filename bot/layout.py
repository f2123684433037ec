"""An answer laid out as a card: status, sides, observers, side not clear, own voice, sources. Pure.

Quotations stand in block quotes, not in quotation marks of ours: so every character in them is the article's, and marks that it
sets itself are not doubled. All other words are phrases, names, titles and dates.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.markup import Block, Run, Section, Style, cut, units
from bot.phrases import Phrases, Say
from whosays.types import Answer, Quotation, Source, Speaker, Status

#: UTF-16 units of a passage in the outlet's own voice, cut at the end of a sentence.
OWN_VOICE_UNITS = 320
#: A longer quotation is folded until it is tapped.
FOLDED_UNITS = 500

_CUT = "[…]"
#: Between a side and what it does, and between who said it and where.
_DOT = " · "
#: Letters of a line on a phone: who said it and where share one that holds both.
_LINE_LETTERS = 40
_NAME_UNITS = 160
_BUTTON_UNITS = 48
_ALSO_SHOWN = 8
_NEAREST_SHOWN = 5
_MISSING_SHOWN = 8
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*(?=\s|$)")
#: A full stop that belongs to its word: a title, an initial, "U.S."; whether it ends a sentence too is not told from here.
_ABBREVIATION = re.compile(
    r"(?:(?<![^\W_])(?:[^\W\d_]\.)+|\b(?:Mrs?|Ms|Messrs|Drs?|Profs?|Rev|Fr|Hon|Pres|Gov|Gens?|Col|Maj|Capt|Cmdr|Lt|Sgt|Cpl|Adm"
    r"|Sens?|Reps?|Amb|Sec|Min|St|Ft|Mt|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|vs|etc|approx|Ph\.D)\.)\Z"
)
#: A longer address opens in no chat.
_URL_CHARACTERS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How much of an answer is shown.

    `shown` quotations of each side, of the observers and of those whose side is not clear, `own_voice` passages of the outlets'
    own; a quotation is cut after `cut` UTF-16 units and a passage after `own_voice_cut`, None: never. Where the nearest topics
    are not `listed`, buttons below name them.
    """

    shown: int = 3
    own_voice: int = 3
    cut: int | None = None
    own_voice_cut: int | None = OWN_VOICE_UNITS
    listed: bool = True


#: All that there is.
WHOLE = Shape(shown=1000, own_voice=1000, own_voice_cut=None)


class CardLayout:
    """One answer being laid out; notes which sources it has cited, and how many quotations it has left out or cut."""

    def __init__(self, answer: Answer, phrases: Phrases, shape: Shape) -> None:
        self._answer = answer
        self._say = phrases
        self._shape = shape
        self.left_out = 0
        self._sources: Mapping[int, Source] = {source.n: source for source in answer.sources}
        self._cited: set[int] = set()

    def sections(self) -> Iterator[Section]:
        """Yield the sections, in the order in which a card has them."""
        yield Section(blocks=tuple(self._status()))
        yield from self._nearest()
        if self._answer.status is not Status.NOTHING:
            yield from self.claims()

    def claims(self) -> Iterator[Section]:
        """Yield what a card shows below its status: the claims, and their sources."""
        answer, say = self._answer, self._say
        for heading, quotations in self._sides():
            yield self._section(heading, quotations, self._shape.shown)
        if answer.missing:
            names = say.comma.join(map(self._name, answer.missing[:_MISSING_SHOWN]))
            yield Section(blocks=(Block(lead=(Run(say(Say.MISSING, sides=names), Style.ITALIC),)),))
        for heading, quotations in self._others():
            yield self._section(heading, quotations, self._shape.shown)
        yield self._section(say(Say.OWN_VOICE), answer.own_voice, self._shape.own_voice)
        yield from self._source_list()

    def only(self, quotation: Quotation) -> Section:
        """Return one of the answer's quotations under its heading."""
        groups = (*self._sides(), *self._others())
        heading = next((heading for heading, quotations in groups if quotation in quotations), self._say(Say.OWN_VOICE))
        return self._section(heading, (quotation,), 1)

    def _sides(self) -> Iterator[tuple[str, Sequence[Quotation]]]:
        yield from ((self._name(side.name), side.quotations) for side in self._answer.sides)

    def _others(self) -> Iterator[tuple[str, Sequence[Quotation]]]:
        """Yield who speaks for no side, and whose side is not clear."""
        yield self._say(Say.OBSERVERS), self._answer.observers
        yield self._say(Say.OPEN), self._answer.open

    def _status(self) -> Iterator[Block]:
        answer, say = self._answer, self._say
        first = [Run(say(Say(f"status.{answer.status.name.lower()}")), Style.BOLD)]
        if answer.as_of and answer.status is not Status.NOTHING:
            first.append(Run(_DOT + say(Say.AS_OF, date=say.date(answer.as_of))))
        yield Block(lead=tuple(first))
        if answer.query.follows:
            yield line(say(Say.ABOUT, topic=self._name(answer.query.follows)))
        if answer.conflict:
            yield Block(lead=tuple(self._conflict(*answer.conflict.pair)), gap=1)
        if answer.status is Status.OLD:
            yield line(say(Say.OLD_NOTE))
        if answer.status is Status.NOTHING:
            yield line(say(Say.NOTHING_ANSWERS))

    def _conflict(self, one: Quotation, other: Quotation) -> Iterator[Run]:
        """Yield the pair that the dispute rests on: of each end its side, and the way to its passage."""
        ends = {"\0": one, "\1": other}
        for part in re.split("([\0\1])", self._say(Say.CONFLICT, one="\0", other="\1")):
            if quotation := ends.get(part):
                side = quotation.claim.side if quotation.claim else None
                yield Run(f"{self._name(side) if side else self._say(Say.OPEN)} ")
                yield self._reference(quotation)
            elif part:
                yield Run(part)

    def _nearest(self) -> Iterator[Section]:
        if nearest := self._answer.nearest[:_NEAREST_SHOWN]:
            topics = nearest if self._shape.listed else ()
            yield Section(
                blocks=(Block(lead=(Run(self._say(Say.NEAREST)),)), *(line("• " + self._name(topic)) for topic in topics))
            )

    def _section(self, heading: str, quotations: Sequence[Quotation], shown: int) -> Section:
        blocks = [self._quotation(quotation) for quotation in self._foremost(quotations, shown)]
        if len(quotations) > shown:
            self.left_out += len(quotations) - shown
            more = self._say(Say.MORE, count=len(quotations) - shown)
            blocks.append(Block(lead=(Run(more, Style.ITALIC),)))
        return Section(
            heading=(Run(heading, Style.BOLD),),
            heading_again=(Run(self._say(Say.CONTINUED, heading=heading), Style.BOLD),),
            blocks=tuple(blocks),
            # A side and what it does stand on one line; an outlet's own words have no stance.
            joint="\n" if quotations and quotations[0].claim is None else _DOT,
        )

    def _foremost(self, quotations: Sequence[Quotation], shown: int) -> Sequence[Quotation]:
        """Return those to show: the first ones, but in any case the one that the dispute rests on."""
        pair = self._answer.conflict.pair if self._answer.conflict else ()
        hidden = [quotation for quotation in quotations[shown:] if quotation in pair]
        return [*quotations[: shown - len(hidden)], *hidden]

    def _quotation(self, quotation: Quotation) -> Block:
        claim = quotation.claim
        citation = tuple(self._citation(quotation))
        if claim is None:
            text = self._shortened(quotation.text, self._shape.own_voice_cut)
            return Block(quote=_quote(text), tail=(Run("\n"), *citation))
        text = self._shortened(quotation.told or quotation.text, self._shape.cut)
        does = stance(quotation, self._say)
        speaker = f"— {self._speaker(claim.speaker)}"
        between = _DOT if _letters(speaker) + sum(_letters(run.text) for run in citation) <= _LINE_LETTERS else "\n"
        return Block(
            lead=(Run(does, Style.ITALIC), Run("\n")),
            lead_again=(Run(self._say(Say.CONTINUED, heading=does), Style.ITALIC), Run("\n")),
            quote=_quote(text),
            tail=(Run(f"\n{speaker}{between}"), *citation),
        )

    def _shortened(self, text: str, most: int | None) -> str:
        if most is None or units(text) <= most:
            return text
        self.left_out += 1
        return shortened(text, most)

    def _speaker(self, speaker: Speaker) -> str:
        return self._say.comma.join(self._name(part) for part in (speaker.name, speaker.role) if part) or self._say(Say.UNNAMED)

    def _citation(self, quotation: Quotation) -> Iterator[Run]:
        """Yield outlet, date and `[n]`, then the sources that say it too."""
        source = self._sources[quotation.source]
        self._cited.add(source.n)
        yield Run(f"{self._outlet(source)}{self._say.comma}{self._date(source)} ")
        yield self._reference(quotation)
        also = [self._sources[n] for n in quotation.also if n in self._sources][:_ALSO_SHOWN]
        if not also:
            return
        self._cited.update(source.n for source in also)
        before, _, after = self._say(Say.ALSO, sources="\0").partition("\0")
        yield Run(self._say.comma + before)
        for position, source in enumerate(also):
            yield Run(self._say.comma if position else "")
            yield Run(f"[{source.n}]", link=address(source.url))
        yield Run(after)

    def _reference(self, quotation: Quotation) -> Run:
        source = self._sources[quotation.source]
        return Run(f"[{source.n}]", link=address(quotation.url) or address(source.url))

    def _source_list(self) -> Iterator[Section]:
        """Yield the sources cited on the card; those of quotations that are not shown would only confuse."""
        lines = []
        for source in self._answer.sources:
            if source.n in self._cited:
                title = Run(self._name(source.title or "") or self._say(Say.UNTITLED), link=address(source.url))
                before, after = f"[{source.n}] {self._outlet(source)}: ", f"{self._say.comma}{self._date(source)}"
                lines.append(Block(lead=(Run(before), title, Run(after)), gap=1))
        heading = self._say(Say.SOURCES)
        yield Section(
            heading=(Run(heading, Style.BOLD),),
            heading_again=(Run(self._say(Say.CONTINUED, heading=heading), Style.BOLD),),
            blocks=tuple(lines),
        )

    def _outlet(self, source: Source) -> str:
        return self._name(source.outlet or "") or self._say(Say.NO_OUTLET)

    def _date(self, source: Source) -> str:
        return self._say.short_date(source.published) if source.published else self._say(Say.UNDATED)

    def _name(self, text: str) -> str:
        return name(text, self._say)


def _quote(text: str) -> Run:
    return Run(text, Style.LONG_QUOTE if units(text) > FOLDED_UNITS else Style.QUOTE)


def _letters(text: str) -> int:
    """Return how many characters of a text take room on a line: marks of direction do not."""
    return sum(unicodedata.category(character) != "Cf" for character in text)


def stance(quotation: Quotation, phrases: Phrases) -> str:
    """Return what a speaker does with his words ("denies"); "" for an outlet's own."""
    if quotation.claim is None:
        return ""
    return phrases(Say.CONCEDES if quotation.concedes else Say(f"stance.{quotation.claim.stance.name.lower()}"))


def line(text: str) -> Block:
    """Return a text on a line of its own."""
    return Block(lead=(Run(text),), gap=1)


def name(text: str, phrases: Phrases) -> str:
    """Return a name or title on one line, of bounded length, its direction kept to itself."""
    text = " ".join(text.split())
    return phrases.isolated(text if units(text) <= _NAME_UNITS else next(cut(text, _NAME_UNITS)).rstrip() + "…")


def one_line(text: str) -> str:
    """Return a text as a button shows it: on one line of a phone."""
    text = " ".join(text.split())
    return text if units(text) <= _BUTTON_UNITS else next(cut(text, _BUTTON_UNITS)).rstrip() + "…"


def shortened(text: str, max_units: int) -> str:
    """Return the sentences that fit, else (they would be less than half of it: "No.") the words that fit, with the cut shown."""
    if units(text) <= max_units:
        return text
    room = next(cut(text, max_units))
    ends = [
        match.end()
        for match in _SENTENCE_END.finditer(room)
        if 2 * match.end() >= len(room) and not _ABBREVIATION.search(room, 0, match.start() + 1)
    ]
    kept = room[: ends[-1]] if ends else room.rstrip()
    while not ends and (match := _ABBREVIATION.search(kept)) and kept[: match.start()].strip():
        # "Mr. […]" would look like the end of a sentence.
        kept = kept[: match.start()].rstrip()
    # Behind a cut that the quotation has already, one mark is enough.
    return f"{kept.rstrip().removesuffix(_CUT).rstrip()} {_CUT}"


def address(url: str | None) -> str | None:
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
