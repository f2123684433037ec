"""The list of parties and observers that ships with the project says each thing once, and loads."""

from __future__ import annotations

import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from whosays.attribution.actors import Actors, words

PATH = Path(__file__).parents[2] / "data" / "actors.toml"
TABLES: dict[str, list[dict[str, Any]]] = tomllib.loads(PATH.read_text("utf-8"))
ENTRIES = TABLES["party"] + TABLES["observer"]
KINDS = {
    "party": {"country", "group", "party", "alliance", "organisation"},
    "observer": {"agency", "outlet", "un", "court", "monitor", "ngo", "think-tank", "academia"},
}


@pytest.fixture(scope="module")
def actors() -> Actors:
    return Actors.load(PATH)


def forms(entry: dict[str, Any]) -> list[str]:
    return [entry["name"], *entry.get("aliases", []), *entry.get("adjectives", [])]


def same(form: str) -> str:
    """Return what two forms share that the matching does not tell apart: dots are nothing to it."""
    return form.replace(".", "")


def spellings(person: dict[str, Any]) -> list[str]:
    return [person["name"], *person.get("aliases", [])]


def offices() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield (spelling, party or observer, office) for every office of everybody."""
    for entry in ENTRIES:
        for person in entry.get("people", []):
            for spelling in spellings(person):
                yield spelling.casefold(), entry["name"], person


def collated(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))


def test_every_entry_has_the_keys_and_kinds_that_the_format_knows() -> None:
    assert set(TABLES) == {"party", "observer"}
    for table, kinds in KINDS.items():
        for entry in TABLES[table]:
            known = {"name", "kind", "aliases", "adjectives", "adjectives_until", "ambiguous", "alone", "people"}
            assert {"name", "kind"} <= set(entry) <= known, entry
            assert entry["kind"] in kinds, entry["name"]
            for person in entry.get("people", []):
                assert {"name", "role"} <= set(person) <= {"name", "role", "from", "to", "aliases", "gender"}, person
                assert person.get("gender") in (None, "he", "she"), person
                assert all(type(person[key]) is date for key in ("from", "to") if key in person), person


def test_no_name_is_empty_or_written_carelessly() -> None:
    for entry in ENTRIES:
        people = [spelling for person in entry.get("people", []) for spelling in (*spellings(person), person["role"])]
        for text in (*forms(entry), *entry.get("ambiguous", []), *people):
            assert words(text), entry["name"]
            assert text == " ".join(text.split()), text
            assert "’" not in text, f"{text}: the straight apostrophe stands for both"
        assert not any(form.startswith("The ") for form in forms(entry)), (
            f"{entry['name']}: a leading article is left out in matching"
        )


def test_no_form_means_two_parties_or_observers() -> None:
    owners: dict[str, list[str]] = defaultdict(list)
    for entry in ENTRIES:
        for form in forms(entry):
            owners[same(form)].append(entry["name"])
    assert {form: names for form, names in owners.items() if len(names) > 1} == {}


def test_an_ambiguous_name_is_nobodys_alias() -> None:
    decided = {same(form) for entry in ENTRIES for form in forms(entry)}
    assert {form for entry in ENTRIES for form in entry.get("ambiguous", [])} & decided == set()


def test_a_persons_name_is_no_form_of_a_party_or_observer() -> None:
    decided = {form.casefold() for entry in ENTRIES for form in forms(entry)}
    assert {spelling for spelling, _, _ in offices()} & decided == set()


def test_entries_are_sorted_by_name() -> None:
    for entries in TABLES.values():
        names = [entry["name"] for entry in entries]
        assert names == sorted(names, key=collated)


def test_an_office_ends_after_it_began() -> None:
    for spelling, party, person in offices():
        assert person.get("from", date.min) < person.get("to", date.max), (party, spelling)


def test_nobody_is_on_two_sides_on_one_day() -> None:
    held: dict[str, list[tuple[date, date, str]]] = defaultdict(list)
    for spelling, party, person in offices():
        held[spelling].append((person.get("from", date.min), person.get("to", date.max), party))
    for spelling, terms in held.items():
        for i, (start, end, party) in enumerate(terms):
            for other_start, other_end, other in terms[i + 1 :]:
                assert party == other or end <= other_start or other_end <= start, (spelling, party, other)


def test_the_first_spelling_of_a_name_is_everywhere_the_same() -> None:
    first: dict[str, set[str]] = defaultdict(set)
    for spelling, _, person in offices():
        first[spelling].add(person["name"])
    assert {spelling: names for spelling, names in first.items() if len(names) > 1} == {}


def test_the_list_covers_what_a_reader_of_world_news_meets() -> None:
    assert len([entry for entry in TABLES["party"] if entry["kind"] == "country"]) >= 90
    assert len(TABLES["party"]) >= 120
    assert len(TABLES["observer"]) >= 120
    assert len({person["name"] for _, _, person in offices()}) >= 500


def test_every_form_is_found_in_a_text_as_its_owners(actors: Actors) -> None:
    for table, entries in TABLES.items():
        for entry in entries:
            for form in forms(entry):
                found = list(actors.find(words(f"said the {form} today")))
                assert [(named.actor.name, named.actor.observer) for named in found] == [(entry["name"], table == "observer")], (
                    form
                )


def test_every_office_is_found_on_its_first_and_last_day_and_not_after(actors: Actors) -> None:
    for spelling, party, person in offices():
        if "from" in person:
            begun = actors.person(spelling, person["from"])
            assert begun is not None, spelling
            assert begun.party.name == party
        if "to" in person:
            ending = actors.person(spelling, person["to"] - timedelta(days=1))
            assert ending is not None, spelling
            assert ending.party.name == party
            after = actors.person(spelling, person["to"])
            assert after is None or after.since is None or after.since <= person["to"]


@pytest.mark.parametrize(
    ("name", "day", "party"),
    [
        ("Zabihullah Mujahid", date(2021, 9, 6), "Taliban"),
        ("Ahmad Massoud", date(2021, 9, 6), "National Resistance Front"),
        ("Amrullah Saleh", date(2021, 8, 1), "Afghan government"),
        ("Amrullah Saleh", date(2021, 9, 3), "National Resistance Front"),
        ("Sergey Lavrov", date(2018, 3, 13), "Russia"),
        ("Donald Trump", date(2016, 7, 21), "Republicans"),
        ("Donald Trump", date(2018, 5, 8), "United States"),
        ("Aung San Suu Kyi", date(2012, 4, 1), "National League for Democracy"),
        ("Aung San Suu Kyi", date(2019, 12, 11), "Myanmar"),
        ("Michelle Bachelet", date(2021, 9, 13), "UN human rights office"),
        ("Robert O’Brien", date(2020, 1, 8), "United States"),
        ("Adam B. Schiff", date(2019, 11, 13), "Democrats"),
        ("Recep Tayyip Erdoğan", date(2016, 7, 16), "Turkey"),
    ],
)
def test_somebody_known_speaks_for_the_right_party_on_a_day(actors: Actors, name: str, day: date, party: str) -> None:
    person = actors.person(name, day)
    assert person is not None
    assert person.party.name == party


@pytest.mark.parametrize(
    ("name", "day"),
    [("Hillary Clinton", date(2014, 1, 1)), ("Donald Trump", date(2022, 1, 1)), ("Ashraf Ghani", date(2022, 1, 1))],
)
def test_nothing_is_said_of_somebody_between_or_after_his_offices(actors: Actors, name: str, day: date) -> None:
    assert actors.person(name, day) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the U.S. State Department", ["United States", "United States"]),
        ("the Donetsk People’s Republic", ["Donetsk and Luhansk separatists"]),
        ("China’s People's Liberation Army", ["China", "China"]),
        ("the Pakistani Taliban", ["Pakistani Taliban"]),
        ("the Washington Post", ["Washington Post"]),
        ("Denzel Washington", []),
        ("the governor of New Mexico", []),
        ("a Latin American diplomat", []),
        ("Mexico and New Mexico", ["Mexico"]),
        ("North Korea's Korean Central News Agency", ["North Korea", "North Korea"]),
        ("the Syrian Observatory for Human Rights", ["Syrian Observatory for Human Rights"]),
    ],
)
def test_the_longest_name_is_found_and_only_that(actors: Actors, text: str, expected: list[str]) -> None:
    assert [named.actor.name for named in actors.find(words(text))] == expected
