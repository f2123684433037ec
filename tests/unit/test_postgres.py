"""What only the PostgreSQL store has: a server that may be missing, refuse, stop and start, and pgvector's graph."""

from __future__ import annotations

import asyncio
import threading
import time
import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import numpy as np
import psycopg
import pytest
from sqlalchemy import func, insert, select, text

from bot.records import Records
from bot.replica import Replica
from tests import postgres as servers
from tests.encoders import Hashing
from tests.patience import PATIENCE, wait_until
from tests.stored import DIMENSION, Model, article, claim, indexed, unit
from whosays.errors import ConfigError, ConflictError, StoreError
from whosays.ingest import ingest
from whosays.reindex import reindex
from whosays.store import opening
from whosays.store.chats import SqlChats
from whosays.store.corpus import Filter
from whosays.store.reindexing import Reindexing
from whosays.store.schema import meta
from whosays.store.sql_corpus import SqlCorpus
from whosays.types import Block, Span, Vectors, Window

HARBOUR = article("harbour", "The harbour is shut.", "Ferries lie idle.", outlet="Orsel Gazette", day=3)


def opened(address: str, model: Model | None = None) -> SqlCorpus:
    return SqlCorpus.open(address, model or Model())


def run(address: str, *statements: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def forget_places(address: str) -> None:
    """Break off the connection that holds a bot's place, and wait until another one does."""
    holding = b"SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted"
    with psycopg.connect(address, autocommit=True) as connection:
        before = connection.execute(holding).fetchall()
        assert len(before) == 1
        connection.execute("SELECT pg_terminate_backend(%s)", before[0])
        wait_until(lambda: connection.execute(holding).fetchall() not in ([], before))


@pytest.fixture
def weak(postgres: str) -> Iterator[str]:
    """The same empty database, for a user who may do nothing in it yet."""
    run(postgres, "CREATE ROLE weak LOGIN PASSWORD 'a secret'")
    head, _, tail = postgres.partition("://")
    yield f"{head}://weak:{quote('a secret')}@{tail.partition('@')[2]}"
    run(postgres, "DROP OWNED BY weak", "DROP ROLE weak")


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("postgresql://u:secret@127.0.0.1:1/x", "refused.*does the server run there"),
        ("postgresql://u:secret@/x?host=/nowhere/at/all&sslpassword=secret", "does the server run there"),
        ("postgresql://u:secret@no-host.invalid/x", "is the host's name right"),
    ],
)
def test_where_there_is_no_server_that_is_said_without_the_password(address: str, says: str) -> None:
    with pytest.raises(StoreError, match=says) as raised:
        opened(address)
    assert "secret" not in "".join(traceback.format_exception(raised.value))


@pytest.mark.parametrize("address", ["postgresql://u:secret@127.0.0.1:p/x", "postgresql://u:my@secret@127.0.0.1:1/x"])
def test_what_is_no_address_is_refused_without_showing_it(address: str) -> None:
    with pytest.raises(ConfigError, match="postgresql://USER:PASSWORD@HOST/DATABASE") as raised:
        opened(address)
    assert "secret" not in "".join(traceback.format_exception(raised.value))


def test_a_database_that_is_not_there_is_said_with_what_to_do(postgres: str) -> None:
    with pytest.raises(StoreError, match=r'database "nowhere_\w+" does not exist.*CREATE DATABASE'):
        opened(postgres.replace("/whosays_", "/nowhere_"))


def test_a_user_who_may_not_make_tables_or_load_pgvector_is_told_who_may(postgres: str, weak: str) -> None:
    with pytest.raises(StoreError, match=r"permission denied for schema public.*right to make tables"):
        opened(weak)
    run(postgres, "GRANT CREATE ON SCHEMA public TO weak")
    with pytest.raises(StoreError, match=r"needs pgvector.*superuser run CREATE EXTENSION vector"):
        opened(weak)
    run(postgres, "CREATE EXTENSION vector")
    opened(weak).close()


def test_a_server_without_pgvector_or_with_an_old_one_is_said_with_what_to_do(postgres: str) -> None:
    mark = "&" if "?" in postgres else "?"
    with pytest.raises(StoreError, match="needs pgvector: install it on the server"):
        opened(f"{postgres}{mark}options={quote('-c extension_control_path=/nowhere')}")
    opened(postgres).close()
    run(postgres, "UPDATE pg_extension SET extversion = '0.7.4' WHERE extname = 'vector'")
    with pytest.raises(StoreError, match=r"has pgvector 0\.7\.4; 0\.8 or later.*ALTER EXTENSION vector UPDATE"):
        opened(postgres)


def test_a_table_of_vectors_that_is_missing_is_named_when_the_store_is_opened(postgres_store: str) -> None:
    opened(postgres_store).close()
    run(postgres_store, "DROP TABLE claim_vectors_1")
    with pytest.raises(StoreError, match="lacks its table claim_vectors_1"):
        opened(postgres_store)


def test_another_programs_database_is_not_written_into(postgres: str) -> None:
    run(postgres, "CREATE TABLE recipes (id INTEGER)")
    with pytest.raises(StoreError, match="not one of whosays"):
        opened(postgres)


def test_another_model_is_refused(postgres_store: str) -> None:
    opened(postgres_store).close()
    for other in (Model(digest="1" * 64), Model(dimension=32)):
        with pytest.raises(StoreError, match="indexed with a-model"):
            opened(postgres_store, other)


def test_who_has_waited_for_his_turn_sees_what_came_before_whatever_isolation_the_server_has_set(postgres_store: str) -> None:
    isolated = "'ALTER DATABASE %I SET default_transaction_isolation = serializable', current_database()"
    run(postgres_store, f"DO $$ BEGIN EXECUTE format({isolated}); END $$")
    database, seen, begins = opening.connect(postgres_store), list[int](), threading.Event()
    count = select(func.count()).select_from(meta)

    def second() -> None:
        begins.set()
        with database.writing("turns") as connection:
            seen.append(connection.execute(count).scalar_one())

    with database.writing("turns") as connection:
        waiting = threading.Thread(target=second)
        waiting.start()
        assert begins.wait(PATIENCE)
        with database.reading() as looking:
            waits = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
            while not looking.execute(waits).scalar_one():
                time.sleep(0.01)
        before = connection.execute(count).scalar_one()
        connection.execute(insert(meta), [{"key": "one", "value": "more"}])
    waiting.join()
    database.close()
    assert seen == [before + 1]


def test_a_bot_keeps_its_place_when_the_server_has_forgotten_it(postgres_store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.replica.HEARTBEAT", timedelta(seconds=0.05))

    async def holders() -> list[str]:
        chats = [SqlChats.open(postgres_store) for _ in range(2)]
        bots = [Replica(Records(one)) for one in chats]
        await bots[0].join()
        holding = asyncio.create_task(bots[0].go_on_holding(lambda: False))
        await asyncio.to_thread(forget_places, postgres_store)
        await bots[1].join()
        holding.cancel()
        for one in chats:
            one.close()
        return [bot.hold().holder for bot in bots]

    assert asyncio.run(holders()) == ["bot-1", "bot-2"]


def test_letting_go_of_old_vectors_waits_for_who_reads_them_and_holds_no_writer_up(postgres_store: str) -> None:
    old, new = Hashing("old"), Hashing("new", dimension=48)
    corpus = SqlCorpus.open(postgres_store, old)
    ingest([HARBOUR], corpus, old, lambda articles: [()])
    corpus.close()
    store = Reindexing.begin(postgres_store, new)
    assert store is not None
    reindex(store, new, lambda progress: None)
    letting_go = threading.Thread(target=store.clean)
    with psycopg.connect(postgres_store) as reader, psycopg.connect(postgres_store, autocommit=True) as looking:
        reader.execute("SELECT count(*) FROM passage_vectors_1")
        letting_go.start()
        waits = b"SELECT count(*) FROM pg_locks WHERE locktype = 'relation' AND NOT granted"
        while looking.execute(waits).fetchone() == (0,):
            time.sleep(0.01)
        corpus = SqlCorpus.open(postgres_store, new)
        ingest([article("budget", "The council passed its budget.")], corpus, new, lambda articles: [()])
        assert letting_go.is_alive()
        corpus.close()
    letting_go.join()
    store.close()
    with psycopg.connect(postgres_store) as looking:
        left = looking.execute("SELECT relname FROM pg_class WHERE relname ~ '_vectors_[0-9]+$' ORDER BY 1").fetchall()
    assert left == [("claim_vectors_2",), ("passage_vectors_2",)]


def test_an_error_does_not_quote_the_row_that_the_server_refuses(postgres_store: str) -> None:
    database = opening.connect(postgres_store)
    twice = [{"key": "what somebody wrote", "value": "x"}] * 2
    with pytest.raises(ConflictError) as raised, database.writing() as connection:
        connection.execute(insert(meta), twice)
    assert "somebody" not in "".join(traceback.format_exception(raised.value))
    database.close()


def test_a_server_that_was_restarted_or_lacked_a_password_is_used_again(tmp_path: Path) -> None:
    with servers.started() as server, server.store() as address:
        corpus = opened(address)
        corpus.put(indexed(HARBOUR, seed=1))
        server.stop("fast")
        with pytest.raises(StoreError):
            corpus.articles(["harbour"])
        with (server.data / "pg_hba.conf").open("r+") as file:
            known = file.read()
            file.seek(0)
            file.write(f"local all guarded scram-sha-256\n{known}")
        server.start()
        assert corpus.articles(["harbour"]) == {"harbour": HARBOUR}
        assert corpus.nearest(unit(1, 1)[0], 1, Filter())
        corpus.put(indexed(replace(HARBOUR, title="Quiet quays"), seed=1))
        run(address, "CREATE ROLE guarded LOGIN PASSWORD 'right'")
        guarded = address.replace("postgres@", "guarded:wrong@")
        with pytest.raises(StoreError, match=r"authentication failed.*user and password") as raised:
            opened(guarded)
        assert "wrong" not in str(raised.value)
        with pytest.raises(StoreError, match="needs one: postgresql"):
            opened(address.replace("postgres@", "guarded@"))
        corpus.close()


# --- The graph --------------------------------------------------------------------------------------------------------------


def many(corpus: SqlCorpus, rows: int, each: int, vectors: Vectors) -> None:
    """Put articles of `each` paragraphs, of a day each, until there are so many rows."""
    lines = [f"Line {position} is here." for position in range(each)]
    ends = np.cumsum([len(line) + 2 for line in lines]) - 2
    blocks = tuple(Block(Span(int(end) - len(line), int(end))) for line, end in zip(lines, ends, strict=True))
    nothing = np.empty((0, DIMENSION), dtype=np.float32)
    for number in range(rows // each):
        of = article(f"{number}", "\n\n".join(lines), outlet=f"Outlet {number % 3}", day=1 + number)
        own = vectors[number * each : (number + 1) * each]
        corpus.put(replace(indexed(of), blocks=blocks, vectors=own, claims=(), claim_vectors=nothing))


def nearest(vectors: Vectors, vector: Vectors, among: slice, limit: int) -> set[float]:
    return {round(float(cosine), 5) for cosine in np.sort(vectors[among] @ vector)[::-1][:limit]}


def test_of_many_rows_the_graph_finds_the_nearest_whatever_the_filter_lets_pass_and_none_that_is_gone(
    postgres_store: str,
) -> None:
    corpus = opened(postgres_store)
    vectors = unit(3_000, 5)
    many(corpus, 3_000, 150, vectors)
    with psycopg.connect(postgres_store) as connection:
        assert connection.execute("SELECT count(*) FROM pg_indexes WHERE indexname = 'passage_vectors_1_graph'").fetchone() == (
            1,
        )
    first_half = Filter(window=Window(end=datetime(2031, 1, 11, tzinfo=UTC)))
    two_days = Filter(window=Window(end=datetime(2031, 1, 3, tzinfo=UTC)))
    asked = unit(5, 6)
    for where, among in ((Filter(), slice(None)), (first_half, slice(1_500)), (two_days, slice(300))):
        found = [{round(c.score, 5) for c in corpus.nearest(vector, 50, where)} for vector in asked]
        exact = [nearest(vectors, vector, among, 50) for vector in asked]
        assert sum(len(one & other) for one, other in zip(found, exact, strict=True)) >= 0.98 * 50 * len(asked)
    for number in range(10):
        corpus.remove(str(number))
    for vector in asked:
        assert corpus.nearest(vector, 50, first_half) == []
        found_at = {round(c.score, 5) for c in corpus.nearest(vector, 50, Filter())}
        assert len(found_at & nearest(vectors, vector, slice(1_500, None), 50)) >= 45
    corpus.close()


def test_claims_and_passages_come_back_as_they_were_to_the_last_bit(postgres_store: str) -> None:
    corpus = opened(postgres_store)
    put = indexed(HARBOUR, claim(HARBOUR, "harbour is", 0), seed=4)
    corpus.put(put)
    ids = [p.id for p in corpus.paragraphs_of("harbour")]
    assert np.array_equal(corpus.paragraph_vectors(ids), put.vectors)
    assert np.array_equal(corpus.claims(ids)[0].vector, put.claim_vectors[0])
    assert corpus.paragraph_vectors(ids).dtype == np.float32
    corpus.close()
