"""`whosays correct`: the operator's word on one claim, which a running bot shows in its next answer."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from whosays.attribution.actors import Actors, words
from whosays.cases import reported
from whosays.chats import Report
from whosays.cli.desk import Desk, extent, named, parsed, where
from whosays.cli.exits import Exit, UsageError
from whosays.cli.output import print_line, warn
from whosays.config import Settings
from whosays.corrections import OPEN, Correction, all_corrected, corrected, digest_of
from whosays.errors import InputError
from whosays.types import OBSERVER, Claim, Quotation, Span, Stance


def run(settings: Settings, options: argparse.Namespace) -> Exit:
    """Keep or undo a correction. Raises WhosaysError."""
    if options.undo == (_given(options) != {}):
        raise UsageError("correct needs what to correct: any of --side, --speaker, --role, --stance, --hide; or --undo alone")
    with Desk.opened(settings) as desk:
        report = desk.report(int(options.claim)) if options.claim.isascii() and options.claim.isdigit() else None
        quotation = _quotation(report) if report else None
        article, words_at = (quotation.article, extent(_content(quotation))) if quotation else parsed(options.claim)
        if options.undo:
            _undo(desk, article, words_at, options.of, quotation)
            return Exit.DONE
        text = desk.corpus.articles([article])
        if article not in text:
            raise InputError(f"the store holds no article {article!r}")
        found = desk.found(article)
        kept = desk.corrections.corrections([article])
        i = _chosen(article, words_at, options.of, quotation, found, all_corrected(found, kept))
        before = next((correction for correction in kept if i in correction.meant(found)), None)
        content = found[i].attribution.content
        correction = Correction(
            article=article,
            content=content,
            words=digest_of(text[article].text, content),
            found=found[i].speaker.name,
            at=datetime.now(UTC),
        )
        if before:
            desk.corrections.undo(before)
            correction = replace(before, words=correction.words, found=correction.found, at=correction.at)
        given = _given(options)
        if options.side is not None:
            given["side"] = _side(options.side, desk.actors.now().actors())
        correction = replace(correction, **given)
        desk.corrections.correct(correction)
        now = corrected(found[i], correction)
        print_line(f"found: {named(found[i])}\nshown: {named(now) if now else 'not at all'}")
        if report:
            _settle(desk, report)
    return Exit.DONE


def _given(options: argparse.Namespace) -> dict[str, Any]:
    given = {name: getattr(options, name) for name in ("side", "speaker", "role") if getattr(options, name) is not None}
    if options.stance is not None:
        given["stance"] = Stance(options.stance)
    if options.hide:
        given["hidden"] = True
    return given


def _quotation(report: Report) -> Quotation:
    quotation = reported(report)
    if quotation is None or quotation.claim is None:
        what = "the card as a whole" if quotation is None else "what an outlet says in its own voice"
        raise InputError(f"report {report.id} is about {what}, which is no claim: `whosays feedback --settle {report.id}`")
    return quotation


def _content(quotation: Quotation) -> Sequence[Span]:
    return quotation.claim.attribution.content if quotation.claim else quotation.spans


def _chosen(
    article: str, at: Span, of: str | None, shown: Quotation | None, found: Sequence[Claim], now: Sequence[Claim | None]
) -> int:
    """Return which of the claims as found is meant; `now` has them as shown. Raises InputError where that is not clear."""
    alike = [i for i, claim in enumerate(found) if extent(claim.attribution.content) == at]
    if not alike:
        places = ", ".join(dict.fromkeys(where("", claim.attribution.content)[1:] for claim in found)) or "none"
        raise InputError(f"no claim of {article} stands at {at.start}-{at.end}; its claims stand at {places}")
    name = of if of is not None else shown.claim.speaker.name if shown and shown.claim else None
    if len(alike) > 1:
        alike = [i for i in alike if name == found[i].speaker.name] or [
            i for i in alike if (claim := now[i]) is not None and claim.speaker.name == name
        ]
    if len(alike) != 1:
        names = ", ".join(claim.speaker.name for claim in found if extent(claim.attribution.content) == at)
        raise InputError(f"several say what stands there: name one with --of ({names})")
    return alike[0]


def _undo(desk: Desk, article: str, at: Span, of: str | None, shown: Quotation | None) -> None:
    kept = [
        correction
        for correction in desk.corrections.corrections([article])
        if extent(correction.content) == at and of in (None, correction.found)
    ]
    if of is None and shown and shown.claim and _are_joint(desk.found(article), at):
        # A report names one of the speakers: as he was found, else as he was shown.
        name = shown.claim.speaker.name
        kept = [one for one in kept if one.found == name] or [one for one in kept if one.speaker == name]
    if not kept:
        raise InputError(f"nothing is corrected at {article}:{at.start}-{at.end}")
    for correction in kept:
        desk.corrections.undo(correction)
    print_line("undone: it is shown as found")


def _are_joint(found: Sequence[Claim], at: Span) -> bool:
    return sum(extent(claim.attribution.content) == at for claim in found) > 1


def _settle(desk: Desk, report: Report) -> None:
    """Settle a report, and all others of the same fault in the same words."""
    about = _quotation(report)
    for other in desk.chats.reports():
        quotation = reported(other)
        same = quotation and quotation.claim and (quotation.article, _content(quotation)) == (about.article, _content(about))
        if other.id == report.id or (same and other.fault is report.fault):
            desk.chats.settle(other.id)


def _side(given: str, actors: Actors) -> str:
    """Return the side that is meant: of a name on the list its party's heading, or that it is an observer's."""
    if given.casefold() in (OBSERVER, OPEN):
        return given.casefold()
    named = [one for one in actors.find(words(given)) if (one.start, one.end) == (0, len(given))]
    if named:
        return OBSERVER if named[0].actor.observer else named[0].actor.name
    warn(f"{given} is on no list of parties: its claims stand under just that name")
    return given
