"""Articles, and how a corpus is asked for them, as the contract tests of `Corpus` have them."""

from __future__ import annotations

from tests.stored import article, unit
from whosays.store.corpus import Corpus, Filter

HARBOUR = article(
    "harbour", "The harbour of Orsel is shut.", "Ferries lie idle.", outlet="Orsel Gazette", day=3, title="Quiet quays"
)
BUDGET = article("budget", "The council passed its budget.", "The mayor objects.", outlet="Harbour Post", day=9)
UNDATED = article("undated", "The harbour was dredged once.")


def articles_of(corpus: Corpus, ids: list[int]) -> list[str]:
    found = corpus.paragraphs(ids)
    # Between two calls another one may have replaced an article.
    return [found[id].article for id in ids if id in found]


def near(corpus: Corpus, seed: int, where: Filter | None = None) -> list[str]:
    return articles_of(corpus, [c.paragraph for c in corpus.nearest(unit(1, seed)[0], 10, where or Filter())])


def matching(corpus: Corpus, *words: str, where: Filter | None = None) -> list[str]:
    return articles_of(corpus, [c.paragraph for c in corpus.matching(words, 10, where or Filter())])
