"""The operator's list of actors as it is now: an edit of its file counts from the next question on, without a restart."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Lock

from whosays.attribution.actors import Actors
from whosays.errors import ConfigError

_log = logging.getLogger(__name__)

#: The file is looked at no more often than this.
_EVERY = timedelta(seconds=1)
#: A file that was written less than this ago may be written once more at what its clock calls the same time.
_SETTLED = timedelta(seconds=2)


class Listed:
    """One state of the list: the digest of its file, and what it says, which is read when it is first wanted (0.1 s)."""

    def __init__(self, path: Path, content: bytes) -> None:
        self.digest = hashlib.sha256(content).hexdigest()
        self._path = path
        self._content = content
        self._reading = Lock()
        self._actors: Actors | None = None

    def actors(self) -> Actors:
        """Return the list. Raises ConfigError that names the entry where it is not well formed."""
        with self._reading:
            if self._actors is None:
                self._actors = Actors.read(self._content, self._path)
            return self._actors


class ActorsFile:
    """The list in a file, looked at anew at most once a second. Safe to use from several threads."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._clock = clock
        self._lock = Lock()
        self._looked = 0.0
        #: When it was last written, how long it is, which file; None where the next look must read it.
        self._mark: tuple[int, int, int] | None = None
        self._refused = ""
        self._listed: Listed | None = None

    def now(self) -> Listed:
        """Return the list as it is; where the file has become unreadable or ill-formed, as it was, and say so in the log.

        Raises ConfigError where it never could be read.
        """
        with self._lock:
            if self._listed is not None and self._clock() - self._looked < _EVERY.total_seconds():
                return self._listed
            self._looked = self._clock()
            try:
                self._listed = self._fresh(self._listed)
            except ConfigError as error:
                if self._listed is None:
                    raise
                if str(error) != self._refused:  # once, not each second
                    _log.error("the list of actors stays as it was before its last change until that is mended: %s", error)
                self._refused = str(error)
            return self._listed

    def _fresh(self, before: Listed | None) -> Listed:
        try:
            stat = self._path.stat()
            mark = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
            if before is not None and mark == self._mark:
                return before
            content = self._path.read_bytes()
        except OSError as error:
            raise ConfigError(f"{self._path}: {error.strerror}") from error
        # Before it is read: an ill-formed file is looked into once, not each second.
        self._mark = mark if time.time() - stat.st_mtime > _SETTLED.total_seconds() else None
        fresh = Listed(self._path, content)
        if before is None:
            return fresh
        if fresh.digest == before.digest:
            return before
        fresh.actors()
        return fresh
