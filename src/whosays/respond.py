"""A question, answered out of a store: understand → retrieve → answer."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from whosays.answer import answer
from whosays.attribution.actors import Actor, Actors, words
from whosays.crossencoder import Reads
from whosays.followup import follow
from whosays.gather import gather, read_best
from whosays.material import Material
from whosays.observe.trace import Stage, stage
from whosays.question import understand
from whosays.retrieve import Encodes
from whosays.spoken_by import is_speaker
from whosays.store.corpus import Corpus
from whosays.types import Answer, Claim, Query, Status, Window
from whosays.words import terms

_NEAREST_MOST = 3


def respond(corpus: Corpus, encoder: Encodes, reader: Reads, question: str, now: datetime) -> Answer:
    """Answer a question. `now` is aware. Raises LanguageError, StoreError, and QuotationError, which is a bug."""
    with stage(Stage.UNDERSTAND):
        query = understand(question, now, corpus.outlet_names())
    return respond_to(corpus, encoder, reader, query)


def respond_after(
    corpus: Corpus, encoder: Encodes, reader: Reads, actors: Actors, question: str, now: datetime, before: Query
) -> Answer:
    """Answer a question that may follow on another one ("and the League?"); see `whosays.followup`. Raises as `respond` does."""
    known = KnownSpeakers(corpus, encoder, actors, before)
    with stage(Stage.UNDERSTAND):
        query = follow(question, before, now, corpus.outlet_names(), known)
    return respond_to(corpus, encoder, reader, query)


def respond_to(corpus: Corpus, encoder: Encodes, reader: Reads, query: Query) -> Answer:
    """Answer a question that was understood already. Raises StoreError, and QuotationError, which is a bug."""
    card = _answer(gather(corpus, encoder, reader, query))
    if card.status is Status.NOTHING and query.window != Window():
        # The time that was named holds nothing: say how old the newest evidence is, but show none of it.
        whenever = _answer(gather(corpus, encoder, reader, replace(query, window=Window())))
        if whenever.status is not Status.NOTHING:
            titles = dict.fromkeys(source.title for source in whenever.sources if source.title)
            return Answer(query=query, status=Status.OLD, as_of=whenever.as_of, nearest=tuple(titles)[:_NEAREST_MOST])
    return card


def _answer(material: Material) -> Answer:
    with stage(Stage.ANSWER):
        return answer(material)


class KnownSpeakers:
    """Who is known to speak: parties, observers and people of the operator's list, and whoever speaks on a question's topic.

    Called with a name as it is typed, it returns the names that tell their claims from others (`whosays.spoken_by`).
    """

    def __init__(self, corpus: Corpus, encoder: Encodes, actors: Actors, before: Query) -> None:
        self._corpus = corpus
        self._encoder = encoder
        self._actors = actors
        self._before = before
        self._on_topic: list[Claim] | None = None

    def __call__(self, name: str) -> tuple[str, ...]:
        """Return the names; none where nobody of that name is known to speak. May raise StoreError."""
        if actor := self._listed(name):
            # An observer's claims stand under no party's name, and articles call it as they like.
            return (name, actor.name) if actor.observer and actor.name != name else (actor.name,)
        if self._actors.knows(name) or (name[:1].isupper() and self._actors.full_name(name)):
            return (name,)
        return (name,) if any(means_speaker(name, claim) for claim in self._claims()) else ()

    def _listed(self, name: str) -> Actor | None:
        """Return the listed actor whose name this is, as it stands or in capitals that a chat leaves out ("russia", "nrf")."""
        for form in dict.fromkeys((name, name.title(), name.upper() if len(name) > 2 else name)):
            named = list(self._actors.find(words(form)))
            if len(named) == 1 and (named[0].start, named[0].end) == (0, len(form)):
                return named[0].actor
            if actor := self._actors.alone(form):
                return actor
        return None

    def _claims(self) -> list[Claim]:
        """Return all claims on the topic, of whatever time; they are read once."""
        if self._on_topic is None:
            material = read_best(self._corpus, self._encoder, replace(self._before, window=Window()))
            self._on_topic = [stored.claim for stored in material.claims]
        return self._on_topic


#: "mayor" is the head of "mayor of Orsel", "council" that of "town council".
_BEHIND_THE_HEAD = re.compile(r"\b(?:of|for|in|at|on|to)\b.*$", re.I)


def means_speaker(name: str, claim: Claim) -> bool:
    """Say whether a name means a claim's side ("the resistance"), or its speaker by what he is, not by what he is of.

    "And the harbour?" does not ask the harbour master.
    """
    asked = terms(name)
    if not asked or not is_speaker(name, claim):
        return False
    if set(asked) <= set(terms(claim.side or "")) and claim.side == claim.speaker.party:
        return True
    heads = (terms(_BEHIND_THE_HEAD.sub("", text))[-1:] for text in (claim.speaker.name, claim.speaker.role))
    return asked[-1:] in heads
