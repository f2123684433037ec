"""Inline mode: questions from the line in which somebody writes, and the results that the bot offers."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass
from typing import Any

from tests.e2e.telegram_server.checks import checked_keyboard, checked_text
from tests.e2e.telegram_server.messages import Content, Json, User
from tests.e2e.telegram_server.refusal import bad
from tests.e2e.telegram_server.updates import Updates
from tests.patience import PATIENCE

MAX_QUERY = 256
_START = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ARTICLE = frozenset({
    "type", "id", "title", "input_message_content", "reply_markup", "url", "description", "thumbnail_url", "thumbnail_width",
    "thumbnail_height",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineResult(Content):
    """A result that somebody may choose, with the message that it then sends."""

    id: str
    title: str
    description: str
    raw: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineAnswer:
    """All that the bot answered to an inline query."""

    results: list[InlineResult]
    cache_time: int
    is_personal: bool
    next_offset: str
    button: Json | None


@dataclass(slots=True, kw_only=True)
class InlineQuery:
    """A question from the line in which somebody writes."""

    user: User
    text: str
    posted: float
    answer: InlineAnswer | None = None


class InlineQueries:
    """All inline queries, by their ids."""

    def __init__(self, updates: Updates) -> None:
        #: Telegram lets an inline query expire soon after; a machine may be slower.
        self.deadline = PATIENCE
        self.queries: dict[str, InlineQuery] = {}
        self._updates = updates
        self._answered = asyncio.Event()

    def ask(self, user: User, text: str, chat_type: str, offset: str) -> str:
        """Tell the bot of a query; return its id."""
        assert len(text) <= MAX_QUERY, "Telegram cuts what is longer"
        id_ = str(7_700_000_000_000_000_000 + len(self.queries))
        self.queries[id_] = InlineQuery(user=user, text=text, posted=time.monotonic())
        query = {"id": id_, "from": user.json(), "query": text, "offset": offset, "chat_type": chat_type}
        self._updates.post({"inline_query": query})
        return id_

    def take(self, parameters: Json) -> None:
        """Take the bot's answer. Raises Refusal."""
        query = self.queries.get(parameters.get("inline_query_id", ""))
        if query is None or query.answer is not None or time.monotonic() - query.posted > self.deadline:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        results = [_checked(result) for result in _list(parameters.get("results"))]
        if len(results) > 50:
            raise bad("RESULTS_TOO_MUCH")
        if len({result.id for result in results}) < len(results):
            raise bad("RESULT_ID_DUPLICATE")
        cache_time, offset = parameters.get("cache_time", 300), parameters.get("next_offset", "")
        if not (isinstance(cache_time, int) and cache_time >= 0):
            raise bad("cache_time is to be a number of seconds")
        if len(f"{offset}".encode()) > 64:
            raise bad("NEXT_OFFSET_INVALID")
        query.answer = InlineAnswer(
            results=results,
            cache_time=cache_time,
            is_personal=parameters.get("is_personal", False),
            next_offset=f"{offset}",
            button=_checked_button(parameters.get("button")),
        )
        self._answered.set()

    async def answered(self, query: str, within: float) -> InlineAnswer:
        """Wait for the answer to a query. Raises TimeoutError."""
        async with asyncio.timeout(within):
            while (answer := self.queries[query].answer) is None:
                self._answered.clear()
                await self._answered.wait()
        return answer


def _list(given: Any) -> list[Json]:
    if not isinstance(given, list):
        raise bad("can't parse inline query results JSON object")
    return given


def _checked(result: Json) -> InlineResult:
    if result.get("type") != "article":
        raise bad(f"results are articles here, not {result.get('type')!r}")
    if unknown := result.keys() - _ARTICLE:
        raise bad(f"an article has no {', '.join(sorted(unknown))}")
    id_, title = result.get("id"), result.get("title")
    if not (isinstance(id_, str) and 1 <= len(id_.encode()) <= 64):
        raise bad("RESULT_ID_INVALID")
    if not (isinstance(title, str) and title.strip()):
        raise bad("ARTICLE_TITLE_EMPTY")
    content = result.get("input_message_content")
    if not isinstance(content, dict) or "message_text" not in content:
        raise bad("an article is to say what it sends")
    if unknown := content.keys() - {"message_text", "parse_mode", "link_preview_options"}:
        raise bad(f"the content of a message has no {', '.join(sorted(unknown))}")
    text, entities = checked_text(content, "message_text")
    return InlineResult(
        id=id_, title=title, description=result.get("description", ""), raw=result,
        text=text, entities=entities, buttons=checked_keyboard(result),
    )  # fmt: skip


def _checked_button(button: Json | None) -> Json | None:
    if button is None:
        return None
    if not button.get("text") or button.keys() != {"text", "start_parameter"}:
        raise bad("a button above the results has a text and a start_parameter")
    if not _START.fullmatch(f"{button['start_parameter']}"):
        raise bad("START_PARAM_INVALID")
    return button
