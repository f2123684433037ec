"""A question → Query: whom, which outlet and what time it names, and what of it is searched for.

Plain patterns: a question in a chat is short, and what they do not know stays a part of the topic.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from whosays.errors import LanguageError
from whosays.times import find_window
from whosays.types import Query

#: What somebody who is asked after may do.
CUE = (
    r"(?:say|says|said|saying|think|thinks|thought|claim|claims|claimed|tell|told|report|reports|reported|find|found|conclude|concluded"
    r"|deny|denies|denied|promise|promises|promised|demand|demands|demanded|announce|announces|announced|warn|warns|warned"
    r"|accuse|accuses|accused|believe|believes|believed|write|wrote|written|respond|responded|answer|answered|threaten|threatened"
    r"|propose|proposed|want|wants|wanted|call for|called for|tweet|tweeted|admit|admitted|state|stated|comment|commented)"
)
_NAME = r"(?P<who>(?!\b(?:to|about)\b)[^?,;:]{2,60}?)"

#: "what did Ana Blum say about the bridge?": `who` is asked for, the rest is the topic.
_ASKED_OF = (
    re.compile(
        rf"^\W*(?:so\s+)?(?:what|how)\s+(?:else\s+)?(?:did|does|do|has|have|had)\s+{_NAME}\s+{CUE}\b\s*(?P<rest>.*)$",
        re.I | re.S,
    ),
    re.compile(
        rf"^\W*what\s+(?:is|was|are|were)\s+{_NAME}(?:[’']s?)\s+(?:position|view|views|stance|answer|response|reaction|demand|demands|claim|claims)\b"
        r"\s*(?P<rest>.*)$",
        re.I | re.S,
    ),
)
_ACCORDING = re.compile(
    r"[,\s]{0,9}\baccording\s+to\s+(?P<who>(?:the\s+)?[^?,;:]{2,60}?)(?=\s*(?:[?,;:.]|$|\b(?:about|on|since|in|as)\b))[,\s]{0,9}",
    re.I,
)
_ABOUT = re.compile(r"^(?:about|on|of|regarding|concerning|over|that|to)\b\s*", re.I)
#: Who is nobody in particular: the question asks everyone.
_EVERYBODY = re.compile(
    r"^(?:it|they|he|she|we|you|i|people|anyone|anybody|everyone|everybody"
    r"|each side|every side|(?:the |both |all |each |other )*(?:sides?|parties)"
    r"|someone|there|this|that|witnesses|reports?|articles?|outlets?|media)$",
    re.I,
)


def understand(question: str, now: datetime, outlets: Iterable[str] = ()) -> Query:
    """Return what a question asks for. `now` is aware; `outlets` are the names that are known as outlets.

    Raises LanguageError where the question is plainly in a language that the models do not read.
    """
    text = " ".join(question.split())
    check_language(text)
    rest, window = find_window(text, now)
    rest, named = _take_outlets(rest, outlets)
    speakers: list[str] = []
    if match := _ACCORDING.search(rest):
        speakers.append(_bare(match["who"]))
        rest = f"{rest[: match.start()]} {rest[match.end() :]}".strip()
    for pattern in _ASKED_OF:
        match = pattern.match(rest)
        if match and not _EVERYBODY.match(_bare(match["who"])):
            speakers.append(_bare(match["who"]))
            rest = _ABOUT.sub("", match["rest"].strip())
            break
    topic = rest.strip(" ?.!,;:")
    return Query(text=question, topic=topic or text, window=window, speakers=tuple(speakers), outlets=named)


def _bare(name: str) -> str:
    return re.sub(r"^(?:the|a|an|mr\.?|mrs\.?|ms\.?)\s+", "", name.strip(), flags=re.I)


def _take_outlets(text: str, outlets: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """Take "according to Reuters", "what does Reuters report …" out of a text: only names of outlets, only where they report."""
    named = []
    held = text.casefold()
    # Most outlets are not in a question at all; two patterns made for each of a thousand would take half a second.
    for outlet in sorted((name for name in set(outlets) if name.casefold() in held), key=len, reverse=True):
        name = rf"(?:the\s+)?{re.escape(outlet)}"
        for pattern, instead in (
            (rf"[,\s]{{0,9}}\b(?:according\s+to|(?:as\s+)?reported\s+(?:by|in)|as\s+told\s+by)\s+{name}\b[,\s]{{0,9}}", " "),
            (rf"^\W*(?:what|how)\s+(?:did|does|do|has|have)\s+{name}\s+{CUE}\b\s*(?:about|on|of|regarding)?\s*", ""),
        ):
            changed = re.sub(pattern, instead, text, count=1, flags=re.I)
            if changed != text:
                named.append(outlet)
                text = changed.strip()
                break
    return text, tuple(named)


# --- Language --------------------------------------------------------------------------------------------------------------

#: Small words that are frequent in one language and no word of English. Two of them, and none of English, are certain enough.
_FOREIGN = {
    "Spanish": "el la los las qué quién quien por para con está están del según cuándo dónde cómo y es una su pero fue",
    "French": "le les des est qui que quoi où pourquoi dans sur avec sont une du aux selon et à ce cette il elle ont quel",
    "German": "der die das und ist wer wie wo warum wann nicht mit von über ein eine hat haben sind zu den dem laut im",
    "Italian": "il gli che chi è perché dove quando sono della del nel di una con secondo ha lo cosa per",
    "Portuguese": "os as quem é onde quando porque não em uma com segundo foi são dos das para sobre",
    "Dutch": "het een wie wat waar waarom niet met zijn heeft volgens van de en op te",
    "Turkish": "kim ne nerede neden ve bir bu için mi mı ile göre değil oldu",
    "Indonesian": "siapa apa yang dan di dengan adalah mengapa tidak untuk ini itu",
}
_FOREIGN_WORDS = {language: frozenset(words.split()) for language, words in _FOREIGN.items()}
_ENGLISH = frozenset(
    """a an the of to in on at is are was were be do does did has have had will would can could should who what when where why how
    which and or not for with about by from it its they he she this that these those there said say says""".split()
)


def check_language(text: str) -> None:
    """Raise LanguageError where most letters are of another script, or the small words are plainly another language's."""
    letters = [character for character in text if character.isalpha()]
    foreign = sum(ord(character) > 0x24F and not 0x1E00 <= ord(character) <= 0x1EFF for character in letters)
    if letters and foreign > len(letters) / 2:
        raise LanguageError("This question is not in English. Only English is read so far: please ask in English.")
    words = [word.casefold() for word in re.findall(r"[^\W\d_]+", text)]
    if any(word in _ENGLISH for word in words):
        return
    for language, small in _FOREIGN_WORDS.items():
        if len({word for word in words if word in small}) >= 2:
            raise LanguageError(f"This question seems to be in {language}. Only English is read so far: please ask in English.")
