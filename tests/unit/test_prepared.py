"""What a store keeps of an article for answering is what its rows say, and what another version has kept is not read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import delete, select, update

from tests.stored import Model, article, claim, indexed
from whosays.article_words import VERSION, any_of, bits, claim_words, text_words
from whosays.errors import StoreError
from whosays.store import prepared
from whosays.store.schema import articles
from whosays.store.schema import prepared as kept
from whosays.store.sql_corpus import SqlCorpus
from whosays.store.sqlite_database import SqliteDatabase
from whosays.types import Paragraph, Span

HARBOUR = article("harbour", "The harbour of Orsel is shut.", "Mira Tolk said ferries lie idle.", title="Quiet quays", day=3)
SAID = claim(HARBOUR, "harbour of Orsel", 0), claim(HARBOUR, "ferries lie idle", 1), claim(HARBOUR, "Mira", 7)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def corpus(path: Path) -> Iterator[SqlCorpus]:
    corpus = SqlCorpus.open(f"sqlite:///{path}", Model())
    corpus.put(indexed(article("before", "Nothing is said here.")))
    corpus.put(indexed(HARBOUR, *SAID))
    yield corpus
    corpus.close()


def test_what_is_kept_is_what_the_rows_say(corpus: SqlCorpus, path: Path) -> None:
    database = SqliteDatabase(path)
    with database.writing() as connection:
        row = connection.execute(select(articles.c.id).where(articles.c.key == "harbour")).scalar_one()
        data = connection.execute(select(kept.c.data).where(kept.c.article == row)).scalar_one()
        anew = prepared.worked_out(connection, [(row, HARBOUR)])[row]
        assert prepared.packed(anew) == data
        assert anew.claims == SAID[:2]
        assert (anew.slots, anew.claim_slots) == ((1, 2), (0, 2))
        connection.execute(delete(kept))
        prepared.keep_all(connection)
        assert connection.execute(select(kept.c.data).where(kept.c.article == row)).scalar_one() == data
    database.close()


@pytest.mark.parametrize("change", [delete(kept), update(kept).values(version=VERSION - 1, data=b"of old")])
def test_what_was_never_kept_or_by_another_version_is_worked_out_when_it_is_read(
    corpus: SqlCorpus, path: Path, change: object
) -> None:
    [as_kept] = corpus.wholes(["harbour"])
    database = SqliteDatabase(path)
    with database.writing() as connection:
        connection.execute(change)  # type: ignore[call-overload]
    database.close()
    again = SqlCorpus.open(f"sqlite:///{path}", Model())
    [anew] = again.wholes(["harbour"])
    again.close()
    assert (anew.article, anew.paragraphs) == (as_kept.article, as_kept.paragraphs)
    assert [one.claim for one in anew.claims] == [one.claim for one in as_kept.claims]
    assert np.array_equal(anew.vectors, as_kept.vectors)
    assert (anew.of_text.title, anew.of_text.paragraphs) == (as_kept.of_text.title, as_kept.of_text.paragraphs)
    assert anew.of_claims.claims == as_kept.of_claims.claims


def test_a_store_of_before_anything_was_kept_says_that_it_is_unfinished(corpus: SqlCorpus, path: Path) -> None:
    database = SqliteDatabase(path)
    with database.writing() as connection:
        kept.drop(connection)
    database.close()
    with pytest.raises(
        StoreError, match=r"no such table: prepared \(an unfinished version of whosays made it: run `whosays ingest`"
    ):
        corpus.wholes(["harbour"])
    with pytest.raises(StoreError, match="an unfinished version of whosays"):
        corpus.put(indexed(article("another", "Ferries are late.")))
    assert corpus.articles(["another"]) == {}


def test_an_article_that_is_removed_leaves_nothing_prepared(corpus: SqlCorpus, path: Path) -> None:
    corpus.remove("harbour")
    database = SqliteDatabase(path)
    with database.reading() as connection:
        assert len(connection.execute(select(kept.c.article)).all()) == 1
    database.close()


def test_who_changes_what_is_worked_out_raises_its_version() -> None:
    text = "The U.S. envoys said: “We shall not leave.”\n\nFerries lay idle.\n\nA spokesman declined to comment on the deal."
    of = article("x", text, title="Idle ferries")
    own = [Paragraph(id=i, article="x", position=i, span=Span(at, at + 20)) for i, at in enumerate((0, 45, 64))]
    said = [claim(of, "We shall not leave", 0, 1), claim(of, "comment", 2), claim(of, "Ferries lay", 9)]
    one = prepared.prepare(of, [(p, p.id) for p in own], [(c, i) for i, c in enumerate(said)])
    assert (VERSION, hashlib.sha256(prepared.packed(one)).hexdigest()[:16]) == (1, "7ce15913d6432d41")


def test_words_are_found_in_the_paragraphs_and_claims_in_which_they_stand() -> None:
    of = article("long", *(f"Paragraph {number} has {'ferries' if number % 9 == 0 else 'quays'}." for number in range(100)))
    own, at = [], 0
    for number, text in enumerate(of.text.split("\n\n")):
        own.append(Paragraph(id=number, article="long", position=2 * number, span=Span(at, at + len(text))))
        at += len(text) + 2
    words = text_words(of, own)
    [ferries, either, neither] = bits(
        [any_of(words.paragraphs, found, 100) for found in ({"ferri"}, {"ferri", "quay", "boat"}, {"boat"})], 100, 3
    )
    assert np.flatnonzero(ferries).tolist() == list(range(0, 100, 9))
    assert either.all()
    assert not neither.any()
    said = claim_words(of, own, [claim(of, "Paragraph 9 has ferries", 18), claim(of, "Paragraph 3", 5)])
    assert np.frombuffer(said.places, np.uint32).tolist() == [9, 100]
    assert bits([said.quotable], 2, 1).tolist() == [[True, False]]


def test_of_no_paragraphs_nothing_is_found() -> None:
    words = text_words(article("empty", ""), [])
    assert bits([any_of(words.paragraphs, {"quay"}, 0)], 0, 1).shape == (1, 0)
    assert bits([], 5, 0).shape == (0, 5)
