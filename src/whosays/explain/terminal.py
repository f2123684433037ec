"""An explained article as text for a terminal: brackets with numbers, and the statements listed under their paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from whosays.explain import wording
from whosays.explain.marks import Explanation, Mark, Part, Passage, Piece, Told, Voice
from whosays.types import OBSERVER

_BRACKETS = {Part.SOURCE: "{}", Part.CUE: "<>", Part.CONTENT: "[]"}
_RESET, _DIM, _BOLD, _ITALIC = "\x1b[0m", "\x1b[2m", "\x1b[1m", "\x1b[3m"
#: Colours of the terminal's own palette, which its user has made readable; side after side, then again from the first.
_SIDES = ("\x1b[34m", "\x1b[33m", "\x1b[35m", "\x1b[36m", "\x1b[32m", "\x1b[31m")
_INDENT = "    "
#: An article's text must not steer the terminal: C0 and C1 controls.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class _Run(NamedTuple):
    text: str
    style: str = ""


def to_text(explanation: Explanation, *, width: int = 80, ansi: bool = False) -> str:
    """Return the article with its marks, lines of at most `width` columns, coloured by side with `ansi`.

    A source stands in {n …}, a cue in <n …>, the words said in [n …]; n is the statement's number.
    """
    colours = _colours(explanation)
    lines = [*_head(explanation)]
    for passage in explanation.passages:
        lines += ["", *_passage(passage, colours)]
    return "\n".join(text for line in lines for text in _laid_out(line, width, ansi)) + "\n"


#: A line before it is wrapped: how far it is indented, and what stands on it.
_Line = tuple[str, Sequence[_Run]] | str


def _head(explanation: Explanation) -> Iterator[_Line]:
    article = explanation.article
    if article.title:
        yield "", [_Run(article.title, _BOLD)]
    for known in (wording.provenance(explanation), article.url):
        if known:
            yield "", [_Run(known, _DIM)]
    yield "", [_Run(wording.summary(explanation), _DIM)]
    yield "", [_Run("{n source} <n cue> [n words said]; the number is that of the statement below the paragraph", _DIM)]


def _colours(explanation: Explanation) -> dict[int, str]:
    parties = [side for side in explanation.sides if side not in (None, OBSERVER)]
    of_side: dict[str | None, str] = {side: _SIDES[i % len(_SIDES)] for i, side in enumerate(parties)}
    heard = {told.number: {voice.claim.side for voice in told.voices} for told in explanation.told}
    return {number: of_side.get(next(iter(sides)), "") if len(sides) == 1 else "" for number, sides in heard.items()}


def _passage(passage: Passage, colours: dict[int, str]) -> Iterator[_Line]:
    if passage.furniture:
        words = "".join(piece.text for piece in passage.pieces)
        yield "", [_Run(f"({wording.NOT_READ}) ", _DIM), _Run(words, _DIM)]
        return
    yield "", list(_marked(passage.pieces, colours))
    explained = set()
    for told in passage.told:
        for i, voice in enumerate(told.voices):
            yield _voice(told, voice, colours[told.number], joint=i > 0)
            known = (voice.claim.speaker, voice.claim.side)
            if voice.reason and known not in explained:
                explained.add(known)
                yield _INDENT, [_Run(voice.reason, _DIM)]


def _marked(pieces: Sequence[Piece], colours: dict[int, str]) -> Iterator[_Run]:
    """Yield the pieces with brackets that never cross: of two spans that overlap, the inner one is closed and opened again."""
    opened: list[Mark] = []
    for piece in pieces:
        for mark in piece.marks:
            if not any(_same(mark, other) for other in opened):
                opened.append(mark)
                yield _Run(f"{_BRACKETS[mark.part][0]}{mark.number} ", _DIM + colours[mark.number])
        yield _Run(piece.text, _style(piece.marks, colours))
        ending = [i for i, mark in enumerate(opened) if any(_same(mark, other) and other.ends for other in piece.marks)]
        while ending and len(opened) > ending[0]:
            closed = opened.pop()
            yield _Run(_BRACKETS[closed.part][1], _DIM + colours[closed.number])


def _same(mark: Mark, other: Mark) -> bool:
    return (mark.number, mark.part) == (other.number, other.part)


def _style(marks: Sequence[Mark], colours: dict[int, str]) -> str:
    if not marks:
        return ""
    parts = {mark.part for mark in marks}
    return colours[marks[-1].number] + _BOLD * (Part.SOURCE in parts) + _ITALIC * (Part.CUE in parts)


def _voice(told: Told, voice: Voice, colour: str, *, joint: bool) -> _Line:
    claim = voice.claim
    role = f", {claim.speaker.role}" if claim.speaker.role else ""
    return (
        f"{'&' if joint else told.number:>3} ",
        [
            _Run(wording.speaker_name(claim.speaker), _BOLD),
            _Run(f"{role} · "),
            _Run(wording.side_name(claim.side), colour),
            _Run(f" · {claim.stance.value} · {claim.confidence:.0%}"),
        ],
    )


def _laid_out(line: _Line, width: int, ansi: bool) -> Iterator[str]:
    """Yield a line wrapped at its spaces; what follows its first line is indented as far as that."""
    if isinstance(line, str):
        yield line
        return
    indent, runs = line
    shown, columns = indent, len(indent)
    empty = True
    for word in _words(runs):
        length = sum(len(run.text) for run in word)
        if not empty and columns + 1 + length > width:
            yield shown
            shown, columns, empty = " " * len(indent), len(indent), True
        if not empty:
            shown, columns = shown + " ", columns + 1
        shown += "".join(f"{run.style}{run.text}{_RESET}" if ansi and run.style else run.text for run in word)
        columns, empty = columns + length, False
    yield shown


def _words(runs: Sequence[_Run]) -> Iterator[list[_Run]]:
    """Yield the words of a line, each as the runs that it is made of."""
    word: list[_Run] = []
    for run in runs:
        for i, part in enumerate(re.split(r"\s+", run.text)):
            if i and word:
                yield word
                word = []
            if part:
                word.append(_Run(_CONTROLS.sub("\ufffd", part), run.style))
    if word:
        yield word
