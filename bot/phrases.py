"""Every fixed phrase that the bot says, one file a language: the bot has no other words of its own."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from whosays.errors import ConfigError

_LISTS = {"date.months": 12, "chat.examples": None}


class Say(StrEnum):
    """The phrases, by their place in the file."""

    WELCOME = "chat.welcome"
    HELP = "chat.help"
    HELP_GROUP = "chat.help_group"
    HELP_TERMINAL = "chat.help_terminal"
    TERMINAL_WELCOME = "chat.terminal_welcome"
    UNKNOWN_COMMAND = "chat.unknown_command"
    HOW_TO_ASK = "chat.how_to_ask"
    HOW_TO_SUMMARISE = "chat.how_to_summarise"
    WORDS_ONLY = "chat.words_only"

    COMMAND_ASK = "command.ask"
    COMMAND_SUMMARY = "command.summary"
    COMMAND_SOURCES = "command.sources"
    COMMAND_HELP = "command.help"

    BUSY = "error.busy"
    UNREADABLE_QUESTION = "error.question"
    LANGUAGE = "error.language"
    NOT_READY = "error.not_ready"
    FAILED = "error.failed"

    DISPUTED = "status.disputed"
    SEVERAL_SIDES = "status.several_sides"
    ONE_SIDE = "status.one_side"
    REPORTED = "status.reported"
    OLD = "status.old"
    NOTHING = "status.nothing"

    CLAIMS = "stance.claims"
    DENIES = "stance.denies"
    ACCUSES = "stance.accuses"
    DEMANDS = "stance.demands"
    PROMISES = "stance.promises"
    WARNS = "stance.warns"
    DOUBTS = "stance.doubts"
    BELIEVES = "stance.believes"
    CONCEDES = "stance.concedes"

    AS_OF = "card.as_of"
    CONFLICT = "card.conflict"
    NOTHING_ANSWERS = "card.nothing_answers"
    NEAREST = "card.nearest"
    OLD_NOTE = "card.old_note"
    OBSERVERS = "card.observers"
    OPEN = "card.open"
    OWN_VOICE = "card.own_voice"
    SOURCES = "card.sources"
    MISSING = "card.missing"
    MORE = "card.more"
    ALSO = "card.also"
    CONTINUED = "card.continued"
    UNNAMED = "card.unnamed"
    NO_OUTLET = "card.no_outlet"
    UNDATED = "card.undated"
    UNTITLED = "card.untitled"

    TIMELINE_TITLE = "timeline.title"
    TIMELINE_FOOTER = "timeline.footer"
    TIMELINE_MORE = "timeline.more"
    TIMELINE_CLAIMS = "timeline.claims"
    TIMELINE_SIDE = "timeline.side"
    TIMELINE_SIDE_DAY = "timeline.side_day"
    TIMELINE_SIDE_UNDATED = "timeline.side_undated"

    OUTLETS = "sources.outlets"
    OUTLETS_DATED = "sources.outlets_dated"
    NO_ARTICLES = "sources.none"
    OUTLET = "sources.outlet"
    OUTLET_DATED = "sources.outlet_dated"
    MORE_OUTLETS = "sources.more"

    DATE = "date.date"


_PLACEHOLDERS: Mapping[Say, frozenset[str]] = {
    Say.WELCOME: frozenset({"example"}),
    Say.HELP_GROUP: frozenset({"me"}),
    Say.TERMINAL_WELCOME: frozenset({"articles", "outlets", "examples"}),
    Say.HOW_TO_ASK: frozenset({"example"}),
    Say.CONFLICT: frozenset({"one", "other"}),
    Say.AS_OF: frozenset({"date"}),
    Say.MISSING: frozenset({"sides"}),
    Say.MORE: frozenset({"count"}),
    Say.ALSO: frozenset({"sources"}),
    Say.CONTINUED: frozenset({"heading"}),
    Say.TIMELINE_TITLE: frozenset({"topic"}),
    Say.TIMELINE_MORE: frozenset({"count"}),
    Say.TIMELINE_CLAIMS: frozenset({"count"}),
    Say.TIMELINE_SIDE: frozenset({"side", "claims", "first", "last"}),
    Say.TIMELINE_SIDE_DAY: frozenset({"side", "claims", "date"}),
    Say.TIMELINE_SIDE_UNDATED: frozenset({"side", "claims"}),
    Say.OUTLETS: frozenset({"articles", "outlets"}),
    Say.OUTLETS_DATED: frozenset({"articles", "outlets", "newest"}),
    Say.OUTLET: frozenset({"outlet", "articles"}),
    Say.OUTLET_DATED: frozenset({"outlet", "articles", "oldest", "newest"}),
    Say.MORE_OUTLETS: frozenset({"count"}),
    Say.DATE: frozenset({"day", "month", "year"}),
}


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of one language."""

    texts: Mapping[Say, str]
    months: tuple[str, ...]
    examples: tuple[str, ...]

    def __call__(self, say: Say, **values: object) -> str:
        """Return a phrase with its placeholders filled in."""
        return self.texts[say].format(**values)

    def date(self, when: datetime) -> str:
        """Return the day of a moment, in UTC."""
        day = when.astimezone(UTC)
        return self(Say.DATE, day=day.day, month=self.months[day.month - 1], year=day.year)


def load_phrases(data_folder: Path, language: str = "en") -> Phrases:
    """Read `phrases/LANGUAGE.toml`. Raises ConfigError where the file is missing, broken, incomplete or has too much."""
    file = data_folder / "phrases" / f"{language}.toml"
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"the phrases cannot be read: {error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} is not valid TOML: {error}") from error
    values = dict(_flat(table))
    if faults := list(_faults(values)):
        raise ConfigError(f"{file}: " + "; ".join(faults))
    return Phrases(
        texts={say: values[say] for say in Say},
        months=tuple(values["date.months"]),
        examples=tuple(values["chat.examples"]),
    )


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def _faults(values: Mapping[str, Any]) -> Iterator[str]:
    for unknown in sorted(values.keys() - set(Say) - _LISTS.keys()):
        yield f"{unknown} is not a phrase of the bot; remove it"
    for key, length in _LISTS.items():
        value = values.get(key)
        if not isinstance(value, list) or not value or not all(isinstance(item, str) for item in value):
            yield f"{key} must be a list of texts"
        elif length is not None and len(value) != length:
            yield f"{key} must have {length} texts, not {len(value)}"
    for say in Say:
        value = values.get(say)
        if not isinstance(value, str) or not value.strip():
            yield f"{say} is missing"
            continue
        expected = _PLACEHOLDERS.get(say, frozenset())
        try:
            found = frozenset(name for _, name, _, _ in string.Formatter().parse(value) if name is not None)
        except ValueError as error:
            yield f"{say}: {error}; write {{{{ and }}}} for braces"
            continue
        if found != expected:
            yield f"{say} must have the placeholders {_listed(expected)}, not {_listed(found)}"


def _listed(names: frozenset[str]) -> str:
    return ", ".join("{" + name + "}" for name in sorted(names)) or "none"
