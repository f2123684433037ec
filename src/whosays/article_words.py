"""Which words stand where in an article, and what else is worked out of it once for all questions: when it is stored.

A set of paragraphs, or of claims, is a row of bits: bit i, counted from the lowest of the first byte, stands for the i-th of the
article. So whether the article has the words of a question, and where, takes a look for each word and not one for each place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from whosays.citations import cut_out, in_order, is_quotable
from whosays.copies import Shingles, shingles
from whosays.types import Article, Claim, Paragraph, Span
from whosays.words import new_terms, terms

#: Raised with every change of what is worked out here, of the terms of words (`words.py`) or of runs (`copies.py`): what a store
#: keeps by another version is worked out again when it is read.
VERSION = 1

#: "did not respond to a request for comment" is no position.
_NO_COMMENT = re.compile(r"\bcomment\b")
#: A paragraph with any of these may hold a claim that was not found, and is no own voice.
_REPORTS_SPEECH = re.compile(
    r"[\"“”«»]|\b(?:sa(?:id|ys|ying)|told|tells|according to|accus|den(?:y|ie)|claim|alleg|warn|insist|add(?:ed|s)\b|argu|announc"
    r"|vow|pledg|promis|demand|urg(?:e|ing)|call(?:ed|s|ing)? (?:on|for)|reject|dismiss|blam|report(?:ed|s|edly)\b|believe|declar"
    r"|stat(?:ed|es)\b|state(?:ment|d)|confirm|suggest|describ|condemn|critici|wrote|tweet|ask(?:ed|s)\b|acknowledg|admit|threaten"
    r"|maintain)\w*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TextWords:
    """What is worked out of an article's text and title alone.

    `paragraphs` says of a term in which paragraphs it stands; `reports` are the paragraphs that may report what somebody says;
    `runs` are the runs of words of all paragraphs, which tell copies (`copies.Shingles`, as bytes).
    """

    title: frozenset[str]
    paragraphs: Mapping[str, bytes]
    reports: bytes
    runs: bytes

    def shingles(self) -> Shingles:
        """Return the runs of words."""
        return np.frombuffer(self.runs, np.int64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClaimWords:
    """What is worked out of an article's claims.

    `claims` says of a term in which of them it stands (a claim has the words of its speaker, cue and content); `bare` are those
    that say next to nothing by themselves, `quotable` those that stand whole in quotable paragraphs. `places` (as uint32) are
    the numbers of the paragraphs that the claims stand in, those of one behind the other, `firsts` where each claim's begin; the
    number behind the last paragraph's stands for none.
    """

    claims: Mapping[str, bytes]
    bare: bytes
    quotable: bytes
    places: bytes
    firsts: bytes


def text_words(article: Article, paragraphs: Sequence[Paragraph]) -> TextWords:
    """Return what is worked out of a text whose quotable paragraphs these are, in order."""
    texts = [article.text[slice(*paragraph.span)] for paragraph in paragraphs]
    found: dict[str, int] = {}
    reports = 0
    for number, text in enumerate(texts):
        for term in set(new_terms(text)):
            found[term] = found.get(term, 0) | 1 << number
        reports |= bool(_REPORTS_SPEECH.search(text)) << number
    return TextWords(
        title=frozenset(terms(article.title or "")),
        paragraphs=_rows_of_bits(found, len(texts)),
        reports=_row_of_bits(reports, len(texts)),
        runs=shingles("\n".join(texts)).tobytes(),
    )


def claim_words(article: Article, paragraphs: Sequence[Paragraph], claims: Sequence[Claim]) -> ClaimWords:
    """Return what is worked out of an article's claims; `paragraphs` are its quotable ones, in order."""
    text = article.text
    numbers = {paragraph.position: number for number, paragraph in enumerate(paragraphs)}
    found: dict[str, int] = {}
    places, firsts, bare, quotable = list[int](), list[int](), 0, 0
    for number, claim in enumerate(claims):
        content = cut_out(text, in_order(claim.attribution.content))
        own = new_terms(content)
        cue = cut_out(text, in_order(claim.attribution.cue))
        for term in {*own, *terms(claim.speaker.name), *terms(cue)}:
            found[term] = found.get(term, 0) | 1 << number
        bare |= (len(own) < 2 or bool(_NO_COMMENT.search(content))) << number
        stands_in = [numbers[position] for position in claim.paragraphs if position in numbers]
        within = [paragraphs[place].span for place in stands_in]
        quotable |= (bool(within) and _is_quotable(claim, within)) << number
        firsts.append(len(places))
        places += stands_in or [len(paragraphs)]
    return ClaimWords(
        claims=_rows_of_bits(found, len(claims)),
        bare=_row_of_bits(bare, len(claims)),
        quotable=_row_of_bits(quotable, len(claims)),
        places=np.array(places, dtype=np.uint32).tobytes(),
        firsts=np.array(firsts, dtype=np.uint32).tobytes(),
    )


def bits(rows: Iterable[bytes], count: int, of: int) -> NDArray[np.bool_]:
    """Return `of` rows of `count` bits each as (of, count)."""
    packed = np.frombuffer(b"".join(rows), np.uint8).reshape(of, _width(count))
    return np.unpackbits(packed, axis=1, count=count, bitorder="little").view(np.bool_)


def any_of(places: Mapping[str, bytes], wanted: Iterable[str], count: int) -> bytes:
    """Return the row of bits, for `count` places, of where any of the wanted terms stands."""
    found = [row for term in wanted if (row := places.get(term))]
    if len(found) == 1:
        return found[0]
    together = 0
    for row in found:
        together |= int.from_bytes(row, "little")
    return _row_of_bits(together, count)


def _rows_of_bits(found: Mapping[str, int], count: int) -> dict[str, bytes]:
    return {term: _row_of_bits(row, count) for term, row in found.items()}


def _row_of_bits(row: int, count: int) -> bytes:
    return row.to_bytes(_width(count), "little")


def _width(count: int) -> int:
    return (count + 7) // 8


def _is_quotable(claim: Claim, within: Sequence[Span]) -> bool:
    return all(is_quotable(span, within) for span in claim.attribution.content)
