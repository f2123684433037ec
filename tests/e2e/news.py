"""Followed topics on which there is news, for the tests of alerts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from tests.cards import answer, quotation
from tests.e2e.fixed_engine import FixedEngine
from tests.e2e.telegram_server import BotApi, Chat, PrivateChat, User
from whosays.types import Answer, Quotation, Side, Stance, Status

TOPIC = "who holds Orsel?"
OLD = quotation("that the town was its own")
NEW = quotation("that it had left the harbour", source=2)
LEAGUE = quotation("Orsel had never fallen", name="Bren Osk", role="commander", side="Coast League", stance=Stance.DENIES)


def said(*quotations: Quotation, topic: str = TOPIC, status: Status = Status.SEVERAL_SIDES) -> Answer:
    names = dict.fromkeys(one.claim.side for one in quotations if one.claim and one.claim.side)
    sides = [Side(name=name, quotations=tuple(q for q in quotations if q.claim and q.claim.side == name)) for name in names]
    return answer(topic, status, sides=tuple(sides))


class News(FixedEngine):
    """An engine whose articles say something else from some moment on."""

    def __init__(
        self, *quotations: Quotation, topics: Iterable[str] = (TOPIC,), before: Callable[[str], None] = lambda question: None
    ) -> None:
        super().__init__(before, {topic: said(*quotations, topic=topic) for topic in topics})

    def tell(self, *quotations: Quotation, status: Status = Status.SEVERAL_SIDES) -> None:
        self.answers = {topic: said(*quotations, topic=topic, status=status) for topic in self.answers}
        self.state += 1


def ann_of(telegram: BotApi) -> tuple[User, PrivateChat]:
    ann = telegram.person("Ann")
    return ann, telegram.private_chat(ann)


async def follow(chat: Chat, person: User, *, thread: int | None = None) -> None:
    """Have a chat follow the topic."""
    chat.say(person, f"/follow@WhoSaysTestBot {TOPIC}", topic=thread)
    assert TOPIC in (await chat.expect_message(10)).text


async def until(condition: Callable[[], bool], within: float = 20) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def looked(engine: FixedEngine) -> None:
    """Wait until the topic was asked about once more."""
    before = engine.asked.count(TOPIC)
    await until(lambda: engine.asked.count(TOPIC) > before)
