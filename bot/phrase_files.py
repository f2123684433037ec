"""A language's file of phrases, read and checked: every fault is named, all at once."""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError

from bot.placeholders import COUNT, MOST_CHARACTERS, PLACEHOLDERS
from bot.say import Say
from whosays.errors import ConfigError

Forms = Mapping[Say, Mapping[str, str]]

_EXAMPLES = "chat.examples"
#: English as most of the world writes its dates: day, month, year.
_LOCALES = {"en": "en_GB"}
#: Numbers among which a category that stands for one number alone shows that it does (CLDR's rules look at the last two digits).
_PROBES = range(1000)
_RIGHT_TO_LEFT_MARK = "\u200f"
_LEFT_TO_RIGHT_ISOLATE = "\u2066"
_POP_ISOLATE = "\u2069"
_LATIN_WORD = r"[@A-Za-z0-9](?:[A-Za-z0-9@._:/-]*[A-Za-z0-9/…])?\??"
#: A placeholder; or a command with what follows it on the line, or Latin words.
_LATIN = re.compile(rf"\{{\w+\}}|/[a-z]+(?: (?:\{{\w+\}}|{_LATIN_WORD}))*|(?=[@A-Za-z]){_LATIN_WORD}(?: {_LATIN_WORD})*")


def locale_of(language: str) -> Locale:
    """Return the locale of a language by its code. Raises ConfigError where the CLDR has none."""
    try:
        return Locale.parse(_LOCALES.get(language, language))
    except (UnknownLocaleError, ValueError) as error:
        raise ConfigError(
            f"{language} is the code of no language: the name of a file of phrases is one, such as fa.toml"
        ) from error


def read_phrases(file: Path, locale: Locale) -> tuple[Forms, tuple[str, ...]]:
    """Return the forms of each phrase and the example questions. Raises ConfigError with all that is wrong with the file."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"the phrases cannot be read: {error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} is not valid TOML: {error}") from error
    values = {f"{section}.{name}": value for section, phrases in table.items() for name, value in _items(phrases)}
    forms = {say: _forms(values.get(say)) for say in Say}
    if faults := [*_strangers(values), *_examples_faults(values.get(_EXAMPLES)), *_faults(forms, locale)]:
        raise ConfigError(f"{file}: " + "; ".join(faults))
    if locale.text_direction == "rtl":
        forms = {say: {category: _with_latin_isolated(text) for category, text in by.items()} for say, by in forms.items()}
    return forms, tuple(values[_EXAMPLES])


def _items(phrases: object) -> Iterator[tuple[str, Any]]:
    """Yield a section's phrases; what is no section is named as it stands, and so becomes a fault."""
    yield from phrases.items() if isinstance(phrases, dict) else [("", phrases)]


def _forms(value: object) -> Mapping[str, str]:
    """Return the forms that are texts; {} where there are none."""
    forms = value if isinstance(value, dict) else {"other": value}
    return {category: text.rstrip("\n") for category, text in forms.items() if isinstance(text, str) and text.strip()}


def _strangers(values: Mapping[str, Any]) -> Iterator[str]:
    for unknown in sorted(values.keys() - set(Say) - {_EXAMPLES}):
        yield f"{unknown} is not a phrase of the bot; remove it"


def _examples_faults(value: object) -> Iterator[str]:
    if not isinstance(value, list) or not value or not all(isinstance(item, str) for item in value):
        yield f"{_EXAMPLES} must be a list of texts"


def _faults(forms: Forms, locale: Locale) -> Iterator[str]:
    categories = {*locale.plural_form.tags, "other"}
    single = _single_numbers(locale)
    for say, by_category in forms.items():
        if not by_category:
            yield f"{say} is missing"
        elif set(by_category) not in ({"other"}, categories):
            yield f"{say} must have the forms {', '.join(sorted(categories))}, not {', '.join(sorted(by_category))}"
        elif len(by_category) > 1 and COUNT not in PLACEHOLDERS.get(say, ()):
            yield f"{say} counts nothing and must be one text"
        for category, text in by_category.items():
            key = f"{say}.{category}" if len(by_category) > 1 else str(say)
            yield from _text_faults(key, text, say, may_lack={COUNT} if category in single else set())


def _text_faults(key: str, text: str, say: Say, may_lack: set[str]) -> Iterator[str]:
    expected = PLACEHOLDERS.get(say, frozenset())
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError as error:
        yield f"{key}: {error}; write {{{{ and }}}} for braces"
        return
    found = frozenset(name for _, name, _, _ in parts if name is not None)
    if found != expected and found | may_lack != expected:
        yield f"{key} must have the placeholders {_listed(expected)}, not {_listed(found)}"
    if text != text.strip():
        yield f"{key} has white space at its edge"
    most = MOST_CHARACTERS.get(say.partition(".")[0])
    if most is not None and sum(len(literal) for literal, *_ in parts) > most:
        yield f"{key} has more than {most} characters"


@cache
def _single_numbers(locale: Locale) -> frozenset[str]:
    """Return the categories that stand for one whole number alone: their texts may leave it out ("no articles")."""
    found = [locale.plural_form(number) for number in _PROBES]
    return frozenset(category for category in found if found.count(category) == 1)


def _with_latin_isolated(text: str) -> str:
    """Return a text of a right-to-left language with its commands and Latin words isolated.

    Without this "/ask" would be shown as "ask/", and a line that begins with it would run from left to right.
    """
    return _LATIN.sub(
        lambda match: (
            match[0] if match[0].startswith("{") else f"{_RIGHT_TO_LEFT_MARK}{_LEFT_TO_RIGHT_ISOLATE}{match[0]}{_POP_ISOLATE}"
        ),
        text,
    )


def _listed(names: frozenset[str]) -> str:
    return ", ".join("{" + name + "}" for name in sorted(names)) or "none"
