"""What a log line looks like, and what it never shows."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable

import pytest

from whosays.errors import StoreError
from whosays.observe.logs import JsonLines, TextLines
from whosays.observe.trace import Trace, following

MARKER = "Quillon"

Lines = Callable[[], list[str]]


def logger_to(formatter: logging.Formatter) -> tuple[logging.Logger, Lines]:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter)
    logger = logging.Logger("whosays.test")
    logger.addHandler(handler)
    return logger, lambda: written.getvalue().splitlines()


def test_a_line_of_json_has_time_level_logger_event_and_the_fields_of_its_call() -> None:
    logger, lines = logger_to(JsonLines())
    logger.info("feed %s has moved", "https://gazette.example/feed", extra={"duration_ms": 12, "status": "moved"})
    [line] = lines()
    said = json.loads(line)
    assert said.pop("time").endswith("+00:00")
    assert said == {
        "level": "info",
        "logger": "whosays.test",
        "event": "feed https://gazette.example/feed has moved",
        "duration_ms": 12,
        "status": "moved",
    }


def test_a_line_of_text_has_its_fields_at_its_end() -> None:
    logger, lines = logger_to(TextLines())
    logger.info("a question", extra={"outcome": "disputed", "duration_ms": 12})
    [line] = lines()
    assert line.endswith("INFO whosays.test: a question outcome=disputed duration_ms=12")


@pytest.mark.parametrize("formatter", [TextLines(), JsonLines()])
def test_all_lines_of_one_update_can_be_told_from_those_of_others(formatter: logging.Formatter) -> None:
    logger, lines = logger_to(formatter)
    with following(Trace(names={"update": 17})):
        logger.info("one")
    logger.info("another")
    first, second = lines()
    assert "update" in first
    assert "17" in first
    assert "update" not in second


def fail(error: Exception) -> None:
    raise error


@pytest.mark.parametrize("formatter", [TextLines(), JsonLines()])
@pytest.mark.parametrize("error", [KeyError(MARKER), ValueError(f"no {MARKER}"), UnicodeDecodeError("utf-8", b"", 0, 1, MARKER)])
def test_a_traceback_names_the_error_and_its_place_but_not_what_it_says_of_a_question(
    formatter: logging.Formatter, error: Exception
) -> None:
    logger, lines = logger_to(formatter)
    try:
        fail(error)
    except Exception:
        logger.exception("no answer")
    said = "\n".join(lines())
    assert type(error).__name__ in said
    assert "in fail" in said
    assert MARKER not in said


def test_what_stands_behind_an_error_is_told_of_as_discreetly_and_what_the_store_says_is_told() -> None:
    logger, lines = logger_to(TextLines())
    try:
        try:
            fail(KeyError(MARKER))
        except KeyError as error:
            error.add_note(MARKER)
            raise StoreError("the disk is full") from error
    except StoreError:
        logger.exception("no answer")
    said = "\n".join(lines())
    assert "KeyError: (what it says is withheld)" in said
    assert "StoreError: the disk is full" in said
    assert said.index("KeyError") < said.index("StoreError: ")
    assert MARKER not in said


def test_an_error_that_leads_to_itself_is_told_once() -> None:
    logger, lines = logger_to(TextLines())
    first, second = OSError("one"), OSError("two")
    first.__cause__, second.__cause__ = second, first
    logger.error("no answer", exc_info=first)
    assert "\n".join(lines()).count("OSError: ") == 2


def test_a_line_of_json_with_a_traceback_is_one_line_and_names_the_error() -> None:
    logger, lines = logger_to(JsonLines())
    try:
        fail(ZeroDivisionError("division by zero"))
    except ZeroDivisionError:
        logger.exception("no answer")
    [line] = lines()
    said = json.loads(line)
    assert said["error"] == "ZeroDivisionError"
    assert said["traceback"].endswith("ZeroDivisionError: division by zero")


def test_half_a_surrogate_pair_costs_no_line() -> None:
    logger, lines = logger_to(JsonLines())
    logger.info("feed %s", "\ud83d")
    [line] = lines()
    assert json.loads(line)["event"] == "feed ?"
