"""What every backend of `Corpus` must do. A backend joins by its name in `BACKENDS` of `conftest` and a branch in `address`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from tests.contract.searched import BUDGET, HARBOUR, UNDATED, matching, near
from tests.stored import Model, article, claim, indexed, unit
from whosays.errors import StoreError
from whosays.store.corpus import Corpus, Filter, Outcome, Passage
from whosays.types import Block, Paragraph, Span, Window


def test_an_empty_store_proposes_nothing_and_knows_nothing(corpus: Corpus) -> None:
    assert corpus.nearest(unit(1, 0)[0], 10, Filter()) == []
    assert corpus.matching(["harbour"], 10, Filter()) == []
    assert corpus.matching_articles(["harbour"], 10, Filter()) == []
    assert corpus.articles(["harbour"]) == {}
    assert corpus.outlets() == []
    assert corpus.paragraph_vectors([]).shape == (0, Model().dimension)


def test_an_article_comes_back_as_it_was_put(corpus: Corpus) -> None:
    full = replace(
        HARBOUR, url="https://x.example/1", author="A. B.", language="de", text=HARBOUR.text + "\n\nÜber 1.000 🙂 Böte."
    )
    assert corpus.put(indexed(full)) is Outcome.ADDED
    assert corpus.articles(["harbour", "nowhere"]) == {"harbour": full}


def test_an_article_is_found_by_its_address(corpus: Corpus) -> None:
    first, second = (replace(of, url="https://x.example/1") for of in (HARBOUR, BUDGET))
    corpus.put(indexed(first))
    assert corpus.article_at("https://x.example/1") == first
    corpus.put(indexed(second))
    assert corpus.article_at("https://x.example/1") == second
    assert corpus.article_at("https://x.example/2") is None


def test_paragraphs_come_back_in_order_without_the_furniture(corpus: Corpus) -> None:
    of = article("a", "The harbour is shut.", "Share this article", "Ferries lie idle.")
    blocks = (Block(Span(0, 20)), Block(Span(22, 40), furniture=True), Block(Span(42, 59)))
    corpus.put(replace(indexed(of), blocks=blocks, vectors=unit(2, 0)))
    first, second = corpus.paragraphs_of("a")
    assert (first.article, first.position, first.span) == ("a", 0, Span(0, 20))
    assert (second.position, of.text[slice(*second.span)]) == (2, "Ferries lie idle.")
    assert corpus.paragraphs([second.id]) == {second.id: Paragraph(id=second.id, article="a", position=2, span=Span(42, 59))}
    assert matching(corpus, "share") == []


def test_an_article_of_furniture_alone_can_be_kept_and_is_never_proposed(corpus: Corpus) -> None:
    of = article("a", "Share this article")
    nothing = unit(0, 0)
    bare = replace(indexed(of), blocks=(Block(Span(0, 18), furniture=True),), vectors=nothing, claim_vectors=nothing)
    assert corpus.put(bare) is Outcome.ADDED
    assert corpus.put(replace(bare, article=replace(of, title="T"))) is Outcome.CHANGED
    assert corpus.paragraphs_of("a") == []
    assert near(corpus, 0) == []
    assert corpus.remove("a")


def test_the_nearest_paragraph_is_proposed_first_with_its_cosine(corpus: Corpus) -> None:
    corpus.put(indexed(BUDGET, seed=1))
    corpus.put(indexed(HARBOUR, seed=2))
    vectors = unit(2, 2)
    candidates = corpus.nearest(vectors[1], 3, Filter())
    assert len(candidates) == 3
    assert corpus.paragraphs([candidates[0].paragraph])[candidates[0].paragraph].position == 1
    assert candidates[0].score == pytest.approx(1.0, abs=1e-5)
    assert [c.score for c in candidates] == sorted((c.score for c in candidates), reverse=True)
    assert np.allclose(corpus.paragraph_vectors([c.paragraph for c in candidates]) @ vectors[1], [c.score for c in candidates])


def test_words_are_found_in_any_form_and_the_rarer_ones_count_for_more(corpus: Corpus) -> None:
    corpus.put(indexed(HARBOUR))
    corpus.put(indexed(BUDGET))
    corpus.put(indexed(UNDATED))
    candidates = corpus.matching(["HARBOURS", "ferry"], 10, Filter())
    assert corpus.paragraphs([candidates[0].paragraph])[candidates[0].paragraph].position == 1
    assert sorted(matching(corpus, "HARBOURS", "ferry")) == ["harbour", "harbour", "undated"]
    assert [c.score for c in candidates] == sorted((c.score for c in candidates), reverse=True)
    assert matching(corpus, "budgets") == ["budget"]
    assert matching(corpus, "locomotive") == []


def test_articles_are_found_by_their_titles_too(corpus: Corpus) -> None:
    corpus.put(indexed(HARBOUR))
    corpus.put(indexed(BUDGET))
    assert [c.article for c in corpus.matching_articles(["quays"], 10, Filter())] == ["harbour"]
    assert [c.article for c in corpus.matching_articles(["quays", "council", "budget"], 1, Filter())] == ["budget"]
    assert matching(corpus, "quays") == []


@pytest.mark.parametrize(
    "word", ['"', '"budget', "budget*", "OR", "NOT", "NEAR(", "text:budget", "^", "-", "(", "", "\0", "🙂", "''"]
)
def test_no_word_is_a_syntax_error(corpus: Corpus, word: str) -> None:
    corpus.put(indexed(BUDGET))
    assert set(matching(corpus, word, "mayor")) == {"budget"}
    corpus.matching_articles([word], 10, Filter())


def test_only_articles_within_the_window_are_proposed_and_none_without_a_date(corpus: Corpus) -> None:
    for seed, of in enumerate((HARBOUR, BUDGET, UNDATED)):
        corpus.put(indexed(of, seed=seed))
    third, ninth = datetime(2031, 1, 3, tzinfo=UTC), datetime(2031, 1, 9, tzinfo=UTC)
    for window, expected in (
        (Window(), {"harbour", "budget", "undated"}),
        (Window(start=third), {"harbour", "budget"}),
        (Window(end=ninth), {"harbour"}),
        (Window(start=ninth), {"budget"}),
        (Window(start=third, end=third), set()),
    ):
        where = Filter(window=window)
        assert set(near(corpus, 0, where)) == expected
        words = ("harbour", "council", "dredged")
        assert set(matching(corpus, *words, where=where)) == expected
        assert {c.article for c in corpus.matching_articles(words, 10, where)} == expected


def test_only_articles_of_the_outlets_are_proposed_whatever_the_case(corpus: Corpus) -> None:
    for seed, of in enumerate((HARBOUR, BUDGET, UNDATED)):
        corpus.put(indexed(of, seed=seed))
    where = Filter(outlets=("orsel gazette", "nobody"))
    assert set(near(corpus, 0, where)) == {"harbour"}
    assert set(matching(corpus, "harbour", where=where)) == {"harbour"}
    assert [c.article for c in corpus.matching_articles(["harbour"], 10, where)] == ["harbour"]
    assert near(corpus, 0, Filter(outlets=("nobody",))) == []


def test_an_equal_article_is_left_as_it_is(corpus: Corpus) -> None:
    assert not corpus.unchanged(HARBOUR)
    corpus.put(indexed(HARBOUR))
    before = corpus.paragraphs_of("harbour")
    assert corpus.unchanged(HARBOUR)
    assert corpus.put(indexed(HARBOUR, seed=5)) is Outcome.UNCHANGED
    assert corpus.paragraphs_of("harbour") == before


@pytest.mark.parametrize(
    "change", [{"text": "The harbour is open."}, {"outlet": None}, {"title": "Other"}, {"published": None}, {"language": "de"}]
)
def test_a_changed_article_replaces_its_old_version_wholly(corpus: Corpus, change: dict[str, str | None]) -> None:
    corpus.put(indexed(BUDGET, seed=1))
    corpus.put(indexed(HARBOUR, claim(HARBOUR, "harbour of Orsel", 0), seed=2))
    old = [p.id for p in corpus.paragraphs_of("harbour")]
    changed = replace(HARBOUR, **change)  # type: ignore[arg-type]
    assert not corpus.unchanged(changed)
    assert corpus.put(indexed(changed, seed=3)) is Outcome.CHANGED
    assert corpus.articles(["harbour"]) == {"harbour": changed}
    assert corpus.paragraphs(old) == {}
    assert corpus.claims(old) == []
    assert not corpus.paragraph_vectors(old).any()
    proposed = corpus.nearest(unit(1, 2)[0], 10, Filter())
    assert not {c.paragraph for c in proposed} & set(old)
    assert len(proposed) == 2 + len(corpus.paragraphs_of("harbour"))
    assert len(matching(corpus, "harbour")) == 1
    assert len(corpus.matching_articles(["harbour"], 10, Filter())) == 1


def test_a_removed_article_leaves_nothing_behind(corpus: Corpus) -> None:
    corpus.put(indexed(HARBOUR, claim(HARBOUR, "harbour of Orsel", 0), seed=1))
    corpus.put(indexed(BUDGET, seed=2))
    ids = [p.id for p in corpus.paragraphs_of("harbour")]
    assert corpus.remove("harbour")
    assert not corpus.remove("harbour")
    assert corpus.articles(["harbour"]) == {}
    assert corpus.paragraphs(ids) == {}
    assert corpus.claims(ids) == []
    assert matching(corpus, "harbour", "ferries") == []
    assert corpus.matching_articles(["harbour"], 10, Filter()) == []
    assert set(near(corpus, 1)) == {"budget"}
    assert [record.outlet for record in corpus.outlets()] == ["Harbour Post"]
    assert corpus.put(indexed(HARBOUR, seed=1)) is Outcome.ADDED
    assert near(corpus, 1)[0] == "harbour"


def test_what_was_published_before_a_moment_comes_the_oldest_first_and_nothing_undated(corpus: Corpus) -> None:
    for id, day in (("c", 9), ("a", 2), ("b", 5), ("undated", None)):
        corpus.put(indexed(article(id, f"The harbour is shut, says {id}.", day=day)))
    before = datetime(2031, 1, 9, tzinfo=UTC)
    assert list(corpus.published_before(before, 10)) == ["a", "b"]
    assert list(corpus.published_before(before, 1)) == ["a"]


def test_claims_come_back_as_they_were_put_in_text_order_each_once(corpus: Corpus) -> None:
    later, earlier = claim(HARBOUR, "Ferries lie idle", 1), claim(HARBOUR, "harbour of Orsel", 0, 1)
    corpus.put(indexed(BUDGET, claim(BUDGET, "mayor objects", 1), seed=9))
    put = indexed(HARBOUR, later, earlier, seed=4)
    corpus.put(put)
    ids = [p.id for p in corpus.paragraphs_of("harbour")]
    stored = corpus.claims(ids)
    assert [s.claim for s in stored] == [earlier, later]
    assert np.array_equal([s.vector for s in stored], put.claim_vectors[[1, 0]])
    assert [s.claim for s in corpus.claims(ids[:1])] == [earlier]
    assert corpus.claims([]) == []


def test_a_long_paragraph_is_found_by_each_of_its_passages_and_proposed_once(corpus: Corpus) -> None:
    of = article("long", "The harbour is shut. The council met.")
    parts = (Passage(0, Span(0, 20)), Passage(0, Span(21, 37)))
    corpus.put(replace(indexed(of), passages=parts, vectors=unit(2, 7)))
    for vector in unit(2, 7):
        [candidate] = corpus.nearest(vector, 10, Filter())
        assert candidate.score == pytest.approx(1.0, abs=1e-5)
    assert matching(corpus, "harbour", "council") == ["long"]


def test_what_does_not_fit_together_is_refused_and_nothing_of_it_stays(corpus: Corpus) -> None:
    good = indexed(HARBOUR, claim(HARBOUR, "harbour of Orsel", 0))
    broken = good.vectors.copy()
    broken[0, 0] = np.nan
    for bad in (
        replace(good, vectors=good.vectors[:1]),
        replace(good, vectors=unit(2, 0, dimension=32)),
        replace(good, vectors=broken),
        replace(good, claim_vectors=good.claim_vectors[:0]),
        replace(good, passages=(Passage(0, Span(0, 5)),), vectors=unit(1, 0)),
        replace(good, article=replace(HARBOUR, title="half a surrogate: \ud800")),
        replace(good, article=replace(HARBOUR, title="no character: \0")),
        replace(good, article=replace(HARBOUR, text=HARBOUR.text.replace("shut", "\0hut"))),
    ):
        with pytest.raises(StoreError):
            corpus.put(bad)
    assert corpus.articles(["harbour"]) == {}
    assert corpus.nearest(unit(1, 0)[0], 10, Filter()) == []


def test_outlets_are_counted_by_name_with_their_dates(corpus: Corpus) -> None:
    for of in (HARBOUR, BUDGET, replace(BUDGET, id="later", published=datetime(2031, 1, 20, tzinfo=UTC)), UNDATED):
        corpus.put(indexed(of))
    records = corpus.outlets()
    assert [(r.outlet, r.articles) for r in records] == [(None, 1), ("Harbour Post", 2), ("Orsel Gazette", 1)]
    assert (records[1].oldest, records[1].newest) == (BUDGET.published, datetime(2031, 1, 20, tzinfo=UTC))
    assert (records[0].oldest, records[0].newest) == (None, None)


def test_outlets_are_named_once_each(corpus: Corpus) -> None:
    assert corpus.outlet_names() == []
    for of in (HARBOUR, BUDGET, replace(BUDGET, id="later"), replace(BUDGET, id="abroad", outlet="Übersee-Bote"), UNDATED):
        corpus.put(indexed(of))
    assert sorted(corpus.outlet_names()) == ["Harbour Post", "Orsel Gazette", "Übersee-Bote"]
