"""Log lines: for people, or a JSON object each; with the fields that a call gives as `extra`, and never what people have said.

What a line says is what the program's own calls say. A traceback has its frames and the kinds of its errors; what an error itself
says is left out where it may quote what it was about: of a `KeyError` or a `ValueError` that may be a word of a question.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

import msgspec

from whosays.errors import ConfigError, FetchError, ModelError, StoreError
from whosays.observe.trace import current

_log = logging.getLogger(__name__)

#: The program's own loggers; of all others, such as Telegram's library, which logs what it sends, only warnings are written.
OWN = ("whosays", "bot")
#: Errors that say nothing of what people ask: a message of theirs names types, files, addresses or settings.
_DISCREET = (
    ArithmeticError,
    AttributeError,
    ConfigError,
    FetchError,
    ImportError,
    IndexError,
    MemoryError,
    ModelError,
    NameError,
    OSError,
    RecursionError,
    StoreError,
    TypeError,
)
_WITHHELD = "(what it says is withheld)"
#: What every record has, which is no field of a line.
_USUAL = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class TextLines(logging.Formatter):
    """Time, level, logger and message, then the fields as `name=value`."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Return the line without a traceback."""
        return " ".join([super().formatMessage(record), *(f"{name}={value}" for name, value in fields(record).items())])

    def formatException(self, ei: ExcInfo) -> str:
        """Return a traceback that withholds what may be anybody's words."""
        return discreet_traceback(ei[1])


class JsonLines(TextLines):
    """A JSON object: `time` (UTC), `level`, `logger`, `event`, the fields, and of an error `error` (its kind) and `traceback`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **fields(record),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["traceback"] = record.exc_text or self.formatException(record.exc_info)
        # Half a surrogate pair is no reason to lose a line.
        return msgspec.json.encode(_whole(line)).decode()


def fields(record: logging.LogRecord) -> dict[str, Any]:
    """Return what joins a record with others of the same piece of work, and what its call gave as `extra`."""
    trace = current()
    given = {name: value for name, value in record.__dict__.items() if name not in _USUAL}
    return {**(trace.names if trace is not None else {}), **given}


def discreet_traceback(error: BaseException | None) -> str:
    """Return the traceback of an error, and of those behind it, innermost first: frames, kinds, and what discreet ones say."""
    parts: list[str] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        said = str(error) if isinstance(error, _DISCREET) else _WITHHELD
        name = type(error).__qualname__
        module = type(error).__module__
        head = name if module == "builtins" else f"{module}.{name}"
        frames = "".join(traceback.format_list(traceback.extract_tb(error.__traceback__)))
        parts.append(f"Traceback (most recent call last):\n{frames}{head}: {said}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\nwhich led to:\n\n".join(reversed(parts))


def write_logs(form: str, level: str, *others: logging.Handler) -> None:
    """Write log lines to stderr from now on, as `form` ("text" or "json") has it; the program's own from `level` on.

    `others` get the records first, as they are.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    root = logging.getLogger()
    for one in (*others, handler):
        root.addHandler(one)
    root.setLevel(logging.WARNING)
    for name in OWN:
        logging.getLogger(name).setLevel(level.upper())
    logging.captureWarnings(True)


def note_stray_error(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log what an event loop could give to nobody; its own way to do so shows the error as it is. A handler for event loops."""
    del loop
    _log.error("something has failed that nobody waits for", exc_info=context.get("exception"))


def _whole(line: dict[str, object]) -> dict[str, object]:
    return {name: value.encode("utf-8", "replace").decode() if isinstance(value, str) else value for name, value in line.items()}
