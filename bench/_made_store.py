"""A store of any number of paragraphs, made in minutes: invented sentences, a claim in every fifth, vectors like real ones.

Some 1,500 sentences are encoded; each paragraph says one of them, and has its vector jittered along the difference of two
others (cosine with the sentence's own some 0.84), so that a store of a million paragraphs crowds as news does. The first 100,000
paragraphs go in by the store's own `put`, one transaction an article; a larger store holds copies of these rows, with other
numbers and other vectors.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from whosays.article_words import VERSION
from whosays.attribution.listed import ActorsFile
from whosays.config import Settings, sqlite_address
from whosays.encode import Encoder
from whosays.parts import load_encoder, open_corpus
from whosays.store import bm25
from whosays.store.corpus import Indexed
from whosays.store.prepared import packed, unpacked
from whosays.store.vector_files import VectorFiles
from whosays.store.vectors import sign_bits
from whosays.types import Article, Attribution, Block, Claim, Span, Speaker, Stance, Vectors

#: What is asked of such a store.
QUESTIONS = (
    "who closed the bridge at Orsel?",
    "what does the Coast League say about the harbour of Tarn?",
    "did the Varn Republic shell the mill at Hollin?",
    "who holds the pass of Mirrow?",
    "why was the ferry to Sund stopped?",
)
_PLACES = ("Orsel", "Tarn", "Hollin", "Mirrow", "Sund", "Kesk", "Dorran", "Velm", "Astra Bay", "Port Lume", "Naze", "Ilm")
_THINGS = (
    "bridge",
    "harbour",
    "mill",
    "pass",
    "ferry",
    "road",
    "market",
    "power station",
    "hospital",
    "airfield",
    "school",
    "dam",
)
_DEEDS = (
    *("had closed the", "would open the", "had shelled the", "held the", "had stopped work at the", "was rebuilding the"),
    *("wanted observers at the", "had found mines near the", "had lost the", "would never give up the", "had sold the"),
)
_ENDS = (
    *("on Monday", "after a week of talks", "because of the floods", "without a warning", "before the vote", "last winter"),
    *("for the second time", "as prices rose", "although the truce held", "with help from abroad"),
)
_SPEAKERS = (
    ("Mira Tolk", "Varn Republic", "said"),
    ("Jon Farrow", "Coast League", "denied that it"),
    ("Ada Brandt", "Orsel Council", "warned that it"),
    ("Peer Halm", "Coast League", "insisted that it"),
)
#: Raised with every change of what a made store holds, or of how a store keeps it.
_VERSION = 4
_SENTENCES, _ARTICLE, _CLAIM_EVERY = 1_500, 50, 5
#: So many paragraphs are put, more are copied.
_PUT = 100_000
_JITTER = 0.5
_BEGIN = datetime(2031, 1, 1, tzinfo=UTC)


def made(settings: Settings, paragraphs: int) -> str:
    """Make a store of so many paragraphs in the folder of prepared models, unless it is there already; return its address."""
    folder = settings.cache_folder / f"made-{_VERSION}-{paragraphs}"
    address, done = sqlite_address(folder / "whosays.db"), folder / "complete"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        own = min(paragraphs, _PUT)
        corpus = open_corpus(address, encoder := load_encoder(settings))
        for indexed in _articles(own, encoder, ActorsFile(settings.actors).now().digest):
            corpus.put(indexed)
        corpus.close()
        if paragraphs > own:
            _multiply(folder / "whosays.db", paragraphs // own)
        done.touch()
    return address


def jittered(middles: Vectors, vectors: Vectors, draw: np.random.Generator) -> Vectors:
    """Return (n, d) unit vectors, one around each of `middles` (n, d): moved by half the difference of two drawn `vectors`.

    So the noise has the spread that real vectors have.
    """
    plus, minus = draw.integers(len(vectors), size=(2, len(middles)))
    moved = middles + _JITTER * (vectors[plus] - vectors[minus])
    lengths: Vectors = np.linalg.norm(moved, axis=1, keepdims=True)
    return moved / lengths


def encoded(encoder: Encoder, questions: int) -> tuple[Vectors, Vectors]:
    """Return the vectors of the sentences, and of so many questions on them."""
    chance = random.Random(20310104)
    asked = []
    while len(asked) < questions:
        place, thing, deed = (chance.choice(words) for words in (_PLACES, _THINGS, _DEEDS))
        speaker, party, _ = chance.choice(_SPEAKERS)
        kinds = (f"who {deed} {thing} of {place}?", f"what does {speaker} say about {place}?", f"{party} {thing}")
        asked.append(chance.choice(kinds))
    return encoder.encode([_sentence(speaker, clause) for speaker, clause in _said()]), encoder.encode(asked)


def _articles(paragraphs: int, encoder: Encoder, actors: str) -> Iterator[Indexed]:
    draw, said = np.random.default_rng(20310101), _said()
    vectors = encoder.encode([_sentence(speaker, clause) for speaker, clause in said])
    for number in range(-(-paragraphs // _ARTICLE)):
        which = draw.integers(len(vectors), size=min(_ARTICLE, paragraphs - number * _ARTICLE))
        own = jittered(vectors[which], vectors, draw)
        yield _article(number, [said[i] for i in which], own, actors)


def _said() -> list[tuple[tuple[str, str, str], str]]:
    """Return the sentences: who speaks, and what he says."""
    chance = random.Random(20310101)
    said = []
    for _ in range(_SENTENCES):
        speaker, (place, thing, deed, end) = chance.choice(_SPEAKERS), map(chance.choice, (_PLACES, _THINGS, _DEEDS, _ENDS))
        said.append((speaker, f"{deed} {thing} of {place} {end}"))
    return said


def _sentence(speaker: tuple[str, str, str], clause: str) -> str:
    name, party, cue = speaker
    return f"{name} of the {party} {cue} {clause}."


def _article(number: int, said: list[tuple[tuple[str, str, str], str]], vectors: Vectors, actors: str) -> Indexed:
    text, blocks, claims, of_claims = "", [], [], []
    for position, (speaker, clause) in enumerate(said):
        begin = len(text) + 2 if text else 0
        text += f"{'' if not text else chr(10) * 2}{_sentence(speaker, clause)}"
        blocks.append(Block(Span(begin, len(text))))
        if position % _CLAIM_EVERY == 0:
            claims.append(_claim(f"made-{number}", position, begin, len(text), speaker, clause))
            of_claims.append(position)
    article = Article(
        id=f"made-{number}",
        text=text,
        outlet=f"Post {number % 40}",
        title=f"What was said in {_PLACES[number % len(_PLACES)]}, {number}",
        published=_BEGIN + timedelta(hours=number),
        url=f"https://example.org/{number}",
    )
    return Indexed(
        article=article,
        blocks=tuple(blocks),
        vectors=vectors,
        claims=tuple(claims),
        claim_vectors=vectors[of_claims],
        resolved_with=actors,
    )


def _claim(article: str, position: int, begin: int, end: int, speaker: tuple[str, str, str], clause: str) -> Claim:
    name, party, cue = speaker
    source = Span(begin, begin + len(name))
    content = Span(end - 1 - len(clause), end - 1)
    verb = cue.split()[0]
    at = content.start - 1 - len(cue)
    return Claim(
        article=article,
        paragraphs=(position,),
        attribution=Attribution(source=(source,), cue=(Span(at, at + len(verb)),), content=(content,), confidence=0.9),
        speaker=Speaker(name=name, role="", party=party),
        side=party,
        stance=Stance.DENIES if verb == "denied" else Stance.CLAIMS,
        confidence=0.9,
    )


#: Which columns of a table number its rows, or those of another one: a copy's have the last number of before added.
_NUMBERS = {
    "articles": {"id": "articles"},
    "paragraphs": {"id": "paragraphs", "article": "articles"},
    "passages": {"paragraph": "paragraphs", "slot": "passages"},
    "claims": {"id": "claims", "article": "articles", "slot": "claims"},
    "claim_paragraphs": {"paragraph": "paragraphs", "claim": "claims"},
    "resolutions": {"article": "articles"},
    "prepared": {"article": "articles"},
    "placements": {"article": "articles", "original": "articles"},
    "word_segments": {"id": "word_segments"},
    "postings": {"segment": "word_segments"},
}


def _multiply(path: Path, times: int) -> None:
    """Make of a store one that is so many times as large. What only a new article is compared with is not copied."""
    draw = np.random.default_rng(20310102)
    with closing(sqlite3.connect(path)) as connection, connection:
        last = {table: _one(connection, f"SELECT max(id) FROM {table}") for table in ("articles", "paragraphs", "word_segments")}
        last |= {name: _one(connection, f"SELECT value FROM counters WHERE name = '{name}'") for name in ("passages", "claims")}
        files = VectorFiles(path, _one(connection, "SELECT value FROM meta WHERE key = 'store'"), 384)
        vectors, rows = np.array(files.passages.rows(last["passages"])), np.array(files.slots.rows(last["passages"]))
        of_claims = np.array(files.claims.rows(last["claims"]))
        connection.create_function("moved", 2, _moved, deterministic=True)
        connection.create_function("prepared", 2, partial(_prepared, last), deterministic=True)
        for copy in range(1, times):
            for table, numbers in _NUMBERS.items():
                by = {column: copy * last[name] for column, name in numbers.items()}
                connection.execute(_copying(connection, table, by, copy, last))
            moved, own = jittered(vectors, vectors, draw), rows.copy()
            own[:, : files.words] = sign_bits(moved)
            own[:, files.words] = rows[:, files.words] + np.uint64(copy * last["paragraphs"])
            files.passages.write(copy * last["passages"], moved)
            files.slots.write(copy * last["passages"], own)
            files.claims.write(copy * last["claims"], of_claims)
        for name in ("passages", "claims"):
            connection.execute("UPDATE counters SET value = ? WHERE name = ?", (times * last[name], name))


def _copying(connection: sqlite3.Connection, table: str, moved: dict[str, int], copy: int, last: dict[str, int]) -> str:
    """Return the statement that copies the rows of a table as they were first, with its numbers moved."""
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    values = [f'"{column}" + {moved[column]}' if column in moved else f'"{column}"' for column in columns]
    if table == "articles":
        values[columns.index("key")] = f"key || '-{copy}'"
    if table == "postings":
        for column, name in (("articles", "articles"), ("passages", "passages")):
            values[columns.index(column)] = f"moved({column}, {copy * last[name]})"
    if table == "prepared":
        values[columns.index("data")] = f"prepared(data, {copy})"
    names = ", ".join(f'"{column}"' for column in columns)
    first, of = next((column, name) for column, name in _NUMBERS[table].items())
    return f'INSERT INTO {table} ({names}) SELECT {", ".join(values)} FROM {table} WHERE "{first}" <= {last[of]}'


def _prepared(last: Mapping[str, int], data: bytes, copy: int) -> bytes:
    """Return what is prepared of a copy of an article."""
    of = unpacked(VERSION, data)
    assert of is not None
    by = {name: copy * number for name, number in last.items()}
    moved = msgspec.structs.replace(
        of,
        paragraphs=tuple(replace(p, id=p.id + by["paragraphs"], article=f"{p.article}-{copy}") for p in of.paragraphs),
        slots=tuple(slot + by["passages"] for slot in of.slots),
        claims=tuple(replace(claim, article=f"{claim.article}-{copy}") for claim in of.claims),
        claim_slots=tuple(slot + by["claims"] for slot in of.claim_slots),
    )
    return packed(moved)


def _moved(data: bytes, by: int) -> bytes:
    held = np.frombuffer(data, bm25.POSTING).copy()
    held["id"] += by
    return held.tobytes()


def _one(connection: sqlite3.Connection, query: str) -> Any:
    return connection.execute(query).fetchone()[0]
