"""What ties a card to its articles: the quotation cut out of the text, its check, and the link that opens it.

The links are text fragments: https://wicg.github.io/scroll-to-text-fragment/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from urllib.parse import quote

from whosays.errors import QuotationError
from whosays.types import Answer, Article, Claim, Paragraph, Span

#: What stands where a quotation leaves words out.
CUT = " […] "
#: A fragment quotes a passage whole up to so many words, else by its first and last ones.
_WHOLE_WORDS = 8
_EDGE_WORDS = 4
_PREFIX_WORDS = 3
_WORD = re.compile(r"\S+")


def in_order(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return spans in text order, those that touch or overlap as one."""
    result: list[Span] = []
    for span in sorted(spans):
        if span.end <= span.start:
            continue
        if result and span.start <= result[-1].end:
            result[-1] = Span(result[-1].start, max(span.end, result[-1].end))
        else:
            result.append(span)
    return tuple(result)


def cut_out(text: str, spans: Sequence[Span]) -> str:
    """Return the text at the spans, with a mark where words between them are left out. White space alone is no cut."""
    parts: list[str] = []
    for i, span in enumerate(spans):
        if i:
            between = text[spans[i - 1].end : span.start]
            parts.append(between if not between.strip() else CUT)
        parts.append(text[span.start : span.end])
    return "".join(parts)


def told(text: str, claim: Claim) -> str:
    """Return a claim's words with its cue, cut out of the text, where the words alone are no statement; else nothing.

    "the attacks" under a speaker's name reads as if he had claimed them; "condemned the attacks" is as verbatim. Words in
    quotation marks, and those with a finite verb in them, stand for themselves.
    """
    attribution = claim.attribution
    words = cut_out(text, in_order(attribution.content))
    if not attribution.cue or _STATES.search(words) or _PAST.search(words):
        return ""
    return cut_out(text, in_order((*attribution.cue, *attribution.content)))


#: A quotation mark, or a form that is a finite verb.
_STATES = re.compile(
    r"[“”\"‘]|\b(?:is|are|was|were|am|has|have|had|will|would|can|could|should|must|may|might|shall|does|do|did|fell|took|held|began"
    r"|went|came|made|knew|left|lost|won|said|says|wants?|needs?|remains?)\b|n[’']t\b"
)
#: A form in -ed is surely a finite verb behind a pronoun, or behind a noun and with an object. "A negotiated settlement", "people
#: armed with knives", "men who burned the mill" state nothing; "the talks collapsed" is told with its cue, which is no harm.
_PAST = re.compile(
    r"\b(?:I|you|he|she|it|we|they)\s+(?:\w+ly\s+)?\w{3,}ed\b"
    r"|(?<![\w-])(?!(?:the|an?|its|his|her|our|their|my|of|in|on|at|by|for|from|to|with|and|or|who|which|that)\s)\w+\s+"
    r"\w{3,}ed\s+(?:that|the|an?|its|his|her|our|their|it|them|him|us)\b",
    re.IGNORECASE,
)


def check(answer: Answer, articles: Mapping[str, Article], paragraphs: Iterable[Paragraph]) -> None:
    """Raise QuotationError unless every quoted character stands in its article, in order, and in a source that is listed.

    It must also lie in quotable paragraphs (furniture is none), and be the content of the very claim under which it is shown.
    """
    listed = {source.n for source in answer.sources}
    quotable: dict[str, list[Span]] = {}
    for paragraph in paragraphs:
        quotable.setdefault(paragraph.article, []).append(paragraph.span)
    for quotation in answer.quotations:
        where = f"{quotation.article!r} at {list(quotation.spans)}"
        if quotation.article not in articles:
            raise QuotationError(f"A quotation of {where} has no stored text: index that article again.")
        text = articles[quotation.article].text
        claim = quotation.claim
        if claim and (claim.article != quotation.article or in_order(claim.attribution.content) != quotation.spans):
            raise QuotationError(f"A quotation of {where} is not what its claim says.")
        if claim and quotation.told and quotation.told != told(text, claim):
            raise QuotationError(f"What is told of {where} is not what stands there.")
        if any(not is_quotable(span, quotable.get(quotation.article, ())) for span in quotation.spans):
            raise QuotationError(f"A quotation of {where} lies in no quotable paragraph.")
        if not quotation.spans or not quotation.text.strip():
            raise QuotationError(f"A quotation of {where} is empty.")
        if any(not 0 <= s.start < s.end <= len(text) for s in quotation.spans) or any(
            a.end > b.start for a, b in pairwise(quotation.spans)
        ):
            raise QuotationError(f"A quotation of {where} lies outside of its text of {len(text)} characters, or out of order.")
        if quotation.text != cut_out(text, quotation.spans):
            raise QuotationError(f"The quotation {quotation.text[:60]!r} is not what stands in {where}.")
        if quotation.source not in listed or not listed.issuperset(quotation.also):
            raise QuotationError(f"A quotation of {where} cites a source that the card does not list.")


def is_quotable(span: Span, paragraphs: Iterable[Span]) -> bool:
    """Say whether a span begins and ends in quotable paragraphs; it may run over several."""
    within = [p for p in paragraphs if p.start < span.end and span.start < p.end]
    return any(p.start <= span.start for p in within) and any(span.end <= p.end for p in within)


def link(article: Article, span: Span) -> str | None:
    """Return the article's address with a text fragment that opens it at a passage; None where it has no address.

    The passage is named whole if it is short, else by its first and last words, in one line of the text: a fragment does not
    match across blocks reliably. Where its first words stand more than once, the words before it go in as prefix.
    """
    if not article.url or not article.url.startswith(("http://", "https://")):
        return None
    address = article.url.split("#", 1)
    anchor = address[1].split(":~:", 1)[0] if len(address) > 1 else ""
    directive = _directive(article.text, span)
    return f"{address[0]}#{anchor}{directive}" if directive else article.url


def _directive(text: str, span: Span) -> str:
    line_start, line_end = _line(text, span)
    words = [Span(m.start(), m.end()) for m in _WORD.finditer(text, max(span.start, line_start), min(span.end, line_end))]
    if not words:
        return ""
    # A browser matches whole words: a passage that begins within one is named from the word's beginning.
    first = _whole_word(text, words[0], line_start, line_end)
    last = _whole_word(text, words[-1], line_start, line_end)
    if len(words) <= _WHOLE_WORDS:
        start, end = text[first.start : last.end], ""
    else:
        start, end = text[first.start : words[_EDGE_WORDS - 1].end], text[words[-_EDGE_WORDS].start : last.end]
    prefix = ""
    if _key_of_article(text).count(_key(start)) > 1:
        before = [Span(m.start(), m.end()) for m in _WORD.finditer(text, line_start, first.start)][-_PREFIX_WORDS:]
        if before:
            prefix = text[before[0].start : before[-1].end]
    parts = [f"{_encode(prefix)}-"] if prefix else []
    parts += [_encode(start)] + ([_encode(end)] if end else [])
    return ":~:text=" + ",".join(parts)


def _line(text: str, span: Span) -> tuple[int, int]:
    start = text.rfind("\n", 0, span.start + 1) + 1
    end = text.find("\n", max(start, span.start))
    return start, end if end >= 0 else len(text)


def _whole_word(text: str, word: Span, start: int, end: int) -> Span:
    a, b = word
    while a > start and text[a - 1].isalnum() and text[a].isalnum():
        a -= 1
    while b < end and text[b - 1].isalnum() and text[b].isalnum():
        b += 1
    return Span(a, b)


def _key(text: str) -> str:
    return " ".join(text.split()).casefold()


#: A card quotes an article several times.
_key_of_article = lru_cache(maxsize=32)(_key)


def _encode(text: str) -> str:
    """Percent-encode for a text directive: all but letters, digits and "._~"; "-", "," and "&" have a meaning there."""
    return quote(" ".join(text.split()), safe="").replace("-", "%2D")
