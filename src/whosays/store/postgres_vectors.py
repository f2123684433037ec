"""pgvector's types for SQLAlchemy, and the tables of a generation of vectors.

Vectors travel as the bytes that PostgreSQL itself takes and gives, not as text: eight hundred of them are read for a question.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format
from sqlalchemy import BigInteger, Column, ColumnElement, Float, LargeBinary, MetaData, String, Table, func
from sqlalchemy.engine import Dialect
from sqlalchemy.types import UserDefinedType

from whosays.store.schema import UtcDateTime
from whosays.types import Vector

#: Before a vector's float32 numbers, most significant byte first, stand how many they are, and two bytes that are 0.
_HEADER = 4


class Floats(UserDefinedType[Vector]):
    """A column of vectors of so many float32 numbers."""

    cache_ok = True

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension

    def get_col_spec(self, **_: Any) -> str:
        """Return the type's name in SQL."""
        return f"vector({self.dimension})"

    def column_expression(self, colexpr: ColumnElement[Any]) -> ColumnElement[Any]:
        """Read the bytes."""
        return func.vector_send(colexpr, type_=_Sent())


class Halves(UserDefinedType[Vector]):
    """The same with 16 bits a number: what the graph is made of."""

    cache_ok = True

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension

    def get_col_spec(self, **_: Any) -> str:
        """Return the type's name in SQL."""
        return f"halfvec({self.dimension})"


class _Sent(LargeBinary):
    """A vector's bytes, read as (d,) float32."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """Return what makes a vector of a value."""
        del dialect, coltype
        return lambda value: None if value is None else np.frombuffer(value, ">f4", offset=_HEADER)


class _Sender(Dumper):
    """(d,) float32 → the bytes of a vector; of which type they are says the place where they stand."""

    format = Format.BINARY

    def dump(self, obj: Vector) -> bytes:
        """Return the bytes."""
        return len(obj).to_bytes(2, "big") + b"\0\0" + obj.astype(">f4").tobytes()


def adapt(connection: psycopg.Connection) -> None:
    """Have a connection take arrays as vectors."""
    connection.adapters.register_dumper(np.ndarray, _Sender)


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorTables:
    """The tables of a generation: a passage's vector with its paragraph, and its article's date and (folded) outlet."""

    passages: Table
    claims: Table


def tables(dimension: int, generation: int) -> VectorTables:
    """Return the tables of a generation of vectors of so many numbers."""
    metadata = MetaData()
    passages = Table(
        f"passage_vectors_{generation}",
        metadata,
        Column("slot", BigInteger, primary_key=True, autoincrement=False),
        Column("paragraph", BigInteger, nullable=False),
        Column("published", UtcDateTime, index=True),
        Column("outlet", String(collation="C"), index=True),
        Column("vector", Floats(dimension), nullable=False),
    )
    claims = Table(
        f"claim_vectors_{generation}",
        metadata,
        Column("slot", BigInteger, primary_key=True, autoincrement=False),
        Column("vector", Floats(dimension), nullable=False),
    )
    return VectorTables(passages=passages, claims=claims)


def product(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[float]:
    """Return the negative inner product, which is the less the nearer two vectors of length 1 are."""
    return cast("ColumnElement[float]", one.op("<#>", return_type=Float())(other))
