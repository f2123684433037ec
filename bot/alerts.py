"""Alerts as messages: what is new, word for word, and why it was sent. Pure.

A message tells the alerts of one parcel, grouped by topic: a claim that is news on two topics is told once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bot.layout import CardLayout, Shape, line, name, one_line, shortened
from bot.markup import MAX_ENTITIES, Block, Button, Page, Run, Section, Style, paginate
from bot.phrases import Phrases, Say
from bot.presses import Does, Press
from bot.turning import turning
from whosays.chats import Following
from whosays.outbox import Alert, Before, Reason
from whosays.types import OBSERVER, Answer, Quotation, Source

#: UTF-16 units of a page: some two screens of a phone. The ending needs room besides.
_PAGE_UNITS = 1900
_ENTITIES = MAX_ENTITIES - 1
#: A claim that came as an alert, and one that was shown before.
_SHAPE = Shape(cut=400, own_voice_cut=240)
_BEFORE_UNITS = 240
#: Claims of a card that has changed.
_OF_A_CARD = 5
_EXPLAINED = 6

#: What the buttons under an alert ask.
WHY, BACK, PAGE, CHANGE, DAY, WEEK = "w", "b", "p", "c", "1", "7"

_REASONS = {
    Reason.REVERSAL: Say.ALERT_REVERSAL,
    Reason.CONCESSION: Say.ALERT_CONCESSION,
    Reason.CONFLICT: Say.ALERT_CONFLICT,
    Reason.NEW_SIDE: Say.ALERT_NEW_SIDE,
    Reason.NEW_CLAIM: Say.ALERT_NEW_CLAIM,
}


def alert_page(alerts: Sequence[Alert], phrases: Phrases, number: int = 0) -> Page:
    """Return a page of the message that tells alerts, counted from 0; the nearest one there is for a number beyond.

    The first page ends with why it came and how to stop it, whatever else there is room for.
    """
    pages = paginate(_News(alerts, phrases).sections(), _PAGE_UNITS, _ENTITIES)
    number = max(0, min(number, len(pages) - 1))
    first = alerts[0].id
    turn = turning(lambda to: Press(Does.ALERT, str(first), (PAGE, to)), number, len(pages), phrases)
    page = pages[number]
    if number == 0:
        ending = Say.ALERT_WHY_ONCE if _all_once(alerts) else Say.NEWS_WHY
        page = Page((*page.runs, Run("\n\n"), Run(phrases(ending), Style.ITALIC)))
    return replace(page, buttons=tuple(row for row in (tuple(turn), *_buttons(alerts, phrases)) if row))


def change_page(alerts: Sequence[Alert], topics: Sequence[Following], phrases: Phrases) -> Page:
    """Return the first page with buttons that stop each of its topics, or mute them all."""
    first = str(alerts[0].id)
    rows = [(Button(text=f"✕ {one_line(one.topic)}", data=Press(Does.UNFOLLOW, str(one.id)).data),) for one in topics]
    mute = (
        Button(text=phrases(Say.BUTTON_MUTE_DAY), data=Press(Does.ALERT, first, (DAY,)).data),
        Button(text=phrases(Say.BUTTON_MUTE_WEEK), data=Press(Does.ALERT, first, (WEEK,)).data),
    )
    return replace(alert_page(alerts, phrases), buttons=(*rows, mute, (_back(alerts, phrases),)))


def why_page(alerts: Sequence[Alert], topics: Mapping[int, Following], phrases: Phrases) -> Page:
    """Return why each alert of a message was sent: its topic, the reason, what was known before, and how to stop it.

    `topics` are those of its topics that are still followed, by id.
    """
    sections = [Section(blocks=(Block(lead=(Run(phrases(Say.ALERT_WHY), Style.BOLD),)),))]
    sections += [_explained(alert, topics.get(alert.following), phrases) for alert in alerts[:_EXPLAINED]]
    if (more := len(alerts) - _EXPLAINED) > 0:
        sections.append(Section(blocks=(line(phrases(Say.MORE, count=more)),)))
    page = paginate(sections, _PAGE_UNITS, _ENTITIES)[0]
    ending = Say.ALERT_WHY_ONCE if _all_once(alerts) else Say.ALERT_WHY_STOP
    page = Page((*page.runs, Run("\n\n"), Run(phrases(ending), Style.ITALIC)))
    return replace(page, buttons=((_back(alerts, phrases),),))


class _News(CardLayout):
    """Alerts laid out: their quotations as a card has them, over one list of sources that is numbered anew."""

    def __init__(self, alerts: Sequence[Alert], phrases: Phrases) -> None:
        numbers: dict[str, Source] = {}
        self._alerts = [replace(alert, answer=_numbered(alert.answer, numbers)) for alert in alerts]
        super().__init__(replace(alerts[0].answer, sources=tuple(numbers.values())), phrases, _SHAPE)

    def sections(self) -> Iterator[Section]:
        """Yield a section for each topic, or for topics that have the same news, then the sources."""
        told = _by_topics(self._alerts)
        if (count := sum(len(alerts) for _, alerts in told)) > 1:
            yield Section(blocks=(Block(lead=(Run(self._say(Say.ALERT_DIGEST, count=count), Style.BOLD),)),))
        for topics, alerts in told:
            heading = self._say(_title(alerts[0]), topic=self._say.comma.join(map(self._name, topics)))
            yield Section(
                heading=(Run(heading, Style.BOLD),),
                heading_again=(Run(self._say(Say.CONTINUED, heading=heading), Style.BOLD),),
                blocks=tuple(block for alert in alerts for block in self._told(alert)),
                joint="\n\n",
            )
        yield from self._source_list()

    def _told(self, alert: Alert) -> Iterator[Block]:
        """Yield what an alert says: the reason, then its claim, and what that stands against."""
        said = reason(alert, self._say)
        lead = (Run(said, Style.ITALIC), Run("\n"))
        shown = _foremost(alert.answer) if alert.why.reason is Reason.STATUS else alert.answer.quotations[:1]
        if not shown:
            yield Block(lead=lead[:1])
        for position, quotation in enumerate(shown):
            block = self._quotation(quotation)
            side = (Run(self._side(quotation), Style.BOLD), Run(" · " if quotation.claim else "\n"))
            tail = (*block.tail, *self._before(alert.why.before)) if position == 0 and _stands_against(alert) else block.tail
            yield replace(
                block,
                lead=(*(lead if position == 0 else ()), *side, *block.lead),
                lead_again=(*side, *block.lead_again),
                tail=tail,
            )

    def _before(self, before: Before | None) -> Iterator[Run]:
        if before is not None:
            yield from (Run("\n"), *_shown(before, Say.ALERT_BEFORE, self._say))

    def _side(self, quotation: Quotation) -> str:
        claim = quotation.claim
        if claim is None:
            return self._say(Say.OWN_VOICE)
        if claim.side is None:
            return self._say(Say.OPEN)
        return self._say(Say.OBSERVERS) if claim.side == OBSERVER else self._name(claim.side)


def reason(alert: Alert, phrases: Phrases) -> str:
    """Return why an alert is news, in words."""
    why = alert.why
    match why.reason:
        case Reason.STATUS:
            was, now = (phrases(Say(f"status.{one.name.lower()}")) if one else "" for one in (why.was, why.now))
            return phrases(Say.ALERT_WAS_NOW, was=was, now=now)
        case Reason.CONFLICT:
            other = (why.before.side or why.before.speaker) if why.before else ""
            other = {"": phrases(Say.UNNAMED), OBSERVER: phrases(Say.OBSERVERS)}.get(other, name(other, phrases))
            return phrases(Say.ALERT_CONFLICT, other=other)
        case _:
            return phrases(_REASONS[why.reason])


def _all_once(alerts: Sequence[Alert]) -> bool:
    """Say whether nothing of a message comes of a topic that goes on being followed."""
    return all(alert.why.reason is Reason.STATUS for alert in alerts)


def _title(alert: Alert) -> Say:
    return Say.ALERT_CHANGED if alert.why.reason is Reason.STATUS else Say.NEWS


def _stands_against(alert: Alert) -> bool:
    return alert.why.reason in {Reason.REVERSAL, Reason.CONFLICT}


def _by_topics(alerts: Sequence[Alert]) -> list[tuple[tuple[str, ...], list[Alert]]]:
    """Return alerts by the topics that they are news on, in order; a claim that is news on several of them once."""
    of_claim: dict[str, list[Alert]] = {}
    for alert in alerts:
        of_claim.setdefault(alert.mark, []).append(alert)
    told: dict[tuple[str, ...], list[Alert]] = {}
    for same in of_claim.values():
        # The weightiest reason there is for it.
        best = min(same, key=lambda alert: list(Reason).index(alert.why.reason))
        told.setdefault(tuple(dict.fromkeys(alert.topic for alert in same)), []).append(best)
    return list(told.items())


def _foremost(answer: Answer) -> list[Quotation]:
    """Return the first claim of each side, and of the others, of a card that has changed."""
    groups = [*(side.quotations for side in answer.sides), answer.observers, answer.open, answer.own_voice]
    return [quotations[0] for quotations in groups if quotations][:_OF_A_CARD]


def _numbered(answer: Answer, numbers: dict[str, Source]) -> Answer:
    """Return an answer whose sources are numbered with those of the answers before it: `numbers`, by article."""
    of = {source.n: source for source in answer.sources}

    def number(n: int) -> int:
        source = of[n]
        return numbers.setdefault(source.article, replace(source, n=len(numbers) + 1)).n

    def renumbered(quotations: Sequence[Quotation]) -> tuple[Quotation, ...]:
        return tuple(
            replace(one, source=number(one.source), also=tuple(number(n) for n in one.also if n in of)) for one in quotations
        )

    return replace(
        answer,
        sides=tuple(replace(side, quotations=renumbered(side.quotations)) for side in answer.sides),
        observers=renumbered(answer.observers),
        open=renumbered(answer.open),
        own_voice=renumbered(answer.own_voice),
        sources=tuple(numbers.values()),
        conflict=None,
    )


def _explained(alert: Alert, following: Following | None, phrases: Phrases) -> Section:
    why = alert.why
    lines = [Run(phrases(Say.ALERT_WHY_TOPIC, topic=name(alert.topic, phrases)), Style.BOLD), Run("\n")]
    lines.append(
        Run(phrases(Say.ALERT_WHY_SINCE, date=phrases.date(following.since)) if following else phrases(Say.ALERT_WHY_GONE))
    )
    blocks = [
        Block(lead=tuple(lines)),
        line(reason(alert, phrases)),
        line(phrases(Say.ALERT_WHY_NOTICED, date=phrases.date(alert.made))),
    ]
    if why.reason is not Reason.STATUS:
        blocks.append(line(phrases(Say.ALERT_WHY_HEARD, count=why.heard, sides=why.sides)))
        blocks.append(line(phrases(Say.ALERT_WHY_LIKELY, percent=round(100 * why.likelihood))))
    if why.before is not None:
        blocks.append(Block(lead=_shown(why.before, Say.ALERT_WHY_SHOWN, phrases), gap=1))
    return Section(blocks=tuple(blocks))


def _shown(before: Before, say: Say, phrases: Phrases) -> tuple[Run, ...]:
    """Return what a chat was shown before: when, the words, and whose they are."""
    who = phrases.comma.join(name(part, phrases) for part in (before.speaker, before.outlet) if part) or phrases(Say.UNNAMED)
    words = Run(shortened(before.words, _BEFORE_UNITS), Style.QUOTE)
    return Run(phrases(say, date=phrases.short_date(before.at)) + "\n"), words, Run(f"\n— {who}")


def _buttons(alerts: Sequence[Alert], phrases: Phrases) -> Iterator[tuple[Button, ...]]:
    first = str(alerts[0].id)
    why = Button(text=phrases(Say.BUTTON_WHY), data=Press(Does.ALERT, first, (WHY,)).data)
    # A topic that was followed for one alert ends with it.
    topics = list(dict.fromkeys(alert.following for alert in alerts if alert.why.reason is not Reason.STATUS))
    if len(topics) != 1:
        change = Button(text=phrases(Say.BUTTON_STOP_OR_MUTE), data=Press(Does.ALERT, first, (CHANGE,)).data)
        yield (why, *([change] if topics else []))
        return
    yield why, Button(text=phrases(Say.BUTTON_MUTE), data=Press(Does.ALERT, first, (CHANGE,)).data)
    yield (Button(text=phrases(Say.BUTTON_UNFOLLOW), data=Press(Does.UNFOLLOW, str(topics[0])).data),)


def _back(alerts: Sequence[Alert], phrases: Phrases) -> Button:
    return Button(text=phrases(Say.BUTTON_BACK), data=Press(Does.ALERT, str(alerts[0].id), (BACK,)).data)
