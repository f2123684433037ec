"""Whether an outlet takes an article back."""

from __future__ import annotations

import pytest

from whosays.polling.withdrawn import is_withdrawal

STORY = "The ministry of the interior said on Monday that the bridge at Orsel had fallen. " * 12


@pytest.mark.parametrize(
    "title",
    [
        "RETRACTED: Bridge at Orsel falls",
        "Retraction: bridge at Orsel",
        "[WITHDRAWN] Bridge at Orsel falls",
        "Story withdrawn",
        "This article has been removed",
        "UPDATE: Article retracted",
        "Editor's note: Story removed",
        "Withdrawn – Bridge at Orsel falls",
    ],
)
def test_a_headline_that_says_so_takes_an_article_back(title: str) -> None:
    assert is_withdrawal(title, STORY)


@pytest.mark.parametrize(
    "title",
    [
        None,
        "",
        "Bridge at Orsel falls",
        "Withdrawn troops return to Orsel",
        "Retraction demanded by ministry after bridge report",
        "Harbour Post retracts its story on the bridge",
        "League says statement was withdrawn",
        "Removed statue returns",
    ],
)
def test_news_of_withdrawals_is_news(title: str | None) -> None:
    assert not is_withdrawal(title, STORY)


@pytest.mark.parametrize(
    "text",
    [
        "This story has been withdrawn.",
        "The Orsel Gazette has retracted this article, which rested on a forged letter.",
        "An earlier report on the bridge at Orsel has been taken down while it is looked into.",
        "This article, published on Monday, was formally retracted.",
    ],
)
def test_a_short_notice_in_an_articles_place_takes_it_back(text: str) -> None:
    assert is_withdrawal("Bridge at Orsel falls", text)
    assert not is_withdrawal("Bridge at Orsel falls", f"{STORY} {text}")


@pytest.mark.parametrize("text", ["", "The troops were withdrawn from Orsel.", "The League withdrew its report to the council."])
def test_other_short_texts_do_not(text: str) -> None:
    assert not is_withdrawal("Orsel", text)
