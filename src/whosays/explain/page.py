"""An explained article as one HTML page that needs nothing else: no other file, no network.

Sides are told apart by letter and colour, the parts of a statement by weight, slant and line, so that nothing rests on colour
alone. All that comes from an article is escaped, and the page's policy lets no other script run than ours.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from html import escape
from importlib import resources
from itertools import groupby
from string import ascii_uppercase

from whosays.explain import wording
from whosays.explain.marks import Explanation, Mark, Part, Passage, Piece, Told, Voice
from whosays.types import OBSERVER, Speaker

#: How many colours page.css has for sides; their letters go on.
_COLOURS = 6
_OBSERVER, _OPEN = "◇", "?"

_KEY = """\
<p class="key">
<span><span class="source so">source</span>: who says it</span>
<span><span class="cue so">cue</span>: how</span>
<span><span class="content so">content</span>: what is said</span>
<span>the bar: how sure that is</span>
</p>"""
_FOOTER = "Made by whosays. What it marks can be wrong: speakers and sides are found by model and rule."

#: A side's letter and its class in page.css.
_Sides = dict[str | None, tuple[str, str]]
#: The same by a statement's number.
_Looks = dict[int, tuple[str, str]]


def to_page(explanation: Explanation) -> str:
    """Return the page."""
    style, script = _resource("page.css"), _resource("page.js")
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{_digest(script)}'; base-uri 'none'"
    sides = _sides(explanation)
    looks = {told.number: _look(told, sides) for told in explanation.told}
    title = escape(explanation.article.title or explanation.article.id)
    return "\n".join(
        (
            f'<!doctype html>\n<html lang="{escape(explanation.article.language)}">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">',
            f"<title>{title} · who says what</title>\n<style>{style}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>",
            *_head(explanation, sides),
            "</header>\n<main>",
            *(_row(passage, sides, looks) for passage in explanation.passages),
            f"</main>\n<footer>{_FOOTER}</footer>",
            f"<script>{script}</script>\n</body>\n</html>\n",
        )
    )


@cache
def _resource(name: str) -> str:
    return (resources.files("whosays.explain") / name).read_text("utf-8")


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _sides(explanation: Explanation) -> _Sides:
    """Give each party a letter and a colour in the order in which they are heard; observers and open claims have none."""
    parties = [side for side in explanation.sides if side not in (None, OBSERVER)]
    named: _Sides = {side: (_letter(i), f"s{i % _COLOURS}") for i, side in enumerate(parties)}
    return named | {OBSERVER: (_OBSERVER, "so"), None: (_OPEN, "so")}


def _look(told: Told, sides: _Sides) -> tuple[str, str]:
    """Return the letters of all sides that make a statement together, in no side's colour where they are several."""
    looks = list(dict.fromkeys(sides[voice.claim.side] for voice in told.voices))
    return "".join(letter for letter, _ in looks), looks[0][1] if len(looks) == 1 else sides[None][1]


def _letter(number: int) -> str:
    return ascii_uppercase[number % 26] + str(number // 26 or "")


def _head(explanation: Explanation, sides: _Sides) -> Iterator[str]:
    article = explanation.article
    known = [escape(wording.provenance(explanation))] if wording.provenance(explanation) else []
    if article.url and article.url.startswith(("http://", "https://")):
        known.append(f'<a href="{escape(article.url)}" rel="noopener noreferrer">the article</a>')
    if known:
        yield f'<p class="meta">{" · ".join(known)}</p>'
    yield f'<p class="meta">{escape(wording.summary(explanation))}</p>'
    if not explanation.told:
        return
    yield '<div class="sides" role="group" aria-label="Show one side">'
    for side, (letter, colour) in sides.items():
        numbers = [told.number for told in explanation.told if any(voice.claim.side == side for voice in told.voices)]
        if numbers:
            yield (
                f'<button type="button" class="{colour}" aria-pressed="false" data-n="{" ".join(map(str, numbers))}">'
                f'{_side(side, letter)} <span class="count">{len(numbers)}</span></button>'
            )
    yield "</div>"
    yield _KEY


def _side(side: str | None, letter: str) -> str:
    return f'<span class="letter">{letter}</span>{escape(wording.side_name(side))}'


def _row(passage: Passage, sides: _Sides, looks: _Looks) -> str:
    if passage.furniture:
        words = "".join(escape(piece.text) for piece in passage.pieces)
        return f'<div class="row"><p class="left"><b>{wording.NOT_READ}</b>{words}</p></div>'
    words = "".join(_piece(piece, looks) for piece in passage.pieces)
    notes = "".join(_note(list(told), sides, looks) for _, told in groupby(passage.told, key=_speakers))
    beside = f'<div class="notes">{notes}</div>' if notes else ""
    return f'<div class="row"><p>{words}</p>{beside}</div>'


def _piece(piece: Piece, looks: _Looks) -> str:
    """Return a piece within a span for each of its marks, the outermost first: tints of overlapping statements add up."""
    badges = "".join(_badge(mark, looks) for mark in piece.marks if mark.begins and mark.part is Part.CONTENT)
    opening = "".join(f'<span class="{m.part.value} {looks[m.number][1]}" data-n="{m.number}">' for m in piece.marks)
    return f"{badges}{opening}{escape(piece.text)}{'</span>' * len(piece.marks)}"


def _badge(mark: Mark, looks: _Looks) -> str:
    letter, colour = looks[mark.number]
    return f'<a class="n {colour}" href="#c{mark.number}" data-n="{mark.number}">{mark.number} {letter}</a>'


def _speakers(told: Told) -> list[tuple[Speaker, str | None]]:
    return [(voice.claim.speaker, voice.claim.side) for voice in told.voices]


def _note(told: Sequence[Told], sides: _Sides, looks: _Looks) -> str:
    """Return the note of statements one behind the other that the same speakers make: these once, then each statement."""
    numbers = " ".join(str(one.number) for one in told)
    speakers = "".join(_speaker([one.voices[i] for one in told], sides) for i in range(len(told[0].voices)))
    return (
        f'<section class="{looks[told[0].number][1]}" data-n="{numbers}">{speakers}'
        f"<ol>{''.join(_statement(one, looks[one.number][0]) for one in told)}</ol></section>"
    )


def _speaker(voices: Sequence[Voice], sides: _Sides) -> str:
    speaker, side = voices[0].claim.speaker, voices[0].claim.side
    letter, colour = sides[side]
    role = f', <span class="role">{escape(speaker.role)}</span>' if speaker.role else ""
    why = next((voice.reason for voice in voices if voice.reason), "")
    return (
        f'<p><strong>{escape(wording.speaker_name(speaker))}</strong>{role}</p><p class="facts">'
        f'<span class="side {colour}">{_side(side, letter)}</span>{f"<span>{escape(why)}</span>" if why else ""}</p>'
    )


def _statement(told: Told, letters: str) -> str:
    # Joint speakers share stance and words; the least sure of them is how sure the whole is.
    sure = min(voice.claim.confidence for voice in told.voices)
    return (
        f'<li id="c{told.number}" data-n="{told.number}" tabindex="0"><span class="n">{told.number} {letters}</span>'
        f'<span class="stance">{told.voices[0].claim.stance.value}</span>'
        f'<span class="sure"><i style="--v:{sure:.0%}"></i>{sure:.0%}</span></li>'
    )
