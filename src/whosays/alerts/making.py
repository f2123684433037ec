"""An article that is about to be stored → its news for those who follow topics: whatever needs a model, before the write lock."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache, partial
from threading import Lock

import numpy as np

from whosays.alerts.index import TopicIndex
from whosays.alerts.judging import Fresh
from whosays.alerts.matching import Match, matches, whole_of
from whosays.alerts.news import ArticleNews, OnTopic, Said, is_timely
from whosays.answer import compose
from whosays.crossencoder import Reads
from whosays.errors import LanguageError
from whosays.heard import heard_in, mark_within
from whosays.material import Material
from whosays.outbox import Topic, Topics
from whosays.question import understand
from whosays.retrieve import Encodes
from whosays.store.corpus import Indexed, Whole
from whosays.types import Article, Query, Vector, Window
from whosays.words import terms

_log = logging.getLogger(__name__)

#: With so many different topics, those most followed first, an article is read: a minute's work. The rest goes by scores.
_READ = 256


class Newsroom:
    """Matches articles with all that is followed. Safe to use from several threads, which wait for one another."""

    def __init__(
        self,
        topics: Topics,
        encoder: Encodes,
        digest: str,
        reader: Callable[[], Reads],
        outlets: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        """Take the store of what is followed, the encoder and its digest, and what loads the cross-encoder when it is needed.

        `outlets` returns the names that are known as outlets: a topic may ask for what one of them reports.
        """
        self._outlets = outlets
        self._topics = topics
        self._encoder = encoder
        self._digest = digest
        self._reader = reader
        self._lock = Lock()
        self._board = _Board()

    def prepare(self, indexed: Indexed, now: datetime) -> ArticleNews:
        """Return what an article may be to those who follow topics. Raises StoreError and ModelError."""
        with self._lock:
            self._catch_up(now)
            board = self._board
            on_topic: dict[int, OnTopic] = {}
            if board.index is not None and indexed.claims and is_timely(indexed.article, now):
                words = {term for block in indexed.blocks if not block.furniture for term in _terms(indexed.article, block.span)}
                words.update(terms(indexed.article.title or ""))
                vectors = np.concatenate([indexed.claim_vectors, indexed.vectors])
                rows = sorted(board.index.matching(words, vectors), key=lambda row: -len(board.followings[row]))
                whole = cache(partial(whole_of, indexed))
                for place, row in enumerate(rows):
                    reader = self._reader() if place < _READ else None
                    found = self._on_topic(board.queries[row], board.vectors[row], whole(), reader, now)
                    if found is not None:
                        on_topic.update(dict.fromkeys(board.followings[row], found))
            heard = self._vectors_of_heard(sorted(on_topic))
            return ArticleNews(indexed.article, on_topic, heard, board.newest, self._digest, now)

    def _on_topic(self, query: Query, vector: Vector, whole: Whole, reader: Reads | None, now: datetime) -> OnTopic | None:
        if query.outlets and (whole.article.outlet or "").casefold() not in {name.casefold() for name in query.outlets}:
            return None
        try:
            material, found = matches(query, vector, whole, reader)
            if not found:
                return None
            cards = [compose(material, [match.scored], []) for match in found]
            heard = [heard_in(card, now)[0] for card in cards]
            vectors = self._encoder.encode([one.words for one in heard])
            said = tuple(
                Said(
                    fresh=Fresh(
                        heard=replace(one, vector=own, mark=_mark(material, match, one.mark)),
                        concedes=card.quotations[0].concedes,
                        points=match.points,
                    ),
                    answer=card,
                    likelihood=match.likelihood,
                )
                for match, card, one, own in zip(found, cards, heard, vectors, strict=True)
            )
            return OnTopic(words=query.topic, said=said)
        except (ValueError, LookupError, ArithmeticError):
            # One topic that no rule foresaw must not cost the others their news, nor the article its place in the store.
            _log.exception("an article could not be matched with a topic")
            return None

    def _vectors_of_heard(self, followings: Sequence[int]) -> dict[str, Vector]:
        """Encode, and keep, what these chats were shown and has no vector yet; return the vectors by words."""
        if not followings:
            return {}
        missing = {
            one.words: one
            for followed in self._topics.followed(followings, self._digest)
            for one in followed.heard
            if one.vector is None
        }
        if not missing:
            return {}
        vectors = dict(zip(missing, self._encoder.encode(list(missing)), strict=True))
        self._topics.keep_heard_vectors(self._digest, [replace(one, vector=vectors[words]) for words, one in missing.items()])
        return vectors

    def _catch_up(self, now: datetime) -> None:
        """Bring what is in memory up to the store: topics followed since; all anew once many of those before are gone."""
        board = self._board
        there = self._topics.count_topics()
        if there < board.count // 2:
            board = self._board = _Board()
        new = self._topics.topics(board.newest, self._digest)
        if not new:
            return
        outlets = self._outlets()
        queries = [_understood(topic.words, now, outlets) for topic in new]
        missing = [i for i, topic in enumerate(new) if topic.vector is None]
        made = self._encoder.encode([queries[i].topic for i in missing]) if missing else ()
        vectors: dict[int, Vector] = dict(zip(missing, made, strict=True))
        if missing:
            self._topics.keep_topic_vectors(self._digest, {new[i].following: vector for i, vector in vectors.items()})
        for i, topic in enumerate(new):
            known = topic.vector if topic.vector is not None else vectors[i]
            board.add(topic, queries[i], known)


class _Board:
    """The topics in memory: rows of an index, with who follows each."""

    def __init__(self) -> None:
        self.index: TopicIndex | None = None
        self.queries: list[Query] = []
        self.vectors: list[Vector] = []
        self.followings: list[list[int]] = []
        self.newest = 0
        self.count = 0
        self._rows: dict[str, int] = {}

    def add(self, topic: Topic, query: Query, vector: Vector) -> None:
        """Add who follows a topic; the same words are one row. Case counts: "US" is not "us"."""
        key = " ".join(topic.words.split())
        if key not in self._rows:
            self.index = self.index or TopicIndex(len(vector))
            self._rows[key] = self.index.add(query.topic, vector)
            self.queries.append(query)
            self.vectors.append(vector)
            self.followings.append([])
        self.followings[self._rows[key]].append(topic.following)
        self.newest = max(self.newest, topic.following)
        self.count += 1


def _understood(topic: str, now: datetime, outlets: Sequence[str]) -> Query:
    """Return what a topic asks for; whoever follows it asks for what is to come, whatever time it names."""
    try:
        return replace(understand(topic, now, outlets), window=Window())
    except LanguageError:
        return Query(text=topic, topic=topic)


def _terms(article: Article, span: tuple[int, int]) -> tuple[str, ...]:
    return terms(article.text[slice(*span)])


def _mark(material: Material, match: Match, mark: str) -> str:
    """Return the mark of a claim; one that only points at what it denies is told from others of its kind by where it stands."""
    if not match.points:
        return mark
    keys = [(match.claim.article, position) for position in match.claim.paragraphs]
    return mark_within(mark, " ".join(material.text(material.paragraphs[key]) for key in keys if key in material.paragraphs))
