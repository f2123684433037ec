"""Where a quotation stands: its paragraphs, with the one before and the one behind."""

from __future__ import annotations

from collections.abc import Sequence

from whosays.citations import cut_out, link
from whosays.store.corpus import Corpus
from whosays.types import Article, Context, ContextParagraph, Paragraph, Quotation, Span


def context(corpus: Corpus, quotation: Quotation) -> Context | None:
    """Return what stands around a quotation; None where its article is gone or reads otherwise there. Raises StoreError."""
    paragraphs = corpus.paragraphs_of(quotation.article)
    article = corpus.articles([quotation.article]).get(quotation.article)
    # A new version has new paragraphs: while the old ones are there, the text that was read is theirs.
    lasting = corpus.paragraphs(p.id for p in paragraphs)
    if article is None or len(lasting) < len(paragraphs):
        return None
    return around(article, paragraphs, quotation)


def around(article: Article, paragraphs: Sequence[Paragraph], quotation: Quotation) -> Context | None:
    """Return what stands around a quotation in an article with these quotable paragraphs, in order; None as for `context`."""
    spans = quotation.spans
    if not spans or cut_out(article.text, spans) != quotation.text:
        return None
    standing = [i for i, p in enumerate(paragraphs) if any(s.start < p.span.end and p.span.start < s.end for s in spans)]
    if not standing:
        return None
    first, last = max(standing[0] - 1, 0), min(standing[-1] + 1, len(paragraphs) - 1)
    return Context(
        outlet=article.outlet,
        title=article.title,
        published=article.published,
        url=link(article, spans[0]),
        paragraphs=tuple(_marked(article.text, p.span, spans) for p in paragraphs[first : last + 1]),
        before=first > 0,
        behind=last < len(paragraphs) - 1,
    )


def _marked(text: str, paragraph: Span, quoted: Sequence[Span]) -> ContextParagraph:
    """Return a paragraph with what of it is quoted."""
    inside = (Span(max(s.start, paragraph.start), min(s.end, paragraph.end)) for s in quoted)
    return ContextParagraph(
        text=text[slice(*paragraph)],
        quoted=tuple(Span(s.start - paragraph.start, s.end - paragraph.start) for s in inside if s.start < s.end),
    )
