"""The index of words beside BM25 worked out plainly: whatever came and went, in whatever order, and however it was merged."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import log
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, func, select

from tests.stored import Model, article, indexed
from whosays.store import bm25, fulltext
from whosays.store.fulltext import Of, Words, add, ranked, remove
from whosays.store.migrations import bring_up
from whosays.store.sql_corpus import SqlCorpus
from whosays.store.sqlite_database import SqliteDatabase

#: Some stand in nearly every text, some in one.
VOCABULARY = [f"w{number}" for number in range(60)]


@contextmanager
def writing(folder: Path) -> Iterator[Connection]:
    database = SqliteDatabase(folder / "store.db")
    bring_up(database)
    with database.writing() as connection:
        yield connection
    database.close()


def drawn(number: int) -> Words:
    """Return an article of two passages of its own; one seed, one article."""
    draw = random.Random(number)
    often = [1 / (i + 1) for i in range(len(VOCABULARY))]
    parts = [" ".join(draw.choices(VOCABULARY, often, k=draw.randint(3, 30))) for _ in range(2)]
    return Words(
        article=number, title=f"w{number % 60} title", text="\n\n".join(parts), passages=list(enumerate(parts, 2 * number))
    )


def plainly(texts: dict[int, list[str]], asked: Sequence[str]) -> dict[int, float]:
    """Return the score of each text that has any of the terms asked for."""
    average = sum(map(len, texts.values())) / len(texts)
    result: dict[int, float] = {}
    for term in asked:
        having = {number: count for number, text in texts.items() if (count := Counter(text)[term])}
        weight = max(log((len(texts) - len(having) + 0.5) / (len(having) + 0.5)), 1e-6) if having else 0.0
        for number, count in having.items():
            norm = 1.2 * (0.25 + 0.75 * len(texts[number]) / average)
            result[number] = result.get(number, 0.0) + weight * count * 2.2 / (count + norm)
    return result


def of_articles(held: Sequence[Words]) -> dict[int, list[str]]:
    return {words.article: words.of_article() for words in held}


def of_passages(held: Sequence[Words]) -> dict[int, list[str]]:
    return {slot: terms for words in held for slot, terms in words.of_passages()}


def check(connection: Connection, held: Sequence[Words]) -> None:
    for asked in (["w7"], ["w59", "w3", "w21"], ["w0", "w1", "w40"], ["title", "w5"], ["nowhere"]):
        for of, texts in ((Of.ARTICLES, of_articles(held)), (Of.PASSAGES, of_passages(held))):
            expected = plainly(texts, [term for word in asked for term in bm25.terms(word)])
            found = ranked(connection, of, asked, 1000)
            assert dict(found) == pytest.approx(expected, rel=1e-9)
            assert found == sorted(found, key=lambda one: (-one[1], one[0]))


def test_scores_are_those_of_the_texts_that_are_there_whatever_came_and_went(tmp_path: Path) -> None:
    with writing(tmp_path) as connection:
        held = [drawn(number) for number in range(150)]
        for words in held:
            add(connection, words)
        levels = connection.execute(select(fulltext.word_segments.c.level)).scalars().all()
        assert sorted(levels) == [0] * 6 + [1] * 2 + [2] * 2
        check(connection, held)
        draw = random.Random(1)
        for words in draw.sample(held, 90):
            remove(connection, words)
            held.remove(words)
        check(connection, held)
        for words in [drawn(number) for number in range(200, 260)]:
            add(connection, words)
            held.append(words)
        check(connection, held)


def test_what_is_gone_leaves_no_row(tmp_path: Path) -> None:
    with writing(tmp_path) as connection:
        held = [drawn(number) for number in range(20)]
        for words in held:
            add(connection, words)
        for words in held:
            remove(connection, words)
            remove(connection, words)
        for table in (fulltext.postings, fulltext.word_segments):
            assert connection.execute(select(func.count()).select_from(table)).scalar() == 0
        assert ranked(connection, Of.ARTICLES, ["w0"], 10) == []


def test_the_best_are_the_same_ones_however_many_are_asked_for(tmp_path: Path) -> None:
    with writing(tmp_path) as connection:
        for number in range(100):
            add(connection, drawn(number))
        every = ranked(connection, Of.PASSAGES, ["w12", "w9", "w30"], 1000)
        for limit in (1, 7, 40):
            assert ranked(connection, Of.PASSAGES, ["w12", "w9", "w30"], limit) == every[:limit]


def test_only_what_is_allowed_is_returned_and_no_more_is_asked_about_than_needed(tmp_path: Path) -> None:
    with writing(tmp_path) as connection:
        for number in range(100):
            add(connection, drawn(number))
        every = ranked(connection, Of.PASSAGES, ["w12", "w9", "w30"], 1000)
        asked: list[int] = []

        def even(numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
            asked.append(len(numbers))
            return np.equal(numbers % 2, 0)

        assert ranked(connection, Of.PASSAGES, ["w12", "w9", "w30"], 5, even) == [one for one in every if one[0] % 2 == 0][:5]
        assert asked in ([5], [5, 40])


def test_a_word_of_most_texts_is_looked_for_where_the_others_do_not_find_enough(tmp_path: Path) -> None:
    texts = ["orsel harbour", "orsel mayor", "orsel council", "salt"]
    with writing(tmp_path) as connection:
        for number, text in enumerate(texts):
            add(connection, Words(article=number, title=None, text=text, passages=()))
        assert [number for number, _ in ranked(connection, Of.ARTICLES, ["orsel", "mayor"], 1)] == [1]
        assert [number for number, _ in ranked(connection, Of.ARTICLES, ["orsel", "mayor"], 9)] == [1, 0, 2]


def test_an_index_made_of_what_is_stored_gives_the_scores_of_the_one_that_grew(tmp_path: Path) -> None:
    corpus = SqlCorpus.open(f"sqlite:///{tmp_path}/store.db", Model())
    for number in range(20):
        words = drawn(number)
        corpus.put(indexed(article(f"a{number}", *(text for _, text in words.passages), title=words.title), seed=number))
    corpus.remove("a7")
    corpus.close()
    with writing(tmp_path) as connection:
        grown = [ranked(connection, of, ["w2", "w9", "w30", "title"], 100) for of in Of]
        connection.execute(delete(fulltext.word_segments))
        connection.execute(delete(fulltext.postings))
        assert ranked(connection, Of.ARTICLES, ["w2"], 100) == []
        fulltext.index_all(connection)
        assert [ranked(connection, of, ["w2", "w9", "w30", "title"], 100) for of in Of] == grown
        assert all(grown)


def test_very_long_texts_and_many_words_are_no_error(tmp_path: Path) -> None:
    words = [f"x{number}" for number in range(70_000)]
    long = Words(article=1, title=None, text=" ".join(words), passages=[(0, " ".join(words[:40_000]))])
    with writing(tmp_path) as connection:
        add(connection, long)
        assert [number for number, _ in ranked(connection, Of.PASSAGES, words, 10)] == [0]
        remove(connection, long)
        assert connection.execute(select(func.count()).select_from(fulltext.postings)).scalar() == 0


@given(st.text())
def test_no_term_is_empty_or_long(text: str) -> None:
    assert all(0 < len(term) <= 2 * 40 for term in bm25.terms(text))


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Ferries lie idle.", ["ferri", "lie", "idl"]),
        ("Łódź, São Tomé", ["łodz", "sao", "tome"]),
        ("the U.S. can’t", ["the", "u", "s", "can", "t"]),
        ("snake_case 1,500", ["snake", "case", "1", "500"]),
    ],
)
def test_words_are_folded_and_stemmed(text: str, terms: list[str]) -> None:
    assert bm25.terms(text) == terms
