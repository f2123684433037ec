"""Updates of every kind and oddness, as Telegram sends them and as it never would, for hypothesis to draw."""

from __future__ import annotations

import copy
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.property.update_parts import (
    NEAR,
    NOW,
    Json,
    both,
    chats,
    contents,
    entities,
    frame,
    ids,
    letters,
    message_ids,
    odd,
    poll,
    sayings,
    seldom,
    times,
    users,
)

__all__ = ["CardShown", "Json", "placed", "updates"]

Path = tuple[str | int, ...]


@st.composite
def _messages(draw: st.DrawFn, depth: int = 0) -> Json:
    message: Json = {"message_id": draw(message_ids), "date": draw(times), "chat": draw(chats)}
    if draw(seldom) or message["chat"]["type"] != "channel":
        message["from"] = draw(users)
        if message["chat"]["type"] == "private":
            message["from"]["id"] = message["chat"]["id"] = abs(message["chat"]["id"])
    if not draw(seldom):
        is_caption = draw(seldom)
        text, marks = ("caption", "caption_entities") if is_caption else ("text", "entities")
        message[text] = said = draw(sayings)
        command = [{"type": "bot_command", "offset": 0, "length": len(said.split(" ")[0])}] if said.startswith("/") else []
        mention = [{"type": "mention", "offset": 0, "length": 15}] if said.startswith("@WhoSaysTestBot") else []
        message[marks] = [*command, *mention, *(draw(entities) if draw(seldom) else [])]
    if "text" not in message or draw(seldom):
        for kind in draw(st.lists(st.sampled_from(sorted(contents)), min_size=1, max_size=2)):
            message[kind] = draw(contents[kind])
    if draw(seldom):
        for kind in draw(st.lists(st.sampled_from(sorted(frame)), min_size=1, max_size=3)):
            message[kind] = draw(frame[kind])
    if depth < 2 and draw(seldom):
        message[draw(st.sampled_from(["reply_to_message", "pinned_message"]))] = draw(_messages(depth + 1))
    return message


_members = both(
    {"user": users, "status": st.sampled_from(["creator", "administrator", "member", "restricted", "left", "kicked", "king"])},
    is_member=st.booleans(), can_send_messages=st.booleans(), until_date=times, is_anonymous=st.booleans(),
    can_be_edited=st.booleans(),
)  # fmt: skip
_changes = both({"chat": chats, "from": users, "date": times, "old_chat_member": _members, "new_chat_member": _members})
_reactions = st.just([{"type": "emoji", "emoji": "👍"}, {"type": "custom_emoji", "custom_emoji_id": "5"}, {"type": "novel"}])


@dataclass(frozen=True, slots=True, kw_only=True)
class CardShown:
    """A card of the bot's: its id, and the private chat and the message that show it."""

    id: str
    chat: int
    message: int


_data = st.one_of(st.binary(max_size=64).map(lambda data: data.decode("utf-8", "surrogateescape")), letters)
_does, _numbers = st.sampled_from("spxctfwyrnugzdq"), st.sampled_from(["0", "1", "99999999999", "a", "-", "en", "l", "s"])
_of = st.sampled_from(["abcdefghijkl", "me", "group", "menu", "language", "9" * 24, "-1"])


def _presses(card: CardShown | None = None) -> st.SearchStrategy[Json]:
    """Draw presses of buttons: of any data, of what looks like ours, or under a card."""
    fixed = {"id": st.just("1"), "chat_instance": st.just("1")}
    if card is not None:
        chat = {"id": card.chat, "type": "private"}
        return both({
            **fixed,
            "from": st.just({"id": card.chat, "is_bot": False, "first_name": "Ann"}),
            "message": st.just({"message_id": card.message, "date": NOW, "chat": chat}),
            "data": st.builds(":".join, st.tuples(_does, st.just(card.id), _numbers, _numbers)),
        })  # fmt: skip
    shown = st.one_of(_messages(), both({"chat": chats, "message_id": message_ids, "date": st.just(0)}))
    ours = st.builds(":".join, st.tuples(_does, _of, _numbers, _numbers))
    return both(
        {**fixed, "from": users},
        message=shown,
        data=st.one_of(_data, ours),
        inline_message_id=letters,
        game_short_name=letters,
    )


_KINDS: dict[str, st.SearchStrategy[Any]] = {
    "message": _messages(),
    "edited_message": _messages(),
    "channel_post": _messages(),
    "edited_channel_post": _messages(),
    "business_message": _messages(),
    "edited_business_message": _messages(),
    "guest_message": _messages(),
    "callback_query": _presses(),
    "inline_query": both({"id": st.just("1"), "from": users, "query": sayings, "offset": letters}, chat_type=letters),
    "chosen_inline_result": both({"result_id": letters, "from": users, "query": letters}, inline_message_id=letters),
    "my_chat_member": _changes,
    "chat_member": _changes,
    "poll": poll,
    "poll_answer": both({"poll_id": st.just("9"), "option_ids": st.just([0])}, user=users, voter_chat=chats),
    "message_reaction": both(
        {"chat": chats, "message_id": message_ids, "date": times, "old_reaction": _reactions, "new_reaction": _reactions},
        user=users, actor_chat=chats,
    ),
    "message_reaction_count": both(
        {"chat": chats, "message_id": message_ids, "date": times, "reactions": st.just([])}
    ),
    "business_connection": both(
        {"id": st.just("b"), "user": users, "user_chat_id": ids, "date": times, "is_enabled": st.booleans()}
    ),
    "deleted_business_messages": both({"business_connection_id": st.just("b"), "chat": chats, "message_ids": st.just([1])}),
    "purchased_paid_media": both({"from": users, "paid_media_payload": letters}),
    "shipping_query": both({"id": st.just("1"), "from": users, "invoice_payload": letters, "shipping_address": st.just({})}),
    "pre_checkout_query": both(
        {"id": st.just("1"), "from": users, "currency": st.just("XTR"), "total_amount": st.just(1), "invoice_payload": letters}
    ),
    "chat_join_request": both({"chat": chats, "from": users, "user_chat_id": ids, "date": times}),
    "chat_boost": both({"chat": chats, "boost": st.just({})}),
    "removed_chat_boost": both({"chat": chats, "boost_id": letters, "remove_date": times, "source": st.just({})}),
    "managed_bot": both({"user": users, "bot": users}),
    "telepathy": odd,
}  # fmt: skip
#: Those that the bot asks for, and deals with.
_WANTED = (
    "message", "callback_query", "message", "message", "edited_message", "message", "callback_query", "channel_post",
    "inline_query", "my_chat_member",
)  # fmt: skip


@st.composite
def updates(draw: st.DrawFn, cards: tuple[CardShown, ...]) -> Json:
    """Draw an update, sound or with one thing in it that is missing, of another type, or too much.

    Some are presses of the buttons under these cards.
    """
    kind = draw(st.sampled_from(sorted(_KINDS)) if draw(seldom) else st.sampled_from(_WANTED))
    held = _presses(draw(st.sampled_from(cards))) if kind == "callback_query" and draw(st.booleans()) else _KINDS[kind]
    # Hypothesis may hand out the same object twice, which must not be spoilt for the next one.
    update: Json = {kind: copy.deepcopy(draw(held))}
    if draw(seldom):
        _spoil(draw, update)
    return update


def _spoil(draw: st.DrawFn, update: Json) -> None:
    *way, last = draw(st.sampled_from(sorted(_paths(update), key=repr)))
    holder: Any = update
    for step in way:
        holder = holder[step]
    match draw(st.sampled_from(["drop", "change", "add"])):
        case "drop":
            del holder[last]
        case "add" if isinstance(holder, dict):
            holder[draw(st.sampled_from(["id", "text", "from", "chat", "user", "novel", "type", "date"]))] = draw(odd)
        case _:
            holder[last] = draw(odd)


def _paths(held: Any, way: Path = ()) -> Iterator[Path]:
    steps = held.items() if isinstance(held, dict) else enumerate(held) if isinstance(held, list) else ()
    for step, below in steps:
        yield (*way, step)
        yield from _paths(below, (*way, step))


def placed(held: Any, number: int, key: Any = None) -> Any:
    """Return an update of now, with ids of its own for the near ones: what comes of it waits for no other one's chat."""
    if isinstance(held, list):
        return [placed(below, number) for below in held]
    if not isinstance(held, dict):
        return int(time.time()) if held == NOW and key == "date" else held
    return {below: _placed_id(at, number) if below == "id" else placed(at, number, below) for below, at in held.items()}


def _placed_id(id_: Any, number: int) -> Any:
    if not isinstance(id_, int) or isinstance(id_, bool) or not 1 <= abs(id_) <= NEAR:
        return placed(id_, number)
    own = 10_000 + number * (NEAR + 1) + abs(id_)
    return own if id_ > 0 else -own
