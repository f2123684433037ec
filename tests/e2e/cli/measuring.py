"""A small folder of measuring data about Orsel, with scorers of our own: programs that print `name value` lines."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from tests.e2e.cli.conftest import jsonl
from tests.orsel import GAZETTE, POST
from whosays.types import Article

_ATTRIBUTION_SCORE = """\
import json, pathlib, sys
texts = {file.stem: file.read_text("utf-8") for file in pathlib.Path(sys.argv[1], "text").glob("*.txt")}
rows = [json.loads(line) for line in open(sys.argv[2], encoding="utf-8")]
said = [texts[row["name"]][s:e] for row in rows for found in row["attributions"] for s, e in found["content"]]
print("articles", len(texts))
print("relation_f1", float(any("Orsel fell to our brigades" in words for words in said)))
print("found", len(said))
"""
_SIDES_SCORE = """\
import json, sys
gold, ours = ([json.loads(line) for line in open(file, encoding="utf-8")] for file in sys.argv[2:])
if sys.argv[1] == "claims":
    wanted = {(row["id"], claim["speaker"], claim["side"]) for row in gold for claim in row["claims"]}
    found = {(row["id"], claim["speaker"], claim["side"]) for row in ours for claim in row["claims"]}
    print("found", len(wanted & found) / len(wanted))
    print("mixed", 0.25)
else:
    status = {row["question"]: row["status"] for row in ours}
    print("answered", min(status[item["question"]] != "nothing" for row in gold for item in row["questions"]) + 0.0)
    print("abstained", min(status[question] == "nothing" for row in gold for question in row["unanswerable"]) + 0.0)
"""
_RETRIEVAL_SCORE = """\
import sys
right = dict(line.split("\\t")[:2] for line in open(sys.argv[1], encoding="utf-8"))
first = {}
for line in open(sys.argv[2], encoding="utf-8"):
    query, article, score = line.split("\\t")
    first.setdefault(query, article)
print("queries", len(right))
print("ndcg@10", sum(first[query] == article for query, article in right.items()) / len(right))
"""

LABELS = (
    {
        "id": "seed",
        "claims": [{"speaker": "Mira Tolk", "side": "Varn Republic"}],
        "sides": {},
        "questions": [{"question": "who holds Orsel?", "relevant": [0], "disputed": True}],
        "unanswerable": ["what is the price of bread in Lisbon?"],
    },
    {"id": "post", "claims": [], "sides": {}, "questions": [], "unanswerable": []},
)


def measuring_folder(root: Path) -> Path:
    """Write the folder: data/ and eval/, laid out as `whosays eval` expects it."""
    for name, program in (
        ("attribution_score.py", _ATTRIBUTION_SCORE),
        ("sides_score.py", _SIDES_SCORE),
        ("retrieval_score.py", _RETRIEVAL_SCORE),
    ):
        _file(root / "eval" / name).write_text(program, "utf-8")
    data = root / "data"
    _file(data / "polnear/dev/text/gazette.txt").write_text(GAZETTE.text, "utf-8")
    (data / "polnear/dev/attributions").mkdir()
    _file(data / "seed/one.txt").write_text(GAZETTE.text, "utf-8")
    jsonl(_file(data / "sides/dev.jsonl"), LABELS)
    row = {"ID": "post", "content_original": POST.text, "source": POST.outlet, "title": POST.title, "date": None, "url": POST.url}
    with gzip.open(_file(data / "conflict-news/articles.jsonl.gz"), "wt", encoding="utf-8") as news:
        news.write(json.dumps(row) + "\n" + json.dumps({**row, "ID": "another"}) + "\n")
    documents = [{"id": article.id, "text": article.text} for article in (GAZETTE, POST)]
    jsonl(_file(data / "retrieval-time/documents.jsonl"), documents)
    queries = [{"id": "1", "text": "salt tax talks"}, {"id": "2", "text": "smoke over the town"}]
    jsonl(data / "retrieval-time/queries.jsonl", queries)
    (data / "retrieval-time/qrels.tsv").write_text("1\tpost\t1\n2\tgazette\t1\n", "utf-8")
    _pages(data / "pages")
    _stories(data / "stories")
    return root


def _pages(folder: Path) -> None:
    paragraphs = GAZETTE.text.split("\n\n")
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    html = f"<html><head><title>Orsel</title></head><body><article><h1>Orsel</h1>{body}</article></body></html>"
    with gzip.open(_file(folder / "html/one.html.gz"), "wb") as page:
        page.write(html.encode())
    truth = {"one": {"articleBody": GAZETTE.text, "url": "https://gazette.example/orsel"}}
    (folder / "ground-truth.json").write_text(json.dumps(truth), "utf-8")


def _stories(folder: Path) -> None:
    """Write events, the first one told by two outlets; in both sets 0 is of the half that is reported, in the first 1 is not."""
    told = [(0, GAZETTE, "Orsel Gazette"), (0, GAZETTE, "Varn Today"), (4, POST, "Harbour Post"), (1, POST, "Of the other half")]
    for number, (event, article, outlet) in enumerate(told):
        row = {
            "newsCluster": {"EventId": event},
            "title": article.title,
            "text": article.text,
            "source_domain": outlet,
            "date_publish": "2031-05-04T06:00:00" if number else None,
        }
        _file(folder / f"giveme5w1h/{number}.json").write_text(json.dumps(row), "utf-8")

    def side(article: Article, outlet: str) -> dict[str, object]:
        return {"newsTitle": article.title, "newsSource": outlet, "newBody": article.text.split("\n\n")}

    first = {"left": side(GAZETTE, "Orsel Gazette"), "right": side(GAZETTE, "Varn Today")}
    rows = [{"id": 0, "news": repr(first)}, {"id": 1, "news": {"center": side(POST, "Harbour Post")}}]
    jsonl(_file(folder / "allsides-2021/news.jsonl"), rows)


def _file(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
