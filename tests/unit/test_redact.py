from __future__ import annotations

import io
import logging

import pytest

from bot.redact import WithoutPeople, WithoutSecrets
from whosays.errors import ConfigError

TOKEN = "42:AAsecret"
SECRETS = {"token": TOKEN, "webhook secret": "Orsel-1"}


@pytest.fixture
def log() -> tuple[logging.Logger, io.StringIO]:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(WithoutSecrets(SECRETS))
    logger = logging.Logger("test")
    logger.addHandler(handler)
    return logger, written


def test_the_token_is_taken_out_of_messages_and_their_arguments(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = log
    logger.warning("GET %s (%d %%)", f"https://api.example/bot{TOKEN}/getMe", 5)
    assert written.getvalue() == "GET https://api.example/bot<token>/getMe (5 %)\n"


def test_the_token_is_taken_out_of_tracebacks(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = log
    try:
        raise ConfigError(f"the token `{TOKEN}` was rejected")
    except ConfigError:
        logger.exception("no start")
    assert "the token `<token>` was rejected" in written.getvalue()
    assert TOKEN not in written.getvalue()


def test_every_secret_is_taken_out_under_its_own_name(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = log
    logger.warning("%s and Orsel-1", TOKEN)
    assert written.getvalue() == "<token> and <webhook secret>\n"


def test_a_private_chat_has_a_mark_in_place_of_its_number_and_a_group_keeps_its_own(
    log: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, written = log
    for handler in logger.handlers:
        handler.addFilter(WithoutPeople("a key"))
    logger.warning("alerts to chat %s are sent again later: chat %s had no place for an alert", 4711, 4711)
    logger.warning("no answer for chat %s", 4712)
    logger.warning("no answer for chat %s", -1004711)
    first, second, group = written.getvalue().splitlines()
    marks = [word for word in first.split() if word.startswith("~")]
    assert len(marks) == 2
    assert marks[0] == marks[1] != second.split()[-1]
    assert group == "no answer for chat -1004711"
    assert "4711" not in first
    assert "4712" not in second


def test_whose_mark_it_is_takes_the_key(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = log
    for key in ("one", "another"):
        logger.handlers[0].addFilter(marks := WithoutPeople(key))
        logger.warning("chat 4711")
        logger.handlers[0].removeFilter(marks)
    first, second = written.getvalue().splitlines()
    assert first != second


def test_a_traceback_that_names_a_private_chat_has_the_mark_as_well(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = log
    logger.handlers[0].addFilter(WithoutPeople("a key"))
    try:
        raise ConfigError("chat 4711 is unknown")
    except ConfigError:
        logger.exception("no answer")
    assert "chat ~" in written.getvalue()
    assert "4711" not in written.getvalue()
