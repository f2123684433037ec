"""What was retrieved for a question → Answer: each side's claims apart, or nothing.

Everything here is a function of values. What a card shows is decided once, by the scores of relevance.py: claims near the best
one, for a side that has none of those its best one if it is near enough, and nothing at all where the evidence is too thin.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice

from whosays.asked import Kind, holds, kind_of
from whosays.citations import check, cut_out, in_order, link, told
from whosays.concession import concedes
from whosays.conflict import conflict
from whosays.evidence import is_enough, is_near
from whosays.material import Material
from whosays.relevance import Relevance, Scored
from whosays.repeats import fold
from whosays.spoken_by import said_by
from whosays.statement import Statement
from whosays.types import OBSERVER, Answer, Article, Claim, Conflict, Paragraph, Quotation, Side, Source, Span, Stance, Status

#: A claim is shown if its score lies at most so far below the best one's …
NEAR_THE_BEST = 0.135
#: … or if, read together with the question, it is so likely to answer it.
_LIKELY = 0.9
#: … and a side that is not heard then is heard with its best claim if that lies at most so far below.
NEAR_ENOUGH_TO_BE_HEARD = 0.4
#: … and, read together with the question, is at least so likely to answer it.
_LEAST_LIKELY = 0.01
#: Sides are looked for in the articles that have a claim at most so far below the best one.
_ON_THE_MATTER = 0.18
#: Below this, what was found is as likely no claim at all ("the battle has opened a dispute over …").
_LEAST_CONFIDENCE = 0.45
#: Paragraphs in the outlet's own voice must do better: many, and none of them is anybody's position.
_OWN_VOICE_BELOW_BEST = 0.05
_OWN_VOICE_MOST = 3
_MISSING_MOST = 3
_NEAREST_MOST = 3


@dataclass(slots=True)
class _Sources:
    """Numbers articles in the order in which they are first cited."""

    articles: dict[str, tuple[int, Span]] = field(default_factory=dict)

    def cite(self, article: str, span: Span) -> int:
        n, first = self.articles.setdefault(article, (len(self.articles) + 1, span))
        # Cited for a repetition alone, an article has no passage to open yet.
        self.articles[article] = n, first if first.end else span
        return n


def answer(material: Material) -> Answer:
    """Return the card. Raises QuotationError where it would show words that do not stand in their article: a bug."""
    relevance = Relevance(material)
    speakers = material.query.speakers
    said = said_by(speakers, (s.claim for s in material.claims)) if speakers else frozenset()
    asked_of = [s for s in material.claims if not speakers or s.claim in said]
    on_topic = {id_ for id_ in material.articles if relevance.on_topic(id_)}
    likely = [s for s in asked_of if s.claim.article in on_topic and is_likely(s.claim) and relevance.is_quotable(s)]
    holding = _Holding(material)
    answering = [s for s in likely if holding.any(s.claim)]
    scored = sorted(map(relevance.of_claim, answering), key=lambda s: -s.score)
    shown = _chosen(material, relevance, scored)
    own = [] if speakers else _own_voice(relevance, holding, shown[0].score if shown else None)
    if speakers:
        # Whoever is asked by name may answer in any words. In a follow-up the matter was not put to him: he may speak of another.
        enough = not material.query.follows or is_near(relevance, shown, own)
    else:
        enough = is_enough(relevance, material.query.topic, shown, own)
    if not (shown or own) or not enough:
        return nothing(material)
    return compose(material, shown, own, _missing(scored, shown) if not speakers else ())


def nothing(material: Material) -> Answer:
    """Return the card that says so, with the titles of the nearest articles."""
    titles = dict.fromkeys(article.title for article in material.articles.values() if article.title)
    return Answer(query=material.query, status=Status.NOTHING, nearest=tuple(titles)[:_NEAREST_MOST])


def compose(material: Material, shown: Sequence[Scored], own: Sequence[Paragraph], missing: Sequence[str] = ()) -> Answer:
    """Return the card that shows these claims, each side's in the order given, and these paragraphs of the outlets' own voice."""
    folded = fold(shown, material)
    groups: dict[str | None, list[tuple[Scored, tuple[str, ...]]]] = {}
    for scored, also in folded:
        groups.setdefault(scored.claim.side, []).append((scored, also))
    parties = [side for side in groups if side not in (None, OBSERVER)]
    parties.sort(key=lambda side: _newest(material, (s.claim.article for s, _ in groups[side])), reverse=True)
    sources = _Sources()

    def quote(items: Iterable[tuple[Scored, tuple[str, ...]]]) -> tuple[Quotation, ...]:
        return tuple(_quotation(material, scored.claim, also, sources) for scored, also in items)

    sides = tuple(Side(name=str(side), quotations=quote(groups[side])) for side in parties)
    observers = quote(groups.get(OBSERVER, ()))
    open_ = quote(groups.get(None, ()))
    own_voice = tuple(_passage(material, paragraph, sources) for paragraph in own)
    newest = _newest(material, sources.articles)
    shown_for_sides = [q for side in sides for q in side.quotations]
    disputed = _conflict(material, [s for side in parties for s, _ in groups[side]], shown_for_sides)
    card = Answer(
        query=material.query,
        status=Status.DISPUTED if disputed else _status(len(sides)),
        as_of=newest if newest > _UNDATED else None,
        sides=sides,
        observers=observers,
        open=open_,
        own_voice=own_voice,
        sources=tuple(_source(material.articles[id_], n, span) for id_, (n, span) in sources.articles.items()),
        missing=tuple(missing),
        conflict=disputed,
    )
    check(card, material.articles, material.quotable_in({quotation.article for quotation in card.quotations}))
    return card


_UNDATED = datetime.min.replace(tzinfo=UTC)


def _newest(material: Material, articles: Iterable[str]) -> datetime:
    return max((material.articles[id_].published or _UNDATED for id_ in articles), default=_UNDATED)


def _chosen(material: Material, relevance: Relevance, scored: Sequence[Scored]) -> list[Scored]:
    """Return the claims to show, best first: those near the best one, the best of each further side, and denials of them.

    A denial that only points at what it denies ("the takeover claims") shares few words with any question: it goes with the
    claim of another side that it may be about, if the text around it touches on what was asked at all.
    """
    if not scored:
        return []
    best = scored[0].score
    chosen = [s for s in scored if s.score >= best - NEAR_THE_BEST or s.likely >= _LIKELY]
    among = {id(s) for s in chosen}
    articles = {s.claim.article for s in scored if s.score >= best - _ON_THE_MATTER}
    rest = [s for s in scored if id(s) not in among and is_party(s.claim.side) and s.claim.article in articles]
    heard = {s.claim.side for s in chosen}
    for s in rest:
        if s.claim.side not in heard and s.likely >= _LEAST_LIKELY and s.score >= best - NEAR_ENOUGH_TO_BE_HEARD:
            heard.add(s.claim.side)
            among.add(id(s))
            chosen.append(s)
    parties = [s.claim for s in chosen if is_party(s.claim.side)]
    for s in rest:
        if id(s) not in among and _only_points(material, s.claim) and any(_is_behind(s.claim, claim) for claim in parties):
            touches = relevance.covered(relevance.context(relevance.paragraphs_of(s.claim))) > 0
            chosen += [s] if touches else []
    return chosen


def points_back(material: Material, denial: Claim, claim: Claim) -> bool:
    """Say whether a claim is a denial that only points at what it denies, and may be of another one.

    That is of another side's, a few paragraphs before it at most, in the same article.
    """
    return _only_points(material, denial) and _is_behind(denial, claim)


def _only_points(material: Material, denial: Claim) -> bool:
    return denial.stance is Stance.DENIES and bool(_POINTS_AT_A_CLAIM.search(material.words(denial)))


def _is_behind(denial: Claim, claim: Claim) -> bool:
    apart = min(denial.paragraphs, default=0) - max(claim.paragraphs, default=0)
    return denial.article == claim.article and denial.side != claim.side and 0 <= apart <= _DENIED_WITHIN


_DENIED_WITHIN = 5
_POINTS_AT_A_CLAIM = re.compile(
    r"\b(?:claims?|accusations?|allegations?|charges?|denials?|assertions?|suggestions?|statements?)\b", re.I
)


class _Holding:
    """Says of paragraphs, by article and position, whether they hold what is asked for; each is looked into once."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._any_does = kind_of(material.query.topic) in (Kind.WHETHER, Kind.THING)
        self._known: dict[tuple[str, int], bool] = {}

    def __call__(self, key: tuple[str, int]) -> bool:
        if self._any_does:
            return True
        if key not in self._known:
            text = self._material.text(self._material.paragraphs[key])
            self._known[key] = holds(text, self._material.query.topic)
        return self._known[key]

    def any(self, claim: Claim) -> bool:
        """Say whether one of the paragraphs does that a claim stands in, which may be quoted."""
        keys = ((claim.article, position) for position in claim.paragraphs)
        return self._any_does or any(self(key) for key in keys if key in self._material.paragraphs)


def _own_voice(relevance: Relevance, holding: _Holding, best: float | None) -> list[Paragraph]:
    """Return the paragraphs that answer as well as the best claim, and hold nobody's claim."""
    least = max(_OWN_VOICE_LEAST, best - _OWN_VOICE_BELOW_BEST) if best is not None else _OWN_VOICE_LEAST
    held = (p for _, p in relevance.of_own_voice(least) if holding((p.article, p.position)))
    return list(islice(held, _OWN_VOICE_MOST))


#: Whatever the claims are like, a paragraph in the outlet's own voice must have this score.
_OWN_VOICE_LEAST = 0.75


def is_likely(claim: Claim) -> bool:
    """Say whether a claim was found with enough confidence to be shown."""
    return claim.confidence >= _LEAST_CONFIDENCE


def is_party(side: str | None) -> bool:
    """Say whether this is a side: neither an observer nor open."""
    return side is not None and side != OBSERVER


def _conflict(material: Material, shown: Sequence[Scored], quotations: Sequence[Quotation]) -> Conflict | None:
    """Return the pair of quotations in which sides contradict each other; `shown` and `quotations` go together one by one."""
    statements = [
        Statement(side=str(s.claim.side), words=material.words(s.claim), stance=s.claim.stance, vector=s.stored.vector)
        for s in shown
    ]
    found = conflict(statements, material.query.topic, material.vector)
    return Conflict(kind=found.kind, pair=(quotations[found.one], quotations[found.other])) if found else None


def _missing(scored: Sequence[Scored], shown: Sequence[Scored]) -> tuple[str, ...]:
    """Return the sides that speak in the articles shown or near the matter, but not on what was asked, the nearest first."""
    about, heard = {s.claim.article for s in shown}, {s.claim.side for s in shown}
    least = scored[0].score - NEAR_ENOUGH_TO_BE_HEARD if scored else 0.0
    near = (s for s in scored if s.claim.article in about or s.score >= least)
    others = (s.claim.side for s in near if s.claim.side not in heard and s.claim.side != OBSERVER)
    return tuple(dict.fromkeys(side for side in others if side))[:_MISSING_MOST]


def _status(sides: int) -> Status:
    return Status.SEVERAL_SIDES if sides > 1 else Status.ONE_SIDE if sides else Status.REPORTED


def _quotation(material: Material, claim: Claim, also: Iterable[str], sources: _Sources) -> Quotation:
    article, spans = material.articles[claim.article], in_order(claim.attribution.content)
    n = sources.cite(article.id, spans[0])
    others = sorted({sources.cite(other, Span(0, 0)) for other in also} - {n})
    return Quotation(
        article=article.id,
        spans=spans,
        text=cut_out(article.text, spans),
        source=n,
        url=link(article, spans[0]),
        claim=claim,
        also=tuple(others),
        told=told(article.text, claim),
        concedes=concedes(article.text, claim),
    )


def _passage(material: Material, paragraph: Paragraph, sources: _Sources) -> Quotation:
    article, span = material.articles[paragraph.article], paragraph.span
    n = sources.cite(article.id, span)
    return Quotation(article=article.id, spans=(span,), text=cut_out(article.text, (span,)), source=n, url=link(article, span))


def _source(article: Article, n: int, span: Span) -> Source:
    return Source(
        n=n, article=article.id, outlet=article.outlet, title=article.title, published=article.published, url=link(article, span)
    )
