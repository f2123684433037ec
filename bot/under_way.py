"""What is being dealt with while somebody has all that is kept of him forgotten: nothing of it is to be kept afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class UnderWay:
    """Updates under way, by their numbers, each with the people and chats that it is about."""

    def __init__(self) -> None:
        self._about: dict[int, tuple[int, ...]] = {}
        self._forgotten: set[int] = set()

    @contextmanager
    def dealing_with(self, update: int, *about: int) -> Iterator[None]:
        """Note that an update is under way for as long as the block lasts."""
        self._about[update] = about
        try:
            yield
        finally:
            self._about.pop(update, None)
            self._forgotten.discard(update)

    def forget(self, whom: int) -> None:
        """Note that what is under way and about somebody, or a chat, is not to be kept: before what is kept is deleted."""
        self._forgotten |= {update for update, about in self._about.items() if whom in about}

    def is_forgotten(self, update: int) -> bool:
        """Say whether nothing that comes of an update is to be kept."""
        return update in self._forgotten
