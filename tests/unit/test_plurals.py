from __future__ import annotations

from pathlib import Path

import pytest

from bot.phrases import Phrases, Say, load_catalogue, load_phrases
from whosays.config import data_folder
from whosays.errors import ConfigError

CATALOGUE = load_catalogue(data_folder())
ENGLISH = (data_folder() / "phrases" / "en.toml").read_text(encoding="utf-8")
COUNTED = 'articles = { one = "{count} article", other = "{count} articles" }'


@pytest.mark.parametrize(
    ("code", "counted"),
    [
        ("en", {0: "0 articles", 1: "1 article", 2: "2 articles", 1234: "1,234 articles"}),
        ("fa", {0: "۰ مقاله", 1: "۱ مقاله", 12: "۱۲ مقاله", 1234: "۱٬۲۳۴ مقاله"}),
        (
            "ar",
            {
                0: "لا مقالات",
                1: "مقالة واحدة",
                2: "مقالتان",
                3: "3 مقالات",
                10: "10 مقالات",
                11: "11 مقالة",
                99: "99 مقالة",
                100: "100 مقالة",
                103: "103 مقالات",
                1234: "1,234 مقالة",
            },
        ),
        (
            "uk",
            {
                0: "0 статей",
                1: "1 стаття",
                2: "2 статті",
                5: "5 статей",
                11: "11 статей",
                21: "21 стаття",
                1234: "1\xa0234 статті",
            },
        ),
        (
            "ru",
            {
                0: "0 статей",
                1: "1 статья",
                3: "3 статьи",
                5: "5 статей",
                12: "12 статей",
                101: "101 статья",
                1234: "1\xa0234 статьи",
            },
        ),
    ],
)
def test_things_are_counted_as_the_language_counts(code: str, counted: dict[int, str]) -> None:
    phrases = CATALOGUE.of(code)
    assert {count: phrases(Say.COUNT_ARTICLES, count=count) for count in counted} == counted


def in_language(code: str, folder: Path, counted: str) -> Phrases:
    (folder / "phrases").mkdir()
    (folder / "phrases" / f"{code}.toml").write_text(ENGLISH.replace(COUNTED, f"articles = {counted}"), encoding="utf-8")
    return load_phrases(folder, code)


def test_one_text_will_do_for_all_numbers(tmp_path: Path) -> None:
    assert in_language("en", tmp_path, '"{count} in the archive"')(Say.COUNT_ARTICLES, count=21) == "21 in the archive"


@pytest.mark.parametrize(
    ("code", "counted", "complaint"),
    [
        ("en", '{ one = "{count} article" }', "count.articles must have the forms one, other, not one"),
        ("en", '{ one = "{count}", few = "{count}", other = "{count}" }', "must have the forms one, other, not few, one, other"),
        (
            "en",
            '{ one = "{number}", other = "{count}" }',
            r"count.articles.one must have the placeholders \{count\}, not \{number\}",
        ),
        (
            "en",
            '{ one = "an article", other = "articles" }',
            r"count.articles.other must have the placeholders \{count\}, not none",
        ),
        ("fa", '{ one = "مقاله", other = "{count} مقاله" }', r"count.articles.one must have the placeholders"),
    ],
)
def test_a_wrong_form_is_named(tmp_path: Path, code: str, counted: str, complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint):
        in_language(code, tmp_path, counted)


def test_the_form_of_a_single_number_may_leave_it_out(tmp_path: Path) -> None:
    phrases = in_language("en", tmp_path, '{ one = "an article", other = "{count} articles" }')
    assert [phrases(Say.COUNT_ARTICLES, count=count) for count in (1, 2)] == ["an article", "2 articles"]


def test_a_citation_has_latin_digits_in_every_language() -> None:
    for _, phrases in CATALOGUE.phrases.items():
        assert "[1], [12]" in phrases(Say.ALSO, sources="[1], [12]")
