"""All claims on a topic as lists: who speaks, for whom and how often; and what was said when. Pure.

Both take what `Engine.survey` returns. Of a topic on which there is nothing they say so as a card does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date

from bot.layout import CardLayout, Shape, address, name
from bot.markup import MAX_UNITS, Block, Page, Run, Section, Style, paginate
from bot.phrases import Phrases, Say
from whosays.types import Answer, Quotation, Speaker, Status

#: Speakers listed of a side; those with the fewest claims are only counted.
SPEAKERS_SHOWN = 12
#: Sources named of a speaker; the others are only counted.
SOURCES_SHOWN = 12
#: UTF-16 units of a quotation in a timeline.
TIMELINE_UNITS = 320


def render_sides(answer: Answer, phrases: Phrases, max_units: int = MAX_UNITS) -> tuple[Page, ...]:
    """Return who speaks on a topic: each side's speakers with the number of their claims and the outlets that tell of them.

    A claim that several outlets have counts once for each. The sides with the most claims come first.
    """
    return paginate(_Sides(answer, phrases, Shape()).sections(), max_units)


def render_timeline(answer: Answer, phrases: Phrases, max_units: int = MAX_UNITS) -> tuple[Page, ...]:
    """Return the claims on a topic by day, the oldest first and the undated last."""
    return paginate(_Timeline(answer, phrases, Shape(cut=TIMELINE_UNITS)).sections(), max_units)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaking:
    """Somebody who speaks on a topic, with all that he says there; a claim that several outlets have counts once for each."""

    speaker: Speaker
    claims: int
    said: tuple[Quotation, ...]


class _Sides(CardLayout):
    def claims(self) -> Iterator[Section]:
        """Yield a section a side, then observers and those whose side is not clear."""
        sides = sorted(self._sides(), key=lambda side: -_count(side[1]))
        for heading, quotations in (*sides, *self._others()):
            if quotations:
                yield self._speakers(heading, quotations)
        yield from self._source_list()

    def _status(self) -> Iterator[Block]:
        if self._answer.status is not Status.NOTHING:
            yield Block(lead=(Run(self._say(Say.SIDES_TITLE, topic=name(self._answer.query.text, self._say)), Style.BOLD),))
        yield from super()._status()

    def _speakers(self, heading: str, quotations: Sequence[Quotation]) -> Section:
        speakers = speakers_of(quotations)
        lines = [Block(lead=tuple(self._speaks(speaking)), gap=1) for speaking in speakers[:SPEAKERS_SHOWN]]
        if (more := len(speakers) - SPEAKERS_SHOWN) > 0:
            lines.append(Block(lead=(Run(self._say(Say.MORE, count=more), Style.ITALIC),), gap=1))
        whole = self._say(Say.SIDES_SIDE, side=heading, claims=self._say(Say.TIMELINE_CLAIMS, count=_count(quotations)))
        return Section(
            heading=(Run(whole, Style.BOLD),),
            heading_again=(Run(self._say(Say.CONTINUED, heading=heading), Style.BOLD),),
            blocks=tuple(lines),
        )

    def _speaks(self, speaking: Speaking) -> Iterator[Run]:
        """Yield the line of one speaker: who it is, how many claims, and the outlets that tell of them."""
        claims = self._say(Say.TIMELINE_CLAIMS, count=speaking.claims)
        speaker = self._speaker(speaking.speaker)
        before, _, after = self._say(Say.SIDES_SPEAKER, speaker=speaker, claims=claims, outlets="\0").partition("\0")
        yield Run("• " + before)
        told_in = sorted({n for quotation in speaking.said for n in (quotation.source, *quotation.also) if n in self._sources})
        for position, (outlet, numbers) in enumerate(self._by_outlet(told_in[:SOURCES_SHOWN]).items()):
            yield Run(f"{self._say.comma if position else ''}{outlet} ")
            for n in numbers:
                self._cited.add(n)
                yield Run(f"[{n}]", link=self._address(speaking.said, n))
        if (more := len(told_in) - SOURCES_SHOWN) > 0:
            yield Run(self._say.comma + self._say(Say.MORE, count=more))
        yield Run(after)

    def _by_outlet(self, numbers: Iterable[int]) -> Mapping[str, Sequence[int]]:
        """Return the outlets' names with the numbers of their sources, in the order of these."""
        outlets: dict[str, list[int]] = {}
        for n in numbers:
            outlets.setdefault(self._outlet(self._sources[n]), []).append(n)
        return outlets

    def _address(self, said: Iterable[Quotation], n: int) -> str | None:
        """Return the address of the passage quoted of a source, else (it repeats what another one has) of the source itself."""
        passages = (quotation.url for quotation in said if quotation.source == n)
        return address(next(passages, None)) or address(self._sources[n].url)


class _Timeline(CardLayout):
    def claims(self) -> Iterator[Section]:
        """Yield a section a day, with its claims in the order of their sides."""
        days: dict[date | None, list[tuple[str, Quotation]]] = {}
        for heading, quotations in (*self._sides(), *self._others()):
            for quotation in quotations:
                days.setdefault(self._day(quotation), []).append((heading, quotation))
        for day in sorted(days, key=lambda day: (day is None, day or date.min)):
            published = self._sources[days[day][0][1].source].published
            heading = self._say.date(published) if published else self._say(Say.UNDATED)
            yield Section(
                heading=(Run(heading, Style.BOLD),),
                heading_again=(Run(self._say(Say.CONTINUED, heading=heading), Style.BOLD),),
                blocks=tuple(self._entry(side, quotation) for side, quotation in days[day]),
            )
        yield from self._source_list()

    def _status(self) -> Iterator[Block]:
        if self._answer.status is not Status.NOTHING:
            yield Block(lead=(Run(self._say(Say.TIMELINE_TITLE, topic=name(self._answer.query.text, self._say)), Style.BOLD),))
        yield from super()._status()

    def _entry(self, side: str, quotation: Quotation) -> Block:
        """Return a claim as a card has it, under the name of its side; its day stands above it."""
        block = self._quotation(quotation)
        said_by = Run(f"{side} · ", Style.BOLD)
        return replace(block, lead=(said_by, *block.lead), lead_again=(said_by, *block.lead_again))

    def _citation(self, quotation: Quotation) -> Iterator[Run]:
        _, *further = super()._citation(quotation)
        yield Run(f"{self._outlet(self._sources[quotation.source])} ")
        yield from further

    def _day(self, quotation: Quotation) -> date | None:
        published = self._sources[quotation.source].published
        return published.astimezone(UTC).date() if published else None


def speakers_of(quotations: Sequence[Quotation]) -> list[Speaking]:
    """Return who speaks in these quotations of one side, those with the most claims first.

    A surname alone is the one speaker who has it; of several roles the most frequent is given. Who has no name goes by the role.
    """
    names = {claim.speaker.name for quotation in quotations if (claim := quotation.claim)}
    groups: dict[tuple[str, str], list[Quotation]] = {}
    for quotation in quotations:
        if claim := quotation.claim:
            fuller = {full for full in names if full.casefold().endswith(" " + claim.speaker.name.casefold())}
            known_as = fuller.pop() if claim.speaker.name and len(fuller) == 1 else claim.speaker.name
            groups.setdefault((known_as, "" if known_as else claim.speaker.role), []).append(quotation)
    return sorted((_speaking(full, said) for (full, _), said in groups.items()), key=lambda speaking: -speaking.claims)


def _speaking(full: str, said: Sequence[Quotation]) -> Speaking:
    roles = Counter(quotation.claim.speaker.role for quotation in said if quotation.claim and quotation.claim.speaker.role)
    role = roles.most_common(1)[0][0] if roles else ""
    return Speaking(speaker=Speaker(name=full, role=role), claims=_count(said), said=tuple(said))


def _count(quotations: Iterable[Quotation]) -> int:
    return sum(1 + len(quotation.also) for quotation in quotations)
