"""Texts with their sources, cues and contents marked, and invented parties, for tests of speakers and sides.

`[s: …]`, `[c: …]` and `[q: …]` mark source, cue and content; a digit behind the letter tells attributions apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from whosays import text as texts
from whosays.attribution.actors import Actors
from whosays.attribution.find import claims_of
from whosays.types import Article, Attribution, Claim, Span

ACTORS = """
[[party]]
name = "Highland Front"
kind = "group"
aliases = ["Front for the Highlands"]
people = [{ name = "Oren Tassik", role = "leader" }, { name = "Mara Dovell", role = "spokeswoman", to = 2020-01-01 }]

[[party]]
name = "Lowmark"
kind = "country"
aliases = ["Lowmark City", "Ministry of the Plains"]
adjectives = ["Lowmarkian"]
people = [{ name = "Ulla Brandt", role = "president", gender = "she" }]

[[party]]
name = "Estavia"
kind = "country"
aliases = ["Estavia"]
adjectives = ["Estavian"]
alone = ["Pellmouth", "Defence Council"]

[[party]]
name = "United States"
kind = "country"
aliases = ["US"]
adjectives = ["American"]

[[observer]]
name = "Meridian News Agency"
kind = "agency"
aliases = ["Meridian"]
"""


def marked(source: str) -> tuple[str, list[Attribution]]:
    """Read spans off a marked text; a cue begins a new attribution unless it has the digit of an earlier one."""
    plain, at = "", 0
    spans: dict[str, dict[str, list[Span]]] = {}
    for match in re.finditer(r"\[([scq])(\d*): ([^\]]*)\]", source):
        plain += source[at : match.start()]
        kinds = spans.setdefault(match[2] or "0", {"s": [], "c": [], "q": []})
        kinds[match[1]].append(Span(len(plain), len(plain) + len(match[3])))
        plain += match[3]
        at = match.end()
    plain += source[at:]
    return plain, [
        Attribution(source=tuple(kinds["s"]), cue=tuple(kinds["c"]), content=tuple(kinds["q"])) for kinds in spans.values()
    ]


def claims(source: str, actors: Actors) -> Sequence[Claim]:
    text, attributions = marked(source)
    return list(claims_of(Article(id="a", text=text), texts.blocks(text), attributions, actors))


def who(source: str, actors: Actors) -> list[tuple[str, str | None]]:
    return [(claim.speaker.name, claim.side) for claim in claims(source, actors)]
