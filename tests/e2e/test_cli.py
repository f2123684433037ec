"""The command `whosays`, with the real models over a real store: its arguments, its JSON and its exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.orsel import GAZETTE, POST
from whosays.cli import main
from whosays.cli.arguments import parser
from whosays.config import Settings, data_folder
from whosays.engine import Engine
from whosays.reading import read

ROOT = Path(__file__).parents[2]
QUESTION = "who holds Orsel?"


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


Whosays = Callable[..., Ran]


@pytest.fixture
def environment(tmp_path: Path, model_cache: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    values = {"WHOSAYS_STORE": f"sqlite:///{tmp_path}/own.db", "WHOSAYS_CACHE": str(model_cache), "WHOSAYS_THREADS": "1"}
    for name in ("TELEGRAM_BOT_TOKEN", "TELEGRAM_API_URL", "WHOSAYS_ENCODER", "WHOSAYS_DATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return values


@pytest.fixture
def whosays(environment: dict[str, str], capsys: pytest.CaptureFixture[str]) -> Whosays:
    def run(*arguments: object) -> Ran:
        capsys.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 2
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return Ran(code, out, err)

    return run


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    return jsonl(tmp_path / "articles.jsonl", [given(GAZETTE), given(POST)])


def given(article: Any, **others: Any) -> dict[str, Any]:
    names = ("id", "url", "outlet", "title", "text")
    return {name: getattr(article, name) for name in names} | {"published": article.published.isoformat()} | others


def jsonl(path: Path, rows: Sequence[Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def subprocess_of(environment: dict[str, str], *arguments: str) -> list[Any]:
    return [[sys.executable, *arguments], {**os.environ, **environment, "PYTHONPATH": f"{ROOT}/src:{ROOT}"}]


# --- ingest ----------------------------------------------------------------------------------------------------------------


def test_ingest_reports_what_became_of_each_input(whosays: Whosays, articles: Path) -> None:
    first = whosays("ingest", articles, "--json")
    assert first.code == 0
    assert first.rows == [{"added": ["gazette", "post"], "changed": [], "unchanged": [], "refused": [], "paragraphs": 8}]
    jsonl(articles, [given(GAZETTE), given(POST, title="Another title"), {"id": "x", "text": ""}, {"id": "y"}])
    second = whosays("ingest", articles, "--json")
    assert second.code == 1
    (report,) = second.rows
    assert (report["added"], report["changed"], report["unchanged"]) == ([], ["post"], ["gazette"])
    assert [refused["where"] for refused in report["refused"]] == [f"{articles} line 3", f"{articles} line 4"]
    assert all(refused["reason"] for refused in report["refused"])


def test_ingest_says_for_people_what_it_did(whosays: Whosays, articles: Path, tmp_path: Path) -> None:
    ran = whosays("ingest", articles, tmp_path / "missing.txt")
    assert ran.code == 1
    assert ran.out.splitlines() == [
        "2 added, 0 changed, 0 unchanged, 1 refused; 8 paragraphs",
        f"refused {tmp_path}/missing.txt: there is no such file or folder",
    ]


def test_ingest_takes_other_names_of_fields(whosays: Whosays, tmp_path: Path) -> None:
    file = jsonl(tmp_path / "other.jsonl", [{"content": GAZETTE.text, "source": "Orsel Gazette", "key": 7}])
    assert whosays("ingest", file, "--map", "text=content,outlet=source,id=key", "--json").rows[0]["added"] == ["7"]
    assert whosays("sources", "--json").rows == [[{"outlet": "Orsel Gazette", "articles": 1, "oldest": None, "newest": None}]]


def test_ingest_takes_what_a_file_cannot_say_from_the_command_line(whosays: Whosays, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(GAZETTE.text, "utf-8")
    details = [
        "--id",
        "one",
        "--url",
        "https://gazette.example/1",
        "--outlet",
        "Gazette",
        "--title",
        "T",
        "--published",
        "2031-05-04",
    ]
    assert whosays("ingest", file, *details, "--json").rows[0]["added"] == ["one"]
    day = "2031-05-04T00:00:00+00:00"
    assert whosays("sources", "--json").rows == [[{"outlet": "Gazette", "articles": 1, "oldest": day, "newest": day}]]


# --- ask, summary, search ---------------------------------------------------------------------------------------------------


def test_an_answer_in_json_holds_each_side_word_for_word(whosays: Whosays, articles: Path) -> None:
    whosays("ingest", articles)
    ran = whosays("ask", "--json", QUESTION)
    assert (ran.code, ran.err) == (0, "")
    (answer,) = ran.rows
    assert set(answer) == {"question", "status", "as_of", "sides", "observers", "open", "own_voice", "sources"}
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


# --- claims -----------------------------------------------------------------------------------------------------------------


def test_claims_are_spans_of_the_text_and_need_no_store(whosays: Whosays, articles: Path, tmp_path: Path) -> None:
    ran = whosays("claims", articles)
    assert ran.code == 0
    assert [row["id"] for row in ran.rows] == ["gazette", "post"]
    keys = {"source", "cue", "content", "speaker", "role", "side", "stance", "confidence"}
    claims = ran.rows[0]["claims"]
    assert claims
    for claim in claims:
        assert set(claim) == keys
        assert all(0 <= start < end <= len(GAZETTE.text) for key in ("source", "cue", "content") for start, end in claim[key])
    assert any("Orsel fell to our brigades" in GAZETTE.text[s:e] for claim in claims for s, e in claim["content"])
    assert not (tmp_path / "own.db").exists()


def test_claims_for_polnear_are_named_by_the_file(whosays: Whosays, tmp_path: Path) -> None:
    folder = tmp_path / "text"
    folder.mkdir()
    for name, article in (("b_2", POST), ("a_1", GAZETTE)):
        (folder / f"{name}.txt").write_text(article.text, "utf-8")
    rows = whosays("claims", folder, "--format", "polnear").rows
    assert [row["name"] for row in rows] == ["a_1", "b_2"]
    assert all(set(found) == {"source", "cue", "content", "confidence"} for row in rows for found in row["attributions"])


@pytest.mark.parametrize("form", ["json", "polnear"])
def test_keep_leaves_out_the_least_certain_over_the_whole_input(whosays: Whosays, articles: Path, form: str) -> None:
    def confidences(*arguments: object) -> list[float]:
        rows = whosays("claims", articles, "--format", form, *arguments).rows
        return [found["confidence"] for row in rows for found in row.get("claims", row.get("attributions"))]

    everything = confidences()
    assert confidences("--keep", "1") == everything
    kept = confidences("--keep", "0.5")
    assert len(kept) == round(len(everything) / 2)
    assert sorted(kept) == sorted(everything)[-len(kept) :]
    assert confidences("--keep", "0") == []


def test_claims_of_a_refused_input_are_exit_code_1_and_the_rest_is_printed(
    whosays: Whosays, articles: Path, tmp_path: Path
) -> None:
    ran = whosays("claims", tmp_path / "missing.txt", articles)
    assert ran.code == 1
    assert len(ran.rows) == 2
    assert "missing.txt" in ran.err


# --- the demo articles ------------------------------------------------------------------------------------------------------


def test_the_demo_articles_answer_from_a_store_of_their_own(whosays: Whosays, tmp_path: Path) -> None:
    (answer,) = whosays("ask", "--demo", "--json", "who holds Panjshir?").rows
    assert answer["status"] == "disputed"
    assert {"Taliban", "National Resistance Front"} <= {side["name"] for side in answer["sides"]}
    assert not (tmp_path / "own.db").exists()
    again = whosays("ask", "--demo", "--json", "who holds Panjshir?")
    assert again.err == "", "they are indexed once"


def test_a_demo_article_goes_into_no_store_of_the_user(whosays: Whosays) -> None:
    demo = next((data_folder() / "demo").glob("*.md"))
    ran = whosays("ingest", demo, "--json")
    assert ran.code == 1
    assert ran.rows[0]["added"] == []
    assert "demo" in ran.rows[0]["refused"][0]["reason"]


def test_no_bot_serves_a_store_that_holds_demo_articles(whosays: Whosays, monkeypatch: pytest.MonkeyPatch) -> None:
    demo = next((data_folder() / "demo").glob("*.md"))
    with Engine.open(Settings.from_environment(os.environ)) as engine:
        engine.ingest(read([str(demo)]))
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "1:token")
    monkeypatch.setenv("TELEGRAM_API_URL", "http://127.0.0.1:9")
    ran = whosays("serve")
    assert ran.code == 2
    assert "demo articles" in ran.err


# --- help, faults, streams --------------------------------------------------------------------------------------------------


def test_every_command_has_help(whosays: Whosays) -> None:
    assert "examples:" in whosays("--help").out
    (commands,) = [action.choices for action in parser()._actions if isinstance(action.choices, dict)]
    assert set(commands) >= {"ingest", "claims", "search", "ask", "summary", "sources", "serve", "chat", "train", "models"}
    for command in commands:
        ran = whosays(command, "--help")
        assert (ran.code, ran.err) == (0, "")
        assert f"whosays {command}" in ran.out


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["unknown"],
        ["ask"],
        ["ask", "one?", "--questions", "file"],
        ["ask", " "],
        ["ask", "--questions", "/no/such/file"],
        ["ask", "--store", "mysql://host/x", "who?"],
        ["ask", "--store", "sqlite:///", "who?"],
        ["ask", "--store", "sqlite:////dev/null/x.db", "who?"],
        ["search"],
        ["search", "--limit", "0", "x"],
        ["search", "--queries", "/no/such/file"],
        ["ingest"],
        ["ingest", "x.txt", "--map", "text"],
        ["ingest", "x.txt", "--map", "words=text"],
        ["ingest", "x.txt", "--published", "yesterday"],
        ["claims", "x.txt", "--keep", "1.5"],
        ["claims", "x.txt", "--keep", "nan"],
        ["serve"],
    ],
    ids=" ".join,
)
def test_a_fault_of_usage_or_environment_is_exit_code_2_in_one_line(whosays: Whosays, arguments: list[str]) -> None:
    ran = whosays(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines()[-1].startswith("whosays")


@pytest.mark.parametrize("line", ["{", "[]", '{"id": 1}', '{"id": 1, "text": 5}', '{"id": 1, "text": " "}'])
def test_a_broken_line_of_queries_is_named(whosays: Whosays, tmp_path: Path, line: str) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text('{"id": 1, "text": "a"}\n' + line + "\n", "utf-8")
    ran = whosays("search", "--queries", file)
    assert (ran.code, ran.out) == (2, "")
    assert "line 2" in ran.err


def test_a_wrong_setting_is_named(whosays: Whosays, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHOSAYS_THREADS", "none")
    ran = whosays("sources")
    assert ran.code == 2
    assert "WHOSAYS_THREADS" in ran.err


def test_a_file_that_is_no_store_is_exit_code_2(whosays: Whosays, tmp_path: Path) -> None:
    (tmp_path / "own.db").write_bytes(b"no database at all" * 100)
    ran = whosays("ask", QUESTION)
    assert ran.code == 2
    assert "own.db" in ran.err
    assert "--store" in ran.err


def test_a_store_that_cannot_be_opened_is_said_with_what_helps(whosays: Whosays, tmp_path: Path) -> None:
    (tmp_path / "folder.db").mkdir()
    ran = whosays("ask", "--store", f"sqlite:///{tmp_path}/folder.db", QUESTION)
    assert ran.code == 2
    assert "writable" in ran.err


def test_answering_never_imports_torch_and_help_imports_nothing_heavy(environment: dict[str, str], articles: Path) -> None:
    code = (
        "import sys\nfrom whosays.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "assert not {'numpy', 'sqlalchemy', 'telegram', 'trafilatura'} & set(sys.modules)\n"
        f"assert main(['ingest', {str(articles)!r}]) == 0 and main(['ask', {QUESTION!r}]) == 0\n"
        "assert not {'torch', 'transformers', 'sentence_transformers', 'trafilatura'} & set(sys.modules)\n"
    )
    command, env = subprocess_of(environment, "-c", code)
    subprocess.run(command, env=env, check=True, capture_output=True, timeout=60)


def test_a_reader_that_has_had_enough_is_no_error(environment: dict[str, str], tmp_path: Path) -> None:
    file = jsonl(tmp_path / "many.jsonl", [given(GAZETTE, id=str(number)) for number in range(50)])
    command, env = subprocess_of(environment, "-m", "whosays", "claims", str(file))
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 141


def test_a_chat_answers_what_it_is_asked(environment: dict[str, str]) -> None:
    command, env = subprocess_of(environment, "-m", "whosays", "chat", "--demo")
    asked = "who holds Panjshir?\n/quit\n"
    ran = subprocess.run(command, env=env, input=asked, capture_output=True, text=True, check=True, timeout=60)
    assert "Taliban" in ran.stdout
    assert "National Resistance Front" in ran.stdout
