"""The exit codes, which scripts rely on."""

from __future__ import annotations

from enum import IntEnum

from whosays.errors import WhosaysError


class Exit(IntEnum):
    """How a command ended; the last two are what a shell reports for a program that SIGINT or SIGPIPE ended."""

    DONE = 0
    REFUSED = 1
    FAILED = 2
    INTERRUPTED = 130
    PIPE_CLOSED = 141


class UsageError(WhosaysError):
    """The command was called in a way that makes no sense. Exit code 2."""
