"""The buttons that turn the pages of a message. Pure."""

from __future__ import annotations

from collections.abc import Callable

from bot.markup import Button
from bot.phrases import Phrases, Say
from bot.presses import Press

_PREVIOUS, _NEXT = "‹", "›"


def turning(press: Callable[[str], Press], number: int, pages: int, phrases: Phrases) -> list[Button]:
    """Return the buttons to the page before, to the one that is shown, and to the next one; none where there is one page.

    `press` makes the press that shows a page, of its number counted from 0.
    """
    if pages < 2:
        return []
    place = phrases(Say.BUTTON_PAGE, page=number + 1, pages=pages)
    return [
        Button(text=_PREVIOUS, data=press(str((number - 1) % pages)).data),
        # Pressed, the number shows the page that it is on: nothing changes, and the press is answered.
        Button(text=place, data=press(str(number)).data),
        Button(text=_NEXT, data=press(str((number + 1) % pages)).data),
    ]
