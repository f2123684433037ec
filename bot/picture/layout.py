"""The timeline laid out: a lane for each side beside the days, and beside each mark what was said.

Time runs down, by days and not to scale: what matters is who spoke before whom. A lane's line runs from its first day to its
last.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from bot.layout import stance
from bot.phrases import Phrases, Say
from bot.picture.canvas import LINE_HEIGHT, Canvas
from bot.picture.entries import Entry, Lane, chosen, lanes_of
from bot.picture.lettering import broken, cleaned, excerpt, fitted, isolated, runs_right_to_left, width
from bot.picture.palette import Palette
from whosays.types import Answer, Status

#: Pixels.
WIDTH = 1200
MARGIN = 48
#: Sizes of letters, in pixels: on a phone 390 points wide, 30 are some 10 points.
TITLE, HEADER, QUOTE, SMALL = 52, 30, 30, 26
#: The column of days: "28 Sept 2031" in bold stands on one line.
DAYS = 176
GAP = 26
#: All lanes together are at most so wide.
LANES = 264
MARKER = 11
LINE = 4

_TITLE_LINES = 3
_LEGEND_NAME = 480
#: A role of which less could be shown is left out.
_LEAST_OF_A_ROLE = 150
_BETWEEN = " · "


def lay_out(answer: Answer, phrases: Phrases, palette: Palette) -> tuple[Canvas, float]:
    """Return the picture, and how many pixels high it is."""
    timeline = _Timeline(answer, phrases, palette)
    timeline.head()
    timeline.days()
    timeline.foot()
    return timeline.canvas, timeline.y + MARGIN


class _Timeline:
    """One survey being laid out, from top to bottom; `y` is where the next line goes."""

    def __init__(self, answer: Answer, phrases: Phrases, palette: Palette) -> None:
        self._answer = answer
        self._say = phrases
        self._palette = palette
        all_lanes = lanes_of(answer, observers=phrases(Say.OBSERVERS), unclear=phrases(Say.OPEN))
        entries = chosen(answer, all_lanes)
        shown = sorted({entry.lane for entry in entries})
        self._numbers = {lane: number for number, lane in enumerate(shown)}
        self._lanes = [all_lanes[lane] for lane in shown]
        self._entries = entries
        self._left_out = sum(len(lane.quotations) for lane in all_lanes) - len(entries)
        self._step = min(44.0, LANES / max(len(shown), 1))
        self._start = MARGIN + DAYS + GAP + self._step * len(shown) + GAP
        self._room = WIDTH - MARGIN - self._start
        self.canvas = Canvas(width=WIDTH, mirrored=phrases.right_to_left, ground=palette.ground)
        self.y: float = MARGIN

    def head(self) -> None:
        """Lay out the topic in the reader's words, the status, and whose lane is which."""
        topic = cleaned(self._answer.query.text)
        across = runs_right_to_left(topic, self._say.right_to_left)
        self._block(
            fitted(topic, TITLE, WIDTH - 2 * MARGIN, lines=_TITLE_LINES, bold=True), MARGIN, TITLE, bold=True, across=across
        )
        self.y += 8
        status = self._say(Say(f"status.{self._answer.status.name.lower()}"))
        if self._answer.as_of and self._answer.status is not Status.NOTHING:
            status += " · " + self._say(Say.AS_OF, date=self._say.date(self._answer.as_of))
        self._block(broken(status, HEADER, WIDTH - 2 * MARGIN), MARGIN, HEADER, lesser=True)
        self.y += 16
        if self._lanes:
            self._legend()
        self._hairline(MARGIN)
        self.y += 22

    def days(self) -> None:
        """Lay out the claims, a day after the other."""
        marks: list[tuple[Entry, float]] = []
        for first, (day, entries) in enumerate(groupby(self._entries, key=lambda entry: entry.day)):
            if first:
                self._hairline(MARGIN)
                self.y += 18
            top, together = self.y, list(entries)
            published = together[0].source.published
            label = cleaned(self._say.short_date(published) if day and published else self._say(Say.UNDATED))
            self._block(fitted(label, SMALL, DAYS, lines=4, bold=True), MARGIN, SMALL, bold=True)
            days_end, self.y = self.y, top
            for entry in together:
                marks.append((entry, self.y + HEADER * LINE_HEIGHT / 2))
                self._entry(entry)
                self.y += 18
            self.y = max(self.y, days_end + 18)
        self._lines(marks)

    def foot(self) -> None:
        """Say what the picture leaves out, and what its quotations and numbers are."""
        if self._left_out:
            self._block(
                broken(self._say(Say.TIMELINE_MORE, count=self._left_out), SMALL, self._room), self._start, SMALL, bold=True
            )
            self.y += 20
        self._hairline(MARGIN)
        self.y += 20
        self._block(broken(self._say(Say.TIMELINE_FOOTER), SMALL, WIDTH - 2 * MARGIN), MARGIN, SMALL, lesser=True)

    def _legend(self) -> None:
        """Lay out each lane's mark, name and number of claims, as many beside each other as there is room for."""
        at = float(MARGIN)
        high = SMALL * LINE_HEIGHT
        for number, lane in enumerate(self._lanes):
            (name,) = fitted(cleaned(lane.name), SMALL, _LEGEND_NAME, lines=1, bold=True) or [""]
            count = self._say.number(len(lane.quotations))
            name_wide = width(name, SMALL, bold=True)
            wide = 2 * MARKER + 14 + name_wide + 10 + width(count, SMALL)
            if at > MARGIN and at + wide > WIDTH - MARGIN:
                at, self.y = float(MARGIN), self.y + high + 8
            colour = self._colour(number)
            self.canvas.marker(number, at + MARKER, self.y + high / 2, MARKER, colour=colour)
            start = at + 2 * MARKER + 14
            across = runs_right_to_left(name, self._say.right_to_left)
            self.canvas.write(name, start, self.y, size=SMALL, colour=colour, bold=True, right_to_left=across)
            self.canvas.write(count, start + name_wide + 10, self.y, size=SMALL, colour=self._palette.lesser)
            at += wide + 40
        self.y += high + 16

    def _entry(self, entry: Entry) -> None:
        """Lay out one claim: whose it is and what it does, its words, who spoke and where that stands."""
        number = self._numbers[entry.lane]
        colour = self._colour(number)
        does = stance(entry.quotation, self._say)
        pill = width(does, SMALL) + 28 if does else 0
        (name,) = fitted(cleaned(self._lanes[number].name), HEADER, self._room - pill - 16, lines=1, bold=True) or [""]
        across = runs_right_to_left(name, self._say.right_to_left)
        wide = self.canvas.write(name, self._start, self.y, size=HEADER, colour=colour, bold=True, right_to_left=across)
        high = HEADER * LINE_HEIGHT
        if does:
            at = self._start + wide + 16
            self.canvas.box(at, self.y + 1, pill, high - 2, colour=colour, radius=12, opacity=0.13)
            self.canvas.write(does, at + 14, self.y + (high - SMALL * LINE_HEIGHT) / 2, size=SMALL, colour=self._palette.letters)
        self.y += high + 2
        self._quote(entry, colour)
        self._attribution(entry)

    def _quote(self, entry: Entry, colour: str) -> None:
        """Lay out the words themselves beside a bar, as a chat shows a quotation; the lines keep their own direction."""
        text = cleaned(entry.quotation.told or entry.quotation.text)
        across = runs_right_to_left(text, self._say.right_to_left)
        room = self._room - 24
        lines = excerpt(text, QUOTE, room, lines=_quote_lines(len(self._entries)))
        widths = [width(line, QUOTE) for line in lines]
        high = QUOTE * LINE_HEIGHT
        self.canvas.box(self._start, self.y + 3, 6, high * len(lines) - 4, colour=colour, radius=3)
        for line, wide in zip(lines, widths, strict=True):
            # A quotation of the other direction stands in a block of its own at the bar, its lines beginning at their own side.
            indent = 0.0 if across == self._say.right_to_left else max(widths) - wide
            start = self._start + 24 + indent
            self.canvas.write(line, start, self.y, size=QUOTE, colour=self._palette.letters, right_to_left=across)
            self.y += high
        self.y += 2

    def _attribution(self, entry: Entry) -> None:
        """Lay out who spoke, and the outlet with the number of the source; long names are cut, the number never."""
        number = f" [{entry.source.n}]"
        room = self._room - width(number, SMALL)
        outlet = cleaned(entry.source.outlet or "") or self._say(Say.NO_OUTLET)
        speaker = self._speaker(entry, room)
        if speaker:
            left = room - width(_BETWEEN + speaker, SMALL)
            (outlet,) = fitted(outlet, SMALL, max(left, room / 2), lines=1)
            speaker = self._speaker(entry, room - width(_BETWEEN + outlet, SMALL)) + _BETWEEN
        else:
            (outlet,) = fitted(outlet, SMALL, room, lines=1)
        self._block([speaker + isolated(outlet) + number], self._start, SMALL, lesser=True)

    def _speaker(self, entry: Entry, room: float) -> str:
        """Return who spoke: of his role what there is room for, and of his name all if it can be."""
        claim = entry.quotation.claim
        if claim is None:
            return ""
        name, role = cleaned(claim.speaker.name), cleaned(claim.speaker.role)
        if not name or not role:
            return isolated(fitted(name or role or self._say(Say.UNNAMED), SMALL, room, lines=1)[0])
        left = room - width(name + self._say.comma, SMALL)
        if left < min(_LEAST_OF_A_ROLE, width(role, SMALL)):
            return isolated(fitted(name, SMALL, room, lines=1)[0])
        return isolated(name) + self._say.comma + isolated(fitted(role, SMALL, left, lines=1)[0])

    def _lines(self, marks: Sequence[tuple[Entry, float]]) -> None:
        """Draw the lanes' lines, from each mark one to its claim, and the marks upon them. Undated marks stand beside time."""
        for lane, number in self._numbers.items():
            heights = [y for entry, y in marks if entry.lane == lane and entry.day]
            if len(heights) > 1:
                x = self._lane(number) - LINE / 2
                self.canvas.box(
                    x, heights[0], LINE, heights[-1] - heights[0], colour=self._colour(number), radius=2, opacity=0.55
                )
        for entry, y in marks:
            number = self._numbers[entry.lane]
            start = self._lane(number)
            self.canvas.box(start, y - 1, self._start - 12 - start, 2, colour=self._colour(number), opacity=0.45)
        for entry, y in marks:
            number = self._numbers[entry.lane]
            self.canvas.marker(number, self._lane(number), y, MARKER, colour=self._colour(number))

    def _block(
        self,
        lines: Sequence[str],
        start: float,
        size: int,
        *,
        bold: bool = False,
        lesser: bool = False,
        across: bool | None = None,
    ) -> None:
        colour = self._palette.lesser if lesser else self._palette.letters
        for line in lines:
            self.canvas.write(line, start, self.y, size=size, colour=colour, bold=bold, right_to_left=across)
            self.y += size * LINE_HEIGHT

    def _hairline(self, start: float) -> None:
        self.canvas.box(start, self.y, WIDTH - MARGIN - start, 2, colour=self._palette.hairline)

    def _lane(self, number: int) -> float:
        return MARGIN + DAYS + GAP + self._step * (number + 0.5)

    def _colour(self, number: int) -> str:
        lane: Lane = self._lanes[number]
        return self._palette.sides[number % len(self._palette.sides)] if lane.is_side else self._palette.no_side


def _quote_lines(entries: int) -> int:
    """Return how many lines of a quotation are shown: with fewer claims more of each."""
    return 4 if entries <= 4 else 3 if entries <= 7 else 2
