"""Measure how an article is matched with what is followed: its speed on one core, and how well, on labelled questions.

    ./run bench matching            speed: 1,000, 10,000 and 100,000 subscriptions against one article of 30 paragraphs
    ./run bench matching ../shared  the same, and then how many of the answering claims of data/sides/dev.jsonl are taken

Topics are made of the words of conflicts: a third names what the article is about, which is far more than any article meets. What
the models cost is apart: encoding a topic is done once, when it is followed; reading claims with a topic once for each topic (not
each subscription) that is left.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np  # noqa: E402

from bench.answers import index  # noqa: E402
from whosays.alerts.index import TopicIndex  # noqa: E402
from whosays.alerts.making import Newsroom  # noqa: E402
from whosays.alerts.matching import matches, whole_of  # noqa: E402
from whosays.attribution.find import claims_of  # noqa: E402
from whosays.attribution.listed import ActorsFile  # noqa: E402
from whosays.chats import Following  # noqa: E402
from whosays.config import Settings  # noqa: E402
from whosays.encode import Encoder  # noqa: E402
from whosays.evaluate.labelled import Labelled, gather_news  # noqa: E402
from whosays.parts import load_encoder, load_finder, load_reader, open_chats, open_corpus, open_outbox  # noqa: E402
from whosays.question import understand  # noqa: E402
from whosays.reading import read  # noqa: E402
from whosays.relevance import claim_text  # noqa: E402
from whosays.retrieve import passages  # noqa: E402
from whosays.store.corpus import Indexed  # noqa: E402
from whosays.text import STOP_WORDS, blocks  # noqa: E402
from whosays.types import Article, Query, Vectors  # noqa: E402
from whosays.words import terms  # noqa: E402

SIZES = (1_000, 10_000, 100_000)
PARAGRAPHS = 30
FOLLOWERS = 10_000
PLACES = """
Panjshir Kabul Afghanistan Salisbury Moscow Lachin Baku Yerevan Cairo Khartoum Crimea Donetsk Gaza Aleppo Tripoli Kirkuk
Mosul Tigray Idlib Taiwan Manila Caracas Belgrade Pristina Nicosia Juba Bangui Goma Maputo Minsk
""".split()
ACTORS = """
Taliban Massoud resistance Russia Ukraine Armenia Azerbaijan Egypt Ethiopia Iran Pakistan government rebels army
parliament opposition ministry court monitors inspectors
""".split()
MATTERS = """
ceasefire talks prisoners border blockade attack shelling drone dam election sanctions aid refugees corridor verdict
poisoning uranium missile convoy bridge harbour fighting casualties hospital airport mobilisation pipeline truce
withdrawal offensive
""".split()
FORMS = (
    "who controls {p}?",
    "did the {a} attack {p}?",
    "{p} {m}",
    "what does {a} say about the {m} in {p}?",
    "{a} {m} {p}",
    "is there a {m} in {p}?",
)


@dataclass(frozen=True)
class Models:
    """The models and the article that the demo's articles are put together to."""

    encoder: Encoder
    indexed: Indexed
    words: frozenset[str]

    @property
    def vectors(self) -> Vectors:
        """The claims' and the passages' vectors."""
        return np.concatenate([self.indexed.claim_vectors, self.indexed.vectors])


def main(shared: Path | None) -> None:
    """Run the measurements; `shared` is the folder that holds data/."""
    settings = Settings.from_environment(os.environ)
    settings = replace(settings, threads=1)
    models = prepare(settings)
    speed(models, settings)
    followers(models, settings)
    if shared is not None:
        quality(shared, settings)


def prepare(settings: Settings) -> Models:
    """Make an article of 30 paragraphs with its claims, as reading it would."""
    encoder, finder = load_encoder(settings), load_finder(settings)
    demo = [one for one in read([str(settings.demo_corpus)]) if isinstance(one, Article)]
    about = sorted((one for one in demo if "anjshir" in one.text), key=lambda one: one.id)
    texts = [one.text[slice(*block.span)] for one in about for block in blocks(one.text) if not block.furniture]
    article = Article(
        id="bench", title="Conflicting claims over Panjshir", text="\n\n".join(texts[:PARAGRAPHS]), outlet="Demo Wire"
    )
    parts = blocks(article.text)
    found = tuple(claims_of(article, parts, finder.attributions(article, parts), ActorsFile(settings.actors).now().actors()))
    divided = passages(article.text, parts)
    indexed = Indexed(
        article=article,
        blocks=parts,
        passages=divided,
        vectors=encoder.encode([article.text[slice(*passage.span)] for passage in divided]),
        claims=found,
        claim_vectors=encoder.encode([claim_text(article, one) for one in found]),
    )
    return Models(encoder, indexed, frozenset(terms(f"{article.title} {article.text}")))


def topics(count: int) -> list[str]:
    """Return so many topics, all different; a third is on the article's place."""
    choose = random.Random(5)
    made: dict[str, None] = {}
    while len(made) < count:
        place = "Panjshir" if choose.random() < 1 / 3 else choose.choice(PLACES)
        topic = choose.choice(FORMS).format(p=place, a=choose.choice(ACTORS), m=choose.choice(MATTERS))
        made[topic if topic not in made else f"{topic.rstrip('?')} {choose.choice(MATTERS)} {len(made)}"] = None
    return list(made)


def speed(models: Models, settings: Settings) -> None:
    """Print how long matching takes, and how many topics are left."""
    print(f"paragraphs {len(models.indexed.vectors)}\nclaims {len(models.indexed.claims)}")
    every = topics(max(SIZES))
    print(f"encode_topic_ms {1000 * best(lambda: models.encoder.encode(every[:64]), 1) / 64:.1f}")
    # To encode 100,000 topics takes half an hour: their vectors are those of a thousand, each turned a little another way.
    known = models.encoder.encode(every[:1000])
    noise = np.random.default_rng(5).normal(scale=0.01, size=(len(every), known.shape[1])).astype(np.float32)
    vectors = known[np.arange(len(every)) % len(known)] + noise
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    rows: Sequence[int] = ()
    for size in SIZES:
        held = TopicIndex(known.shape[1])
        start = time.perf_counter()
        for topic, vector in zip(every[:size], vectors[:size], strict=True):
            held.add(topic, vector)
        built = time.perf_counter() - start
        rows = held.matching(models.words, models.vectors)
        took = best(partial(held.matching, models.words, models.vectors), 5)
        everything = best(partial(product, vectors[:size], models.vectors), 3)
        print(f"subscriptions_{size}_ms {1000 * took:.1f}\nsubscriptions_{size}_left {len(rows)}")
        print(f"subscriptions_{size}_load_ms {1000 * built:.0f}\nsubscriptions_{size}_product_of_all_ms {1000 * everything:.1f}")
    reader = load_reader(settings)
    some = [every[row] for row in rows[:20]]
    queries = [Query(text=topic, topic=topic) for topic in some]
    own = models.encoder.encode(some)
    whole = whole_of(models.indexed)
    took = best(lambda: [matches(query, vector, whole, reader) for query, vector in zip(queries, own, strict=True)], 1)
    print(f"read_with_a_topic_ms {1000 * took / len(some):.1f}")


def followers(models: Models, settings: Settings) -> None:
    """Print how long it takes to store an article that is news to each of 10,000 chats that follow one topic."""
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{folder}/store.db"
        corpus, chats, outbox = open_corpus(address, models.encoder), open_chats(address), open_outbox(address)
        now = datetime.now(UTC)
        for chat in range(1, FOLLOWERS + 1):
            chats.follow(Following(chat=chat, thread=None, person=chat, topic="who holds Panjshir?", since=now, language="en"))
        newsroom = Newsroom(outbox, models.encoder, models.encoder.digest, partial(load_reader, settings))
        newsroom.prepare(models.indexed, now)
        start = time.perf_counter()
        news = newsroom.prepare(models.indexed, now)
        prepared = time.perf_counter()
        corpus.put(models.indexed, news)
        print(f"followers_{FOLLOWERS}_prepare_ms {1000 * (prepared - start):.0f}")
        stored = time.perf_counter()
        copy = replace(models.indexed, article=replace(models.indexed.article, id="copy", outlet="Demo Herald"))
        copy = replace(copy, claims=tuple(replace(one, article="copy") for one in copy.claims))
        news = newsroom.prepare(copy, now)
        matched = time.perf_counter()
        corpus.put(copy, news)
        print(f"followers_{FOLLOWERS}_store_ms {1000 * (stored - prepared):.0f}")
        print(f"followers_{FOLLOWERS}_store_copy_ms {1000 * (time.perf_counter() - matched):.0f}")
        for opened in (corpus, chats, outbox):
            opened.close()


def quality(shared: Path, settings: Settings) -> None:
    """Print precision and recall of the claims that are taken of ten labelled articles, for questions and for bare words."""
    gold_file = shared / "data/sides/dev.jsonl"
    labelled = Labelled.read(gold_file)
    gold = [json.loads(line) for line in gold_file.read_text("utf-8").splitlines() if line.strip()]
    encoder, reader = load_encoder(settings), load_reader(settings)
    with tempfile.TemporaryDirectory() as folder:
        texts = gather_news(shared / "data", labelled, Path(folder, "texts.jsonl"))
        articles = {one.id: one for one in read([str(texts)]) if isinstance(one, Article)}
        stored = {row["id"]: index(articles[row["id"]], row["claims"], encoder) for row in gold}
    asked = [(row["id"], item["question"], frozenset(item["relevant"])) for row in gold for item in row["questions"]]
    asked += [(row["id"], question, frozenset()) for row in gold for question in row["unanswerable"]]
    for form, say in (("questions", str), ("words", of_words)):
        right = taken = wanted = heard = strange = unanswerable = 0
        for home, question, relevant in asked:
            query = understand(say(question), datetime.now(UTC))
            vector = encoder.encode([query.topic])[0]
            index_ = TopicIndex(len(vector))
            index_.add(query.topic, vector)
            for id_, item in stored.items():
                words = terms(f"{item.article.title or ''} {item.article.text}")
                if not len(index_.matching(words, np.concatenate([item.claim_vectors, item.vectors]))):
                    continue
                found = [item.claims.index(match.claim) for match in matches(query, vector, whole_of(item), reader)[1]]
                if id_ != home:
                    strange += bool(found)
                elif relevant:
                    right, taken = right + len(relevant.intersection(found)), taken + len(found)
                    heard += bool(relevant.intersection(found))
                else:
                    unanswerable += bool(found)
            wanted += len(relevant)
        answerable = sum(bool(relevant) for _, _, relevant in asked)
        print(f"{form}_claim_precision {right / taken:.3f}\n{form}_claim_recall {right / wanted:.3f}")
        print(f"{form}_articles_heard {heard}/{answerable}\n{form}_unanswerable_fire {unanswerable}/{len(asked) - answerable}")
        print(f"{form}_other_articles_fire {strange}/{len(asked) * (len(stored) - 1)}")


def of_words(question: str) -> str:
    """Return the words of a question that say something, as somebody types a topic."""
    return " ".join(word for word in question.strip(" ?").split() if word.casefold() not in STOP_WORDS)


def product(topics: Vectors, article: Vectors) -> Vectors:
    """Return what no choice by words would have to compute."""
    return np.asarray((topics @ article.T).max(axis=1))


def best(work: Callable[[], object], times: int) -> float:
    """Return the seconds that the fastest of so many runs took."""
    took = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return min(took)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
