"""The page of a topic that is followed: how it is told, what it would have told, and the buttons that change it. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.layout import CardLayout, Shape, line, name, one_line
from bot.markup import MAX_ENTITIES, Block, Button, Page, Run, Section, Style, paginate
from bot.phrases import Phrases, Say
from bot.presses import Does, Press
from bot.preview import Preview
from whosays.chats import ONCE_FOR, Cadence, Chat, Following
from whosays.timing import zone

#: What a press is about: `Press.of` is a topic's number, or LIST.
LIST = "list"
CADENCES = {"i": Cadence.INSTANT, "h": Cadence.HOURLY, "d": Cadence.DAILY}
MUTES = {"m1": timedelta(days=1), "m7": timedelta(days=7), "m0": timedelta(0)}
SIDES, OUTLETS, PAUSE, RESUME, STOP = "s", "o", "p", "r", "x"
#: In place of a name's key: no filter.
ALL = "all"
_SAYS = {Cadence.INSTANT: Say.BUTTON_INSTANT, Cadence.HOURLY: Say.BUTTON_HOURLY, Cadence.DAILY: Say.BUTTON_DAILY}
_CHOICES = 16
_NAMED = 8
_PREVIEW_UNITS = 1900
_QUOTED = Shape(cut=300)


def topic_page(
    following: Following, chat: Chat, phrases: Phrases, now: datetime, *, above: str = "", preview: Preview | None = None
) -> Page:
    """Return how a topic is told, and the buttons that change it; with what was said `above`, else under its words."""
    lines = [line(text) for text in _how(following, chat, phrases, now)]
    top = Run(above) if above else Run(name(following.topic, phrases), Style.BOLD)
    sections = [Section(blocks=(Block(lead=(top,)), *lines))]
    if preview is not None:
        sections.append(Section(blocks=(line(phrases(Say.PREVIEW, count=preview.alerts)),)))
        if preview.alerts:
            sections += CardLayout(preview.shown, phrases, _QUOTED).claims()
    page = paginate([section for section in sections if section.blocks], _PREVIEW_UNITS, MAX_ENTITIES)[0]
    return replace(page, buttons=tuple(_buttons(following, phrases, now)))


def choices_page(following: Following, kind: str, known: Iterable[str], phrases: Phrases) -> Page:
    """Return a button for each side (or outlet) that is known on a topic; those that it is kept to are ticked."""
    chosen = following.sides if kind == SIDES else following.outlets
    names = list(dict.fromkeys([*chosen, *known]))[:_CHOICES]

    def button(text: str, key: str, *, ticked: bool) -> Button:
        return Button(text=f"✓ {text}" if ticked else text, data=_press(following, kind, key).data)

    buttons = [button(one_line(one), name_key(one), ticked=one in chosen) for one in names]
    rows = [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]
    every = [(button(phrases(Say.BUTTON_ALL), ALL, ticked=not chosen),)] if names else []
    back = (Button(text=phrases(Say.BUTTON_BACK), data=_press(following).data),)
    choose = Say.CHOOSE_SIDES if kind == SIDES else Say.CHOOSE_OUTLETS
    says = phrases(choose if names else Say.NOTHING_KNOWN)
    topic = Block(lead=(Run(name(following.topic, phrases), Style.BOLD),))
    page = paginate([Section(blocks=(topic, line(says)))])[0]
    return replace(page, buttons=(*every, *rows, back))


def changed(following: Following, press: Press, known: Iterable[str], now: datetime) -> Following | None:
    """Return a topic with what a press chooses; None for what there is not. `known` are the sides or outlets to choose from."""
    match press.arguments:
        case (cadence,) if cadence in CADENCES:
            return replace(following, cadence=CADENCES[cadence])
        case (mute,) if mute in MUTES:
            return replace(following, muted_until=now + MUTES[mute] if MUTES[mute] else None)
        case ("p" | "r" as paused,):
            return replace(following, paused=paused == PAUSE)
        case ("s", key):
            sides = _toggled(following.sides, key, known)
            return replace(following, sides=sides) if sides is not None else None
        case ("o", key):
            outlets = _toggled(following.outlets, key, known)
            return replace(following, outlets=outlets) if outlets is not None else None
        case _:
            return None


def name_key(name: str) -> str:
    """Return what a button names a side or an outlet by."""
    return hashlib.blake2b(name.casefold().encode("utf-8", "replace"), digest_size=8).hexdigest()


def _toggled(chosen: Sequence[str], key: str, known: Iterable[str]) -> tuple[str, ...] | None:
    """Return the names chosen, with one more or one less; None for a key of none of them."""
    if key == ALL:
        return ()
    meant = next((one for one in (*chosen, *known) if name_key(one) == key), None)
    if meant is None:
        return None
    return tuple(one for one in chosen if one != meant) if meant in chosen else (*chosen, meant)


def _how(following: Following, chat: Chat, phrases: Phrases, now: datetime) -> Iterable[str]:
    """Yield how a topic is told, in words."""
    if following.once:
        yield phrases(Say.TOLD_ONCE, date=phrases.date(following.since + ONCE_FOR))
        return
    match following.cadence:
        case Cadence.INSTANT:
            yield phrases(Say.TOLD_INSTANT)
        case Cadence.HOURLY:
            yield phrases(Say.TOLD_HOURLY)
        case Cadence.DAILY:
            yield phrases(Say.TOLD_DAILY, time=phrases.clock(chat.digest))
    if following.paused:
        yield phrases(Say.PAUSED)
    elif following.muted_until is not None and following.muted_until > now:
        yield phrases(Say.MUTED, date=phrases.local(following.muted_until, zone(chat.zone)))
    if following.sides:
        yield phrases(Say.ONLY_SIDES, sides=_names(following.sides, phrases))
    if following.outlets:
        yield phrases(Say.ONLY_OUTLETS, outlets=_names(following.outlets, phrases))


def _names(names: Sequence[str], phrases: Phrases) -> str:
    more = [phrases(Say.MORE, count=len(names) - _NAMED)] if len(names) > _NAMED else []
    return phrases.comma.join([*(name(one, phrases) for one in names[:_NAMED]), *more])


def _buttons(following: Following, phrases: Phrases, now: datetime) -> Iterable[tuple[Button, ...]]:
    def button(say: Say, *arguments: str, ticked: bool = False) -> Button:
        text = phrases(say)
        return Button(text=f"✓ {text}" if ticked else text, data=_press(following, *arguments).data)

    if not following.once:
        yield tuple(button(_SAYS[cadence], key, ticked=cadence is following.cadence) for key, cadence in CADENCES.items())
        yield button(Say.BUTTON_SIDES, SIDES), button(Say.BUTTON_OUTLETS, OUTLETS)
        if following.muted_until is not None and following.muted_until > now:
            yield (button(Say.BUTTON_UNMUTE, "m0"),)
        else:
            yield button(Say.BUTTON_MUTE_DAY, "m1"), button(Say.BUTTON_MUTE_WEEK, "m7")
        yield (button(Say.BUTTON_RESUME, RESUME) if following.paused else button(Say.BUTTON_PAUSE, PAUSE),)
    yield (button(Say.BUTTON_UNFOLLOW, STOP),)
    yield (Button(text=phrases(Say.BUTTON_BACK), data=Press(Does.TOPIC, LIST).data),)


def _press(following: Following, *arguments: str) -> Press:
    return Press(Does.TOPIC, str(following.id), arguments)
