"""When alerts may come, as a menu, and as it is typed: `/settings quiet 22:30-7:15`. Pure."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import time
from functools import lru_cache

from bot.layout import line
from bot.markup import Button, Page, Run, Section, Style, paginate
from bot.phrases import Phrases, Say
from bot.presses import Does, Press
from bot.render import render_phrase
from whosays.chats import Chat, Quiet
from whosays.timing import zones

#: What a press, or a word behind /settings, is about.
ZONE, QUIET, DIGEST, MOST = KINDS = ("zone", "quiet", "digest", "most")
#: What a press shows the choices by.
CHOOSE = "choose"
_OFF = "off"
_EXAMPLES = {
    ZONE: "/settings zone Europe/Kyiv",
    QUIET: "/settings quiet 22:30-7:15",
    DIGEST: "/settings digest 7:30",
    MOST: "/settings most 4",
}
#: Zones where a language is much spoken; those of English stand for a language that is not among these.
_ZONES = {
    "en": "Europe/London America/New_York America/Chicago America/Los_Angeles Asia/Kolkata Australia/Sydney UTC",
    "uk": "Europe/Kyiv Europe/Warsaw Europe/Berlin Europe/London America/New_York UTC",
    "ru": "Europe/Moscow Europe/Minsk Asia/Yekaterinburg Asia/Almaty Asia/Tashkent Asia/Tbilisi Europe/Berlin UTC",
    "fa": "Asia/Tehran Asia/Kabul Asia/Dushanbe Europe/London Europe/Berlin America/Los_Angeles UTC",
    "ar": "Asia/Riyadh Africa/Cairo Asia/Baghdad Asia/Beirut Asia/Damascus Asia/Gaza Africa/Casablanca Asia/Dubai UTC",
}
_QUIET_HOURS = ((22, 7), (22, 8), (23, 7), (23, 8), (0, 8))
_DIGEST_HOURS = (6, 7, 8, 9, 12, 18, 20, 21)
_MOST_CHOICES = (1, 2, 4, 6, 12, 30)
_MOST_AN_HOUR = 60
_SUGGESTED = 4
_CLOCK = re.compile(r"([01]?\d|2[0-3])(?:[:.]?([0-5]\d))?")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "0123456789" * 2)


def alerts_page(chat: Chat, phrases: Phrases) -> Page:
    """Return when alerts come to a chat: a button for each setting, with its value."""
    rows = [
        (Say.SETTING_ZONE, ZONE, phrases.city(chat.zone)),
        (Say.SETTING_QUIET, QUIET, _quiet(chat.quiet, phrases)),
        (Say.SETTING_DIGEST, DIGEST, phrases.clock(chat.digest)),
        (Say.SETTING_MOST, MOST, phrases.number(chat.most)),
    ]
    buttons = [
        (Button(text=phrases(say, value=value), data=Press(Does.SETTING, kind, (CHOOSE,)).data),) for say, kind, value in rows
    ]
    back = (Button(text=phrases(Say.BUTTON_BACK), data=Press(Does.SETTING, "menu").data),)
    section = Section(heading=(Run(phrases(Say.ALERT_SETTINGS), Style.BOLD),), blocks=(line(phrases(Say.SETTINGS_HOW)),))
    return replace(paginate([section])[0], buttons=(*buttons, back))


def choices_page(chat: Chat, kind: str, phrases: Phrases) -> Page:
    """Return a button for each of a setting's usual values, and how any other one is typed; what is chosen now is ticked."""
    match kind:
        case "zone":
            near = _ZONES.get(phrases.language, _ZONES["en"]).split()
            say, choices, now = Say.CHOOSE_ZONE, [(phrases.city(zone), zone_key(zone)) for zone in near], zone_key(chat.zone)
        case "quiet":
            hours = [Quiet(time(start), time(end)) for start, end in _QUIET_HOURS]
            say, now = Say.CHOOSE_QUIET, _quiet_key(chat.quiet)
            choices = [(_quiet(quiet, phrases), _quiet_key(quiet)) for quiet in (None, *hours)]
        case "digest":
            say, now = Say.CHOOSE_DIGEST, f"{chat.digest:%H%M}"
            choices = [(phrases.clock(time(hour)), f"{hour:02}00") for hour in _DIGEST_HOURS]
        case _:
            say, choices, now = Say.CHOOSE_MOST, [(phrases.number(most), str(most)) for most in _MOST_CHOICES], str(chat.most)
    buttons = [
        Button(text=f"✓ {text}" if value == now else text, data=Press(Does.SETTING, kind, (value,)).data)
        for text, value in choices
    ]
    rows = [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]
    back = (Button(text=phrases(Say.BUTTON_BACK), data=Press(Does.SETTING, "alerts").data),)
    return replace(render_phrase(phrases(say))[0], buttons=(*rows, back))


def chosen(chat: Chat, press: Press) -> Chat | None:
    """Return a chat with the setting that a press chooses; None for one that there is not."""
    match press.of, press.arguments:
        case "zone", (key,):
            zone = _zones_by_key().get(key)
            return replace(chat, zone=zone) if zone is not None else None
        case kind, (value,):
            return typed(chat, kind, value.replace("_", "-"))
        case _:
            return None


def typed(chat: Chat, kind: str, words: str) -> Chat | None:
    """Return a chat with a setting as it was typed; None for what is no such setting, or no value of it."""
    words = words.strip().translate(_DIGITS)
    match kind:
        case "zone":
            found = matching_zones(words)
            return replace(chat, zone=found[0]) if len(found) == 1 else None
        case "quiet" if words.casefold() in {_OFF, "-", "0"}:
            return replace(chat, quiet=None)
        case "quiet":
            ends = [_clock(part) for part in re.split(r"\s*[-–—]\s*", words)]
            match ends:
                case [time() as start, time() as end] if start != end:
                    return replace(chat, quiet=Quiet(start, end))
            return None
        case "digest":
            of_day = _clock(words)
            return replace(chat, digest=of_day) if of_day is not None else None
        case "most" if words.isascii() and words.isdigit() and 1 <= int(words[:4]) <= _MOST_AN_HOUR:
            return replace(chat, most=int(words))
        case _:
            return None


def not_understood(kind: str, words: str, phrases: Phrases) -> Page:
    """Return what to say to a value that there is not: what may have been meant, or how it is typed."""
    if kind == ZONE and (found := matching_zones(words) or _resembling(words)):
        return render_phrase(phrases(Say.ZONE_UNKNOWN, zones=phrases.comma.join(found[:_SUGGESTED])))[0]
    return render_phrase(phrases(Say.NOT_UNDERSTOOD, example=_EXAMPLES.get(kind, _EXAMPLES[ZONE])))[0]


def matching_zones(words: str) -> Sequence[str]:
    """Return the zones of a name, whatever its case and its spaces: all of it, else its place alone ("new york")."""
    wanted = _folded(words)
    whole = [zone for zone in zones() if _folded(zone) == wanted]
    return whole or sorted(zone for zone in zones() if _folded(zone.rpartition("/")[2]) == wanted and "/" in zone)


def zone_key(zone: str) -> str:
    """Return what a button names a zone by: its own name has a character that its data may not have, and may be too long."""
    return hashlib.blake2b(zone.encode(), digest_size=8).hexdigest()


def _resembling(words: str) -> Sequence[str]:
    places: dict[str, str] = {}
    for zone in sorted(zones()):
        places.setdefault(_folded(zone.rpartition("/")[2]), zone)
    return [places[place] for place in difflib.get_close_matches(_folded(words).rpartition("/")[2], places, n=_SUGGESTED)]


@lru_cache(maxsize=1)
def _zones_by_key() -> dict[str, str]:
    return {zone_key(zone): zone for zone in zones()}


def _folded(words: str) -> str:
    return "_".join(words.casefold().replace("_", " ").split())


def _clock(words: str) -> time | None:
    match = _CLOCK.fullmatch(words.strip())
    return time(int(match[1]), int(match[2] or 0)) if match else None


def _quiet(quiet: Quiet | None, phrases: Phrases) -> str:
    if quiet is None:
        return phrases(Say.SETTING_QUIET_NONE)
    return f"{phrases.clock(quiet.start)}–{phrases.clock(quiet.end)}"


def _quiet_key(quiet: Quiet | None) -> str:
    return _OFF if quiet is None else f"{quiet.start:%H%M}-{quiet.end:%H%M}"
