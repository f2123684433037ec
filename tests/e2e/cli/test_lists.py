"""`whosays sides` and `timeline`: a topic's speakers, and its claims by date."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.cli.conftest import Whosays
from tests.orsel import GAZETTE, LEAGUE, POST, VARN

TOPIC = "the town of Orsel"


def test_sides_lists_who_speaks_for_whom_how_often_and_where(whosays: Whosays, articles: Path) -> None:
    whosays("ingest", articles)
    ran = whosays("sides", TOPIC)
    assert (ran.code, ran.err) == (0, "")
    assert f"Who speaks: {TOPIC}" in ran.out
    assert "Jon Averin" in ran.out
    assert "Orsel Gazette [1]" in ran.out
    (listed,) = whosays("sides", "--json", TOPIC).rows
    assert set(listed) == {"topic", "status", "as_of", "speakers", "sources"}
    assert listed["topic"] == TOPIC
    for speaking in listed["speakers"]:
        assert set(speaking) == {"side", "speaker", "role", "claims", "outlets"}
        assert speaking["claims"] >= 1
        assert set(speaking["outlets"]) <= {GAZETTE.outlet, POST.outlet}
    assert {VARN, LEAGUE, "observer"} <= {speaking["side"] for speaking in listed["speakers"]}
    assert "Jon Averin" in {speaking["speaker"] for speaking in listed["speakers"]}


def test_a_timeline_lists_claims_by_date_with_their_words(whosays: Whosays, articles: Path) -> None:
    whosays("ingest", articles)
    ran = whosays("timeline", TOPIC)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.index("\n4 May 2031\n") < ran.out.index("\nSources\n")
    (listed,) = whosays("timeline", "--json", TOPIC).rows
    assert set(listed) == {"topic", "status", "as_of", "claims", "sources"}
    dates = [claim["date"] for claim in listed["claims"]]
    assert dates == sorted(dates)
    assert set(dates) <= {"2031-05-04", "2031-05-06"}
    assert VARN in {claim["side"] for claim in listed["claims"]}
    texts = {article.id: article.text for article in (GAZETTE, POST)}
    for claim in listed["claims"]:
        assert all(texts[claim["article"]][start:end] in claim["text"] for start, end in claim["content"])


def test_a_topic_on_which_there_is_nothing_is_said_and_is_json_all_the_same(whosays: Whosays, articles: Path) -> None:
    whosays("ingest", articles)
    for command, key in (("sides", "speakers"), ("timeline", "claims")):
        assert "Nothing found" in whosays(command, "the price of bread in Lisbon").out
        (listed,) = whosays(command, "--json", "the price of bread in Lisbon").rows
        assert (listed["status"], listed[key], listed["as_of"]) == ("nothing", [], None)
        refused = whosays(command, "--json", "¿quién controla la ciudad y qué dice?")
        assert (refused.code, refused.rows[0][key]) == (1, [])
        assert "English" in refused.err
        assert whosays(command, "  ").code == 2
