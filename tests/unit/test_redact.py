from __future__ import annotations

import io
import logging

import pytest

from bot.redact import WithoutSecrets

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
        raise ValueError(f"the token `{TOKEN}` was rejected")
    except ValueError:
        logger.exception("no start")
    assert "the token `<token>` was rejected" in written.getvalue()
    assert TOKEN not in written.getvalue()


def test_every_secret_is_taken_out_under_its_own_name(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = log
    logger.warning("%s and Orsel-1", TOKEN)
    assert written.getvalue() == "<token> and <webhook secret>\n"
