"""Claims as the operator has corrected them, and resolved with his list as it is now, over a real store."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from tests.orsel import WordEncoder
from tests.resolving import marked
from whosays.attribution.find import claims_of
from whosays.attribution.listed import ActorsFile
from whosays.corrected import CorrectedCorpus
from whosays.corrections import OPEN, Correction, digest_of
from whosays.relevance import claim_text
from whosays.store.corpus import Indexed, StoredClaim
from whosays.store.corrections import SqlCorrections
from whosays.store.sql_corpus import SqlCorpus
from whosays.text import blocks
from whosays.types import Article, Attribution, Claim

LIST = '[[party]]\nname = "Coast League"\nkind = "group"\n'
WITH_COMMITTEE = LIST + 'aliases = ["Harbour Committee"]\n'
TEXT, MARKED = marked(
    "[s1: The Harbour Committee] [c1: said] [q1: that that mole was theirs].\n\nShare this\n\n"
    "[s2: It] [c2: denied] [q2: that a ship had been held, while Varn said that one was].\n\n"
    "[s3: The Coast League and the Harbour Committee] [c3: demanded] [q3: talks]."
)
ARTICLE = Article(id="harbour", text=TEXT, title="The harbour", published=datetime(2031, 1, 3, tzinfo=UTC))


@pytest.fixture
def actors(tmp_path: Path) -> Path:
    path = tmp_path / "actors.toml"
    path.write_text(LIST, "utf-8")
    return path


class Clock:
    """Each look is later than the one before."""

    now = 0.0

    def __call__(self) -> float:
        self.now += 10
        return self.now


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[SqlCorpus]:
    corpus = SqlCorpus.open(f"sqlite:///{tmp_path}/store.db", WordEncoder())
    yield corpus
    corpus.close()


@pytest.fixture
def corrections(tmp_path: Path) -> Iterator[SqlCorrections]:
    store = SqlCorrections.open(f"sqlite:///{tmp_path}/store.db")
    yield store
    store.close()


@pytest.fixture
def corpus(stored: SqlCorpus, corrections: SqlCorrections, actors: Path) -> CorrectedCorpus:
    file = ActorsFile(actors, Clock())
    put(stored, ARTICLE, MARKED, file, known=True)
    return CorrectedCorpus(stored, corrections, file)


def put(corpus: SqlCorpus, article: Article, found: Sequence[Attribution], file: ActorsFile, *, known: bool) -> None:
    listed, parts = file.now(), blocks(article.text)
    claims = tuple(claims_of(article, parts, found, listed.actors()))
    encode = WordEncoder().encode
    corpus.put(
        Indexed(
            article=article,
            blocks=parts,
            vectors=encode([article.text[slice(*block.span)] for block in parts if not block.furniture]),
            claims=claims,
            claim_vectors=encode([claim_text(article, claim) for claim in claims]),
            resolved_with=listed.digest if known else None,
        )
    )


def of(corpus: SqlCorpus | CorrectedCorpus) -> Sequence[StoredClaim]:
    found = corpus.claims(paragraph.id for paragraph in corpus.paragraphs_of("harbour"))
    for _ in range(2):
        [whole] = corpus.wholes(["harbour"])
        assert [one.claim for one in whole.claims] == [one.claim for one in found]
        assert np.array_equal([one.vector for one in whole.claims], [one.vector for one in found])
    return found


def claims(corpus: SqlCorpus | CorrectedCorpus) -> list[Claim]:
    return [one.claim for one in of(corpus)]


def sides(corpus: CorrectedCorpus) -> list[tuple[str, str | None]]:
    return [(claim.speaker.name, claim.side) for claim in claims(corpus)]


def correction(claim: Claim) -> Correction:
    content = claim.attribution.content
    words = digest_of(TEXT, content)
    return Correction(
        article="harbour", content=content, words=words, found=claim.speaker.name, at=datetime(2031, 1, 4, tzinfo=UTC)
    )


def test_claims_of_an_article_that_was_read_with_this_list_are_those_stored(corpus: CorrectedCorpus, stored: SqlCorpus) -> None:
    assert claims(corpus) == claims(stored)
    assert len(claims(corpus)) == 4


def test_claims_resolved_anew_with_the_same_list_are_the_same_with_their_vectors(
    stored: SqlCorpus, corrections: SqlCorrections, actors: Path
) -> None:
    file = ActorsFile(actors)
    put(stored, ARTICLE, MARKED, file, known=False)
    corpus = CorrectedCorpus(stored, corrections, file)
    assert claims(corpus) == claims(stored)
    assert TEXT[slice(*claims(corpus)[0].attribution.content[0])] == "that mole was theirs"  # not cut down once more
    assert all(np.array_equal(a.vector, b.vector) for a, b in zip(of(corpus), of(stored), strict=True))


def test_an_edit_of_the_list_shows_in_the_claims_that_are_read_next(corpus: CorrectedCorpus, actors: Path) -> None:
    before, revision = claims(corpus), corpus.revision()
    assert {side for name, side in sides(corpus) if "Committee" in name} == {None}
    actors.write_text(WITH_COMMITTEE, "utf-8")
    assert {side for name, side in sides(corpus) if "Committee" in name} == {"Coast League"}
    assert [claim.attribution for claim in claims(corpus)] == [claim.attribution for claim in before]
    assert [claim.paragraphs for claim in claims(corpus)] == [claim.paragraphs for claim in before]
    assert corpus.revision() != revision
    actors.write_text(LIST, "utf-8")
    assert claims(corpus) == before
    assert corpus.revision() == revision


def test_claims_of_a_few_paragraphs_are_resolved_by_the_whole_article(corpus: CorrectedCorpus, actors: Path) -> None:
    actors.write_text(WITH_COMMITTEE, "utf-8")
    whole = claims(corpus)
    of_each = [claim for p in corpus.paragraphs_of("harbour") for claim in (one.claim for one in corpus.claims([p.id]))]
    assert of_each == whole


def test_a_broken_list_fails_no_answer(
    stored: SqlCorpus, corrections: SqlCorrections, corpus: CorrectedCorpus, actors: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = claims(corpus)
    actors.write_text("[[party]]", "utf-8")
    with caplog.at_level(logging.ERROR):
        assert claims(corpus) == before
        started_with_it = CorrectedCorpus(stored, corrections, ActorsFile(actors))
        assert claims(started_with_it) == before
    assert all(str(actors) in record.getMessage() for record in caplog.records)
    # By the file that became ill-formed, and by each look at claims, in paragraphs and in articles read whole.
    assert len(caplog.records) == 3


def test_a_new_version_of_an_article_is_not_shown_with_the_claims_of_the_old_one(
    corpus: CorrectedCorpus, stored: SqlCorpus, actors: Path
) -> None:
    actors.write_text(WITH_COMMITTEE, "utf-8")
    assert len(claims(corpus)) == 4
    text, found = marked("[s1: The Harbour Committee] [c1: said] [q1: nothing more].")
    put(stored, replace(ARTICLE, text=text), found, ActorsFile(actors), known=False)
    assert [text[slice(*claim.attribution.content[0])] for claim in claims(corpus)] == ["nothing more"]


def test_a_correction_shows_in_the_claims_that_are_read_next_and_undone_no_more(
    corpus: CorrectedCorpus, corrections: SqlCorrections
) -> None:
    before, revision = claims(corpus), corpus.revision()
    corrections.correct(replace(correction(before[1]), side="Varn Republic"))
    assert [claim.side for claim in claims(corpus)] == [before[0].side, "Varn Republic", before[2].side, before[3].side]
    assert corpus.revision() != revision
    corrections.correct(replace(correction(before[1]), hidden=True))
    assert claims(corpus) == [before[0], *before[2:]]
    corrections.undo(correction(before[1]))
    assert claims(corpus) == before


def test_an_article_that_is_removed_takes_its_corrections_along(corpus: CorrectedCorpus, corrections: SqlCorrections) -> None:
    corrections.correct(correction(claims(corpus)[0]))
    elsewhere = replace(correction(claims(corpus)[0]), article="budget")
    corrections.correct(elsewhere)
    assert corpus.remove("harbour")
    assert corrections.corrections() == [elsewhere]


def test_a_correction_goes_before_the_list(corpus: CorrectedCorpus, corrections: SqlCorrections, actors: Path) -> None:
    committee = next(claim for claim in claims(corpus) if "Committee" in claim.speaker.name)
    corrections.correct(replace(correction(committee), side=OPEN))
    actors.write_text(WITH_COMMITTEE, "utf-8")
    assert sides(corpus)[0][1] is None
    assert sides(corpus)[-1][1] == "Coast League"


def test_a_correction_whose_words_have_changed_is_not_applied_and_is_stale(
    corpus: CorrectedCorpus, stored: SqlCorpus, corrections: SqlCorrections, actors: Path
) -> None:
    said, _, _, joint = (correction(claim) for claim in claims(corpus))
    kept = [replace(said, side="Varn Republic"), replace(joint, side=OPEN), replace(said, article="gone", hidden=True)]
    for one in kept:
        corrections.correct(one)
    assert list(corpus.stale()) == kept[2:]
    changed = replace(ARTICLE, text=TEXT.replace("mole", "quay"))
    put(stored, changed, MARKED, ActorsFile(actors), known=True)
    assert "Varn Republic" not in [claim.side for claim in claims(corpus)]
    assert list(corpus.stale()) == [kept[0], kept[2]]


def test_all_else_is_handed_on(corpus: CorrectedCorpus, stored: SqlCorpus) -> None:
    ids = [paragraph.id for paragraph in stored.paragraphs_of("harbour")]
    assert corpus.paragraphs(ids) == stored.paragraphs(ids)
    assert corpus.articles(["harbour"]) == stored.articles(["harbour"]) == {"harbour": ARTICLE}
    assert corpus.outlets() == stored.outlets()
    assert corpus.unchanged(ARTICLE)
    assert corpus.remove("harbour")
    assert not stored.unchanged(ARTICLE)
