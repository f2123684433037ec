"""Mishaps that a test has scripted for the next calls of a method."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Mishap(Enum):
    """What befalls a request."""

    REFUSED = auto()
    #: It is done, but its answer never comes.
    UNANSWERED = auto()
    #: It is not done, and the connection breaks.
    DROPPED = auto()
    #: It is done and answered, after a while.
    SLOW = auto()


@dataclass(slots=True, kw_only=True)
class Fault:
    """A mishap that the next `times` calls of a method meet (in one chat, if it names one)."""

    mishap: Mishap
    method: str
    chat: int | None
    times: int
    code: int = 500
    retry_after: int | None = None
    description: str = "scripted"
    seconds: float = 0.0


class Script:
    """The mishaps to come, in the order in which they were written down."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Script one more."""
        self._faults.append(fault)

    def next(self, method: str, chat: int | None) -> Fault | None:
        """Take what befalls a call, if anything does."""
        for fault in self._faults:
            if fault.times and fault.method == method and fault.chat in {None, chat}:
                fault.times -= 1
                return fault
        return None
