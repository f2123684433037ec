"""How well a page's article is found, as the article-extraction-benchmark has it: F1 of shingles of four words.

https://github.com/scrapinghub/article-extraction-benchmark
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from pathlib import Path

from whosays.errors import InputError
from whosays.reading.page import parse

_SHINGLE = 4


def score_pages(folder: Path) -> dict[str, float]:
    """Extract all pages of a folder: ground-truth.json ({key: {"articleBody", "url"}}) and html/KEY.html.gz.

    Precision and recall are means over the pages, F1 is that of the means; `empty` is how many pages gave nothing.
    """
    pages = json.loads((folder / "ground-truth.json").read_text("utf-8"))
    scores, empty = [], 0
    for key, page in pages.items():
        html = gzip.decompress((folder / "html" / f"{key}.html.gz").read_bytes())
        try:
            found, _ = parse(html, page.get("url"))
        except InputError:
            found, empty = "", empty + 1
        scores.append(precision_recall(page["articleBody"], found))
    precision, recall = (sum(score[i] for score in scores) / len(scores) for i in (0, 1))
    both = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"pages": len(pages), "shingle_f1": both, "precision": precision, "recall": recall, "empty": empty}


def precision_recall(gold: str, found: str) -> tuple[float, float]:
    """Return precision and recall of a text's shingles; both are 1 where neither text has any."""
    wanted, got = _shingles(gold), _shingles(found)
    hits = (wanted & got).total()
    if not wanted and not got:
        return 1.0, 1.0
    return hits / got.total() if got else 0.0, hits / wanted.total() if wanted else 0.0


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    length = min(_SHINGLE, len(words))
    return Counter(tuple(words[i : i + length]) for i in range(len(words) - length + 1)) if words else Counter()
