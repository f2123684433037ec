"""`whosays ask`, `summary` and `search`: what they print for people and for programs."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.cli.conftest import QUESTION, Whosays, jsonl
from tests.orsel import GAZETTE, POST


def test_an_answer_in_json_holds_each_side_word_for_word(whosays: Whosays, articles: Path) -> None:
    whosays("ingest", articles)
    ran = whosays("ask", "--json", QUESTION)
    assert (ran.code, ran.err) == (0, "")
    (answer,) = ran.rows
    assert set(answer) == {"question", "status", "as_of", "sides", "observers", "open", "own_voice", "sources", "conflict"}
    assert answer["question"] == QUESTION
    assert answer["status"] != "nothing"
    texts = {article.id: article.text for article in (GAZETTE, POST)}
    claims = [claim for side in answer["sides"] for claim in side["claims"]] + answer["observers"] + answer["open"]
    assert claims
    for claim in claims:
        assert set(claim) >= {"article", "content", "text", "speaker", "role", "stance", "confidence", "source"}
        parts = [texts[claim["article"]][start:end] for start, end in claim["content"]]
        assert claim["text"] == " […] ".join(parts)
        assert claim["source"] in {source["n"] for source in answer["sources"]}
    for source in answer["sources"]:
        assert set(source) == {"n", "article", "outlet", "title", "published", "url"}


def test_what_nothing_answers_gets_nothing(whosays: Whosays, articles: Path) -> None:
    whosays("ingest", articles)
    (answer,) = whosays("ask", "--json", "what is the price of bread in Lisbon?").rows
    assert answer["status"] == "nothing"
    assert not any(answer[key] for key in ("sides", "observers", "open", "own_voice", "sources"))


def test_questions_of_a_file_are_answered_in_order_each_on_its_line(whosays: Whosays, articles: Path, tmp_path: Path) -> None:
    whosays("ingest", articles)
    file = tmp_path / "questions.txt"
    file.write_text(
        f"{QUESTION}\n\nwho is the mayor of Lisbon?\r\n¿quién controla la ciudad de Orsel y qué dice el gobierno?\n", "utf-8"
    )
    ran = whosays("ask", "--json", "--questions", file)
    assert [row["question"] for row in ran.rows] == [
        QUESTION,
        "who is the mayor of Lisbon?",
        "¿quién controla la ciudad de Orsel y qué dice el gobierno?",
    ]
    assert ran.rows[2]["status"] == "nothing"
    assert ran.code == 1, "a question in a language that is not read was refused"
    assert "English" in ran.err


def test_an_answer_for_people_names_speaker_outlet_and_source(whosays: Whosays, articles: Path) -> None:
    whosays("ingest", articles)
    ran = whosays("ask", QUESTION)
    assert ran.code == 0
    assert "Orsel Gazette" in ran.out
    assert "https://gazette.example/orsel" in ran.out


def test_a_summary_has_the_form_of_an_answer(whosays: Whosays, articles: Path) -> None:
    whosays("ingest", articles)
    (card,) = whosays("summary", "--json", "the town of Orsel").rows
    assert card["status"] != "nothing"
    assert whosays("summary", "the town of Orsel").code == 0


def test_search_ranks_articles_in_tab_separated_lines(whosays: Whosays, articles: Path, tmp_path: Path) -> None:
    whosays("ingest", articles)
    queries = jsonl(
        tmp_path / "q.jsonl", [{"id": "q1", "text": "salt tax talks"}, {"id": 2, "text": "pictures of smoke over the town"}]
    )
    ran = whosays("search", "--queries", queries, "--limit", 1)
    lines = [line.split("\t") for line in ran.out.splitlines()]
    assert [line[:2] for line in lines] == [["q1", "post"], ["2", "gazette"]]
    assert all(float(line[2]) > 0 for line in lines)
    assert [line.split("\t")[0] for line in whosays("search", "salt tax talks").out.splitlines()] == ["post", "gazette"]
    rows = whosays("search", "--queries", queries, "--limit", 1, "--json").rows
    assert [row["id"] for row in rows] == ["q1", "2"]
    assert [[found["article"] for found in row["articles"]] for row in rows] == [["post"], ["gazette"]]


def test_an_empty_store_says_what_to_do_and_still_prints_json_alone(whosays: Whosays) -> None:
    ran = whosays("ask", "--json", QUESTION)
    assert ran.rows[0]["status"] == "nothing"
    assert "ingest" in ran.err
    assert "--demo" in ran.err


def test_an_article_is_summarised_by_its_address(whosays: Whosays, articles: Path) -> None:
    whosays("ingest", articles)
    (card,) = whosays("summary", "--json", "https://gazette.example/orsel").rows
    assert {source["article"] for source in card["sources"]} == {"gazette"}
    (nothing,) = whosays("summary", "--json", "https://gazette.example/another").rows
    assert (nothing["status"], nothing["sources"]) == ("nothing", [])
