"""Text → windows of tokens: the one way in which text reaches the tagger, in training and in use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tokenizers import Tokenizer

from whosays.types import Span

#: Tokens in a window, the special ones included. The published prototype used the same.
MAX_TOKENS = 256
#: Stands in `Window.offsets` for a token that is not in the text ([CLS], [SEP]).
NOWHERE = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Window:
    """Up to `MAX_TOKENS` tokens of whole paragraphs; `offsets[i]` is where `ids[i]` stands in the text."""

    ids: tuple[int, ...]
    offsets: tuple[Span, ...]


def windows(text: str, paragraphs: Sequence[Span], tokenizer: Tokenizer) -> Iterator[Window]:
    """Pack whole paragraphs, in order, into windows: [CLS] paragraph [SEP] paragraph [SEP].

    A paragraph's neighbours are its context (who "he" is, whose statement goes on). One that is longer than a
    window is cut at a word; the tokenizer must not truncate or pad.
    """
    cls, sep = (tokenizer.token_to_id(special) or 0 for special in ("[CLS]", "[SEP]"))
    ids: list[int] = [cls]
    offsets: list[Span] = [NOWHERE]
    encoded = tokenizer.encode_batch([text[p.start : p.end] for p in paragraphs], add_special_tokens=False)
    for paragraph, encoding in zip(paragraphs, encoded, strict=True):
        for first, last in _pieces(encoding.word_ids):
            if len(ids) + last - first + 1 > MAX_TOKENS:
                yield Window(tuple(ids), tuple(offsets))
                ids, offsets = [cls], [NOWHERE]
            ids += encoding.ids[first:last]
            offsets += [Span(paragraph.start + s, paragraph.start + e) for s, e in encoding.offsets[first:last]]
            ids.append(sep)
            offsets.append(NOWHERE)
    if len(ids) > 1:
        yield Window(tuple(ids), tuple(offsets))


def _pieces(words: Sequence[int | None]) -> Iterator[tuple[int, int]]:
    """Yield token ranges that fit into a window, cut between words where a paragraph is too long."""
    room, first = MAX_TOKENS - 2, 0
    while len(words) - first > room:
        last = first + room
        while last > first + 1 and words[last] == words[last - 1]:
            last -= 1
        yield first, last
        first = last
    if first < len(words):
        yield first, len(words)
