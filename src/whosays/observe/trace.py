"""One piece of work on its way through coroutines and threads: what joins its log lines, and where its time goes.

Nothing is passed on for it: a trace stands in the context, which coroutines inherit and threads are given (`carried`). Where none
stands there, as when a command answers in the terminal, measuring a stage costs a look at the context.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from time import perf_counter
from typing import TypeVar

Result = TypeVar("Result")


class Stage(StrEnum):
    """Where the time of a question goes, in the order in which it passes."""

    WAIT = "wait"  #: until a thread of the engine is free
    UNDERSTAND = "understand"
    ENCODE = "encode"
    SEARCH = "search"
    FETCH = "fetch"  #: the best articles, read whole
    JUDGE = "judge"  #: claims read together with the question
    ANSWER = "answer"  #: what is shown is chosen
    SEND = "send"  #: until Telegram has taken the message


@dataclass(slots=True, kw_only=True)
class Trace:
    """A piece of work. `names` tell it from others in the log; `notes` are what is said of it at its end: never words of people.

    `began` is in seconds of `time.perf_counter`, as all its times are.
    """

    names: Mapping[str, int | str]
    began: float = field(default_factory=perf_counter)
    stages: dict[Stage, float] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """How long ago it began."""
        return perf_counter() - self.began


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)


def current() -> Trace | None:
    """Return the trace of what is at work here, None where nobody follows it."""
    return _current.get()


@contextmanager
def following(trace: Trace) -> Iterator[Trace]:
    """Follow what the block does, and whatever coroutines and tasks begin in it."""
    token = _current.set(trace)
    try:
        yield trace
    finally:
        _current.reset(token)


def carried(work: Callable[[], Result]) -> Callable[[], Result]:
    """Return the work as a thread is to do it: what is followed here is followed there."""
    return partial(copy_context().run, work)


def note(**notes: str) -> None:
    """Note something of what is at work: words of the program's own, of which there are few."""
    trace = _current.get()
    if trace is not None:
        trace.notes.update(notes)


def spent(name: Stage, seconds: float) -> None:
    """Count time to a stage of what is at work."""
    trace = _current.get()
    if trace is not None:
        trace.stages[name] = trace.stages.get(name, 0.0) + seconds


class stage:
    """Measure what a block takes, and count it to a stage of what is at work: `with stage(Stage.ENCODE): …`."""

    __slots__ = ("_began", "_name")

    def __init__(self, name: Stage) -> None:
        self._name = name
        self._began = 0.0

    def __enter__(self) -> None:
        if _current.get() is not None:
            self._began = perf_counter()

    def __exit__(self, *_: object) -> None:
        if self._began:
            spent(self._name, perf_counter() - self._began)
