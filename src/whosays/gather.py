"""What a store holds on a query → Material: the articles with the best hits, read whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from whosays.copies import Shingles, share, shingles
from whosays.crossencoder import Reads
from whosays.material import Material
from whosays.observe.trace import Stage, stage
from whosays.relevance import Relevance, Scored, claim_text
from whosays.retrieve import Encodes, search
from whosays.store.corpus import Corpus
from whosays.types import Claim, Hit, Query, Vector

#: An article of which this share stands in a better one has nothing of its own; headlines, captions and tip lines are the rest.
_STANDS_THERE = 0.9
#: So many articles are read whole for a question, those with the best hits: a side may answer in a paragraph of other words.
_ARTICLES = 12
#: So many claims, those that rank best by vectors and words, are read together with the question.
_READ = 16
#: … and the best one of so many sides that have none among them.
_FURTHER = 4


def gather(corpus: Corpus, encoder: Encodes, reader: Reads, query: Query) -> Material:
    """Return the articles with the best hits, best first, with all their paragraphs and claims. May raise StoreError."""
    material = read_best(corpus, encoder, query)
    with stage(Stage.JUDGE):
        return replace(material, likely=likelihoods(material, reader))


def read_best(corpus: Corpus, encoder: Encodes, query: Query) -> Material:
    """Return the same, with no claim read together with the question. May raise StoreError."""
    with stage(Stage.ENCODE):
        vector = encoder.encode([query.topic])[0]
    with corpus.together():
        with stage(Stage.SEARCH):
            hits = search(corpus, query, vector)
        with stage(Stage.FETCH):
            return read_whole(corpus, _best_articles(corpus, hits), query, vector)


def likelihoods(material: Material, reader: Reads) -> Mapping[Claim, float]:
    """Return how likely claims answer: those that rank best, and the best one of each further side, so that none goes unheard.

    What is said in the same words, in wire copies for example, is read once.
    """
    relevance = Relevance(material)
    on_topic = {id_ for id_ in material.articles if relevance.on_topic(id_)}
    scored = [relevance.of_claim(stored) for stored in material.claims if stored.claim.article in on_topic]
    read = worth_reading(same_words(material, sorted(scored, key=lambda s: -s.score)))
    texts = [claim_text(material.articles[group[0].claim.article], group[0].claim) for group in read]
    likelihoods = reader.likelihoods(material.query.topic, texts)
    return {s.claim: likelihood for group, likelihood in zip(read, likelihoods, strict=True) for s in group}


def same_words(material: Material, ranked: Sequence[Scored]) -> list[list[Scored]]:
    """Return claims of one side and in the same words together, in the order in which the first ones come."""
    groups: dict[str, list[Scored]] = {}
    for s in ranked:
        groups.setdefault(f"{s.claim.side} {material.words(s.claim).casefold()}", []).append(s)
    return list(groups.values())


def worth_reading(groups: Sequence[list[Scored]]) -> list[list[Scored]]:
    """Return those of the groups, best first, that are read together with the question."""
    read = list(groups[:_READ])
    sides = {group[0].claim.side for group in read}
    further: dict[str | None, list[Scored]] = {}
    for group in groups[_READ:]:
        if group[0].claim.side not in sides:
            further.setdefault(group[0].claim.side, group)
    return read + list(further.values())[:_FURTHER]


def read_whole(corpus: Corpus, ids: Sequence[str], query: Query, vector: Vector) -> Material:
    """Return these articles, those of them that are stored, with all their paragraphs and claims. May raise StoreError."""
    return Material.of(query, vector, [whole for whole in corpus.wholes(ids) if whole.paragraphs])


def _best_articles(corpus: Corpus, hits: Sequence[Hit]) -> list[str]:
    """Return the articles of the best hits, without those whose text stands in a better one: a wire copy takes nobody's place."""
    ranked = list(dict.fromkeys(hit.paragraph.article for hit in sorted(hits, key=lambda hit: -hit.score)))
    originals = corpus.originals(ranked)
    best: list[str] = []
    kept: dict[str, list[Shingles]] = {}
    copied = set(originals.values())
    for id_ in ranked:
        text = originals.get(id_, id_)
        if id_ in originals or text in copied:
            article = corpus.articles([id_]).get(id_)
            runs = shingles(article.text if article else "")
            if any(share(runs, other) >= _STANDS_THERE for other in kept.setdefault(text, [])):
                continue
            kept[text].append(runs)
        best.append(id_)
        if len(best) == _ARTICLES:
            break
    return best
