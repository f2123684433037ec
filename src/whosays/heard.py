"""What a chat was shown on a topic that it follows, in its words and with what tells it from anything else: pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from whosays.types import Answer, Quotation, Stance, Vector

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)  # vectors have no one truth value to compare by
class Heard:
    """A claim that a chat was shown. `mark` is its mark, `words` its content (with its cue where that alone states nothing).

    `at` is when it was shown; `outlet` and `url` are its source's. `alert` is the id of the alert that told it, None where a card
    did. `vector` is that of `words` alone (another outlet has another title), None where it was not computed yet.
    """

    mark: str
    side: str | None
    speaker: str
    stance: Stance
    words: str
    at: datetime
    outlet: str | None = None
    url: str | None = None
    alert: int | None = None
    vector: Vector | None = None


def mark(quotation: Quotation) -> str:
    """Return what tells a claim from others, in any outlet: which side (else who) says what. Not where: a wire copy is no news.

    Outlets differ in how they name a speaker and where they set their quotation marks.
    """
    claim = quotation.claim
    who = [claim.side or claim.speaker.name.casefold(), claim.stance.value] if claim else []
    said = " ".join(_WORD.findall((quotation.told or quotation.text).casefold())).removeprefix("that ")
    return hashlib.blake2b("\0".join([*who, said]).encode("utf-8", "replace"), digest_size=8).hexdigest()


def mark_within(mark: str, context: str) -> str:
    """Return what tells a claim of this mark from others of the same words that stand in another context."""
    words = " ".join(_WORD.findall(context.casefold()))
    return hashlib.blake2b(f"{mark}\0{words}".encode("utf-8", "replace"), digest_size=8).hexdigest()


def heard_in(answer: Answer, at: datetime) -> tuple[Heard, ...]:
    """Return the claims that an answer, shown at a time, has told, each once; an outlet's own words are nobody's claim."""
    return tuple({one.mark: one for one in _heard(answer, at)}.values())


def _heard(answer: Answer, at: datetime) -> Iterator[Heard]:
    sources = {source.n: source for source in answer.sources}
    for quotation in answer.quotations:
        if quotation.claim is not None:
            source = sources.get(quotation.source)
            yield Heard(
                mark=mark(quotation),
                side=quotation.claim.side,
                speaker=quotation.claim.speaker.name,
                stance=quotation.claim.stance,
                words=quotation.told or quotation.text,
                at=at,
                outlet=source.outlet if source else None,
                url=quotation.url,
            )
