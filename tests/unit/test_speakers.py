"""Who a source is: names, pronouns, descriptions, joint speakers, quotations that go on."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.resolving import ACTORS, claims, who
from whosays.attribution.actors import Actors
from whosays.attribution.layout import Layout
from whosays.errors import ConfigError
from whosays.types import OBSERVER, Span, Stance


@pytest.fixture(scope="module")
def actors(tmp_path_factory: pytest.TempPathFactory) -> Actors:
    path = tmp_path_factory.mktemp("actors") / "actors.toml"
    path.write_text(ACTORS, "utf-8")
    return Actors.load(path)


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
    "a quotation that goes on keeps its speaker": (
        "“[q1: The pass is open],” [s1: the Highland Front] [c1: said].\n\n“[q2: And we will keep it so.]”",
        [("Highland Front", "Highland Front")] * 2,
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
    "who is the word before": (
        "Ulla Brandt of Lowmark met protesters [s: who] [c: accused] [q: her of theft].",
        [("protesters", None)],
    ),
    "which is never a person": (
        "The pressure grew on Oren Tassik. Estavia, [s: which] [c: accuses] [q: his men of theft], left.",
        [("Estavia", "Estavia")],
    ),
    "he is whom the sentence before speaks of": (
        "[s1: Gil Rask] [c1: said] [q1: x].\n\nThe pass is one of Oren Tassik’s aims. [s2: He] [c2: promised] [q2: y].",
        [("Gil Rask", None), ("Oren Tassik", "Highland Front")],
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
    "a capital that ends a sentence is no title": (
        "They captured Estavia. [s: Brandt] [c: said] [q: x].",
        [("Ulla Brandt", "Lowmark")],
    ),
}


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


def test_a_long_run_of_capitals_is_soon_read(actors: Actors) -> None:
    started = time.process_time()
    assert who("Very " * 3000 + "[s: Oren Tassik] [c: said] [q: x].", actors)
    assert time.process_time() - started < 2


@pytest.mark.parametrize(("source", "expected"), CASES.values(), ids=CASES.keys())
def test_a_source_resolves_to_its_speaker_and_side(source: str, expected: list[tuple[str, str | None]], actors: Actors) -> None:
    assert who(source, actors) == expected


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
