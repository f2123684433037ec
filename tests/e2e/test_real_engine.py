"""The main job over Telegram: the real engine with the real models, over a real store of articles told in our own words."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.phrases import load_phrases
from bot.terminal import chat
from tests.e2e.conftest import Serving
from tests.e2e.telegram_server import BotApi, Sent
from whosays.config import DEFAULT_ENCODER, Settings, data_folder, sqlite_address
from whosays.engine import Engine
from whosays.types import Article

QUESTION = "who holds Panjshir?"
ARTICLES = (
    Article(
        id="panjshir",
        url="https://valley.example/2021/09/06/panjshir",
        outlet="Valley Courier",
        title="Taliban claim Panjshir, resistance denies it",
        published=datetime(2021, 9, 6, tzinfo=UTC),
        text=(
            "The Taliban said on Monday that they had captured the whole of Panjshir, the last Afghan province outside their"
            " control.\n\n"
            "Taliban spokesman Zabihullah Mujahid said that Panjshir had been conquered and that the war was over.\n\n"
            "The National Resistance Front denied that Panjshir had fallen. The National Resistance Front said that its forces"
            " still held all strategic positions across the Panjshir valley.\n\n"
            "Ahmad Massoud, the leader of the National Resistance Front, called for an uprising against the Taliban.\n\n"
            "The road into the valley was closed to reporters."
        ),
    ),
    Article(
        id="harvest",
        url="https://plains.example/harvest",
        outlet="Plains Gazette",
        title="Orsel expects a poor harvest",
        published=datetime(2031, 8, 2, tzinfo=UTC),
        text="The farmers' union of Orsel said that the wheat harvest would be a third smaller than last year's.",
    ),
)


@pytest.fixture(scope="module")
def engine(model_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    settings = Settings(
        store=sqlite_address(tmp_path_factory.mktemp("store") / "panjshir.db"),
        encoder=DEFAULT_ENCODER,
        data_folder=data_folder(),
        cache_folder=model_cache,
        threads=2,
    )
    with Engine.open(settings) as engine:
        assert len(engine.ingest(ARTICLES).added) == len(ARTICLES)
        yield engine


async def test_a_question_in_private_gets_each_sides_claims_apart_verbatim_and_cited(
    telegram: BotApi, serving: Serving, engine: Engine
) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    async with serving(engine):
        question = chat.say(ann, QUESTION)
        sent = await chat.expect_message()
    assert sent.reply_to == question
    assert sent.text.startswith("Disputed · as of 6 September 2021\n")
    taliban, front = under(sent, "Taliban"), under(sent, "National Resistance Front")
    assert "Panjshir had been conquered" in taliban
    assert "Zabihullah Mujahid" in taliban
    assert re.search("denies\n(that )?Panjshir had fallen\n", front)
    assert "conquered" not in front
    assert "strategic positions" not in taliban
    assert len(sent.quotations) >= 3
    assert all(stands_in(quotation, ARTICLES[0].text) for quotation in sent.quotations)
    assert all(link.startswith("https://valley.example/2021/09/06/panjshir#:~:text=") for link in sent.links)


async def test_a_mention_and_a_reply_in_a_group_get_the_same_card(telegram: BotApi, serving: Serving, engine: Engine) -> None:
    ann, ben, group = telegram.person("Ann"), telegram.person("Ben"), telegram.group()
    private = telegram.private_chat(ann)
    async with serving(engine):
        private.say(ann, QUESTION)
        alone = await private.expect_message()
        mention = group.say(ann, f"@WhoSaysTestBot {QUESTION}")
        first = await group.expect_message()
        reply = group.say(ben, QUESTION, reply_to=first.id)
        second = await group.expect_message()
        group.say(ben, QUESTION)
        await group.silence()
    assert alone.text == first.text == second.text
    assert (first.reply_to, second.reply_to) == (mention, reply)


async def test_two_people_at_once_get_an_answer_each_to_their_own_question(
    telegram: BotApi, serving: Serving, engine: Engine
) -> None:
    ann, ben = telegram.person("Ann"), telegram.person("Ben")
    anns, bens = telegram.private_chat(ann), telegram.private_chat(ben)
    async with serving(engine):
        anns.say(ann, QUESTION)
        bens.say(ben, "what is the price of bread in Kabul?")
        assert (await anns.expect_message()).text.startswith("Disputed")
        nothing = await bens.expect_message()
    assert nothing.text.startswith("Nothing found")
    assert nothing.quotations == []


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("/summary Panjshir", "Taliban"),
        ("/sources", "Valley Courier"),
        ("/ask who held Panjshir in 1998?", "Old"),
        ("Qui tient la vallée du Panchir aujourd'hui ?", "I read English only"),
    ],
)
async def test_the_other_ways_to_ask(telegram: BotApi, serving: Serving, engine: Engine, said: str, shown: str) -> None:
    ann = telegram.person("Ann")
    chat = telegram.private_chat(ann)
    async with serving(engine):
        chat.say(ann, said)
        assert shown in (await chat.expect_message()).text


async def test_the_terminal_shows_the_same_quotations(telegram: BotApi, serving: Serving, engine: Engine) -> None:
    ann = telegram.person("Ann")
    private = telegram.private_chat(ann)
    async with serving(engine):
        private.say(ann, QUESTION)
        sent = await private.expect_message()
    writes = io.StringIO()
    chat(engine, load_phrases(data_folder()), reads=io.StringIO(QUESTION + "\n"), writes=writes)
    shown = " ".join(writes.getvalue().replace("│", " ").split())
    assert all(" ".join(quotation.split()) in shown for quotation in sent.quotations)


def under(sent: Sent, heading: str) -> str:
    """Return what stands under a heading, up to the next one."""
    headings = [sent.words(entity) for entity in sent.entities if entity.type == "bold"]
    following = headings[headings.index(heading) + 1]
    return sent.text.partition(f"\n{heading} · ")[2].partition(f"\n{following}")[0]


def stands_in(quotation: str, text: str) -> bool:
    """Say whether each part of a quotation stands in the text, in order."""
    return re.search(".*?".join(map(re.escape, quotation.split(" […] "))), text, re.DOTALL) is not None
