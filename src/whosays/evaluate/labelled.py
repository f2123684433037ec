"""Articles whose claims and questions were labelled by hand: the labels, and the texts that they belong to."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whosays.errors import ConfigError

#: Our names of what an article's line holds, and those in conflict-news.
_NEWS = {"id": "ID", "text": "content_original", "outlet": "source", "title": "title", "published": "date", "url": "url"}
#: The one labelled article that lies in a file of its own, with what the file does not say.
_SEED = {"id": "seed", "outlet": "National Review", "published": "2021-09-06"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """Labels in a file as `sides_score.py` reads it; `articles` are the ids in it, `questions` all that is asked about them."""

    gold: Path
    articles: tuple[str, ...]
    questions: tuple[str, ...]

    @classmethod
    def read(cls, gold: Path) -> Labelled:
        """Read a file of labels. Raises ConfigError that names the line where it is of another form."""
        articles: list[str] = []
        questions: list[str] = []
        for number, row in _lines(gold):
            try:
                articles.append(str(row["id"]))
                questions += [str(item["question"]) for item in row.get("questions", ())]
                questions += [str(question) for question in row.get("unanswerable", ())]
                missing = next((part for part in ("claims", "sides") if part not in row), None)
            except (KeyError, TypeError) as error:
                raise ConfigError(f"{gold} line {number} is no line of labels: {error!r}") from error
            if missing:
                raise ConfigError(f"{gold} line {number} holds no {missing!r}, as labels do")
        return cls(gold=gold, articles=tuple(articles), questions=tuple(questions))


def gather_news(data: Path, labelled: Labelled, to: Path) -> Path:
    """Write the labelled articles of conflict-news and the seed file into a .jsonl that `ingest` reads. Raises ConfigError."""
    wanted = set(labelled.articles)
    found: list[Mapping[str, Any]] = []
    if _SEED["id"] in wanted:
        seed = next((data / "seed").glob("*.txt"))
        with seed.open(encoding="utf-8", newline="") as file:
            found.append({**_SEED, "text": file.read()})
    with gzip.open(data / "conflict-news/articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = (json.loads(line) for line in lines)
        found += [{ours: row[theirs] for ours, theirs in _NEWS.items()} for row in rows if row["ID"] in wanted]
    return _written(found, labelled, to)


def gather(texts: Path, labelled: Labelled, to: Path) -> Path:
    """Write the labelled ones of the articles in a .jsonl file into another one that `ingest` reads. Raises ConfigError."""
    wanted = set(labelled.articles)
    return _written([row for _, row in _lines(texts) if str(row.get("id")) in wanted], labelled, to)


def _written(found: list[Mapping[str, Any]], labelled: Labelled, to: Path) -> Path:
    without = set(labelled.articles) - {str(row["id"]) for row in found}
    if without:
        raise ConfigError(f"{labelled.gold} labels articles whose texts are not there: {', '.join(sorted(without))}")
    to.write_text("".join(json.dumps(row) + "\n" for row in found), "utf-8")
    return to


def _lines(file: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} cannot be read: {error}") from error
    # Not splitlines(), which also parts at characters that may stand inside a string.
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise ConfigError(f"{file} line {number} is not JSON: {error}") from error
            if not isinstance(row, dict):
                raise ConfigError(f"{file} line {number} is no JSON object")
            yield number, row
