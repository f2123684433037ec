"""What every backend of `Corpus` must do about stories and copies of one text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.stored import Open, article, indexed, unit
from whosays.store.corpus import Corpus, Indexed, Outcome
from whosays.types import Article

HARBOUR = article(
    "harbour",
    "The harbour of Orsel was shut on Monday after shells fell near its quays, the harbour master said.",
    "Two ferries with some three hundred passengers turned back and reached the island again after dark.",
    "The Coast League said that it had fired at no ship and that the Varn Republic had moved guns to the breakwater.",
    outlet="Orsel Gazette",
    day=3,
    title="Harbour of Orsel shut after shelling",
)
COPY = replace(HARBOUR, id="copy", outlet="Harbour Post", title="Quiet quays")
OWN = article(
    "own",
    "Shells that fell off the quays of Orsel on Monday had the master close the harbour, and ferries turned back.",
    "The League and Varn blame each other for guns on the breakwater.",
    outlet="Island Radio",
    day=4,
    title="Orsel: harbour shut, shells near quays",
)
BUDGET = article(
    "budget",
    "The council of Tessin passed its budget for schools and roads with nine votes to four.",
    "The mayor objects to the tax on bicycles.",
    outlet="Harbour Post",
    day=3,
    title="Tessin has a budget",
)


def ready(of: Article, about: int) -> Indexed:
    """Return an article ready to be stored, whose lead has the meaning number `about`."""
    return replace(indexed(of), lead=unit(1, about)[0])


def put(corpus: Corpus, *articles: tuple[Article, int]) -> list[Outcome]:
    return [corpus.put(ready(of, about)) for of, about in articles]


def test_articles_on_one_event_are_one_story_and_others_are_not(corpus: Corpus) -> None:
    put(corpus, (HARBOUR, 1), (BUDGET, 2), (OWN, 1))
    assert corpus.story_of("own") == corpus.story_of("harbour") != corpus.story_of("budget")
    story = corpus.story_of("own")
    assert story is not None
    assert corpus.articles_in(story) == ["harbour", "own"]
    assert corpus.originals(["harbour", "budget", "own"]) == {}


def test_what_is_not_stored_has_no_story(corpus: Corpus) -> None:
    assert corpus.story_of("harbour") is None
    assert corpus.articles_in("1") == corpus.articles_in("none") == corpus.articles_in("") == []
    assert corpus.originals(["harbour"]) == {}


def test_a_wire_copy_belongs_to_the_story_of_its_text_whatever_its_headline(corpus: Corpus) -> None:
    put(corpus, (HARBOUR, 1), (COPY, 9))
    assert corpus.story_of("copy") == corpus.story_of("harbour")
    assert corpus.originals(["copy", "harbour"]) == {"copy": "harbour"}


def test_copies_of_a_text_that_goes_are_copies_of_the_first_that_stays(corpus: Corpus) -> None:
    put(corpus, (HARBOUR, 1), (COPY, 1), (replace(COPY, id="third", outlet="Island Radio"), 1))
    corpus.remove("harbour")
    assert corpus.originals(["copy", "third"]) == {"third": "copy"}
    put(corpus, (replace(HARBOUR, id="late", outlet="Varn Today"), 5))
    assert corpus.originals(["late"]) == {"late": "copy"}
    assert corpus.story_of("late") == corpus.story_of("copy")


def test_a_new_version_stays_in_its_story_and_one_about_something_else_leaves_it(corpus: Corpus) -> None:
    put(corpus, (HARBOUR, 1), (OWN, 1))
    story = corpus.story_of("harbour")
    assert story is not None
    longer = replace(OWN, text=f"{OWN.text}\n\nThe council meets on Wednesday.")
    assert put(corpus, (longer, 1)) == [Outcome.CHANGED]
    assert corpus.articles_in(story) == ["harbour", "own"]
    put(corpus, (replace(BUDGET, id="own"), 2))
    assert corpus.articles_in(story) == ["harbour"]
    assert corpus.story_of("own") not in (None, story)


def test_a_story_alone_keeps_its_number_through_new_versions(corpus: Corpus) -> None:
    put(corpus, (HARBOUR, 1))
    story = corpus.story_of("harbour")
    for number in range(5):
        put(corpus, (replace(HARBOUR, title=f"{HARBOUR.title} ({number})"), 1))
        assert corpus.story_of("harbour") == story


def test_a_story_without_articles_is_gone_and_its_number_is_not_given_out_again(corpus: Corpus) -> None:
    put(corpus, (HARBOUR, 1))
    story = corpus.story_of("harbour")
    assert story is not None
    corpus.remove("harbour")
    assert corpus.articles_in(story) == []
    put(corpus, (HARBOUR, 1))
    assert corpus.story_of("harbour") not in (None, story)


def test_every_process_decides_alike_and_another_one_sees_it_at_once(corpus: Corpus, reopen_corpus: Open) -> None:
    other = reopen_corpus()
    put(corpus, (HARBOUR, 1))
    put(other, (OWN, 1), (BUDGET, 2))
    put(corpus, (COPY, 3))
    assert corpus.story_of("copy") == other.story_of("own") == other.story_of("harbour")
    assert other.originals(["copy"]) == {"copy": "harbour"}


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1]])
def test_the_order_in_which_articles_come_changes_nothing_where_stories_are_clear(corpus: Corpus, order: Sequence[int]) -> None:
    articles = [(HARBOUR, 1), (BUDGET, 2), (OWN, 1), (COPY, 1)]
    put(corpus, *(articles[i] for i in order))
    groups = {frozenset(corpus.articles_in(str(corpus.story_of(of.id)))) for of, _ in articles}
    assert groups == {frozenset({"harbour", "own", "copy"}), frozenset({"budget"})}


def test_an_article_of_few_words_and_none_known_is_a_story_too(corpus: Corpus) -> None:
    bare = article("bare", "No.")
    put(corpus, (bare, 4), (article("other", "Why?"), 5))
    assert corpus.story_of("bare") not in (None, corpus.story_of("other"))
    corpus.put(indexed(article("plain", "A text whose lead was not embedded is compared by its paragraphs.")))
    assert corpus.story_of("plain")


def test_a_line_that_stands_in_every_article_makes_no_copies_and_fills_no_index(corpus: Corpus) -> None:
    tip = "Readers who know more of this matter are asked to write to the desk of this newspaper by Friday noon at the latest."
    for number in range(50):
        own = " ".join(f"fact{number}x{i}" for i in range(40))
        put(corpus, (article(f"a{number}", f"{own}.", tip, outlet=f"Outlet {number}"), number))
    assert corpus.originals(f"a{number}" for number in range(50)) == {}


def test_dates_far_apart_part_what_is_alike(corpus: Corpus) -> None:
    year_later = datetime(2032, 1, 4, tzinfo=UTC)
    close = replace(OWN, id="close")
    put(corpus, (HARBOUR, 1), (replace(close, published=year_later), 7))
    apart = corpus.story_of("close")
    assert apart != corpus.story_of("harbour")
