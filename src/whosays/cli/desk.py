"""What an operator works with: readers' reports, corrections, and claims as found and as corrected."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from whosays.attribution.listed import ActorsFile
from whosays.chats import Chats, Report
from whosays.config import Settings
from whosays.corrected import CorrectedCorpus
from whosays.corrections import Correction
from whosays.errors import InputError
from whosays.parts import open_chats, open_corrections, open_encoded
from whosays.store.corrections import Corrections
from whosays.types import Claim, Span

_WHERE = re.compile(r"(.+):(\d{1,9})-(\d{1,9})", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A store, opened for its operator."""

    chats: Chats
    corrections: Corrections
    corpus: CorrectedCorpus
    actors: ActorsFile

    @classmethod
    @contextmanager
    def opened(cls, settings: Settings) -> Iterator[Desk]:
        """Give the desk over the store of these settings. Raises ConfigError, StoreError, ModelError."""
        with ExitStack() as opened:
            chats, corrections = open_chats(settings.store), open_corrections(settings.store)
            opened.callback(chats.close)
            opened.callback(corrections.close)
            _, inner = open_encoded(settings)
            opened.callback(inner.close)
            actors = ActorsFile(settings.actors)
            corpus = CorrectedCorpus(inner, corrections, actors)
            yield cls(chats=chats, corrections=corrections, corpus=corpus, actors=actors)

    def report(self, id: int) -> Report:
        """Return a report, open or settled. Raises InputError where there is none of this number."""
        for report in self.chats.reports(settled=True):
            if report.id == id:
                return report
        raise InputError(f"there is no report {id}: `whosays feedback --all` lists those that there are")

    def found(self, article: str) -> list[Claim]:
        """Return the claims of an article before they are corrected."""
        paragraphs = self.corpus.paragraphs_of(article)
        return [stored.claim for stored in self.corpus.found(paragraph.id for paragraph in paragraphs)]

    def claims(self, article: str) -> list[Claim]:
        """Return the claims of an article as corrected."""
        paragraphs = self.corpus.paragraphs_of(article)
        return [stored.claim for stored in self.corpus.claims(paragraph.id for paragraph in paragraphs)]


def where(article: str, content: Sequence[Span]) -> str:
    """Return the name of a claim on the command line: ARTICLE:START-END."""
    start, end = extent(content)
    return f"{article}:{start}-{end}"


def parsed(name: str) -> tuple[str, Span]:
    """Return the article and the extent that ARTICLE:START-END names. Raises InputError."""
    match = _WHERE.fullmatch(name)
    if not match:
        raise InputError(
            f"{name!r} is neither a report's number nor of the form ARTICLE:START-END (`whosays feedback` prints both)"
        )
    return match[1], Span(int(match[2]), int(match[3]))


def extent(content: Sequence[Span]) -> Span:
    """Return where a claim's words begin and end."""
    return Span(min(span.start for span in content), max(span.end for span in content))


def undoing(correction: Correction) -> str:
    """Return the command that undoes a correction."""
    return f"whosays correct {shlex.quote(where(correction.article, correction.content))} --undo"


def named(claim: Claim) -> str:
    """Return who says a claim, for whom, and what that does: "Mira Tolk, spokeswoman · Varn Republic · denies"."""
    speaker = ", ".join(part for part in (claim.speaker.name, claim.speaker.role) if part) or "nobody named"
    return f"{speaker} · {claim.side or 'side open'} · {claim.stance.value}"


def said(correction: Correction) -> str:
    """Return what a correction says, as the options that would say it."""
    given = (
        ("--side", correction.side),
        ("--speaker", correction.speaker),
        ("--role", correction.role),
        ("--stance", correction.stance),
    )
    options = [f"{name} {shlex.quote(value)}" for name, value in given if value is not None]
    return " ".join([*options, *(["--hide"] if correction.hidden else [])])
