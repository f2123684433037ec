"""A store is embedded anew by another model while it is asked and read into: nothing is lost, no two models are ever mixed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import func, select

from tests.encoders import Hashing
from tests.stored import article, claim
from whosays import stories
from whosays.current import Current, OfModel
from whosays.errors import ReindexedError
from whosays.ingest import ingest
from whosays.reindex import reindex
from whosays.relevance import claim_text
from whosays.store import indexes, opening
from whosays.store.corpus import Filter
from whosays.store.reindexing import Reindexing
from whosays.store.schema import next_leads
from whosays.store.schema import stories as stories_table
from whosays.store.sql_corpus import SqlCorpus
from whosays.text import blocks
from whosays.types import Article, Block, Claim

OLD, NEW, THIRD = Hashing("old"), Hashing("new", dimension=48), Hashing("third")


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres"))
    return f"sqlite:///{tmp_path}/store.db"


def numbered(number: int, more: str = "") -> Article:
    return article(
        f"a{number}",
        f"The council met for the time number {number}. {more}".strip(),
        f"Ferry {number} lies idle in Orsel, said Mira Tolk.",
        title=f"Ferry {number} waits",
        outlet="Orsel Gazette",
    )


def find(articles: Sequence[tuple[Article, Sequence[Block]]]) -> Sequence[Sequence[Claim]]:
    return [[claim(of, "Ferry", 1)] for of, _ in articles]


def read(corpus: SqlCorpus, encoder: Hashing, *numbers: int, more: str = "") -> None:
    ingest([numbered(number, more) for number in numbers], corpus, encoder, find)


def filled(address: str, count: int = 5) -> None:
    corpus = SqlCorpus.open(address, OLD)
    read(corpus, OLD, *range(count))
    read(corpus, OLD, 1, more="It was put off.")
    corpus.remove("a2")
    corpus.close()


def begun(address: str, encoder: Hashing = NEW) -> Reindexing:
    store = Reindexing.begin(address, encoder)
    assert store is not None
    return store


def reindexed(address: str, encoder: Hashing = NEW) -> int:
    store = begun(address, encoder)
    texts = reindex(store, encoder, lambda progress: None)
    store.clean()
    store.close()
    assert texts is not None
    return texts


def check_is_of(address: str, encoder: Hashing, *ids: str) -> None:
    """Check that the store holds these articles, and that each of its vectors is what the encoder makes of its text."""
    corpus = SqlCorpus.open(address, encoder)
    assert set(corpus.articles([f"a{number}" for number in range(40)])) == set(ids)
    for id in ids:
        [of] = corpus.articles([id]).values()
        found = corpus.paragraphs_of(id)
        texts = [of.text[slice(*paragraph.span)] for paragraph in found]
        assert np.array_equal(corpus.paragraph_vectors([paragraph.id for paragraph in found]), encoder.encode(texts))
        [said] = corpus.claims(paragraph.id for paragraph in found)
        assert np.array_equal(said.vector, encoder.encode([claim_text(of, said.claim)])[0])
        best = corpus.nearest(encoder.encode(texts[:1])[0], 1, Filter())
        assert [candidate.paragraph for candidate in best] == [found[0].id]
        assert corpus.matching([f"{int(id[1:])}"], 5, Filter())
    everywhere = [candidate.paragraph for candidate in corpus.nearest(encoder.encode(["x"])[0], 200, Filter())]
    assert sorted(everywhere) == sorted(corpus.paragraphs(everywhere))
    assert len(everywhere) == 2 * len(ids)
    corpus.close()


def test_all_vectors_are_those_of_the_new_model_and_nothing_else_changes(address: str) -> None:
    filled(address)
    before = SqlCorpus.open(address, OLD)
    placed = {f"a{number}": before.story_of(f"a{number}") for number in (0, 1, 3, 4)}
    assert reindexed(address) == 4 * (2 + 1 + 1)
    check_is_of(address, NEW, "a0", "a1", "a3", "a4")
    after = SqlCorpus.open(address, NEW)
    assert {id: after.story_of(id) for id in placed} == placed
    after.close()
    before.close()


def test_a_story_is_of_the_new_vectors_of_its_articles(address: str) -> None:
    filled(address)
    reindexed(address)
    database = opening.connect(address)
    with database.reading() as connection:
        kept = {
            row.id: (row.articles, np.frombuffer(row.vector, np.float32)) for row in connection.execute(select(stories_table))
        }
        assert connection.execute(select(func.count()).select_from(next_leads)).scalar_one() == 0
    database.close()
    corpus = SqlCorpus.open(address, NEW)
    for id, (count, vector) in kept.items():
        those = corpus.articles(corpus.articles_in(str(id))).values()
        leads = [stories.lead(one.title, one.text, blocks(one.text, outlet=one.outlet, title=one.title)) for one in those]
        assert np.allclose(vector, NEW.encode(leads).mean(axis=0) * count, atol=1e-5)
    corpus.close()


def test_who_has_the_old_vectors_at_hand_is_told_at_the_next_use_of_any(address: str) -> None:
    filled(address)
    corpus = SqlCorpus.open(address, OLD)
    [paragraph, *_] = corpus.paragraphs_of("a0")
    before = corpus.revision()
    reindexed(address)
    uses: list[Callable[[], object]] = [
        lambda: corpus.nearest(OLD.encode(["x"])[0], 3, Filter()),
        lambda: corpus.claims([paragraph.id]),
        lambda: corpus.wholes(["a0"]),
        lambda: corpus.paragraph_vectors([paragraph.id]),
        lambda: read(corpus, OLD, 9),
        lambda: corpus.remove("a0"),
    ]
    for use in uses:
        with pytest.raises(ReindexedError):
            use()
    assert corpus.paragraphs([paragraph.id]) == {paragraph.id: paragraph}
    assert corpus.revision() != before
    assert corpus.model() == "new"
    again = corpus.reopened(NEW)
    assert again.nearest(NEW.encode(["x"])[0], 3, Filter())
    with pytest.raises(ReindexedError, match=r"indexed with new .* not with old .*`whosays reindex --encoder old`"):
        SqlCorpus.open(address, OLD)
    corpus.close()


def test_what_comes_and_goes_meanwhile_is_as_it_should_be(address: str) -> None:
    filled(address)
    corpus = SqlCorpus.open(address, OLD)
    changes: list[Callable[[], object]] = [
        lambda: read(corpus, OLD, 7),
        lambda: corpus.remove("a0"),
        lambda: read(corpus, OLD, 3, more="It was put off again."),
        lambda: corpus.remove("a7"),
        lambda: read(corpus, OLD, 8),
    ]

    def change(progress: object) -> None:
        if changes:
            changes.pop(0)()

    store = begun(address)
    assert reindex(store, NEW, change) is not None
    assert not changes
    store.clean()
    store.close()
    corpus.close()
    check_is_of(address, NEW, "a1", "a3", "a4", "a8")


def test_the_last_article_may_be_read_anew_at_any_moment(address: str) -> None:
    filled(address)
    corpus = SqlCorpus.open(address, OLD)
    store = begun(address)
    times = iter(range(4))

    def read_anew(progress: object) -> None:
        if (time := next(times, None)) is not None:
            # Its claims have the rows of those before in SQLite, where these were the last.
            read(corpus, OLD, 4, more=f"It was put off {time + 2} times.")

    assert reindex(store, NEW, read_anew) is not None
    assert next(times, None) is None
    store.close()
    corpus.close()
    check_is_of(address, NEW, "a0", "a1", "a3", "a4")


def test_a_claim_that_came_in_anothers_row_does_not_get_its_vector(address: str) -> None:
    filled(address)
    corpus = SqlCorpus.open(address, OLD)
    store = begun(address)
    some = store.claims(10)
    read(corpus, OLD, 4, more="It was put off.")
    store.keep_claims([of for of, *_ in some], NEW.encode(["stale"] * len(some)))
    assert [of.id for _, of, _ in store.claims(10)] == ["a4"]
    store.close()
    corpus.close()


def test_it_goes_on_where_it_was_stopped(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("whosays.reindex._BATCH", 2)
    filled(address)
    told: list[int] = []
    done = None
    while done is None:
        store = begun(address)
        done = reindex(store, NEW, lambda progress: told.append(progress.texts), stopping=lambda: True)
        store.close()
    assert (told, done) == ([2] * (4 + 2 + 2), 0)
    check_is_of(address, NEW, "a0", "a1", "a3", "a4")


def test_another_model_begins_anew_and_the_stores_own_lets_go_of_what_was_begun(address: str) -> None:
    filled(address)
    for encoder in (NEW, THIRD):
        store = begun(address, encoder)
        assert reindex(store, encoder, lambda progress: None, stopping=lambda: True) is None
        store.close()
    assert Reindexing.begin(address, OLD) is None
    check_is_of(address, OLD, "a0", "a1", "a3", "a4")
    for encoder in (THIRD, NEW, OLD):
        reindexed(address, encoder)
        check_is_of(address, encoder, "a0", "a1", "a3", "a4")


def test_who_is_killed_while_he_lets_go_of_what_was_begun_may_begin_that_again(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(address)
    begun(address).close()

    def killed(*of: Any) -> None:
        remove(*of)
        raise KeyboardInterrupt

    remove = indexes.remove
    with monkeypatch.context() as at_once:
        at_once.setattr(indexes, "remove", killed)
        with pytest.raises(KeyboardInterrupt):
            Reindexing.begin(address, THIRD)
    reindexed(address)
    check_is_of(address, NEW, "a0", "a1", "a3", "a4")


def test_one_process_at_a_time_indexes_anew(address: str) -> None:
    filled(address)
    store = begun(address)
    with pytest.raises(Exception, match="another process is indexing"):
        Reindexing.begin(address, NEW)
    store.close()


def test_no_question_and_no_article_is_lost_while_the_store_goes_over_again_and_again(address: str) -> None:
    filled(address)
    corpus = SqlCorpus.open(address, OLD)
    encoders = {encoder.name: encoder for encoder in (OLD, NEW, THIRD)}

    def renew() -> OfModel:
        encoder = encoders[corpus.model()]
        return OfModel(corpus=corpus.reopened(encoder), encoder=encoder, newsroom=None)

    current = Current(OfModel(corpus=corpus, encoder=OLD, newsroom=None), renew)
    failures: list[BaseException] = []
    asked, over = 0, threading.Event()

    def guarded(work: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            try:
                work()
            except BaseException as error:
                failures.append(error)

        return run

    def ask(of: OfModel) -> None:
        """A vector of another model, or of another text, would not be the nearest at all."""
        [found] = of.corpus.nearest(of.encoder.encode(["Ferry 4 lies idle in Orsel, said Mira Tolk."])[0], 1, Filter())
        assert found.score > 0.999
        [said] = of.corpus.claims([found.paragraph])
        [text] = of.corpus.articles(["a4"]).values()
        assert np.array_equal(said.vector, of.encoder.encode([claim_text(text, said.claim)])[0])

    def asking() -> None:
        nonlocal asked
        while not over.is_set():
            current.asking(ask)
            asked += 1

    def reading() -> None:
        of = current.parts

        def again() -> tuple[object, ...]:
            nonlocal of
            of = current.behind(of)
            return of.corpus, of.encoder, lambda indexed: None

        for number in range(10, 30):
            ingest([numbered(number)], of.corpus, of.encoder, find, renew=again)  # type: ignore[arg-type]
            time.sleep(0.02)

    threads = [threading.Thread(target=guarded(work)) for work in (asking, asking, reading)]
    for thread in threads:
        thread.start()
    last = OLD
    while threads[2].is_alive():
        last = NEW if last is not NEW else THIRD
        reindexed(address, last)
    over.set()
    for thread in threads:
        thread.join()
    assert not failures
    assert asked
    corpus.close()
    check_is_of(address, last, "a0", "a1", "a3", "a4", *(f"a{number}" for number in range(10, 30)))
