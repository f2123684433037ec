"""What is followed in a chat, as a list with a button for each topic. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.layout import one_line
from bot.markup import Button, Page
from bot.phrases import Phrases, Say
from bot.presses import Does, Press
from bot.render import render_phrase
from whosays.chats import Cadence, Following


def following_page(followed: Sequence[Following], phrases: Phrases, now: datetime) -> Page:
    """Return what is followed, each with the button that opens its page, and how it is told where that is not at once."""

    def button(one: Following) -> Button:
        how = state(one, now)
        text = one_line(one.topic)
        return Button(text=f"{text} · {phrases(how)}" if how else text, data=Press(Does.TOPIC, str(one.id)).data)

    return _listed([button(one) for one in followed], phrases, Say.FOLLOWING)


def unfollowing_page(followed: Sequence[Following], phrases: Phrases, say: Say) -> Page:
    """Return what is followed, each with the button that stops it; `say` is the phrase above."""
    buttons = [Button(text=f"✕ {one_line(one.topic)}", data=Press(Does.UNFOLLOW, str(one.id), ("l",)).data) for one in followed]
    return _listed(buttons, phrases, say)


def state(following: Following, now: datetime) -> Say | None:
    """Return what is special about how a topic is told; None for one that is told at once."""
    if following.once:
        return Say.STATE_ONCE
    if following.paused:
        return Say.STATE_PAUSED
    if following.muted_until is not None and following.muted_until > now:
        return Say.STATE_MUTED
    return {Cadence.HOURLY: Say.STATE_HOURLY, Cadence.DAILY: Say.STATE_DAILY}.get(following.cadence)


def _listed(buttons: Sequence[Button], phrases: Phrases, say: Say) -> Page:
    if not buttons:
        return render_phrase(phrases(Say.FOLLOWING_NOTHING))[0]
    return replace(render_phrase(phrases(say))[0], buttons=tuple((button,) for button in buttons))
