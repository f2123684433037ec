"""Whom "he", "she", "it", "they", "who", "I" and "the statement" take up, and who speaks in a quotation that goes on."""

from __future__ import annotations

import re
from collections.abc import Sequence

from whosays.attribution.certainty import How
from whosays.attribution.discourse import Discourse
from whosays.attribution.mentions import Mention
from whosays.attribution.names import Someone
from whosays.attribution.resolved import NOBODY, Resolved
from whosays.types import Span

_HE, _SHE, _IT, _THEY = (frozenset(w.split()) for w in ("he him his", "she her hers", "it its", "they them their both"))
_ME = frozenset(["i", "we", "me", "us", "my", "our", "myself"])
_STATEMENT = re.compile(
    r"(?:(?:[Tt]he|[Tt]his|[Tt]hat|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[Aa])\s+)?(?:[a-z]+\s+)?"
    r"(statement|tweet|letter|post|message|speech|interview|communique)"
)
#: A preposition right before.
_BEHIND = re.compile(r"\b(?:of|for|in|on|at|to|with|by|from|over|about|against|near|into|including|like)\s+(?:the\s+)?$")
#: The last noun phrase of a stretch: from its article on, else its last word alone.
_NOUN_PHRASE = re.compile(
    r"(?:^|\W)((?:(?:an?|the|some|many|several|two|three|other)\s(?:[\w’'.-]+\s){0,4})?[\w’'-]+)$", re.IGNORECASE
)


def pronoun(word: str, span: Span, said: Sequence[Span], so_far: Discourse) -> tuple[Resolved, ...] | None:
    """Return whom a word of one's own means; None where it is no pronoun."""
    if word in _HE | _SHE:
        return (_he("he" if word in _HE else "she", span.start, so_far),)
    if word in _THEY:
        together = so_far.together(span.start)
        return tuple(one.taken_up(How.THEY) for one in together) or (_they(span.start, said, so_far),)
    if word in _IT:
        return (_it(span.start, said, so_far, How.IT),)
    if word in _ME:
        # Outside of quotation marks it is the writer who says "I".
        speaking = so_far.last(span.start, How.ME) if so_far.layout.is_quoted(span.start) else None
        return (speaking or NOBODY,)
    return None


def statement(phrase: str, position: int, so_far: Discourse) -> Resolved | None:
    """Return whose "the statement" is: of the last that was said to be one, else of the last speaker; None if it is none."""
    found = _STATEMENT.fullmatch(phrase)
    if not found:
        return None
    for at, speaker in so_far.spoke(position):
        paragraph = so_far.layout.paragraph(at)
        if re.search(rf"\b{found[1]}\b", so_far.text[paragraph.start : min(paragraph.end, position)]):
            return speaker.taken_up(How.STATEMENT)
    return so_far.last(position, How.STATEMENT) or NOBODY


def relative(position: int, so_far: Discourse, *, personal: bool) -> tuple[Resolved | None, Span | None]:
    """Return what a "who" or "which" takes up: a name that ends right before it, or the noun phrase."""
    text = so_far.text
    end = len(text[:position].rstrip(" ,("))
    for mention, person in so_far.names.before(position, max(0, position - 160)):
        if end in (mention.span.end, *(role.end for role in mention.roles)) or text[mention.span.end : end].strip(".’'s") == "":
            if personal:
                return so_far.somebody(person, How.WHO), None
            break
    named = next((n for n in so_far.named if not n.adjective and n.start < end <= n.end), None)
    if named:
        return so_far.body(named, How.WHO), None
    phrase = _NOUN_PHRASE.search(text, so_far.layout.paragraph(position).start, end)
    return None, Span(*phrase.span(1)) if phrase else None


def _he(gender: str, position: int, so_far: Discourse) -> Resolved:
    """Return whom "he" or "she" means: named in the sentence, a subject since somebody spoke, he, or the last named."""
    layout = so_far.layout
    here = [
        (m, p)
        for m, p in so_far.names.before(position, layout.sentence(position))
        if so_far.fits(p, gender) and not m.possessive and not layout.is_quoted(m.span.start)
    ]
    if here:
        return so_far.somebody(here[-1][1], How.HE)
    for at, speaker in so_far.meant(position):
        if not speaker.is_somebody or not _may_be(speaker, gender, so_far):
            continue
        since = [
            p
            for m, p in so_far.names.before(position, max(at, layout.paragraph(position).start))
            if so_far.fits(p, gender) and p != speaker.person and not m.possessive and _is_subject(m, so_far)
        ]
        if not since and at < layout.paragraph(position).start:
            since = _topic(gender, position, so_far)
        return so_far.somebody(since[0], How.HE) if since else speaker.taken_up(How.HE)
    named = [p for m, p in so_far.names.before(position, 0) if so_far.fits(p, gender)]
    return so_far.somebody(named[0], How.HE_NAMED) if named else so_far.last(position, How.HE_NAMED) or NOBODY


def _topic(gender: str, position: int, so_far: Discourse) -> list[Someone]:
    """Return the one person of whom the sentence before speaks: "It is one of Brandt's promises. She renewed it."."""
    layout = so_far.layout
    if position == layout.paragraph(position).start or layout.sentence(position) != position:
        return []
    sentence = Span(layout.sentence(position - 1), position)
    people = {p for m, p in so_far.names.within(sentence) if so_far.fits(p, gender) and not layout.is_quoted(m.span.start)}
    return list(people) if len(people) == 1 else []


def _may_be(speaker: Resolved, gender: str, so_far: Discourse) -> bool:
    if speaker.person:
        return so_far.fits(speaker.person, gender)
    return speaker.gender in (None, gender)


def _they(position: int, said: Sequence[Span], so_far: Discourse) -> Resolved:
    several = next((r for at, r in so_far.spoke(position) if r.plural and position - at < 600), None)
    return several.taken_up(How.THEY) if several else _it(position, said, so_far, How.THEY)


def _it(position: int, said: Sequence[Span], so_far: Discourse, how: How) -> Resolved:
    """Return what "it" or "they" means: the sentence's subject, else the body that spoke last.

    What stands in the words said is no subject: "…by the Taliban were war crimes, it said".
    """
    text, start = so_far.text, so_far.layout.sentence(position)
    named = [n for n in so_far.named if start <= n.start and n.end <= position and not n.adjective and not n.possessive]
    # A country is no "they", and what stands behind a preposition is no subject.
    plural = how is How.THEY
    named = [n for n in named if not (plural and n.actor.kind == "country") and not _BEHIND.search(text, start, n.start)]
    outside = (n for n in named if not any(s <= n.start < e for s, e in said))
    subject = next((n for n in outside if not so_far.layout.is_quoted(n.start)), None)
    if subject:
        return so_far.body(subject, how)
    return so_far.last_body(position, how) or so_far.last(position, how) or NOBODY


def going_on(position: int, so_far: Discourse) -> Resolved:
    """Return who speaks in a quotation that has no cue of its own.

    Who is announced with a colon; who spoke in this paragraph; who is named behind the quotation; who was quoted in the paragraph
    before. Anything else would be a guess.
    """
    text, layout = so_far.text, so_far.layout
    own = layout.paragraph(position)
    if not re.search(r"[“”\"]", text[max(own.start, position - 2) : position + 2]):
        return NOBODY  # without quotation marks these may be the reporter's own words
    ahead = text[own.start : position].rstrip(' “"')
    if ahead.endswith(":"):
        return _announced(Span(layout.sentence(own.start + len(ahead) - 1), own.start + len(ahead)), so_far)
    here = next(((at, r) for at, r in so_far.spoke(own.end) if own.start <= at < position), None)
    if here:
        return here[1].taken_up(How.GOES_ON)
    beside = [p for m, p in so_far.names.within(own) if not layout.is_quoted(m.span.start) and not m.possessive]
    if beside:
        return so_far.somebody(beside[0], How.GOES_ON)
    before = layout.before(own)
    if before is None:
        return NOBODY
    words_before = text[before.start : before.end].rstrip()
    if words_before.endswith(":"):
        return _announced(Span(layout.sentence(before.end - 1), before.end), so_far)
    last = next(((at, r) for at, r in so_far.spoke(before.end) if at >= before.start), None)
    # Quoted there, or speaking when it ended: "…, she said. ¶ “…”"
    if last and (re.search(r"[“”\"]", words_before) or last[0] >= layout.sentence(before.end - 1)):
        return last[1].taken_up(How.GOES_ON)
    return NOBODY


def _announced(sentence: Span, so_far: Discourse) -> Resolved:
    """Return who "replied:", the first named in the sentence; "He said:" is the one of before."""
    named = so_far.names.within(sentence)
    if named:
        return so_far.somebody(named[0][1], How.GOES_ON)
    word = re.match(r"(He|She)\b", so_far.text[sentence.start : sentence.end])
    if word:
        return _he(word[1].lower(), sentence.start + 1, so_far)
    spoke = next(((at, r) for at, r in so_far.spoke(sentence.end) if at >= sentence.start), None)
    return spoke[1].taken_up(How.GOES_ON) if spoke else NOBODY


def _is_subject(mention: Mention, so_far: Discourse) -> bool:
    return so_far.layout.opens_sentence(min((*(role.start for role in mention.roles), mention.span.start)))
