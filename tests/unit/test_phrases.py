from __future__ import annotations

import re
import string
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.phrases import Catalogue, Phrases, Say, load_catalogue, load_phrases
from whosays.config import data_folder
from whosays.errors import ConfigError

FILES = sorted((data_folder() / "phrases").glob("*.toml"))
ENGLISH = (data_folder() / "phrases" / "en.toml").read_text(encoding="utf-8")
#: Marks that Persian and Arabic have of their own, as they look in Latin text; a dot or a colon is the same in both.
LATIN_MARKS = re.compile(r"[?;]|,(?!\d)")


def written(folder: Path, text: str, language: str = "en") -> Path:
    (folder / "phrases").mkdir(exist_ok=True)
    (folder / "phrases" / f"{language}.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(data_folder())


def test_every_phrase_is_there_in_english() -> None:
    phrases = load_phrases(data_folder())
    assert all(text.strip() for say in Say for text in phrases.forms[say].values())


@pytest.mark.parametrize(
    ("of", "to", "complaint"),
    [
        ('busy = "Many', 'bizzy = "Many', "error.busy is missing"),
        ('busy = "Many', 'bizzy = "Many', "error.bizzy is not a phrase"),
        ("[status]", "[mood]", "mood.disputed is not a phrase"),
        ("as of {date}", "as of {day}", r"card.as_of must have the placeholders \{date\}, not \{day\}"),
        ("as of {date}", "as of {date.year}", "card.as_of must have"),
        ("as of {date}", "as of {date", "card.as_of"),
        ('disputed = "Disputed"', 'disputed = ""', "status.disputed is missing"),
        ('disputed = "Disputed"', 'disputed = " Disputed"', "status.disputed has white space at its edge"),
        ('disputed = "Disputed"', "disputed = 3", "status.disputed is missing"),
        ('disputed = "Disputed"', 'disputed = { one = "Disputed", other = "Disputed" }', "status.disputed counts nothing"),
        ('wrong = "Wrong?"', f'wrong = "{"W" * 33}"', "button.wrong has more than 32 characters"),
        ("examples = [", "examples = 1 # [", "chat.examples must be a list of texts"),
        ("[status]", "[status", "is not valid TOML"),
        ("[chat]", "good = 1\n[chat]", r"good\. is not a phrase"),
    ],
)
def test_a_fault_is_named(tmp_path: Path, of: str, to: str, complaint: str) -> None:
    assert of in ENGLISH
    with pytest.raises(ConfigError, match=complaint):
        load_phrases(written(tmp_path, ENGLISH.replace(of, to)))


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_phrases(written(tmp_path, "[status]\nold = 'Old'\n"))
    assert str(caught.value).count("is missing") == len(Say) - 1


def test_the_faults_of_all_languages_are_named_at_once(tmp_path: Path) -> None:
    written(tmp_path, ENGLISH.replace("as of {date}", "as of {day}"))
    written(tmp_path, ENGLISH.replace("On: {topic}", "On: {matter}"), "uk")
    written(tmp_path, ENGLISH, "orselian")
    with pytest.raises(ConfigError) as caught:
        load_catalogue(tmp_path)
    faults = str(caught.value).splitlines()
    assert [sum(name in fault for fault in faults) for name in ("en.toml", "uk.toml", "orselian is the code of no language")] == [
        1,
        1,
        1,
    ]


def test_a_language_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="the phrases cannot be read"):
        load_phrases(tmp_path, "fa")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_language_has_every_phrase_with_its_placeholders_and_plural_forms(file: Path) -> None:
    load_phrases(data_folder(), file.stem)


def test_persian_and_arabic_have_their_own_marks(catalogue: Catalogue) -> None:
    wrong = {
        (code, str(say)): text
        for code, phrases in catalogue.phrases.items()
        if phrases.right_to_left
        for say, forms in phrases.forms.items()
        for text in forms.values()
        # What is isolated are commands and Latin words, with their own marks.
        if LATIN_MARKS.search(re.sub("\u2066.*?\u2069", "", "".join(part for part, *_ in string.Formatter().parse(text))))
    }
    assert not wrong


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("fa", "fa"),
        ("fa-IR", "fa"),
        ("ar-EG", "ar"),
        ("AR", "ar"),
        ("uk", "uk"),
        ("ru", "ru"),
        ("en-GB", "en"),
        ("pt-br", "en"),
        ("be", "en"),
        ("kk", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_a_clients_language_is_found_or_else_english(code: str | None, language: str, catalogue: Catalogue) -> None:
    assert catalogue.of(code).language == language


def test_each_language_is_offered_by_what_it_calls_itself(catalogue: Catalogue) -> None:
    names = [("en", "English"), ("ar", "العربية"), ("fa", "فارسی"), ("ru", "Русский"), ("uk", "Українська")]
    assert catalogue.languages == tuple(names)


DAY = datetime(2031, 5, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("code", "long", "short", "to_the_ninth"),
    [
        ("en", "4 May 2031", "4 May 2031", "4–9 May 2031"),
        ("fa", "۴ مهٔ ۲۰۳۱", "۴ مه ۲۰۳۱", "۴ تا ۹ مه ۲۰۳۱"),
        ("ar", "4 مايو 2031", "4 مايو 2031", "4–9 مايو 2031"),
        ("uk", "4 травня 2031 р.", "4 трав. 2031", "4–9 трав. 2031 р."),
        ("ru", "4 мая 2031 г.", "4 мая 2031", "4–9 мая 2031 г."),
    ],
)
def test_dates_are_those_of_the_language(code: str, long: str, short: str, to_the_ninth: str, catalogue: Catalogue) -> None:
    phrases = catalogue.of(code)
    shown = phrases.date(DAY), phrases.short_date(DAY), phrases.dates(DAY, DAY + timedelta(days=5))
    assert tuple(re.sub(r"\s", " ", text) for text in shown) == (long, short, to_the_ninth)
    assert phrases.dates(DAY, DAY) == phrases.dates(DAY, DAY + timedelta(hours=3))


def test_a_date_is_the_day_in_utc(catalogue: Catalogue) -> None:
    late = datetime(2031, 5, 4, 23, 30, tzinfo=timezone(timedelta(hours=-2)))
    assert catalogue.of("en").date(late) == catalogue.of("en").short_date(late) == "5 May 2031"


NAME = "Orsel Gazette"
PERSIAN = "روزنامهٔ اورسل"


def test_in_a_line_from_left_to_right_only_what_runs_the_other_way_is_isolated(catalogue: Catalogue) -> None:
    phrases = catalogue.of("uk")
    assert not phrases.right_to_left
    assert phrases.isolated(NAME) == NAME
    assert phrases.isolated(PERSIAN) == f"\u2068{PERSIAN}\u2069"


@pytest.mark.parametrize("text", [NAME, PERSIAN, "Orsel (1984)", "+1 02"])
def test_in_a_line_from_right_to_left_every_name_is_isolated_and_leaves_the_line_its_direction(
    text: str, catalogue: Catalogue
) -> None:
    phrases = catalogue.of("fa")
    assert phrases.right_to_left
    assert phrases.isolated(text) == f"\u200f\u2068{text}\u2069"
    assert phrases.isolated("") == ""


@pytest.mark.parametrize("text", ["a\u2069b", "\u2068a", "a\u2067b\u2069\u2069"])
def test_a_names_own_marks_of_direction_do_not_get_out_of_it(text: str, catalogue: Catalogue) -> None:
    isolated = catalogue.of("ar").isolated(text)
    depth = [0]
    for character in isolated:
        depth.append(depth[-1] + (character in "\u2066\u2067\u2068") - (character == "\u2069"))
    assert depth[-1] == min(depth) == 0


def test_what_is_filled_in_is_isolated_once(catalogue: Catalogue) -> None:
    fill = {code: catalogue.of(code) for code in ("en", "fa")}
    assert fill["en"](Say.CONTINUED, heading=NAME).startswith(NAME)
    assert fill["en"](Say.CONTINUED, heading=PERSIAN).startswith("\u2068")
    for value in (NAME, fill["fa"].isolated(NAME)):
        assert fill["fa"](Say.CONTINUED, heading=value).count("\u2068") == 1
    assert "\u2068" not in fill["fa"](Say.CONTINUED, heading=fill["fa"](Say.DENIES))
    assert "\u2068" not in fill["fa"](Say.AS_OF, date=fill["fa"].date(DAY))
    assert "\u200f\u2068-100200\u2069" in fill["fa"](Say.NOT_SERVED, id="-100200")
    assert fill["fa"](Say.ALSO, sources="\0").count("\0") == 1


def commands(phrases: Phrases) -> str:
    return "\n".join(text for forms in phrases.forms.values() for text in forms.values() if "/" in text)


@pytest.mark.parametrize("code", ["ar", "fa"])
def test_a_command_keeps_its_slash_before_it_in_a_line_from_right_to_left(code: str, catalogue: Catalogue) -> None:
    shown = commands(catalogue.of(code))
    assert "\u200f\u2066/ask {example}\u2069" in shown
    assert not re.search(r"(?<![\u2066/])/[a-z]", re.sub(r"https?://\S*", "", shown))


def test_members_of_a_list_stand_apart_by_the_comma_of_the_language(catalogue: Catalogue) -> None:
    assert [catalogue.of(code).comma for code in ("en", "ru", "fa", "ar")] == [", ", ", ", "، ", "، "]
