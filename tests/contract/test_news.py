"""An article comes, and those who follow a topic get their alerts with it: the newsroom over a real store, with no weights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.orsel import CLAIMS, GAZETTE, LEAGUE, VARN, WordEncoder, WordReader, claim, embed
from whosays.alerts.making import Newsroom
from whosays.chats import Chats, Following
from whosays.heard import heard_in
from whosays.ingest import ingest
from whosays.outbox import Outbox, Parcel, Reason
from whosays.respond import respond
from whosays.store.chats import SqlChats
from whosays.store.corpus import Corpus
from whosays.store.outbox import SqlOutbox
from whosays.store.sql_corpus import SqlCorpus
from whosays.types import Article, Claim, Stance, Status

TOPIC = "who holds the town of Orsel?"
NOW = datetime(2031, 5, 4, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class House:
    """A store with those who read articles into it, follow and send."""

    corpus: Corpus
    chats: Chats
    outbox: Outbox
    newsroom: Newsroom
    now: datetime = NOW

    def follow(self, topic: str = TOPIC, chat: int = 1, **parts: object) -> Following:
        wanted = Following(chat=chat, thread=None, person=chat, topic=topic, since=self.now, language="en")
        kept = self.chats.follow(replace(wanted, **parts))  # type: ignore[arg-type]
        assert kept is not None
        return kept

    def read(self, article: Article, *claims: Claim) -> None:
        found = {article.id: claims}
        report = ingest(
            [article],
            self.corpus,
            WordEncoder(),
            lambda articles: [found[one.id] for one, _ in articles],
            find_news=lambda it: self.newsroom.prepare(it, self.now),
        )
        assert not report.refused

    def sent(self) -> list[Parcel]:
        parcels = list(self.outbox.take("one", self.now, limit=100))
        for number, parcel in enumerate(parcels):
            self.outbox.sent(parcel, 500 + number, self.now)
        return parcels


@pytest.fixture
def house(address: str) -> Iterator[House]:
    outbox = SqlOutbox.open(address)
    made = House(
        SqlCorpus.open(address, WordEncoder()),
        SqlChats.open(address),
        outbox,
        Newsroom(outbox, WordEncoder(), WordEncoder.digest, WordReader),
    )
    yield made
    made.corpus.close()
    made.chats.close()
    outbox.close()


def of_gazette() -> tuple[Claim, ...]:
    return tuple(one for one in CLAIMS if one.article == GAZETTE.id)


def as_article(
    id: str, text: str, *, outlet: str = "Harbour Post", days: float = 0.1, title: str = "The town of Orsel"
) -> Article:
    return Article(
        id=id, text=text, outlet=outlet, title=title, url=f"https://post.example/{id}", published=NOW + timedelta(days=days)
    )


def said(parcels: list[Parcel]) -> list[tuple[Reason, str]]:
    return [(alert.why.reason, alert.answer.quotations[0].text) for parcel in parcels for alert in parcel.alerts]


def test_an_article_is_told_to_all_who_follow_what_it_says_and_to_nobody_else(house: House) -> None:
    for chat in (1, 2):
        house.follow(chat=chat)
    house.follow("the opera house of Calder", chat=3)
    house.read(GAZETTE, *of_gazette())
    parcels = house.sent()
    assert [parcel.chat for parcel in parcels] == [1, 2]
    told = said(parcels[:1])
    assert told[0] == (Reason.NEW_SIDE, "its army had captured the town of Orsel")
    assert (Reason.CONFLICT, "the takeover claims") in told
    alert = parcels[0].alerts[0]
    assert alert.answer.query.topic == TOPIC.rstrip("?")
    assert alert.answer.sources[0].outlet == "Orsel Gazette"
    assert alert.why.likelihood > 0
    house.read(GAZETTE, *of_gazette())
    assert house.sent() == []


def test_the_same_in_another_outlet_makes_the_alert_grow_and_the_denial_there_is_heard_as_well(house: House) -> None:
    house.follow()
    house.read(GAZETTE, *of_gazette())
    (before,) = house.sent()
    copy = replace(GAZETTE, id="copy", outlet="Calder Echo", title="Orsel taken", url="https://echo.example/1")
    house.now += HOUR
    house.read(copy, *(replace(one, article="copy") for one in of_gazette()))
    assert house.sent() == []
    (grown,) = house.outbox.take_grown("one", house.now + HOUR)
    assert grown.message == 500
    assert [one.id for one in grown.alerts] == [one.id for one in before.alerts]
    assert all([source.outlet for source in one.answer.sources] == ["Orsel Gazette", "Calder Echo"] for one in grown.alerts)


def test_a_denial_that_only_points_is_news_again_when_what_it_denies_is(house: House) -> None:
    house.follow()
    house.read(GAZETTE, *of_gazette())
    house.sent()
    next_day = as_article(
        "next",
        "The Varn Republic said that it held all bridges of the town of Orsel.\n\nThe Coast League rejected the takeover claims.",
        days=1,
    )
    house.now += DAY
    house.read(
        next_day,
        claim(next_day, "it held all bridges of the town of Orsel", "said that", "Varn Republic", VARN),
        claim(next_day, "the takeover claims", "rejected", "Coast League", LEAGUE, Stance.DENIES),
    )
    assert [words for _, words in said(house.sent())] == ["it held all bridges of the town of Orsel", "the takeover claims"]


def test_what_a_card_has_shown_is_no_news(house: House) -> None:
    house.read(GAZETTE, *of_gazette())
    shown = respond(house.corpus, WordEncoder(), WordReader(), TOPIC, NOW)
    assert {quotation.text for quotation in shown.quotations} >= {"its army had captured the town of Orsel"}
    wanted = Following(chat=1, thread=None, person=1, topic=TOPIC, since=NOW, language="en")
    assert house.chats.follow(wanted, heard_in(shown, NOW)) is not None
    copy = replace(GAZETTE, id="copy", outlet="Calder Echo", title="Orsel taken", url="https://echo.example/1")
    house.read(copy, *(replace(one, article="copy") for one in of_gazette()))
    told = {words for _, words in said(house.sent())}
    assert not told & {quotation.text for quotation in shown.quotations}


def test_old_articles_are_no_news_and_undated_ones_are(house: House) -> None:
    house.follow()
    old = as_article("old", GAZETTE.text, days=-1.5)
    house.read(old, *(replace(one, article="old") for one in of_gazette()))
    assert house.sent() == []
    house.now += 60 * DAY
    late = as_article("late", GAZETTE.text, days=20)
    house.read(late, *(replace(one, article="late") for one in of_gazette()))
    assert house.sent() == []
    undated = replace(late, id="undated", published=None)
    house.read(undated, *(replace(one, article="undated") for one in of_gazette()))
    assert len(house.sent()) == 1


def test_who_wants_one_side_or_one_outlet_is_told_of_that_alone(house: House) -> None:
    house.follow(chat=1, sides=("coast league",))
    house.follow(chat=2, outlets=("Harbour Post",))
    house.follow(chat=3, outlets=("orsel gazette",), sides=(VARN,))
    house.follow(chat=4, paused=True)
    house.read(GAZETTE, *of_gazette())
    parcels = house.sent()
    assert [parcel.chat for parcel in parcels] == [1, 3]
    sides = [{alert.answer.sides[0].name for alert in parcel.alerts} for parcel in parcels]
    assert sides == [{LEAGUE}, {VARN}]


def test_who_asked_to_be_told_of_a_change_is_asked_for_once(house: House) -> None:
    once = house.follow(once=True, status=Status.ONE_SIDE)
    house.read(GAZETTE, *of_gazette())
    assert house.sent() == []
    assert house.outbox.to_answer() == [once.id]
    house.outbox.answered(once.id, None)
    copy = replace(GAZETTE, id="copy", outlet="Calder Echo", url="https://echo.example/1")
    house.read(copy, *(replace(one, article="copy") for one in of_gazette()))
    assert house.outbox.to_answer() == [], "nothing new was said"


def test_of_very_many_claims_the_weightiest_are_told_and_all_count_as_heard(house: House) -> None:
    house.follow()
    places = ("mill", "bridge", "church", "market", "harbour", "barracks", "school", "station")
    lines = [f"The Varn Republic said that it held the {place} of the town of Orsel." for place in places]
    article = as_article("many", "\n\n".join(lines))
    claims = [claim(article, f"it held the {place} of the town of Orsel", "said that", "Varn Republic", VARN) for place in places]
    house.read(article, *claims)
    (parcel,) = house.sent()
    assert len(parcel.alerts) == 5
    copy = replace(article, id="copy", outlet="Calder Echo")
    house.read(copy, *(replace(one, article="copy") for one in claims))
    assert house.sent() == []


def test_a_topic_followed_later_is_matched_by_a_newsroom_that_was_open_before(house: House) -> None:
    house.follow("the opera house of Calder", chat=3)
    house.read(as_article("first", "The opera house of Calder was shut."))
    house.follow()
    house.read(GAZETTE, *of_gazette())
    assert [parcel.chat for parcel in house.sent()] == [1]
    kept = house.outbox.topics(0, WordEncoder.digest)
    assert all(topic.vector is not None for topic in kept)
    assert all(topic.vector is None for topic in house.outbox.topics(0, "another model"))
    assert kept[0].vector is not None
    assert (kept[0].vector == embed("the opera house of Calder")).all()


def test_a_newsroom_lets_topics_go_that_nobody_follows(house: House) -> None:
    topics = [house.follow(chat=chat) for chat in range(1, 7)]
    house.read(as_article("first", "The opera house of Calder was shut."))
    for topic in topics[:5]:
        house.chats.unfollow(topic.chat, topic.id)
    house.read(GAZETTE, *of_gazette())
    assert [parcel.chat for parcel in house.sent()] == [6]


def test_a_topic_may_ask_for_what_an_outlet_reports(house: House) -> None:
    asks = Newsroom(house.outbox, WordEncoder(), WordEncoder.digest, WordReader, lambda: ["Orsel Gazette", "Calder Echo"])
    house.newsroom = asks
    house.follow("what does Orsel Gazette report about the town of Orsel?", chat=1)
    house.follow("what does Calder Echo report about the town of Orsel?", chat=2)
    house.read(GAZETTE, *of_gazette())
    assert [parcel.chat for parcel in house.sent()] == [1]
