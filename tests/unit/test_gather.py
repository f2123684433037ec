"""Which claims are read together with the question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from tests.orsel import GAZETTE, LEAGUE, POST, VARN, WordEncoder, WordReader, claim, material
from whosays.gather import likelihoods, read_best
from whosays.store.corpus import Indexed
from whosays.store.sql_corpus import SqlCorpus
from whosays.text import blocks
from whosays.types import Article, Query

ASKED = Query(text="who holds Orsel?", topic="who holds Orsel")


class Keen(WordReader):
    """Remembers what it was given to read."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def likelihoods(self, question: str, claims: Sequence[str]) -> list[float]:
        self.read += claims
        return super().likelihoods(question, claims)


def copy(n: int, words: str) -> Article:
    return Article(id=f"copy{n}", title="Orsel", text=f"The Varn Republic said {words}.")


def test_no_side_goes_unread_however_much_another_one_says() -> None:
    said = {n: f"that it holds Orsel and fort {n}" for n in range(30)}
    articles = [copy(n, words) for n, words in said.items()]
    heard = Article(id="league", title="Orsel", text="The Coast League said that guns were heard.")
    claims = [claim(article, said[n], "said", "Varn Republic", VARN) for n, article in enumerate(articles)]
    claims.append(claim(heard, "guns were heard", "said that", "Coast League", LEAGUE))
    keen = Keen()
    likely = likelihoods(material(ASKED, [*articles, heard], claims), keen)
    assert claims[-1] in likely
    assert len(keen.read) == len(likely) < len(claims)


def test_wire_copies_are_read_once() -> None:
    articles = [copy(n, "that it holds Orsel") for n in range(5)]
    claims = [claim(article, "it holds Orsel", "said that", "Varn Republic", VARN) for article in articles]
    keen = Keen()
    likely = likelihoods(material(ASKED, articles, claims), keen)
    assert len(keen.read) == 1
    assert likely.keys() == set(claims)


def test_where_nothing_is_claimed_nothing_is_read() -> None:
    keen = Keen()
    assert likelihoods(material(ASKED, [], []), keen) == {}
    assert keen.read == []


def test_wire_copies_leave_their_places_to_other_articles_and_a_longer_one_is_read_for_what_it_adds(tmp_path: Path) -> None:
    encoder = WordEncoder()
    copies = [replace(GAZETTE, id=f"copy{n}", outlet=f"Outlet {n}", title=f"Orsel, edition {n}") for n in range(15)]
    added = " ".join(f"Of Orsel there is more: fact{n} was seen near house{n}." for n in range(12))
    longer = replace(GAZETTE, id="longer", outlet="Island Radio", text=f"{GAZETTE.text}\n\n{added}")
    corpus = SqlCorpus.open(f"sqlite:///{tmp_path}/store.db", encoder)
    try:
        for article in (GAZETTE, *copies, longer, POST):
            found = blocks(article.text)
            vectors = encoder.encode([article.text[slice(*block.span)] for block in found if not block.furniture])
            nothing = np.empty((0, encoder.dimension), dtype=np.float32)
            corpus.put(Indexed(article=article, blocks=found, vectors=vectors, claims=(), claim_vectors=nothing))
        wanted = Query(text="who holds Orsel?", topic="who holds Orsel, and Averin of the salt tax", limit=200)
        read = read_best(corpus, encoder, wanted).articles
        assert {"longer", "post"} <= set(read)
        assert len(read.keys() - {"longer", "post"}) <= 1
    finally:
        corpus.close()
