"""What a store is asked with: its vectors and the encoder of the same model, which go together, also when that changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import TypeVar

from whosays.alerts.making import Newsroom
from whosays.errors import ReindexedError
from whosays.retrieve import Embeds
from whosays.store.corpus import Corpus

T = TypeVar("T")

#: How often a model is loaded that the store has left again meanwhile.
_TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class OfModel:
    """What is of one model: the store's vectors, the encoder of questions and articles, and what matches these with topics."""

    corpus: Corpus
    encoder: Embeds
    newsroom: Newsroom | None


class Current:
    """The parts of the model that the store is of. Safe to use from several threads."""

    def __init__(self, parts: OfModel, renew: Callable[[], OfModel] | None = None) -> None:
        """Take the parts, and what loads those of another model once the store has gone over to it."""
        self._parts = parts
        self._renew = renew
        self._renewing = Lock()

    @property
    def parts(self) -> OfModel:
        """What is of the model that the store was last known to be of."""
        return self._parts

    def asking(self, ask: Callable[[OfModel], T]) -> T:
        """Ask the store; where it goes over to another model meanwhile, ask anew from the start, with that one."""
        while True:
            parts = self._parts
            try:
                return ask(parts)
            except ReindexedError:
                self.behind(parts)

    def behind(self, old: OfModel) -> OfModel:
        """Return the parts that come after these, which another thread may have loaded. Raises ReindexedError, ModelError."""
        with self._renewing:
            if self._parts is old:
                if self._renew is None:
                    raise ReindexedError("the store is of another model now: open it anew")
                self._parts = settled(self._renew)
            return self._parts


def settled(load: Callable[[], T]) -> T:
    """Return what is loaded for the store's model, again where the store has left that meanwhile. Raises ReindexedError."""
    for _ in range(_TRIES - 1):
        try:
            return load()
        except ReindexedError:
            continue
    return load()
