"""The paragraphs around a quotation, out of a real store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.stored import Model, article, claim, indexed
from whosays.context import context
from whosays.store.corpus import Corpus
from whosays.store.sql_corpus import SqlCorpus
from whosays.types import Article, Quotation, Span

HARBOUR = replace(
    article(
        "harbour",
        "The harbour of Orsel is shut, the Coast League said.",
        "(Photo by Ana Blum)",
        "Its commander said that no ship would leave.",
        "He said that the crews were safe.",
        "Ferries lie idle, and nobody knows for how long.",
        "The market was open as on any day of the week.",
        title="Quiet quays",
        outlet="Orsel Gazette",
        day=3,
    ),
    url="https://gazette.example/harbour",
)


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    store = SqlCorpus.open(f"sqlite:///{tmp_path}/store.db", Model())
    store.put(indexed(HARBOUR, claim(HARBOUR, "harbour of", 0)))
    yield store
    store.close()


def quoted(*words: str, of: Article = HARBOUR) -> Quotation:
    spans = tuple(Span(start := of.text.index(part), start + len(part)) for part in words)
    return Quotation(article=of.id, spans=spans, text=" […] ".join(words), source=1)


def test_a_quotation_stands_between_its_neighbours_and_is_marked(corpus: Corpus) -> None:
    found = context(corpus, quoted("the crews", "safe"))
    assert found is not None
    assert [p.text for p in found.paragraphs] == [
        "Its commander said that no ship would leave.",
        "He said that the crews were safe.",
        "Ferries lie idle, and nobody knows for how long.",
    ]
    assert [[p.text[s.start : s.end] for s in p.quoted] for p in found.paragraphs] == [[], ["the crews", "safe"], []]
    assert (found.before, found.behind) == (True, True)
    assert (found.outlet, found.title, found.published) == ("Orsel Gazette", "Quiet quays", HARBOUR.published)
    assert found.url == "https://gazette.example/harbour#:~:text=the%20crews"


def test_furniture_is_left_out_and_the_article_ends_where_it_ends(corpus: Corpus) -> None:
    first = context(corpus, quoted("harbour of Orsel"))
    assert first is not None
    assert [p.text[:12] for p in first.paragraphs] == ["The harbour ", "Its commande"]
    assert (first.before, first.behind) == (False, True)
    last = context(corpus, quoted("as on any day of the week."))
    assert last is not None
    assert [p.text[:12] for p in last.paragraphs] == ["Ferries lie ", "The market w"]
    assert (last.before, last.behind) == (True, False)


def test_a_quotation_over_several_paragraphs_is_marked_in_each(corpus: Corpus) -> None:
    text = "no ship would leave.\n\nHe said that the crews were safe."
    found = context(corpus, quoted(text))
    assert found is not None
    assert [[p.text[s.start : s.end] for s in p.quoted] for p in found.paragraphs] == [
        [],
        ["no ship would leave."],
        ["He said that the crews were safe."],
        [],
    ]


def test_there_is_no_context_where_the_article_is_gone_or_says_something_else(corpus: Corpus) -> None:
    quotation = quoted("the crews were safe")
    assert context(corpus, replace(quotation, article="nowhere")) is None
    assert context(corpus, replace(quotation, text="the crews were sage")) is None
    assert context(corpus, replace(quotation, spans=(Span(9000, 9010),))) is None
    assert context(corpus, quoted("Photo by Ana Blum")) is None
    corpus.put(indexed(replace(HARBOUR, text="Late news. " + HARBOUR.text)))
    assert context(corpus, quotation) is None
    corpus.put(indexed(HARBOUR))
    assert context(corpus, quotation) is not None
    corpus.remove("harbour")
    assert context(corpus, quotation) is None


@pytest.mark.parametrize("call", ["paragraphs_of", "articles", "paragraphs"])
def test_an_article_that_is_replaced_meanwhile_is_shown_in_one_version_or_not_at_all(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    newer = replace(HARBOUR, text=HARBOUR.text.replace("Ferries lie idle, and", "Ferries do not sail,"))
    read = getattr(corpus, call)

    def replaced_before(*arguments: Any) -> Any:
        corpus.put(indexed(newer))
        return read(*arguments)

    monkeypatch.setattr(corpus, call, replaced_before)
    found = context(corpus, quoted("the crews were safe"))
    assert found is None or all(p.text in newer.text for p in found.paragraphs)
