"""Measure when two claims are said to contradict each other: pairs of ../shared/data/stance, and labelled questions.

    ./run bench conflict ../shared [GOLD.jsonl TEXTS.jsonl]

Of each set it prints the pairs, the share of them that contradict each other, the share that is called so, the precision of
that and the macro-F1 of "contradict each other or not"; of RTE, which knows no contradictions, the share of what follows that is
called one. First come the parts that constants may be chosen on, then the others. These texts have no speaker, no cue and no
question, so that rules which need one of them find nothing here.

Then the balanced accuracy of `disputed` on data/sides/dev.jsonl (and on GOLD.jsonl, in the same form, with its articles in
TEXTS.jsonl, lines as `whosays ingest` reads them). Each question is given the claims labelled as its answers: neither finding
claims nor retrieval counts.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bench._stance_sets import Pair, Relation, test_sets, train_sets
from bench.answers import claim
from whosays import text
from whosays.attribution.stance import stance_of
from whosays.citations import cut_out, in_order
from whosays.config import Settings
from whosays.conflict import conflict, contradict
from whosays.encode import Encoder
from whosays.evaluate.labelled import Labelled, gather, gather_news
from whosays.parts import load_encoder
from whosays.reading import read
from whosays.relevance import claim_text
from whosays.statement import Asked, Statement
from whosays.types import OBSERVER, Article, Vector


def main(shared: Path, more: Sequence[Path]) -> None:
    """Run the measurement; `shared` is the folder that holds data/, `more` another file of labels and one of their articles."""
    encoder = load_encoder(Settings.from_environment(os.environ))
    for part in (train_sets(shared / "data/stance"), test_sets(shared / "data/stance")):
        for name, pairs in part.items():
            print(f"{name:32} {of_pairs(pairs, encoder)}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        to = Path(folder, "texts.jsonl")
        labels = Labelled.read(shared / "data/sides/dev.jsonl")
        print(f"{'sides dev':32} {of_questions(labels, gather_news(shared / 'data', labels, to), encoder)}", flush=True)
        if more:
            labels = Labelled.read(more[0])
            print(f"{more[0].name:32} {of_questions(labels, gather(more[1], labels, to), encoder)}")


def of_pairs(pairs: Sequence[Pair], encoder: Encoder) -> str:
    """Return the figures of one set."""
    texts = sorted({words for pair in pairs for words in (pair.one, pair.other)}, key=len)
    vectors: dict[str, Vector] = dict(zip(texts, encoder.encode(texts), strict=True))
    asked = Asked("")

    def statement(words: str) -> Statement:
        return Statement(side="", words=words, stance=stance_of("", words), vector=vectors[words])

    called = [contradict(statement(pair.one), statement(pair.other), asked) is not None for pair in pairs]
    if any(pair.relation is Relation.OTHER for pair in pairs):
        follows = [call for call, pair in zip(called, pairs, strict=True) if pair.relation is Relation.AGREE]
        return f"pairs {len(follows):5} of what follows, called {mean(follows):.3f}"
    truth = [pair.relation is Relation.CONFLICT for pair in pairs]
    right = mean(is_so for is_so, call in zip(truth, called, strict=True) if call)
    f1 = (f1_of(truth, called) + f1_of([not x for x in truth], [not x for x in called])) / 2
    return f"pairs {len(pairs):5} contradict {mean(truth):.3f} called {mean(called):.3f} precision {right:.3f} macro_f1 {f1:.3f}"


def of_questions(labels: Labelled, texts: Path, encoder: Encoder) -> str:
    """Return how often a question is rightly called disputed, and rightly not."""
    articles = {reading.id: reading for reading in read([str(texts)]) if isinstance(reading, Article)}
    said: dict[bool, list[bool]] = {True: [], False: []}
    for row in map(json.loads, labels.gold.read_text("utf-8").strip().split("\n")):
        statements = statements_of(articles[row["id"]], row["claims"], encoder)
        for question in row["questions"]:
            asked = question["question"]
            given = [statements[i] for i in question["relevant"] if statements[i].side not in ("", OBSERVER)]
            found = conflict(given, asked, encoder.encode([asked])[0])
            said[question["disputed"]].append((found is not None) == question["disputed"])
    disputes, harmonies = said[True], said[False]
    balanced = (mean(disputes) + mean(harmonies)) / 2
    return f"disputed {balanced:.3f} ({sum(disputes)} of {len(disputes)} disputes, {sum(harmonies)} of {len(harmonies)} others)"


def statements_of(article: Article, labels: Sequence[dict[str, Any]], encoder: Encoder) -> list[Statement]:
    """Return what is said in an article by its labels, embedded as claims are."""
    blocks = text.blocks(article.text, outlet=article.outlet, title=article.title)
    claims = [claim(article, label, blocks) for label in labels]
    vectors = encoder.encode([claim_text(article, c) for c in claims])
    words = [cut_out(article.text, in_order(c.attribution.content)) for c in claims]
    return [
        Statement(side=c.side or "", words=said, stance=c.stance, vector=vector)
        for c, said, vector in zip(claims, words, vectors, strict=True)
    ]


def mean(values: Iterable[bool]) -> float:
    """Return the share of values that are true, 0 of none."""
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0


def f1_of(truth: Sequence[bool], called: Sequence[bool]) -> float:
    """Return the F1 of those called true."""
    both = sum(x and y for x, y in zip(truth, called, strict=True))
    return 2 * both / (sum(truth) + sum(called)) if both else 0.0


if __name__ == "__main__":
    if len(sys.argv) not in (2, 4):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), [Path(argument) for argument in sys.argv[2:]])
