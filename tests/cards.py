"""Answers made by hand, about a dispute that never was: the town of Orsel, between the Varn Republic and the Coast League."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from whosays.types import (
    OBSERVER,
    Answer,
    Attribution,
    Claim,
    Conflict,
    Disagreement,
    Query,
    Quotation,
    Side,
    Source,
    Span,
    Speaker,
    Stance,
    Status,
)

SOURCES = (
    Source(
        n=1,
        article="orsel-1",
        outlet="Orsel Gazette",
        title="Both armies say that they hold Orsel",
        published=datetime(2031, 5, 4, 9, tzinfo=UTC),
        url="https://gazette.example/orsel#:~:text=the%20town,is%20ours",
    ),
    Source(
        n=2,
        article="orsel-2",
        outlet="Harbour Post",
        title="Monitors <cannot> enter Orsel & its harbour",
        published=datetime(2031, 5, 6, 18, tzinfo=UTC),
        url="https://post.example/monitors?a=1&b=2",
    ),
    Source(n=3, article="orsel-3", outlet=None, title=None, published=None, url=None),
)


def quotation(
    text: str,
    *,
    source: int = 1,
    name: str = "Ilva Tarn",
    role: str = "spokeswoman",
    side: str | None = "Varn Republic",
    stance: Stance = Stance.CLAIMS,
    also: tuple[int, ...] = (),
) -> Quotation:
    """Return a claim's quotation."""
    span = Span(0, len(text))
    claim = Claim(
        article=SOURCES[source - 1].article,
        paragraphs=(0,),
        attribution=Attribution(source=(), cue=(), content=(span,)),
        speaker=Speaker(name=name, role=role, party=None if side == OBSERVER else side),
        side=side,
        stance=stance,
        confidence=0.9,
    )
    url = SOURCES[source - 1].url
    return Quotation(article=claim.article, spans=(span,), text=text, source=source, url=url, claim=claim, also=also)


def own_voice(text: str, *, source: int = 2) -> Quotation:
    """Return what an outlet reports itself."""
    article = SOURCES[source - 1]
    return Quotation(article=article.article, spans=(Span(0, len(text)),), text=text, source=source, url=article.url)


def answer(question: str = "who holds Orsel?", status: Status = Status.DISPUTED, **parts: object) -> Answer:
    """Return an answer with these parts."""
    return Answer(
        query=Query(text=question, topic=question),
        status=status,
        as_of=SOURCES[1].published,
        sources=SOURCES,
        **parts,  # type: ignore[arg-type]
    )


def full_answer() -> Answer:
    """Return an answer that has a bit of everything."""
    league = partial(quotation, name="Bren Osk", role="commander", side="Coast League")
    denial = league("any claim that Orsel has fallen", stance=Stance.DENIES, source=2, also=(1,))
    claim = quotation("Orsel has been in the hands of the republic since dawn […] and the harbour will be next")
    return answer(
        sides=(
            Side(
                name="Coast League",
                quotations=(
                    denial,
                    league("“Our <guards> stand at the town hall & the harbour,”", source=1),
                ),
            ),
            Side(
                name="Varn Republic",
                quotations=(
                    claim,
                    quotation("that anyone who hands in a weapon will go free", stance=Stance.PROMISES),
                    quotation("the League of shelling the harbour", stance=Stance.ACCUSES),
                    quotation("that no harvest will leave Orsel before the flags come down", stance=Stance.WARNS),
                ),
            ),
        ),
        conflict=Conflict(kind=Disagreement.DENIAL, pair=(denial, claim)),
        missing=("Hill Cantons",),
        observers=(
            quotation("they had not been let into the town", source=2, name="the river monitors", role="", side=OBSERVER),
        ),
        open=(quotation("the bridge had been mined", source=3, name="", role="officials", side=None),),
        own_voice=(
            own_voice("Smoke stood over the harbour for three days. Ships waited in the roads. " * 6 + "It went out on Monday."),
        ),
    )
