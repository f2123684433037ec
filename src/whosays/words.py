"""Words as they are compared: lower case, stemmed, without stop words; a country and its people count as one word."""

from __future__ import annotations

import re
from functools import cache

import Stemmer

_WORD = re.compile(r"(?:[^\W_]\.){2,}|[^\W_]+(?:[’'][^\W_]+)?")
_POSSESSIVE = re.compile(r"[’']s?$")

#: Words that say nothing about a topic: articles, pronouns, auxiliaries, prepositions, question words, bare verbs of speech.
STOP_WORDS = frozenset(
    """a about after again all also am an and any are as at be been before being both but by can could did do does doing done down
    during each else ever for from get got had has have having he her here hers him his how i if in into is it its itself just let
    may me might more most much must my no nor not now of off on once one only or other our out over own per s shall she should so
    some still such t than that the their them then there these they this those through to too under until up upon us very was we
    were what when where whether which while who whom whose why will with would yes yet you your
    don't doesn't didn't isn't aren't wasn't weren't won't can't couldn't wouldn't
    say says said saying tell tells told according happen happens happened really actually truly latest news""".split()
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

_stemmer = Stemmer.Stemmer("english")


@cache
def _folded(word: str) -> str:
    if country := _COUNTRY.get(word):
        return country
    stem: str = _stemmer.stemWord(_IRREGULAR.get(word, word))
    return stem


def terms(text: str) -> list[str]:
    """Return the content words of a text in order, folded: "U.S. strikes" and "American strike" have the same."""
    result = []
    for match in _WORD.finditer(text):
        form = match.group()
        word = _POSSESSIVE.sub("", form.lower().rstrip("."))
        # "US" is a country, "us" is not.
        if word and (word not in STOP_WORDS or (word == "us" and form == "US")):
            result.append(_folded(word))
    return result
