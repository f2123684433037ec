"""Words as they are compared: lower case, stemmed, without stop words; a country and its people count as one word."""

from __future__ import annotations

import re
from functools import lru_cache

import Stemmer

from whosays.text import STOP_WORDS, plain, written_words

#: Beside what every question is made of, words that say nothing about a topic. "Who owns it?" does ask for whose own it is.
_STOP_WORDS = (STOP_WORDS - {"own"}) | set(
    "tells told according happen happens happened really actually truly latest news s t".split()
)

#: Forms that stand for one name: the country first, then its short forms, its people and its adjective.
_COUNTRIES = """
us usa u.s u.s.a america american americans washington
uk u.k britain british britons
un u.n
eu e.u
russia russian russians moscow kremlin
ukraine ukrainian ukrainians kiev kyiv
syria syrian syrians
iran iranian iranians tehran
iraq iraqi iraqis
israel israeli israelis
palestine palestinian palestinians
turkey turkish turks turkiye türkiye ankara
saudi saudis riyadh
china chinese beijing
korea korean koreans
japan japanese
france french
germany german germans
poland polish poles
spain spanish
italy italian italians
greece greek greeks
india indian indians
pakistan pakistani pakistanis
afghanistan afghan afghans
egypt egyptian egyptians
libya libyan libyans
lebanon lebanese
yemen yemeni yemenis
jordan jordanian jordanians
qatar qatari qataris
sudan sudanese
ethiopia ethiopian ethiopians
somalia somali somalis
nigeria nigerian nigerians
venezuela venezuelan venezuelans
mexico mexican mexicans
canada canadian canadians
cuba cuban cubans
brazil brazilian brazilians
georgia georgian georgians
armenia armenian armenians
azerbaijan azerbaijani azeri azeris
belarus belarusian belarusians
serbia serbian serbs
kosovo kosovar kosovars
myanmar burma burmese
philippines filipino filipinos philippine
australia australian australians
kurdistan kurdish kurds kurd
crimea crimean crimeans
chechnya chechen chechens
catalonia catalan catalans
"""
_COUNTRY = {form: line.split()[0] for line in _COUNTRIES.strip().splitlines() for form in line.split()}

#: Verbs whose past no stemmer knows.
_IRREGULAR = {
    form: line.split()[0]
    for line in """shoot shot
    kill slain
    hold held holding
    fall fell fallen
    take took taken
    give gave given
    fight fought
    strike struck stricken
    begin began begun
    break broke broken
    build built
    buy bought
    choose chose chosen
    find found
    flee fled
    leave left
    lose lost
    make made
    meet met
    pay paid
    rise rose risen
    seek sought
    sell sold
    send sent
    sign signed
    steal stole stolen
    win won
    withdraw withdrew withdrawn
    know knew known
    think thought
    speak spoke spoken
    die died dying dead death deaths
    people person persons""".splitlines()
    for form in line.split()
}

#: Words that ask for, and tell of, the same thing in news of a dispute: who *holds* a town is told by who *captured* it.
_ALIKE = """hold control capture seize conquer occupy rule fall take takeover
kill die dead murder assassinate execute
attack strike hit bomb bombing shell shelling raid assault airstrike
ceasefire truce lull pause armistice
behind responsible orchestrate mastermind involve involvement complicity blame
leave withdraw withdrawal exit quit scrap abandon
war fight conflict battle
block blockade close shut open
peace settlement negotiate negotiation truce
own belong
intervene intervention airstrike troop
investigate investigation inquiry probe
injure wound hurt
spy espionage intelligence
vote election referendum
protest demonstrate demonstration rally
gun weapon rifle firearm arm
talk negotiate negotiation dialogue
flee escape displace refugee
jail prison detain arrest imprison""".splitlines()
_US = re.compile(r"\bUS\b")
_stemmer = Stemmer.Stemmer("english")


@lru_cache(maxsize=65_536)
def _folded(word: str) -> str:
    if country := _COUNTRY.get(word.rstrip(".")):
        return country
    stem: str = _stemmer.stemWord(_IRREGULAR.get(word, word))
    return stem


@lru_cache(maxsize=65_536)
def _term(written: str) -> str:
    """Return the term of a word as it is written; nothing for a stop word."""
    word = plain(written)
    return "" if word in _STOP_WORDS else _folded(word)


def new_terms(text: str) -> tuple[str, ...]:
    """Return the terms of a text that is unlikely to come again: what `terms` does, and nothing of it is kept."""
    # "US" is a country, "us" is not: case is lost with the first look at a word.
    marked = _US.sub("u.s.", text) if "US" in text else text
    return tuple([term for written in written_words(marked) if (term := _term(written))])


@lru_cache(maxsize=16_384)
def terms(text: str) -> tuple[str, ...]:
    """Return the content words of a text in order, folded: "U.S. strikes" and "American strike" have the same."""
    return new_terms(text)


@lru_cache(maxsize=1)
def _alike() -> dict[str, frozenset[str]]:
    result: dict[str, frozenset[str]] = {}
    for row in _ALIKE:
        group = frozenset(terms(row))
        result |= {term: result.get(term, frozenset()) | group for term in group}
    return result


def alike(term: str) -> frozenset[str]:
    """Return the terms that tell of what a term asks for: itself and those of a like meaning."""
    return _alike().get(term, frozenset()) | {term}
