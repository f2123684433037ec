"""Claims of the demo articles, resolved once more from what the store holds of them: with the same list they are the same."""

from __future__ import annotations

from whosays.attribution.listed import ActorsFile
from whosays.config import data_folder
from whosays.corrected import resolve_anew
from whosays.engine import Engine, demo_ids
from whosays.text import blocks
from whosays.types import Paragraph


def test_claims_resolved_anew_with_the_same_list_are_the_same_in_every_demo_article(engine: Engine) -> None:
    listed = ActorsFile(data_folder() / "actors.toml").now()
    articles = engine.articles(demo_ids(data_folder() / "demo"))
    assert len(articles) > 10
    for article in articles:
        claims = engine.claims_in(article.id)
        parts = enumerate(blocks(article.text, outlet=article.outlet, title=article.title))
        paragraphs = [
            Paragraph(id=i, article=article.id, position=i, span=block.span) for i, block in parts if not block.furniture
        ]
        resolved = resolve_anew(article, paragraphs, claims, listed)
        by_attribution = dict.fromkeys(claim.attribution for claim in claims)
        assert [claim for attribution in by_attribution for claim in resolved[attribution]] == list(claims)
