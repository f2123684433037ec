"""Who a source is and for whom it speaks, in texts of our own about invented parties.

`[s: …]`, `[c: …]` and `[q: …]` mark source, cue and content; a digit behind the letter tells attributions apart.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from whosays import text as texts
from whosays.attribution import claims_of
from whosays.attribution.actors import Actors
from whosays.attribution.layout import Layout
from whosays.errors import ConfigError
from whosays.types import OBSERVER, Article, Attribution, Claim, Span, Stance

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


@pytest.fixture(scope="module")
def actors(tmp_path_factory: pytest.TempPathFactory) -> Actors:
    path = tmp_path_factory.mktemp("actors") / "actors.toml"
    path.write_text(ACTORS, "utf-8")
    return Actors.load(path)


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


CASES = {
    "a full name with its role behind it": (
        "[s: Pell Arden], the Highland Front’s spokesman, [c: said] [q: the pass had been taken].",
        [("Pell Arden", "Highland Front")],
    ),
    "a role before the name": (
        "Lowmarkian Foreign Minister [s: Hesta Vorn] [c: said] [q: no soldier had crossed].",
        [("Hesta Vorn", "Lowmark")],
    ),
    "a part of a name is the person named before": (
        "Lowmarkian Foreign Minister Hesta Vorn met the envoys on Monday.\n\n[s: Vorn] [c: said] [q: no soldier had crossed].",
        [("Hesta Vorn", "Lowmark")],
    ),
    "he is who spoke last": (
        "[s1: Pell Arden], the Highland Front’s spokesman, [c1: said] [q1: the pass had been taken]. "
        "[s2: He] [c2: added] [q2: more would follow].",
        [("Pell Arden", "Highland Front")] * 2,
    ),
    "a woman is not he": (
        "[s1: Mr Arden] of the Highland Front [c1: said] [q1: the pass had been taken].\n\n"
        "Ms Vorn, the Lowmarkian minister, arrived later. [s2: He] [c2: added] [q2: more would follow].",
        [("Arden", "Highland Front")] * 2,
    ),
    "what is told of a body behind a comma is not its name": (
        "[s1: The Highland Front, the opposition group,] [c1: said] [q1: the pass had been taken]. [s2: It] [c2: added] "
        "[q2: more would follow].",
        [("Highland Front", "Highland Front")] * 2,
    ),
    "a denial stays with its speaker though it names the other side": (
        "[s: The Highland Front] [c: rejected] [q: Lowmark’s claims of victory].",
        [("Highland Front", "Highland Front")],
    ),
    "the possessor of a claim is its source": (
        "The Highland Front rejected [s: Lowmark’s] [c: claims] of [q: a quick victory].",
        [("Lowmark", "Lowmark")],
    ),
    "it is the body that spoke": (
        "[s1: The Highland Front] [c1: said] [q1: the pass was open].\n\n"
        "“[q2: We hold the pass],” [s2: it] [c2: said] in a statement.",
        [("Highland Front", "Highland Front")] * 2,
    ),
    "the group's leader is the person whose office that is": (
        "The Highland group’s leader, Jorun Asker, left the valley.\n\n"
        "The Highland Front fought on. [s: The group’s leader] [c: said] [q: the war would be long].",
        [("Jorun Asker", "Highland Front")],
    ),
    "a listed person has a party without a word of it": (
        "[s: Oren Tassik] [c: said] [q: the war would be long].",
        [("Oren Tassik", "Highland Front")],
    ),
    "officials of nobody knows whom stay open": ("[s: Officials] [c: said] [q: the road was closed].", [("Officials", None)]),
    "a former official speaks for nobody": (
        "[s: A former Lowmarkian minister] [c: said] [q: the road was closed].",
        [("A former Lowmarkian minister", None)],
    ),
    "an ambassador to a country does not speak for it": (
        "[s: Tamsin Roe], the Estavian ambassador to Lowmark, [c: said] [q: talks would resume].",
        [("Tamsin Roe", "Estavia")],
    ),
    "an agency is an observer": (
        "[c: According to] [s: Meridian], [q: the road was closed].",
        [("Meridian News Agency", OBSERVER)],
    ),
    "witnesses are observers": ("[s: Two witnesses] [c: said] [q: the road was closed].", [("Two witnesses", OBSERVER)]),
    "joint speakers have one claim each": (
        "[s: Lowmark and Estavia] [c: said] [q: the river was theirs].",
        [("Lowmark", "Lowmark"), ("Estavia", "Estavia")],
    ),
    "a quotation that goes on keeps its speaker": (
        "“[q1: The pass is open],” [s1: the Highland Front] [c1: said].\n\n“[q2: And we will keep it so.]”",
        [("Highland Front", "Highland Front")] * 2,
    ),
    "an accusation without a source is nobody's": ("Lowmark [c: was accused of] [q: burning the mill].", [("", None)]),
    "who speaks against a party is not of it": (
        "[s: The anti-Lowmark commander] [c: said] [q: the road was closed].",
        [("anti-Lowmark commander", None)],
    ),
    "the vice president is not the president": (
        "[s1: Lowmarkian Vice President Ivo Stell] [c1: said] [q1: it rained]. "
        "[s2: Estavian President Uma Karr] [c2: said] [q2: it did not].\n\n[s3: The vice president] [c3: said] [q3: more].",
        [("Ivo Stell", "Lowmark"), ("Uma Karr", "Estavia"), ("Ivo Stell", "Lowmark")],
    ),
    "one word of a body's name takes it up": (
        "[s1: The Highland Front] [c1: said] [q1: the pass was open].\n\n[s2: The Front] [c2: denied] [q2: any loss].",
        [("Highland Front", "Highland Front")] * 2,
    ),
    "whom a statement is about is not who made it": (
        "[s1: Meridian] [c1: said] [q1: it had counted the dead].\n\n"
        "[q2: The killings by the Highland Front were a crime], [s2: it] [c2: said].",
        [("Meridian News Agency", OBSERVER)] * 2,
    ),
    "a name that is a month's": (
        "Lowmarkian Prime Minister Hesta May spoke on 3 May. [s: May] [c: said] [q: the road was open].",
        [("Hesta May", "Lowmark")],
    ),
    "a word that ran into a listed name is no part of it": (
        "Did Oren Tassik flee? [s: Tassik] [c: denied] [q: it].",
        [("Oren Tassik", "Highland Front")],
    ),
    "rebels in a country do not speak for it": ("[s: Rebels in Lowmark] [c: said] [q: x].", [("Rebels in Lowmark", None)]),
    "nor does a rebel leader": ("[s: The rebel leader in Lowmark] [c: said] [q: x].", [("rebel leader in Lowmark", None)]),
    "nor do protesters": ("[s: Protesters in Lowmark] [c: said] [q: x].", [("Protesters in Lowmark", None)]),
    "nor what is done to it": ("[s: A strike on Lowmark] [c: showed] [q: x].", [("A strike on Lowmark", None)]),
    "nor who is from there": (
        "[s: An opposition leader from Lowmark] [c: said] [q: x].",
        [("An opposition leader from Lowmark", None)],
    ),
    "a state's rebels are not the state": ("[s: Lowmarkian rebels] [c: said] [q: x].", [("Lowmarkian rebels", None)]),
    "nor is their commander": ("[s: Ivo Stell, a Lowmarkian rebel commander,] [c: said] [q: x].", [("Ivo Stell", None)]),
    "nor is a student": ("[s: Ivo Stell, a Lowmarkian student,] [c: said] [q: x].", [("Ivo Stell", None)]),
    "nor is a rights group": ("[s: A Lowmarkian rights group] [c: said] [q: x].", [("A Lowmarkian rights group", None)]),
    "who is the word before": (
        "Ulla Brandt of Lowmark met protesters [s: who] [c: accused] [q: her of theft].",
        [("protesters", None)],
    ),
    "which is never a person": (
        "The pressure grew on Oren Tassik. Estavia, [s: which] [c: accuses] [q: his men of theft], left.",
        [("Estavia", "Estavia")],
    ),
    "an ambassador's country is not where he is": (
        "[s: Estavian ambassador to Lowmark Tamsin Roe] [c: said] [q: x].",
        [("Tamsin Roe", "Estavia")],
    ),
    "who was an ambassador comments": (
        "[s: former Estavian ambassador to Lowmark Tamsin Roe] [c: said] [q: x].",
        [("Tamsin Roe", OBSERVER)],
    ),
    "an inspector of a ministry does not speak for it": (
        "[s: The Lowmarkian ministry’s inspector general] [c: said] [q: x].",
        [("Lowmarkian ministry’s inspector general", OBSERVER)],
    ),
    "nor does its watchdog": ("[s: The Lowmarkian army watchdog] [c: said] [q: x].", [("Lowmarkian army watchdog", OBSERVER)]),
    "a lawyer without a client comments": (
        "[s: Gil Rask], an attorney in Norvale, [c: said] [q: x].",
        [("Gil Rask", OBSERVER)],
    ),
    "a lawyer with one speaks for it": (
        "[s: Gil Rask], a lawyer for the Mill Owners League, [c: said] [q: x].",
        [("Gil Rask", "Mill Owners League")],
    ),
    "a director of a centre is an observer": (
        "[s: Gil Rask], director of the Halden Center, [c: said] [q: x].",
        [("Gil Rask", OBSERVER)],
    ),
    "so is who is of one": ("[s: Gil Rask of the Halden Center] [c: said] [q: x].", [("Gil Rask", OBSERVER)]),
    "not who is of a place": ("[s: Gil Rask of New Norvale] [c: said] [q: x].", [("Gil Rask", None)]),
    "whose firm bears his name": (
        "The Rask Sand and Stone Co. won the bid. [s: Gil Rask, the head of the family business,] [c: said] [q: x].",
        [("Gil Rask", "Rask Sand and Stone")],
    ),
    "a firm’s head": (
        "[s: Gil Rask, president and CEO of Dunmore Sand and Stone,] [c: said] [q: x].",
        [("Gil Rask", "Dunmore Sand and Stone")],
    ),
    "parents speak for the family": (
        "Gil Rask was freed. [s: Rask’s parents] [c: said] [q: x].",
        [("Rask’s parents", "Rask family")],
    ),
    "not where he is of a party": ("Oren Tassik fled. [s: Tassik’s parents] [c: said] [q: x].", [("Tassik’s parents", None)]),
    "the group’s director is of the one group named before": (
        "The Highland Front denied it.\n\n“[q: x],” [c: said] [s: the group’s deputy director, Ana Belk].",
        [("Ana Belk", "Highland Front")],
    ),
    "who is named behind a dash": (
        "But [s: one of the negotiators who met Oren Tassik] — Ana Belk of the Halden Center — [c: said] [q: x].",
        [("Ana Belk", OBSERVER)],
    ),
    "whom an agency cites says it": (
        "[s: Meridian, citing Lowmarkian officials,] [c: said] [q: x].",
        [("Lowmarkian officials", "Lowmark")],
    ),
    "so does whom it is said to quote": (
        "[s: Lowmarkian officials, as quoted by Meridian,] [c: said] [q: x].",
        [("Lowmarkian officials", "Lowmark")],
    ),
    "a letter tells the party of who has no other": (
        "[s: Committee Chairman Gil Rask], D-Miss., [c: said] [q: x].",
        [("Gil Rask", "Democrats")],
    ),
    "federal prosecutors where the United States are named most": (
        "A US judge met federal officials, and federal agents left. [s: Federal prosecutors] [c: said] [q: x].",
        [("Federal prosecutors", "United States")],
    ),
    "so are government sources": (
        "US troops left the US for a US base. [s: Two government sources] [c: said] [q: x].",
        [("Two government sources", "United States")],
    ),
    "a government is its state’s though its leader is out of office": (
        "[s: The administration of Ulla Brandt] [c: said] [q: x].",
        [("administration of Ulla Brandt", "Lowmark")],
    ),
    "he is whom the sentence before speaks of": (
        "[s1: Gil Rask] [c1: said] [q1: x].\n\nThe pass is one of Oren Tassik’s aims. [s2: He] [c2: promised] [q2: y].",
        [("Gil Rask", None), ("Oren Tassik", "Highland Front")],
    ),
    "an ambassador to a group is his own country’s": (
        "[s: Estavian ambassador to the Highland Front Tamsin Roe] [c: said] [q: x].",
        [("Tamsin Roe", "Estavia")],
    ),
    "an office with an abbreviation in it": (
        "[s: Estavia’s deputy U.S. envoy, Tamsin Roe,] [c: said] [q: x].",
        [("Tamsin Roe", "Estavia")],
    ),
    "a seat that has another meaning is its state’s where it speaks": (
        "Estavian troops left. [s: Pellmouth] [c: said] [q: x].",
        [("Estavia", "Estavia")],
    ),
    "not where the article never names the state": ("[s: Pellmouth] [c: said] [q: x].", [("Pellmouth", None)]),
    "a body that many states have is that of the state named most": (
        "Estavian troops left. [s: The Defence Council] [c: said] [q: x].",
        [("Defence Council", "Estavia")],
    ),
    "not of one named less": (
        "Lowmarkian troops left Lowmark for Estavia. [s: The Defence Council] [c: said] [q: x].",
        [("Defence Council", None)],
    ),
    "a lawmaker is not the state": (
        "[s: U.S. lawmakers from both parties] [c: said] [q: x].",
        [("U.S. lawmakers from both parties", "US Congress")],
    ),
    "an envoy to a group is not the group's": (
        "Tamsin Roe, the president’s envoy to the Highland Front, left. [s: Roe] [c: said] [q: x].",
        [("Tamsin Roe", None)],
    ),
    "critics of somebody are somebody else": (
        "[s: Critics of Ulla Brandt] [c: said] [q: x].",
        [("Critics of Ulla Brandt", None)],
    ),
    "so is who met somebody": (
        "[s: An eyewitness who met Ulla Brandt] [c: said] [q: x].",
        [("An eyewitness who met Ulla Brandt", OBSERVER)],
    ),
    "the military is the one that spoke before": (
        "[s1: The Lowmarkian military] [c1: said] [q1: x].\n\n[s2: The Estavian parliament] [c2: approved] [q2: y]. "
        "[s3: The military] [c3: said] [q3: z].",
        [("Lowmarkian military", "Lowmark"), ("Estavian parliament", "Estavia"), ("Lowmarkian military", "Lowmark")],
    ),
    "a ministry of one of two countries stays open": (
        "[s1: Estavian leaders] [c1: rebuked] [q1: Lowmark].\n\n[s2: The Interior Ministry] [c2: said] [q2: y].",
        [("Estavian leaders", "Estavia"), ("Interior Ministry", None)],
    ),
    "a rights group is not the group it writes of": (
        "The Highland Front burned the mill.\n\n[s: The human rights group] [c: said] [q: x].",
        [("human rights group", OBSERVER)],
    ),
    "an official is the official afterwards": (
        "[s1: A senior Lowmarkian official] [c1: said] [q1: x]. [s2: The official] [c2: said] [q2: y].",
        [("A senior Lowmarkian official", "Lowmark")] * 2,
    ),
    "a quotation belongs to whom a colon announces": (
        "[s1: Lowmarkian officials] [c1: said] [q1: it rained].\n\nHalf an hour later, Oren Tassik replied:\n\n“[q2: Call me.]”",
        [("Lowmarkian officials", "Lowmark"), ("Oren Tassik", "Highland Front")],
    ),
    "a quotation belongs to the name beside it": (
        "[s1: Lowmarkian officials] [c1: said] [q1: it rained].\n\n"
        "“[q2: It was planned],” Kim Dorn, an expert at the College of Hale.",
        [("Lowmarkian officials", "Lowmark"), ("Kim Dorn", OBSERVER)],
    ),
    "I outside of quotation marks is the writer": (
        "[s1: Lowmarkian troops] [c1: said] [q1: x].\n\nFirst, [s2: I] [c2: believe] [q2: y].",
        [("Lowmarkian troops", "Lowmark"), ("", None)],
    ),
    "a noun does not take the nearest name as its source": (
        "The pressure on [s: Ulla Brandt] grew amid [c: accusations] of [q: theft].",
        [("", None)],
    ),
    "leaders of a name are not the man of that name": (
        "[s: Dovell leaders] [c: said] [q: x].",
        [("Dovell leaders", None)],
    ),
    "he is the official who spoke, not somebody named before": (
        "[s1: Oren Tassik] [c1: said] [q1: x].\n\n[s2: An Estavian official] [c2: said] [q2: y]. [s3: He] [c3: said] [q3: z].",
        [("Oren Tassik", "Highland Front"), ("An Estavian official", "Estavia"), ("An Estavian official", "Estavia")],
    ),
    "she is no man": (
        "[s1: Ulla Brandt] [c1: said] [q1: x].\n\n[s2: Oren Tassik] [c2: said] [q2: y]. [s3: She] [c3: said] [q3: z].",
        [("Ulla Brandt", "Lowmark"), ("Oren Tassik", "Highland Front"), ("Ulla Brandt", "Lowmark")],
    ),
    "they are both who spoke together": (
        "[s1: Oren Tassik and Ulla Brandt] [c1: said] [q1: x]. [s2: They] [c2: said] [q2: y].",
        [("Oren Tassik", "Highland Front"), ("Ulla Brandt", "Lowmark")] * 2,
    ),
    "they are several without a name": (
        "[s1: The Highland Front] [c1: said] [q1: x].\n\n[s2: Two witnesses] [c2: said] [q2: y]. [s3: They] [c3: said] [q3: z].",
        [("Highland Front", "Highland Front"), ("Two witnesses", OBSERVER), ("Two witnesses", OBSERVER)],
    ),
    "those included speak": (
        "[s: Several countries, including Lowmark and Estavia,] [c: said] [q: the river was theirs].",
        [("Lowmark", "Lowmark"), ("Estavia", "Estavia")],
    ),
    "Bill is a name": (
        "[s1: Bill Torv], a Lowmarkian general, [c1: said] [q1: x]. [s2: Torv] [c2: said] [q2: y].",
        [("Bill Torv", "Lowmark")] * 2,
    ),
    "so is Park": (
        "[s1: Lowmarkian President Park Dun-hee] [c1: said] [q1: x]. [s2: Park] [c2: said] [q2: y].",
        [("Park Dun-hee", "Lowmark")] * 2,
    ),
    "a union of drivers is no person": (
        "[s: The Norvale Drivers’ Union] [c: said] [q: wages were fair].",
        [("Norvale Drivers’ Union", "Norvale Drivers’ Union")],
    ),
    "a place is no part of the name behind it": (
        "Governor of [s: Norvale Ana Belk] [c: said] [q: wages were fair].",
        [("Ana Belk", None)],
    ),
    "part of a long name": (
        "[s1: Lowmark’s envoy, Mark Ansel Roe], [c1: said] [q1: x]. [s2: Ansel Roe] [c2: said] [q2: y].",
        [("Mark Ansel Roe", "Lowmark")] * 2,
    ),
    "an office in front of a name takes its body along": (
        "“[q1: We hold on],” [c1: said] [s1: a spokesman for Ms. Brandt, Gil Rask].\n\n"
        "Lowmarkian President Ulla Brandt was away.",
        [("Gil Rask", "Lowmark")],
    ),
    "aides by the name of whom they serve": (
        "Lowmarkian President Ulla Brandt left. [s: Top Brandt officials] [c: said] [q: she was well].",
        [("Top Brandt officials", "Lowmark")],
    ),
    "an aide before his own name": (
        "[s: Former Ulla Brandt speechwriter Gil Rask] [c: said] [q: x].",
        [("Gil Rask", None)],
    ),
    "whoever is quoted within is not who says it": (
        "[s1: Ulla Brandt] [c1: said], “[s2: Oren Tassik] [c2: denied] [q2: it]. [s3: He] [c3: told] me [q3: so].”",
        [("Ulla Brandt", "Lowmark"), ("Oren Tassik", "Highland Front"), ("Oren Tassik", "Highland Front")],
    ),
    "a quotation goes on from who spoke when the paragraph ended": (
        "[s1: Oren Tassik] [c1: said] [q1: the pass was open].\n\n(Also read: Highland nights)\n\n“[q2: We will keep it so.]”",
        [("Oren Tassik", "Highland Front")] * 2,
    ),
    "a statement is of whom it was said to be": (
        "[s1: The Highland Front] [c1: said] [q1: x] in a statement.\n\n[s2: Ulla Brandt] [c2: said] [q2: y].\n\n"
        "[s3: The statement] [c3: said] [q3: z].",
        [("Highland Front", "Highland Front"), ("Ulla Brandt", "Lowmark"), ("Highland Front", "Highland Front")],
    ),
    "one country’s ministry where an article is about it": (
        "Lowmark voted. Lowmarkian towns were quiet. Rain fell on Lowmark.\n\n[s: The interior ministry] [c: said] [q: x].",
        [("interior ministry", "Lowmark")],
    ),
    "an expert on a country is not its": (
        "[s: Gil Rask], a Lowmark expert at the College of Hale, [c: said] [q: x].",
        [("Gil Rask", OBSERVER)],
    ),
    "church leaders are not the state": (
        "[s: Lowmarkian church leaders] [c: said] [q: x].",
        [("Lowmarkian church leaders", None)],
    ),
    "a capital that ends a sentence is no title": (
        "They captured Estavia. [s: Brandt] [c: said] [q: x].",
        [("Ulla Brandt", "Lowmark")],
    ),
    "a union of police is not the union of before": (
        "The Highland Front met. [s: The police union Concord] [c: said] [q: x].",
        [("police union Concord", None)],
    ),
    "a body that no list knows speaks for itself": (
        "[s: Ilse Grane], a spokeswoman for the Mill Owners League, [c: said] [q: wages were fair].",
        [("Ilse Grane", "Mill Owners League")],
    ),
}


@pytest.mark.parametrize(
    ("source", "side"),
    [
        ("A spokesman for President Ulla Brandt", "Lowmark"),
        ("A lawyer for former President Ulla Brandt", "Ulla Brandt"),
        ("An adviser to the president Ulla Brandt", "Lowmark"),
        ("Allies of Prime Minister Ulla Brandt", "Lowmark"),
        ("A spokeswoman for Gen. Oren Tassik", "Highland Front"),
        ("An aide to Foreign Minister Ulla Brandt", "Lowmark"),
        ("An envoy of President Ulla Brandt", "Lowmark"),
        ("Envoys to President Ulla Brandt", None),
        ("A critic of President Ulla Brandt", None),
    ],
)
def test_who_speaks_for_an_office_holder_is_not_the_office_holder(source: str, side: str | None, actors: Actors) -> None:
    ((name, found),) = who(f"[s: {source}] [c: said] [q: x].", actors)
    assert (name, found) == (source, side)


@pytest.mark.parametrize(
    "source",
    [
        "Gil Rask, the daughter of President Ulla Brandt,",
        "Gil Rask, the deputy of Prime Minister Ulla Brandt,",
        "Gil Rask, wife of the opposition leader Ivo Stell,",
        "Gil Rask, head of Norvale's Dunmoor & Pike lab,",
    ],
)
def test_whoever_is_named_in_ones_role_does_not_speak(source: str, actors: Actors) -> None:
    ((name, _),) = who(f"[s: {source}] [c: said] [q: x].", actors)
    assert name == "Gil Rask"


@pytest.mark.parametrize(
    "source",
    [
        "President Ulla Brandt and Highland Front leader Oren Tassik",
        "Ulla Brandt, Highland Front leader Oren Tassik",
        "Lowmarkian envoy to Estavia Ulla Brandt and spokesman Oren Tassik",
    ],
)
def test_joint_speakers_keep_roles_of_their_own(source: str, actors: Actors) -> None:
    expected = [("Ulla Brandt", "Lowmark"), ("Oren Tassik", "Highland Front")]
    assert who(f"[s: {source}] [c: said] [q: x].", actors) == expected


@pytest.mark.parametrize("lead", ["", "Rain fell. ", "“Rain fell.” "])
def test_a_word_that_opens_a_sentence_is_of_that_sentence(lead: str) -> None:
    text = f"One.\n\n{lead}Ulla Brandt left."
    start = text.index("Ulla")
    layout = Layout(text, [Span(0, 4), Span(6, len(text))])
    assert layout.sentence(start) == layout.sentence(start + 6) == start
    assert layout.opens_sentence(start)


@pytest.mark.parametrize("source", ["The Lowmarkian spokeswomen", "The Lowmarkian spokesmen", "Lowmarkian spokespeople"])
def test_several_are_not_one_person(source: str, actors: Actors) -> None:
    told = "Hesta Vorn, the Lowmarkian spokeswoman, and Pell Arden, the Lowmarkian spokesman, met. "
    ((name, side),) = who(f"{told}[s: {source}] [c: said] [q: x].", actors)
    assert name.startswith(("Lowmarkian", "The Lowmarkian"))
    assert side == "Lowmark"


@pytest.mark.parametrize(
    ("told", "side"),
    [
        ("Its spokeswoman, [s: Mara Dovell], [c: said] [q: x].", "Highland Front"),
        ("Its lawyer, [s: Mara Dovell], [c: said] [q: x].", None),
        ("[s: Mara Dovell] [c: said] [q: x].", "Mara Dovell"),
    ],
)
def test_whom_the_text_gives_an_office_is_not_only_himself(told: str, side: str | None, actors: Actors) -> None:
    text, attributions = marked(told)
    article = Article(id="a", text=text, published=datetime(2021, 5, 1, tzinfo=UTC))
    (claim,) = claims_of(article, texts.blocks(text), attributions, actors)
    assert claim.side == side


def test_a_long_run_of_capitals_is_soon_read(actors: Actors) -> None:
    started = time.monotonic()
    assert who("Very " * 3000 + "[s: Oren Tassik] [c: said] [q: x].", actors)
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(("source", "expected"), CASES.values(), ids=CASES.keys())
def test_a_source_resolves_to_its_speaker_and_side(source: str, expected: list[tuple[str, str | None]], actors: Actors) -> None:
    assert who(source, actors) == expected


def test_an_office_counts_on_the_day_of_the_article(actors: Actors) -> None:
    assert actors.person("Mara Dovell", None) is not None

    assert actors.person("Mara Dovell", date(2019, 5, 1)) is not None
    assert actors.person("Mara Dovell", date(2020, 1, 1)) is not None
    assert not actors.is_over("Mara Dovell", date(2020, 1, 1))
    assert actors.is_over("Mara Dovell", date(2020, 1, 2))
    assert actors.person("Mara Dovell", date(2021, 5, 1)) is None


def test_a_claim_names_its_paragraphs_and_stance(actors: Actors) -> None:
    (claim,) = claims("One.\n\n[s: The Highland Front] [c: denied] [q: that the pass had fallen].", actors)
    assert claim.paragraphs == (1,)
    assert claim.stance is Stance.DENIES
    assert 0 < claim.confidence <= 1


def test_a_broken_list_of_actors_names_the_entry(tmp_path: Path) -> None:
    path = tmp_path / "actors.toml"
    path.write_text('[[party]]\nname = "Lowmark"\n', "utf-8")
    with pytest.raises(ConfigError, match="Lowmark"):
        Actors.load(path)
