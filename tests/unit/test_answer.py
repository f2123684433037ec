"""What a card shows, and what it must never show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.orsel import CLAIMS, GAZETTE, LEAGUE, POST, VARN, claim, material
from whosays.answer import answer
from whosays.answer_json import to_json
from whosays.question import understand
from whosays.summary import summary
from whosays.types import OBSERVER, Answer, Article, Claim, Query, Stance, Status

NOW = datetime(2031, 5, 7, tzinfo=UTC)


def ask(question: str, articles: Sequence[Article] = (GAZETTE, POST), claims: Sequence[Claim] = CLAIMS) -> Answer:
    return answer(material(understand(question, NOW), articles, claims))


def shown(card: Answer, side: str) -> list[str]:
    return [q.text for s in card.sides if s.name == side for q in s.quotations]


def test_two_sides_that_contradict_each_other_are_disputed_and_stay_apart() -> None:
    card = ask("did Orsel fall to the brigades, or is it held?")
    assert card.status is Status.DISPUTED
    assert "Orsel fell to our brigades this morning" in shown(card, VARN)
    assert "the League still held Orsel and its harbour" in shown(card, LEAGUE)
    assert not set(shown(card, VARN)) & set(shown(card, LEAGUE))


def test_a_disputed_card_names_the_pair_that_it_rests_on_and_no_other_card_does() -> None:
    card = ask("did Orsel fall to the brigades, or is it held?")
    assert card.conflict
    assert {q.claim.side for q in card.conflict.pair if q.claim} == {VARN, LEAGUE}
    assert all(q in [q for side in card.sides for q in side.quotations] for q in card.conflict.pair)
    given = to_json(card)["conflict"]
    assert given["kind"] in ("denial", "opposites", "accusation", "positions")
    assert [claim["text"] for claim in given["claims"]] == [q.text for q in card.conflict.pair]
    harmless = ask("is there smoke over the town of Orsel?")
    assert harmless.status is not Status.DISPUTED
    assert harmless.conflict is None
    assert to_json(harmless)["conflict"] is None


def test_a_denial_stays_with_the_one_who_denies_and_goes_with_what_is_denied() -> None:
    card = ask("who holds Orsel?")
    assert "the takeover claims" in shown(card, LEAGUE)
    assert "the takeover claims" not in shown(card, VARN)


def test_an_observer_is_no_side() -> None:
    card = ask("is there smoke over the town of Orsel?")
    assert [q.claim.speaker.name for q in card.observers if q.claim] == ["Calder House"]
    assert all(side.name != OBSERVER for side in card.sides)


def test_a_claim_of_nobody_known_stays_open() -> None:
    nobody = tuple(replace(c, side=None) for c in CLAIMS)
    card = ask("who holds Orsel?", claims=nobody)
    assert card.sides == ()
    assert card.open
    assert card.status is Status.REPORTED


@pytest.mark.parametrize(
    "question",
    [
        "what is the price of bread in Kesh?",
        "how many soldiers died in Orsel?",
        "who shot the mayor of Orsel?",
        "where is Averin's brother?",
        "when was the harbour of Kesh built?",
        "what did Tam Orrin say about Orsel?",
        "is the vaccine safe?",
    ],
)
def test_what_the_articles_do_not_answer_gets_nothing(question: str) -> None:
    card = ask(question)
    assert card.status is Status.NOTHING
    assert list(card.quotations) == []
    assert card.sources == ()
    assert card.as_of is None


def test_how_many_wants_a_number_of_just_that() -> None:
    card = ask("how many tents are for the families?")
    assert shown(card, LEAGUE) == ["300 tents for the families in the camp"]
    assert card.status is Status.ONE_SIDE


def test_a_question_for_a_speaker_is_answered_by_that_speaker_alone() -> None:
    card = ask("what did Averin say about Orsel?")
    assert {q.claim.speaker.name for q in card.quotations if q.claim} == {"Jon Averin"}
    assert card.own_voice == ()


def test_own_voice_holds_what_nobody_said_and_never_a_claim() -> None:
    card = ask("was the bridge at Orsel closed to traffic?")
    assert [q.text for q in card.own_voice] == ["The bridge at Orsel was closed to all traffic before dawn."]
    missed = ask("who holds Orsel?", claims=())
    assert all("said" not in q.text and "rejected" not in q.text for q in missed.own_voice)


def test_the_side_with_the_newest_claim_comes_first_and_the_card_is_as_of_it() -> None:
    newer = replace(
        POST, id="newer", title="Orsel", text="The League said that it held Orsel, and that the army had never captured the town."
    )
    claims = (*CLAIMS, claim(newer, "it held Orsel", "said that", "League", LEAGUE))
    card = ask("who holds Orsel?", (GAZETTE, newer), claims)
    assert [side.name for side in card.sides] == [LEAGUE, VARN]
    assert card.as_of == newer.published


def test_sources_are_numbered_in_the_order_in_which_they_are_cited() -> None:
    card = ask("who holds Orsel?")
    cited = [q.source for q in card.quotations]
    assert list(dict.fromkeys(cited)) == [source.n for source in card.sources] == list(range(1, len(card.sources) + 1))


def test_a_claim_that_repeats_another_is_folded_into_it() -> None:
    other = replace(
        GAZETTE, id="other", text="A different report.\n\n“Orsel fell to our brigades this morning,” said Mira Tolk of Varn."
    )
    claims = (*CLAIMS, claim(other, "Orsel fell to our brigades this morning", "said Mira", "Mira Tolk", VARN))
    card = ask("did Orsel fall to the brigades this morning?", (GAZETTE, other), claims)
    texts = shown(card, VARN)
    assert texts.count("Orsel fell to our brigades this morning") == 1
    folded = next(q for s in card.sides for q in s.quotations if q.text.startswith("Orsel fell"))
    assert len(folded.also) == 1
    assert {folded.source, *folded.also} == {source.n for source in card.sources}


@pytest.mark.parametrize(
    "other",
    [
        "Orsel and its harbour fell to 40 soldiers of our three brigades before dawn this morning",
        "Orsel and its harbour had not fallen to 12 soldiers of our three brigades before dawn this morning",
    ],
)
def test_another_number_or_a_not_is_another_claim_however_like_the_rest_is(other: str) -> None:
    first = "Orsel and its harbour fell to 12 soldiers of our three brigades before dawn this morning"
    articles = [replace(GAZETTE, id=words, text=f"The report.\n\n“{words},” said Mira Tolk of Varn.") for words in (first, other)]
    claims = [claim(article, article.id, "said Mira", "Mira Tolk", VARN) for article in articles]
    card = ask("did Orsel and its harbour fall to brigades before dawn this morning?", articles, claims)
    assert sorted(shown(card, VARN)) == sorted([first, other])
    assert all(q.also == () for q in card.quotations)


def test_wire_copies_of_one_text_are_one_source() -> None:
    copy = replace(GAZETTE, id="copy", outlet="Harbour Post", url="https://post.example/copy")
    claims = CLAIMS + tuple(replace(c, article="copy") for c in CLAIMS if c.article == "gazette")
    card = ask("who holds Orsel?", (GAZETTE, copy), claims)
    assert len(card.sources) == 1
    assert all(q.also == () for q in card.quotations)


def test_a_side_that_speaks_in_the_articles_but_not_on_the_matter_is_missing() -> None:
    tents = claim(GAZETTE, "300 tents for the families in the camp", "demanded", "Ana", "Camp Council")
    held = material(Query(text="who holds Orsel?", topic="who holds Orsel"), claims=(*CLAIMS[:2], tents))
    assert answer(held).status is Status.SEVERAL_SIDES
    card = answer(replace(held, likely={**held.likely, tents: 0.001}))
    assert card.status is Status.ONE_SIDE
    assert card.missing == ("Camp Council",)


def test_a_text_without_claims_and_an_empty_store_answer_nothing() -> None:
    assert ask("who holds Orsel?", (), ()).status is Status.NOTHING


def test_the_json_has_what_the_benchmarks_read() -> None:
    row = to_json(ask("who holds Orsel?"))
    assert {"question", "status", "as_of", "sides", "observers", "open", "own_voice", "sources"} <= row.keys()
    assert (row["question"], row["status"], row["as_of"]) == ("who holds Orsel?", "disputed", "2031-05-04")
    first = row["sides"][0]["claims"][0]
    start, end = first["content"][0]
    assert GAZETTE.text[start:end] == first["text"]
    assert {"article", "content", "text", "speaker", "role", "stance", "confidence", "source"} <= first.keys()
    assert row["sources"][0].keys() == {"n", "article", "outlet", "title", "published", "url"}
    assert to_json(ask("what is the price of bread in Kesh?"))["status"] == "nothing"


def test_a_summary_has_every_side_newest_first_without_repetition() -> None:
    card = summary(material(Query(text="Orsel", topic="Orsel")), whole=False)
    assert {side.name for side in card.sides} == {VARN, LEAGUE}
    assert all(len(side.quotations) <= 4 for side in card.sides)
    dates = [s.published for s in card.sources if s.published]
    assert dates
    whole = summary(material(Query(text="post", topic=POST.title or ""), (POST,)), whole=True)
    assert shown(whole, LEAGUE) == ["talks with the Varn Republic about the salt tax"]
    assert summary(material(Query(text="bread", topic="bread in Kesh")), whole=False).status is Status.NOTHING


def test_a_promise_is_no_contradiction() -> None:
    promise = claim(POST, "free passage", "promised", "Jon Averin", LEAGUE, Stance.PROMISES)
    card = ask("did the League offer talks?", (POST,), (promise, CLAIMS[-1]))
    assert card.status is Status.ONE_SIDE
