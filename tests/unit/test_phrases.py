from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.phrases import Say, load_phrases
from whosays.config import data_folder
from whosays.errors import ConfigError

ENGLISH = (data_folder() / "phrases" / "en.toml").read_text(encoding="utf-8")


def written(folder: Path, text: str) -> Path:
    (folder / "phrases").mkdir()
    (folder / "phrases" / "en.toml").write_text(text, encoding="utf-8")
    return folder


def test_every_phrase_is_there_in_english() -> None:
    phrases = load_phrases(data_folder())
    assert all(phrases.texts[say].strip() for say in Say)


def test_a_date_is_the_day_in_utc() -> None:
    late = datetime(2031, 5, 4, 23, 30, tzinfo=timezone(timedelta(hours=-2)))
    assert load_phrases(data_folder()).date(late) == "5 May 2031"
    assert load_phrases(data_folder()).date(datetime(2031, 12, 1, tzinfo=UTC)) == "1 December 2031"


@pytest.mark.parametrize(
    ("of", "to", "complaint"),
    [
        ('busy = "Many', 'bizzy = "Many', "error.busy is missing"),
        ('busy = "Many', 'bizzy = "Many', "error.bizzy is not a phrase"),
        ("as of {date}", "as of {day}", r"card.as_of must have the placeholders \{date\}, not \{day\}"),
        ("as of {date}", "as of {date.year}", "card.as_of must have"),
        ("as of {date}", "as of {date", "card.as_of"),
        ('"November", ', "", "date.months must have 12 texts, not 11"),
        ('disputed = "Disputed"', 'disputed = ""', "status.disputed is missing"),
        ("[status]", "[status", "is not valid TOML"),
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


def test_a_language_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="the phrases cannot be read"):
        load_phrases(tmp_path, "xx")
