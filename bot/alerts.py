"""What is new on a followed topic: pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.layout import CardLayout, Shape, name
from bot.markup import MAX_ENTITIES, MAX_UNITS, Block, Button, Page, Run, Section, Style, paginate
from bot.phrases import Phrases, Say
from bot.presses import Does, Press
from whosays.chats import Following
from whosays.heard import mark
from whosays.types import Answer, Quotation, Side, Status

#: Claims that an alert quotes; it names the number of the others.
SHOWN = 3
#: UTF-16 units kept free for why an alert was sent.
_ENDING_UNITS = 500


def news(following: Following, answer: Answer) -> tuple[Quotation, ...]:
    """Return the claims of an answer that the chat was not shown yet; an outlet's own words are no claim, and no news.

    Nor is what is older than the time that the topic asks about: it is shown for want of anything else.
    """
    if answer.status is Status.OLD:
        return ()
    return tuple(
        quotation for quotation in answer.quotations if quotation.claim is not None and mark(quotation) not in following.shown
    )


def alert(following: Following, answer: Answer, new: Iterable[Quotation], phrases: Phrases) -> Page:
    """Return the message that tells what is new, why it was sent, and how to stop it."""
    new = tuple(new)
    shown = _only(answer, new[:SHOWN])
    topic = name(following.topic, phrases)
    heading = Section(blocks=(Block(lead=(Run(phrases(Say.NEWS, topic=topic), Style.BOLD),)),))
    # Whatever else there is room for, why it was sent has to be there.
    (ending,) = paginate([_ending(len(new) - SHOWN, phrases)])
    claims = CardLayout(shown, phrases, Shape(cut=400)).claims()
    page = paginate([heading, *claims], MAX_UNITS - _ENDING_UNITS, MAX_ENTITIES - 1)[0]
    page = Page((*page.runs, Run("\n\n"), *ending.runs))
    stop = Button(text=phrases(Say.BUTTON_UNFOLLOW), data=Press(Does.UNFOLLOW, str(following.id)).data)
    return replace(page, buttons=((stop,),))


def _ending(more: int, phrases: Phrases) -> Section:
    lines = [Block(lead=(Run(phrases(Say.NEWS_WHY), Style.ITALIC),))]
    if more > 0:
        lines.insert(0, Block(lead=(Run(phrases(Say.NEWS_MORE, count=more)),)))
    return Section(blocks=tuple(lines))


def _only(answer: Answer, quotations: tuple[Quotation, ...]) -> Answer:
    """Return the answer with these quotations alone, each in its place."""
    sides = []
    for side in answer.sides:
        if kept := tuple(quotation for quotation in side.quotations if quotation in quotations):
            sides.append(Side(name=side.name, quotations=kept))
    return replace(
        answer,
        status=Status.SEVERAL_SIDES,
        sides=tuple(sides),
        observers=tuple(quotation for quotation in answer.observers if quotation in quotations),
        open=tuple(quotation for quotation in answer.open if quotation in quotations),
        own_voice=(),
        missing=(),
        conflict=None,
    )
