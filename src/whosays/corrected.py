"""A corpus whose claims are as the operator has corrected them, and resolved with his list of actors as it is now.

Neither needs a restart, or an article to be read anew: both are looked up when claims are read. Resolving is rules alone, no
model; it is done where an article's claims were resolved with another list, and kept in memory.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime

from whosays.attribution.listed import ActorsFile, Listed
from whosays.corrections import Correction, all_corrected, digest_of
from whosays.errors import ConfigError
from whosays.outbox import News
from whosays.recent import Recent
from whosays.store.corpus import ArticleCandidate, Candidate, Corpus, Filter, Indexed, Outcome, StoredClaim, Whole
from whosays.store.corrections import Corrections, Version
from whosays.types import Article, Attribution, Block, Claim, OutletRecord, Paragraph, Vector, Vectors

_log = logging.getLogger(__name__)

#: Articles whose claims, resolved anew, are kept in memory; some 30 kilobytes each.
_KEPT = 1000
#: Articles read whole whose claims are other ones than were found, kept in memory; some 150 kilobytes each.
_KEPT_WHOLE = 256
_AS_READ = "claims are shown as they were found when they were read, until the list of actors is mended: %s"

#: The claims of an article by the attribution that each was resolved from.
_Resolved = Mapping[Attribution, Sequence[Claim]]


class CorrectedCorpus:
    """`Corpus` over another one: its `claims` and `revision` differ, all else is handed on."""

    def __init__(self, corpus: Corpus, corrections: Corrections, actors: ActorsFile) -> None:
        self._corpus = corpus
        self._corrections = corrections
        self._actors = actors
        self._kept: Recent[tuple[str, str, str], _Resolved] = Recent(_KEPT)
        self._changed: Recent[tuple[int, str, tuple[Correction, ...]], Whole] = Recent(_KEPT_WHOLE)

    def claims(self, paragraphs: Iterable[int]) -> Sequence[StoredClaim]:
        """Return the claims that stand, in part at least, in these paragraphs (ids), in text order, each once."""
        found = self.found(paragraphs)
        by_article: dict[str, list[Correction]] = defaultdict(list)
        for correction in self._corrections.corrections({stored.claim.article for stored in found}):
            by_article[correction.article].append(correction)
        if not by_article:
            return found
        texts = self._corpus.articles(by_article)
        current = [c for id, those in by_article.items() for c in those if id in texts and _is_current(c, texts[id])]
        return _corrected(found, current)

    def found(self, paragraphs: Iterable[int]) -> Sequence[StoredClaim]:
        """Return the same without corrections: as found, and resolved with the list as it is."""
        stored = self._corpus.claims(paragraphs)
        try:
            listed = self._actors.now()
            stale = {
                id: self._resolved(id, version, listed)
                for id, version in self._corrections.versions({one.claim.article for one in stored}).items()
                if version.resolved_with != listed.digest
            }
        except ConfigError as error:
            # No answer fails for a slip in the list: what was found when the article was read still holds.
            _log.error(_AS_READ, error)
            return stored
        return list(_anew(stored, stale)) if stale else stored

    def wholes(self, ids: Iterable[str]) -> Sequence[Whole]:
        """Return those of these articles that are stored, in this order, their claims as `claims` has them."""
        found = self._corpus.wholes(ids)
        by_article: dict[str, list[Correction]] = defaultdict(list)
        for correction in self._corrections.corrections({whole.article.id for whole in found}):
            by_article[correction.article].append(correction)
        listed = self._listed()
        return [self._as_corrected(whole, tuple(by_article.get(whole.article.id, ())), listed) for whole in found]

    def _as_corrected(self, whole: Whole, corrections: tuple[Correction, ...], listed: Listed | None) -> Whole:
        anew = listed is not None and whole.resolved_with != listed.digest
        if not anew and not corrections:
            return whole
        key = (whole.row, listed.digest if listed is not None and anew else "", corrections)
        if kept := self._changed.get(key):
            return kept
        claims: Sequence[StoredClaim] = whole.claims
        if listed is not None and anew:
            try:
                resolved = resolve_anew(whole.article, whole.paragraphs, [one.claim for one in whole.claims], listed)
                claims = list(_anew(whole.claims, {whole.article.id: resolved}))
            except ConfigError as error:
                _log.error(_AS_READ, error)
        current = [correction for correction in corrections if _is_current(correction, whole.article)]
        changed = whole.with_claims(_corrected(claims, current))
        self._changed.keep(key, changed)
        return changed

    def _listed(self) -> Listed | None:
        """Return the list of actors as it is; None where it is ill-formed, which is logged."""
        try:
            return self._actors.now()
        except ConfigError as error:
            # No answer fails for a slip in the list: what was found when the article was read still holds.
            _log.error(_AS_READ, error)
            return None

    def stale(self) -> Sequence[Correction]:
        """Return the corrections that are not applied: their article is gone, or no claim stands in their words any more."""
        every = self._corrections.corrections()
        articles = self._corpus.articles({correction.article for correction in every})
        claims = {id: [one.claim for one in self.found(p.id for p in self._corpus.paragraphs_of(id))] for id in articles}
        return [
            correction
            for correction in every
            if correction.article not in articles
            or not _is_current(correction, articles[correction.article])
            or not correction.meant(claims[correction.article])
        ]

    def revision(self) -> str:
        """Return what is another text whenever an article came, changed or went, a claim was corrected or the list changed."""
        try:
            listed = self._actors.now().digest[:12]
        except ConfigError:
            listed = ""
        return f"{self._corpus.revision()}-{self._corrections.revision()}-{listed}"

    def close(self) -> None:
        """Let go of the files."""
        self._corpus.close()
        self._corrections.close()

    def _resolved(self, id: str, version: Version, listed: Listed) -> _Resolved:
        key = (id, version.article, listed.digest)
        if kept := self._kept.get(key):
            return kept
        paragraphs = self._corpus.paragraphs_of(id)
        stored = [one.claim for one in self._corpus.claims(paragraph.id for paragraph in paragraphs)]
        article = self._corpus.articles([id]).get(id)
        if article is None or self._corrections.versions([id]).get(id) != version:
            return {}  # it was replaced while it was read: whoever reads articles whole leaves it out
        resolved = resolve_anew(article, paragraphs, stored, listed)
        self._kept.keep(key, resolved)
        return resolved

    def put(self, indexed: Indexed, news: News | None = None) -> Outcome:
        """Store an article, or replace its old version, in one transaction; an equal one is left as it is."""
        return self._corpus.put(indexed, news)

    def unchanged(self, article: Article) -> bool:
        """Say whether just this article (text and what is known of it) is stored already: nothing need be computed."""
        return self._corpus.unchanged(article)

    def remove(self, article: str) -> bool:
        """Remove an article with all that hangs on it, corrections too; say whether it was there."""
        there = self._corpus.remove(article)
        for correction in self._corrections.corrections([article]):
            self._corrections.undo(correction)
        return there

    def published_before(self, moment: datetime, limit: int) -> Sequence[str]:
        """Return the ids of at most `limit` articles that were published before a moment, the oldest first."""
        return self._corpus.published_before(moment, limit)

    def together(self) -> AbstractContextManager[None]:
        """Have all that this thread reads within the block, but for corrections, be as one commit left it."""
        return self._corpus.together()

    def nearest(self, vector: Vector, limit: int, where: Filter) -> list[Candidate]:
        """Propose the paragraphs nearest to a vector, best first; the score is the cosine."""
        return self._corpus.nearest(vector, limit, where)

    def matching(self, words: Sequence[str], limit: int, where: Filter) -> list[Candidate]:
        """Propose paragraphs that hold any of the words, best first; the score is BM25's, higher is better."""
        return self._corpus.matching(words, limit, where)

    def matching_articles(self, words: Sequence[str], limit: int, where: Filter) -> list[ArticleCandidate]:
        """Propose articles whose title or text holds any of the words, best first; the score is BM25's, higher is better."""
        return self._corpus.matching_articles(words, limit, where)

    def paragraphs(self, ids: Iterable[int]) -> Mapping[int, Paragraph]:
        """Return the paragraphs of these ids."""
        return self._corpus.paragraphs(ids)

    def paragraphs_of(self, article: str) -> Sequence[Paragraph]:
        """Return all quotable paragraphs of an article, in order."""
        return self._corpus.paragraphs_of(article)

    def articles(self, ids: Iterable[str]) -> Mapping[str, Article]:
        """Return the articles of these ids."""
        return self._corpus.articles(ids)

    def article_at(self, url: str) -> Article | None:
        """Return the article with this address; of several the one stored last."""
        return self._corpus.article_at(url)

    def paragraph_vectors(self, ids: Sequence[int]) -> Vectors:
        """Return (n, d): the vector of each of these paragraphs (of its first passage); zeros where it is gone meanwhile."""
        return self._corpus.paragraph_vectors(ids)

    def story_of(self, article: str) -> str | None:
        """Return the story that an article belongs to; None where it is not stored, or was stored before there were stories."""
        return self._corpus.story_of(article)

    def articles_in(self, story: str) -> Sequence[str]:
        """Return the ids of the articles of a story, in the order in which they came."""
        return self._corpus.articles_in(story)

    def originals(self, ids: Iterable[str]) -> Mapping[str, str]:
        """Return for each of these articles that is a copy of one text the id of the article that had it first."""
        return self._corpus.originals(ids)

    def outlet_names(self) -> Sequence[str]:
        """Return the names of all outlets, however many articles they have at no more cost."""
        return self._corpus.outlet_names()

    def outlets(self) -> Sequence[OutletRecord]:
        """Return what is held of each outlet, by name."""
        return self._corpus.outlets()


def resolve_anew(article: Article, paragraphs: Sequence[Paragraph], claims: Sequence[Claim], listed: Listed) -> _Resolved:
    """Resolve the attributions of all claims of an article with a list. Pure but for the reading of that. Raises ConfigError."""
    from whosays.attribution.find import in_text_order, resolve  # noqa: PLC0415 - most answers need none of its rules

    places = {claim.attribution: claim.paragraphs for claim in claims}
    blocks = [Block(paragraph.span) for paragraph in paragraphs]
    resolved: dict[Attribution, list[Claim]] = defaultdict(list)
    for claim in resolve(article, blocks, in_text_order(places), listed.actors()):
        # Positions count all blocks of an article, and those that are never quoted are not stored.
        resolved[claim.attribution].append(replace(claim, paragraphs=places[claim.attribution]))
    return resolved


def _anew(stored: Sequence[StoredClaim], resolved: Mapping[str, _Resolved]) -> Iterable[StoredClaim]:
    """Put the claims resolved anew in place of those of the same attribution, of which there may be other ones, or more.

    Each keeps the vector of its words with the speaker as first found: where that is another one now it is near enough, and no
    model is run.
    """
    joint: dict[tuple[str, Attribution], list[StoredClaim]] = defaultdict(list)
    for one in stored:
        joint[one.claim.article, one.claim.attribution].append(one)
    for (article, attribution), those in joint.items():
        if article not in resolved:
            yield from those
            continue
        for claim in resolved[article].get(attribution, ()):
            same = next((one for one in those if one.claim.speaker.name == claim.speaker.name), those[0])
            yield StoredClaim(claim=claim, vector=same.vector)


def _corrected(found: Sequence[StoredClaim], corrections: Sequence[Correction]) -> list[StoredClaim]:
    """Return claims as corrected, without those that are hidden."""
    claims = all_corrected([stored.claim for stored in found], corrections)
    return [replace(stored, claim=claim) for stored, claim in zip(found, claims, strict=True) if claim is not None]


def _is_current(correction: Correction, article: Article) -> bool:
    return correction.words == digest_of(article.text, correction.content)
