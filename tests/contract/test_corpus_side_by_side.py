"""What every backend of `Corpus` must do where others write while it is read, and what is read together."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from tests.contract.searched import BUDGET, HARBOUR, UNDATED, matching, near
from tests.stored import Open, claim, indexed, unit
from whosays.store.corpus import Corpus, Filter


def test_what_is_stored_is_there_when_the_store_is_opened_again(reopen_corpus: Open) -> None:
    first = reopen_corpus()
    first.put(indexed(HARBOUR, claim(HARBOUR, "harbour of Orsel", 0), seed=1))
    first.close()
    again = reopen_corpus()
    assert again.unchanged(HARBOUR)
    assert near(again, 1)[0] == "harbour"
    assert len(again.claims([p.id for p in again.paragraphs_of("harbour")])) == 1


def test_another_one_that_has_the_store_open_sees_what_comes_and_goes(reopen_corpus: Open) -> None:
    writer, reader = reopen_corpus(), reopen_corpus()
    assert near(reader, 1) == []
    writer.put(indexed(HARBOUR, seed=1))
    assert near(reader, 1)[0] == "harbour"
    writer.put(indexed(BUDGET, seed=2))
    writer.remove("harbour")
    assert set(near(reader, 1)) == {"budget"}
    assert matching(reader, "harbour") == []
    reader.put(indexed(UNDATED, seed=3))
    assert near(writer, 3)[0] == "undated"


def test_threads_read_while_another_one_writes(reopen_corpus: Open) -> None:
    corpus, writer = reopen_corpus(), reopen_corpus()
    corpus.put(indexed(HARBOUR, seed=1))
    done, errors = threading.Event(), []

    def read() -> None:
        try:
            while not done.is_set():
                assert near(corpus, 1)[0] == "harbour"
                assert matching(corpus, "ferries") == ["harbour"]
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(30):
        writer.put(indexed(replace(BUDGET, id=f"b{number % 7}", title=str(number)), seed=100 + number))
    done.set()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(corpus.nearest(unit(1, 1)[0], 100, Filter())) == 2 + 7 * 2


def test_the_revision_changes_with_each_article_that_comes_changes_or_goes_and_with_nothing_else(
    corpus: Corpus, reopen_corpus: Open
) -> None:
    seen = [corpus.revision()]
    corpus.put(indexed(HARBOUR, claim(HARBOUR, "harbour of", 0)))
    seen.append(corpus.revision())
    corpus.put(indexed(HARBOUR, claim(HARBOUR, "harbour of", 0)))
    assert corpus.revision() == seen[-1]
    assert reopen_corpus().revision() == seen[-1]
    corpus.put(indexed(replace(HARBOUR, title="Loud quays"), claim(HARBOUR, "harbour of", 0)))
    seen.append(corpus.revision())
    corpus.put(indexed(BUDGET))
    seen.append(corpus.revision())
    corpus.remove("budget")
    seen.append(corpus.revision())
    assert not corpus.remove("budget")
    assert corpus.revision() == seen[-1]
    assert len(set(seen)) == len(seen)


def test_an_article_is_read_whole_with_all_that_hangs_on_it_and_anew_once_it_has_changed(corpus: Corpus) -> None:
    put = indexed(HARBOUR, claim(HARBOUR, "harbour of Orsel", 0), claim(HARBOUR, "Ferries lie idle", 1), seed=4)
    corpus.put(put)
    corpus.put(indexed(UNDATED, seed=5))
    ids = [p.id for p in corpus.paragraphs_of("harbour")]
    for _ in range(2):
        second, first = corpus.wholes(["undated", "nowhere", "harbour", "undated"])
        assert (first.article, second.article) == (HARBOUR, UNDATED)
        assert first.row < second.row
        assert list(first.paragraphs) == corpus.paragraphs_of("harbour")
        assert np.array_equal(first.vectors, corpus.paragraph_vectors(ids))
        assert [stored.claim for stored in first.claims] == [stored.claim for stored in corpus.claims(ids)]
        assert np.array_equal([stored.vector for stored in first.claims], put.claim_vectors)
        assert second.claims == ()
        assert first.of_text.title == {"quiet", "quay"}
        assert {"mira", "tolk"} <= first.of_claims.claims.keys()
    changed = replace(HARBOUR, title="Loud quays")
    corpus.put(indexed(changed, seed=4))
    [now] = corpus.wholes(["harbour"])
    assert (now.article, now.claims) == (changed, ())
    assert now.row > first.row
    corpus.remove("harbour")
    assert [whole.article.id for whole in corpus.wholes(["harbour", "undated"])] == ["undated"]


def test_what_is_read_together_is_as_one_commit_left_it(corpus: Corpus, reopen_corpus: Open) -> None:
    corpus.put(indexed(HARBOUR, seed=4))
    [vector] = corpus.paragraph_vectors([corpus.paragraphs_of("harbour")[0].id])
    with corpus.together():
        before = corpus.nearest(vector, 1, Filter()), corpus.revision()
        reopen_corpus().remove("harbour")
        with corpus.together():
            assert [whole.article for whole in corpus.wholes(["harbour"])] == [HARBOUR]
        assert (corpus.nearest(vector, 1, Filter()), corpus.revision()) == before
        assert list(corpus.articles(["harbour"])) == ["harbour"]
    assert (corpus.nearest(vector, 1, Filter()), corpus.wholes(["harbour"])) == ([], [])
    assert corpus.revision() != before[1]


def test_what_another_thread_has_read_later_changes_nothing_of_what_is_read_together(corpus: Corpus, reopen_corpus: Open) -> None:
    corpus.put(indexed(HARBOUR, seed=4))
    [vector] = corpus.paragraph_vectors([corpus.paragraphs_of("harbour")[0].id])
    with corpus.together(), ThreadPoolExecutor(1) as elsewhere:
        corpus.revision()
        reopen_corpus().put(indexed(replace(HARBOUR, title="Loud quays"), seed=4))
        [later] = elsewhere.submit(corpus.nearest, vector, 1, Filter()).result()
        [now] = corpus.nearest(vector, 1, Filter())
        assert now.paragraph != later.paragraph
        assert list(corpus.paragraphs([now.paragraph, later.paragraph])) == [now.paragraph]
    assert corpus.nearest(vector, 1, Filter()) == [later]
