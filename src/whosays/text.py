"""Pure functions of text: its paragraphs (evidence or furniture), their sentences, and the words that are searched for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from whosays.furniture import is_furniture
from whosays.types import Block, Span


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# --- Paragraphs ------------------------------------------------------------------------------------------------------------

_LINE = re.compile(r"[^\n\r\u2028\u2029]+")
_ONE_BREAK = re.compile(r"[ \t]*(?:\r\n|[\n\r\u2028])[ \t]*")
_SENTENCE_END = re.compile(r"[.!?…:][\"'”’)\]]*\Z")
#: The share of lines that must be full for a text to count as wrapped at a width; of one-line paragraphs few are.
_WRAPPED = 0.6
#: Characters that a full line may lack: words were changed after wrapping.
_SLACK = 3


def blocks(text: str, *, outlet: str | None = None, title: str | None = None) -> tuple[Block, ...]:
    """Return the paragraphs of a text in order, each evidence or furniture; together they hold all that is not white space.

    Beside what looks like furniture, the `outlet`'s name is furniture, and so is a block that comes again (a caption, a pulled
    quotation). The `title` is evidence where the text first has it, for a headline quotes, too.
    """
    own_name = _key(outlet or "")
    headline = _key(title or "")
    seen = {""}
    result = []
    for span in paragraphs(text):
        block = " ".join(text[span.start : span.end].split())
        key = _key(block)
        again = key in seen
        furniture = again or key == own_name or (key != headline and is_furniture(block))
        seen.add(key)
        result.append(Block(span, furniture))
    return tuple(result)


def paragraphs(text: str) -> list[Span]:
    """Return all paragraphs of a text, furniture or not.

    A blank line parts paragraphs. In a text without any, each line is one, unless the lines are wrapped at a width: then a
    paragraph ends where a sentence leaves its line short.
    """
    lines = list(_lines(text))
    joined = [bool(_ONE_BREAK.fullmatch(text, a.end, b.start)) for a, b in pairwise(lines)]
    if all(joined):
        joined = _joined_by_wrapping(text, lines)
    result: list[Span] = []
    for line, on in zip(lines, [False, *joined], strict=False):
        if on:
            result[-1] = Span(result[-1].start, line.end)
        else:
            result.append(line)
    return result


def _lines(text: str) -> Iterator[Span]:
    """Yield the lines that are not blank, without the white space around them."""
    for match in _LINE.finditer(text):
        line = match.group()
        if stripped := line.strip():
            start = match.start() + len(line) - len(line.lstrip())
            yield Span(start, start + len(stripped))


def _joined_by_wrapping(text: str, lines: Sequence[Span]) -> list[bool]:
    """Say of each line but the last whether its paragraph goes on in the next one.

    A line is full if the next line's first word would not have fitted into the width of the text.
    """
    width = max((end - start for start, end in lines), default=0)
    full = []
    for (start, end), following in pairwise(lines):
        first = text[following.start : following.end].split(maxsplit=1)[0]
        full.append(end - start + 1 + len(first) > width - _SLACK)
    if sum(full) < _WRAPPED * len(full):
        return [False] * len(full)
    return [is_full or not _SENTENCE_END.search(text[start:end]) for (start, end), is_full in zip(lines, full, strict=False)]


def _key(block: str) -> str:
    """Return what of a block counts when two are compared: its letters and digits."""
    return re.sub(r"[\W_]+", "", block).casefold()


# --- Sentences -------------------------------------------------------------------------------------------------------------

_CLOSING = "\"'”’»)]"
#: The stops of one run are tried from its first alone: tried from each, a long run would take its length squared.
_STOP = re.compile(rf"(?P<stop>\.(?:\s\.)+|(?<![.!?…])[.!?…]+)(?P<closing>[{re.escape(_CLOSING)}]*)(?=\s)")
#: Code points around a full stop that decide whether it ends a sentence.
_LOOK_BACK, _LOOK_AHEAD = 40, 120
_LAST_WORD = re.compile(r"[^\s\"'“”‘’(\[—–]+\Z")

#: A full stop after these never ends a sentence: a name follows.
_TITLES = _set(
    """
    mr mrs ms messrs dr prof rev fr sr hon pres gov lt sen sens rep reps gen adm col maj capt cmdr cpl sgt pvt supt insp
    amb sec min st ft mt vs v op pfc brig dep asst atty det
    """
)
#: A full stop after these ends a sentence only where a word follows that usually begins one.
_ABBREVIATIONS = _set(
    """
    inc ltd co corp llc plc bros jr esq etc al dept univ assn ave blvd rd approx est u.s u.n u.k u.s.a u.a.e e.u d.c a.m
    p.m a.d b.c i.e e.g ph.d m.d jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat
    sun ala ariz ark calif colo conn del fla ga ill ind kan ky la md mass mich minn miss mo mont neb nev okla ore pa penn
    tenn tex va vt wash wis wyo n.y n.j n.c s.c n.h n.m n.d s.d w.va r.i
    """
)
#: Those of both kinds that are written small; others are words of their own then: "ill", "mass", "sun".
_SMALL = _set("etc al vs v approx est")
#: "No. 3", "pp. 4": no end where a digit follows.
_NUMBERED = _set("no nos p pp art sec fig vol ch para")
_BEGINNERS = _set(
    """
    a after all although among an and another as at because before both but by despite during each even every few for from
    he her here his how however i if in instead it its last later many meanwhile more most much neither no nor not now of
    on once one only or other others our over several she since so some still such than that the their then there these
    they this those though three through thus to two under until we what when where whether which while who why with yet
    you
    """
)
_SPEECH = re.compile(
    r"(?:[A-Z][\w’'.-]*\s+){1,4}(?:said|says|asked|asks|told|wrote|writes|added|replied|tweeted|shouted|demanded|wondered)\b"
)


def sentences(text: str, span: Span) -> list[Span]:
    """Return the sentences of a stretch of text, in order; between them lies white space alone.

    Closing quotation marks and brackets belong to the sentence that they close; a quotation with its attribution ("Why?" he
    asked) is one sentence. A line break ends none. The rules are for English news.
    """
    result: list[Span] = []
    start = span.start
    for match in _STOP.finditer(text, span.start, span.end):
        if _ends_sentence(text, start, match, span.end):
            result += _trimmed(text, start, match.end())
            start = match.end()
    return result + _trimmed(text, start, span.end)


def _trimmed(text: str, start: int, end: int) -> list[Span]:
    piece = text[start:end]
    if not piece.strip():
        return []
    return [Span(start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip()))]


def _ends_sentence(text: str, start: int, match: re.Match[str], end: int) -> bool:
    following = text[match.end() : min(end, match.end() + _LOOK_AHEAD)].lstrip()
    opening = following.lstrip("\"'“‘«([—–-•* ")
    first = opening[:1]
    if not first or first.islower():
        return not first
    next_word = re.match(r"[^\W_]*", opening)
    begins = following[:1] in '"“‘«([' or (next_word is not None and next_word.group().casefold() in _BEGINNERS)
    stop, closed = match["stop"], bool(match["closing"])
    if stop == ".":
        return closed or _full_stop_ends(text[max(start, match.start() - _LOOK_BACK) : match.start()], first, begins)
    if closed and _SPEECH.match(following):
        return False
    if stop[0] == "…" or stop.startswith(("..", ". ")):
        return closed or (begins and not following.startswith("I "))
    return True


def _full_stop_ends(before: str, first: str, begins: bool) -> bool:
    """Say whether a lone full stop ends the sentence `before`, when the next word has the letter `first`."""
    last = _LAST_WORD.search(before)
    if last is None:
        return True
    word = last.group()
    plain = word.casefold()
    short = word[0].isupper() or "." in word or plain in _SMALL
    if (short and plain in _TITLES) or (first.isdigit() and plain in _NUMBERED):
        return False
    is_initial = len(word) == 1 and word.isupper() and word != "I"
    if is_initial or (short and plain in _ABBREVIATIONS):
        return begins
    is_list_number = word.isdigit() and word == before.strip()
    return not is_list_number


# --- Words -----------------------------------------------------------------------------------------------------------------

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}(?:['’]s\b)?|\d+(?:[.,]\d+)+|[^\W_]+(?:['’][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s\Z")

#: What a question in English is made of beside its topic.
STOP_WORDS = _set(
    """
    a about after again against all also am an and any are aren't as at be because been before being between both but by
    can can't cannot could couldn't did didn't do does doesn't doing don't down during each ever few for from further get
    give had hadn't has hasn't have haven't having he her here hers herself him himself his how i if in into is isn't it
    its itself just know let many may me might more most much must my myself no nor not now of off on once only or other
    our ours ourselves out over own please really said same say saying says shall she should shouldn't show so some such
    tell than that the their theirs them themselves then there these they think this those through to too under until up
    us very was wasn't we were weren't what whats when where whether which while who whom whose why will with won't would
    wouldn't you your yours yourself
    """
)


def words(text: str) -> list[str]:
    """Return the words of a text, case-folded, in order, without the possessive 's; an acronym or a number stays one word."""
    return [plain(word) for word in written_words(text)]


def written_words(text: str) -> list[str]:
    """Return the same words as they are written."""
    return _WORD.findall(text)


def plain(word: str) -> str:
    """Return a written word case-folded, without the possessive 's."""
    return _POSSESSIVE.sub("", word.casefold().replace("’", "'"))
