"""How well a page's article is found: F1 against the article-extraction-benchmark's ground truth.

    python -m bench.pages FOLDER

FOLDER holds ground-truth.json ({key: {"articleBody", "url"}}) and html/KEY.html.gz. Printed are precision, recall and F1 of
shingles of four words, as the benchmark has them (means over the pages, F1 of the means), the same of single words, and
milliseconds a page.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import time
from collections import Counter
from pathlib import Path

from whosays.errors import InputError
from whosays.reading.page import parse


def shingles(text: str, length: int) -> Counter[tuple[str, ...]]:
    """Return the runs of up to `length` words of a text, counted."""
    words = re.findall(r"\w+", text)
    length = min(length, len(words))
    return Counter(tuple(words[i : i + length]) for i in range(len(words) - length + 1)) if words else Counter()


def precision_recall(gold: str, found: str, length: int) -> tuple[float, float]:
    """Return precision and recall of a text's shingles; both are 1 where neither text has any."""
    wanted, got = shingles(gold, length), shingles(found, length)
    hits = (wanted & got).total()
    if not wanted and not got:
        return 1.0, 1.0
    return hits / got.total() if got else 0.0, hits / wanted.total() if wanted else 0.0


def main(folder: Path) -> None:
    """Extract all pages of the folder and print the figures."""
    pages = json.loads((folder / "ground-truth.json").read_text("utf-8"))
    found: dict[str, str] = {}
    seconds = 0.0
    for key, page in pages.items():
        html = gzip.decompress((folder / "html" / f"{key}.html.gz").read_bytes())
        started = time.perf_counter()
        try:
            found[key], _ = parse(html, page.get("url"))
        except InputError as error:
            print(f"nothing in {key}: {error}")
        seconds += time.perf_counter() - started
    for name, length in (("shingles", 4), ("words", 1)):
        scores = [precision_recall(page["articleBody"], found.get(key, ""), length) for key, page in pages.items()]
        precision, recall = (sum(score[i] for score in scores) / len(scores) for i in (0, 1))
        print(f"{name} precision {precision:.4f} recall {recall:.4f} f1 {2 * precision * recall / (precision + recall):.4f}")
    print(f"pages {len(pages)} empty {len(pages) - len(found)} ms_a_page {1000 * seconds / len(pages):.1f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
