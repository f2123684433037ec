"""Every fixed phrase that the bot says, one file a language: the bot has no other words of its own.

Plural forms, dates and the grouping of numbers are those of the Unicode CLDR, through Babel.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from pathlib import Path

from babel import Locale, dates, numbers

from bot.markup import isolate
from bot.phrase_files import locale_of, read_phrases
from bot.placeholders import COUNT
from bot.say import Say
from whosays.errors import ConfigError

__all__ = ["Catalogue", "Phrases", "Say", "load_catalogue", "load_phrases"]

#: The language of a chat whose own one has no phrases.
FALLBACK = "en"

#: The CLDR keeps to the names that zones had first.
_NAMES_OF_CLDR = {"Europe/Kyiv": "Europe/Kiev", "Asia/Kolkata": "Asia/Calcutta"}
_RIGHT_TO_LEFT_MARK = "\u200f"
_FIRST_STRONG_ISOLATE = "\u2068"
_POP_ISOLATE = "\u2069"
_ISOLATED = re.compile("[\u2066-\u2069]")
#: Babel groups a number as a language does, but leaves it its Latin digits.
_DIGITS = {"arab": "٠١٢٣٤٥٦٧٨٩", "arabext": "۰۱۲۳۴۵۶۷۸۹"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """The phrases of one language: of each its plural forms by CLDR category, or its one form under `other`."""

    language: str
    locale: Locale
    forms: Mapping[Say, Mapping[str, str]]
    examples: tuple[str, ...]

    def __call__(self, say: Say, **values: object) -> str:
        """Return a phrase with its placeholders filled in.

        An `int` is written as the language writes numbers; a citation `[n]` is none of those: it is the same in all languages.
        A text of the other direction is isolated, unless it is already, or has several lines: those were put together before.
        """
        forms = self.forms[say]
        count = values.get(COUNT)
        text = forms["other"]
        if isinstance(count, int):
            text = forms.get(self.locale.plural_form(count), text)
        return text.format(**{name: self._filled_in(value) for name, value in values.items()})

    @property
    def own_name(self) -> str:
        """What the language calls itself."""
        return (self.locale.get_language_name() or self.language).capitalize()

    @property
    def right_to_left(self) -> bool:
        """Whether the language is written from right to left."""
        return self.locale.text_direction == "rtl"

    @property
    def comma(self) -> str:
        """What stands between the members of a list."""
        return "، " if self.right_to_left else ", "

    def number(self, number: int) -> str:
        """Return a whole number in the language's digits, grouped by its custom."""
        return self._in_digits(numbers.format_decimal(number, locale=self.locale, numbering_system="default"))

    def date(self, when: datetime) -> str:
        """Return the day of a moment, in UTC, with its month in full."""
        return self._in_digits(dates.format_date(_day(when), "long", locale=self.locale))

    def short_date(self, when: datetime) -> str:
        """Return the day of a moment, in UTC, with its month shortened."""
        return self._in_digits(dates.format_date(_day(when), "d MMM y", locale=self.locale))

    def moment(self, when: datetime) -> str:
        """Return the day and the minute of a moment, in UTC."""
        return self._in_digits(f"{self.short_date(when)}, {when.astimezone(UTC):%H:%M} UTC")

    def dates(self, first: datetime, last: datetime) -> str:
        """Return the days from one moment to another, in UTC, months shortened; one day where both fall on it."""
        return self._in_digits(dates.format_interval(_day(first), _day(last), "yMMMd", locale=self.locale))

    def clock(self, time: time) -> str:
        """Return a time of day: hours and minutes, of 24."""
        return self._in_digits(f"{time:%H:%M}")

    def local(self, when: datetime, zone: tzinfo) -> str:
        """Return the day and the time of a moment by a zone's clock."""
        there = when.astimezone(zone)
        day = dates.format_date(there.date(), "d MMM y", locale=self.locale)
        return f"{self._in_digits(day)}{self.comma}{self.clock(there.time())}"

    def city(self, zone: str) -> str:
        """Return the place that a time zone is named after, as the language has it."""
        known = self.locale.time_zones.get(_NAMES_OF_CLDR.get(zone, zone), {})
        return str(known.get("city") or zone.rpartition("/")[2].replace("_", " "))

    def isolated(self, text: str) -> str:
        """Return a text from elsewhere (a name, a title, a topic) so that it can stand in a line of this language.

        A chat shows a paragraph in the direction of its first strong character. In a language from left to right, what is
        written from right to left is isolated (`bot.markup.isolate`). In one from right to left, everything is isolated, for
        even brackets and digits of a Latin name would move to its other end, and a right-to-left mark comes before it: a line
        that begins with "Orsel Gazette" then still runs from right to left. So a line of names alone does too.
        A quotation in its block needs none of this: the block is a paragraph, and has the direction of the quotation.
        """
        if not text or not self.right_to_left:
            return isolate(text)
        isolated = isolate(text)
        return _RIGHT_TO_LEFT_MARK + (isolated if isolated != text else _FIRST_STRONG_ISOLATE + text + _POP_ISOLATE)

    def _filled_in(self, value: object) -> object:
        match value:
            case int():
                return self.number(value)
            case str() if "\n" not in value and not _ISOLATED.search(value):
                return self.isolated(value) if not self.right_to_left or _left_to_right(value) else value
            case _:
                return value

    def _in_digits(self, text: str) -> str:
        digits = _DIGITS.get(self.locale.default_numbering_system)
        return text.translate(str.maketrans("0123456789", digits)) if digits else text


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The phrases of all languages, by code."""

    phrases: Mapping[str, Phrases]

    def of(self, code: str | None) -> Phrases:
        """Return the phrases of a language that a Telegram client names ("fa", "ar-EG"), in English where there are none."""
        language = (code or FALLBACK).replace("_", "-").partition("-")[0].lower()
        return self.phrases.get(language) or self.phrases[FALLBACK]

    @property
    def languages(self) -> tuple[tuple[str, str], ...]:
        """Each language's code and what it calls itself, English first."""
        return tuple((code, phrases.own_name) for code, phrases in self.phrases.items())


def load_catalogue(data_folder: Path) -> Catalogue:
    """Read all of `phrases/*.toml`. Raises ConfigError, which names the faults of all files at once."""
    others = {file.stem for file in (data_folder / "phrases").glob("*.toml")} - {FALLBACK}
    phrases: dict[str, Phrases] = {}
    faults = []
    for code in (FALLBACK, *sorted(others)):
        try:
            phrases[code] = load_phrases(data_folder, code)
        except ConfigError as error:
            faults.append(str(error))
    if faults:
        raise ConfigError("\n".join(faults))
    return Catalogue(phrases=phrases)


def load_phrases(data_folder: Path, language: str = FALLBACK) -> Phrases:
    """Read `phrases/LANGUAGE.toml`. Raises ConfigError where the file is missing, broken, incomplete or has too much."""
    locale = locale_of(language)
    forms, examples = read_phrases(data_folder / "phrases" / f"{language}.toml", locale)
    return Phrases(language=language, locale=locale, forms=forms, examples=examples)


def _day(when: datetime) -> date:
    return when.astimezone(UTC).date()


def _left_to_right(text: str) -> bool:
    """Say whether a line from right to left would tear a text apart: one with Latin letters, or just a number with its sign."""
    kinds = {unicodedata.bidirectional(character) for character in text}
    return "L" in kinds or ("EN" in kinds and not kinds & {"R", "AL"})
