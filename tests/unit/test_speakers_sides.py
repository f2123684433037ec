"""For whom a source speaks: states, bodies, spokesmen, observers, and who stays open."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.resolving import ACTORS, marked, who
from whosays import text as texts
from whosays.attribution.actors import Actors
from whosays.attribution.find import claims_of
from whosays.types import OBSERVER, Article


@pytest.fixture(scope="module")
def actors(tmp_path_factory: pytest.TempPathFactory) -> Actors:
    path = tmp_path_factory.mktemp("actors") / "actors.toml"
    path.write_text(ACTORS, "utf-8")
    return Actors.load(path)


CASES = {
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
    "rebels in a country do not speak for it": ("[s: Rebels in Lowmark] [c: said] [q: x].", [("Rebels in Lowmark", None)]),
    "nor does a rebel leader": ("[s: The rebel leader in Lowmark] [c: said] [q: x].", [("rebel leader in Lowmark", None)]),
    "a general staff speaks for its state": (
        "[s1: Lowmark’s general staff] [c1: said] [q1: x]. [s2: The General Staff of Lowmark] [c2: said] [q2: y].",
        [("Lowmark’s general staff", "Lowmark"), ("General Staff of Lowmark", "Lowmark")],
    ),
    "so do the other arms of one": (
        "[s1: The Lowmarkian security service] [c1: said] [q1: x]. [s2: The navy of Lowmark] [c2: said] [q2: y]. "
        "[s3: Lowmark’s joint chiefs of staff] [c3: said] [q3: z].",
        [
            ("Lowmarkian security service", "Lowmark"),
            ("navy of Lowmark", "Lowmark"),
            ("Lowmark’s joint chiefs of staff", "Lowmark"),
        ],
    ),
    "without a country’s name, that of the one the article is about": (
        "Lowmark burns. Lowmark is at war, and so are the towns of Lowmark. [s: The general staff] [c: said] [q: x].",
        [("general staff", "Lowmark")],
    ),
    "not the staff of a hospital, nor who weighs its weather": (
        "[s1: Lowmark’s hospital staff] [c1: said] [q1: x]. [s2: The staff of Lowmark] [c2: said] [q2: y]. "
        "[s3: Lowmark’s weather service] [c3: said] [q3: z].",
        [("Lowmark’s hospital staff", None), ("staff of Lowmark", None), ("Lowmark’s weather service", None)],
    ),
    "nor the arms of its rebels": (
        "[s: The general staff of Lowmark’s rebels] [c: said] [q: x].",
        [("general staff of Lowmark’s rebels", None)],
    ),
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
    "aides by the name of whom they serve": (
        "Lowmarkian President Ulla Brandt left. [s: Top Brandt officials] [c: said] [q: she was well].",
        [("Top Brandt officials", "Lowmark")],
    ),
    "an aide before his own name": (
        "[s: Former Ulla Brandt speechwriter Gil Rask] [c: said] [q: x].",
        [("Gil Rask", None)],
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


def test_an_office_counts_on_the_day_of_the_article(actors: Actors) -> None:
    assert actors.person("Mara Dovell", None) is not None

    assert actors.person("Mara Dovell", date(2019, 5, 1)) is not None
    assert actors.person("Mara Dovell", date(2020, 1, 1)) is not None
    assert not actors.is_over("Mara Dovell", date(2020, 1, 1))
    assert actors.is_over("Mara Dovell", date(2020, 1, 2))
    assert actors.person("Mara Dovell", date(2021, 5, 1)) is None


@pytest.mark.parametrize(("source", "expected"), CASES.values(), ids=CASES.keys())
def test_a_source_speaks_for_its_side(source: str, expected: list[tuple[str, str | None]], actors: Actors) -> None:
    assert who(source, actors) == expected
