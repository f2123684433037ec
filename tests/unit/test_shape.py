from __future__ import annotations

from typing import Any

import pytest

from bot.shape import ShapeError, check_shape, without_halves

CHAT = {"id": 7, "type": "private"}
MESSAGE = {"message_id": 1, "date": 1, "chat": CHAT}


def test_what_telegram_sends_passes_whatever_else_it_holds() -> None:
    check_shape({"update_id": 1, "message": {**MESSAGE, "text": "who holds Orsel?", "novel": {"deep": [1]}}, "also": None})
    check_shape({"update_id": 1, "callback_query": {"id": "1", "from": {"id": 7, "is_bot": False}, "data": "s:abc"}})


@pytest.mark.parametrize(
    ("message", "where"),
    [
        ({**MESSAGE, "chat": None}, "$.message.chat"),
        ({**MESSAGE, "chat": {**CHAT, "id": 2**60}}, "$.message.chat.id"),
        ({**MESSAGE, "message_id": True}, "$.message.message_id"),
        (
            {**MESSAGE, "text": "secret", "entities": [{"type": "bold", "offset": -1, "length": 1}]},
            "$.message.entities[0].offset",
        ),
        ({**MESSAGE, "reply_to_message": {**MESSAGE, "caption": ["secret"]}}, "$.message.reply_to_message.caption"),
    ],
)
def test_what_it_does_not_send_is_told_by_its_place_and_not_by_its_words(message: dict[str, Any], where: str) -> None:
    with pytest.raises(ShapeError) as caught:
        check_shape({"update_id": 1, "message": message})
    assert f"`{where}`" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_half_a_surrogate_pair_is_replaced_and_a_whole_one_stays() -> None:
    assert without_halves({"text": "a\ud83db", "from": {"name": ["\udc00"]}}) == {
        "text": "a\ufffdb",
        "from": {"name": ["\ufffd"]},
    }
    assert without_halves({"text": "👍"}) == {"text": "👍"}
