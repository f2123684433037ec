"""What an operator has corrected, and with which list of actors claims were resolved: in the database of the corpus."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self

from sqlalchemy import Connection, delete, func, insert, select

from whosays.corrections import Correction
from whosays.store import opening
from whosays.store.database import Database, retried
from whosays.store.rows import RowOf, spans
from whosays.store.schema import articles, corrections, resolutions
from whosays.types import Stance

#: Corrections come and go one at a time: none of the same claim is missed, and their numbers grow as they are seen.
_CORRECTING = "correcting"


@dataclass(frozen=True, slots=True)
class Version:
    """Which version of an article is stored, and the digest of the list that its claims were resolved with (None: not known)."""

    article: str
    resolved_with: str | None


class Corrections(Protocol):
    """The operator's corrections. Safe to call from several threads and processes; every method may raise StoreError."""

    def corrections(self, of: Iterable[str] | None = None) -> Sequence[Correction]:
        """Return those of these articles (None: of all), the oldest first."""

    def correct(self, correction: Correction) -> None:
        """Keep a correction, in place of one of the same claim."""

    def undo(self, correction: Correction) -> bool:
        """Let the correction of the same claim go; say whether there was one."""

    def versions(self, of: Iterable[str]) -> Mapping[str, Version]:
        """Return the versions of these articles that are stored."""

    def revision(self) -> str:
        """Return what is another text whenever a correction came or went."""

    def close(self) -> None:
        """Let go of the files."""


class SqlCorrections:
    """`Corrections` over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, address: str) -> Self:
        """Open the store at an address, or make it. Raises ConfigError, StoreError as `opening.connect` does."""
        return cls(opening.connect(address))

    def corrections(self, of: Iterable[str] | None = None) -> Sequence[Correction]:
        """Return those of these articles (None: of all), the oldest first."""
        statement = select(corrections).order_by(corrections.c.id)
        if of is not None:
            statement = statement.where(corrections.c.article.in_(list(of)))
        with self._database.reading() as connection:
            return [_to_correction(row) for row in connection.execute(statement)]

    @retried
    def correct(self, correction: Correction) -> None:
        """Keep a correction, in place of one of the same claim."""
        with self._database.writing(_CORRECTING) as connection:
            _undo(connection, correction)
            connection.execute(insert(corrections).values(_from_correction(correction)))

    @retried
    def undo(self, correction: Correction) -> bool:
        """Let the correction of the same claim go; say whether there was one."""
        with self._database.writing(_CORRECTING) as connection:
            return _undo(connection, correction)

    def versions(self, of: Iterable[str]) -> Mapping[str, Version]:
        """Return the versions of these articles that are stored."""
        statement = (
            select(articles.c.key, articles.c.digest, resolutions.c.digest.label("resolved_with"))
            .outerjoin(resolutions, resolutions.c.article == articles.c.id)
            .where(articles.c.key.in_(list(of)))
        )
        with self._database.reading() as connection:
            return {row.key: Version(row.digest, row.resolved_with) for row in connection.execute(statement)}

    def revision(self) -> str:
        """Return what is another text whenever a correction came or went.

        Numbers are never given out twice, so that with the same last one there are fewer each time that one goes.
        """
        with self._database.reading() as connection:
            last, count = connection.execute(select(func.max(corrections.c.id), func.count())).one()
        return f"{last or 0}-{count}"

    def close(self) -> None:
        """Let go of the files."""
        self._database.close()


def _undo(connection: Connection, correction: Correction) -> bool:
    kept = connection.execute(select(corrections).where(corrections.c.article == correction.article)).all()
    # Compared here: not every database compares JSON.
    same = [row.id for row in kept if spans(row.content) == correction.content and row.found == correction.found]
    connection.execute(delete(corrections).where(corrections.c.id.in_(same)))
    return bool(same)


def _from_correction(correction: Correction) -> dict[str, Any]:
    return {
        "article": correction.article,
        "content": correction.content,
        "words_digest": correction.words,
        "found": correction.found,
        "speaker": correction.speaker,
        "role": correction.role,
        "side": correction.side,
        "stance": correction.stance and correction.stance.value,
        "hidden": correction.hidden,
        "at": correction.at,
    }


def _to_correction(row: RowOf) -> Correction:
    return Correction(
        article=row.article,
        content=spans(row.content),
        words=row.words_digest,
        found=row.found,
        speaker=row.speaker,
        role=row.role,
        side=row.side,
        stance=row.stance and Stance(row.stance),
        hidden=row.hidden,
        at=row.at,
    )
