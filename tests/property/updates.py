"""Updates of every kind and oddness, as Telegram sends them and as it never would, for hypothesis to draw."""

from __future__ import annotations

import copy
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]
Path = tuple[str | int, ...]

#: Ids up to this number stand for one of a few chats and people, which are others in each update.
NEAR = 5
#: Stands for the time at which an update is sent.
_NOW = 2
#: The bot of the test server.
_BOT = 4200000001


def _mostly(usual: st.SearchStrategy[Any], odd: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    # Ends of a range are drawn more often than what lies between.
    return st.integers(0, 15).flatmap(lambda number: odd if number == 7 else usual)


_seldom = st.integers(0, 7).map(lambda number: number in {3, 5})
_near = st.integers(1, NEAR)
_ids = _mostly(
    st.one_of(_near, _near.map(lambda id_: -id_)), st.sampled_from([0, _BOT, 777000, 2**31, 2**52, -(10**12) - 7, 2**63 - 1])
)
_message_ids = st.one_of(st.integers(1, 50), st.sampled_from([0, -1, 2**31, 2**53]))
_letters = st.one_of(
    # Half a surrogate pair, marks that turn the direction of writing, nothing at all, emoji in several units.
    st.text(max_size=60),
    st.sampled_from(
        ["\ud83d", "\u202eevil\u202c", "\u2067\u0627\u0644\u2069", "\0", "\u200b", "👩‍👧" * 20, " \n\t ", "<b>&amp;</i>"]
    ),
    st.sampled_from(
        ["who holds Orsel?", "and the League?", "x" * 4096, "words " * 800, "👍" * 2048, "https://gazette.example/orsel"]
    ),
)
_COMMANDS = "start ask summary sides timeline follow following unfollow sources settings privacy forget help add feeds stats x"
_commands = st.sampled_from(_COMMANDS.split())
_calls = st.sampled_from(["", "", "", "@WhoSaysTestBot", "@whosaystestbot", "@other", "@"])
_said = st.one_of(
    _letters,
    st.builds(
        "/{}{} {}".format, _commands, st.sampled_from(["", "", "@WhoSaysTestBot", "@whosaystestbot", "@other", "@"]), _letters
    ),
    st.builds("@WhoSaysTestBot {}".format, _letters),
    st.builds("/start {}".format, st.sampled_from(["c_abcdefghijkl", "q_d2hvIGhvbGRzPw", "q_____", "c_", "q_" + "A" * 62])),
)
_positions = _mostly(st.integers(0, 60), st.sampled_from([-3, 2**31, 2**62, -(2**31)]))
_odd = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=5),
    st.just([]), st.just({}), st.just([{}]), st.just([None]), st.just({"id": "x"}), st.just([[["deep"]]]), st.just(2**70),
)  # fmt: skip
_times = _mostly(st.just(_NOW), st.sampled_from([0, 1, 2**31 - 1, 2**33, -1]))


def _some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Json]:
    """Return dictionaries that have some of these fields."""
    return st.fixed_dictionaries({}, optional=fields)


def _both(always: dict[str, st.SearchStrategy[Any]], **sometimes: st.SearchStrategy[Any]) -> st.SearchStrategy[Json]:
    return st.fixed_dictionaries(always, optional=sometimes)


_users = _both(
    {"id": _ids, "is_bot": _mostly(st.just(False), st.booleans()), "first_name": _letters},
    last_name=_letters, username=_letters, language_code=st.sampled_from(["en", "fa", "ar", "uk", "xx", "", "en-GB", "\ud800"]),
    is_premium=st.just(True), added_to_attachment_menu=st.just(True),
)  # fmt: skip
_chats = _both(
    {"id": _ids, "type": st.sampled_from(["private", "group", "private", "supergroup", "private", "channel", "saga"])},
    title=_letters, username=_letters, first_name=_letters, is_forum=st.booleans(), is_direct_messages=st.booleans(),
)  # fmt: skip
_entities = st.lists(
    _both(
        {
            "type": st.sampled_from(["bot_command", "mention", "text_mention", "url", "bold", "custom_emoji", "novel"]),
            "offset": _positions,
            "length": _positions,
        },
        user=_users, url=_letters, language=_letters, custom_emoji_id=st.just("5"),
    ),
    max_size=4,
)  # fmt: skip
_file = {"file_id": st.just("f"), "file_unique_id": st.just("u")}
_sized = {**_file, "width": st.integers(0, 9), "height": st.integers(0, 9)}
_lasting = {**_file, "duration": st.integers(0, 9)}
_poll = _both(
    {
        "id": st.just("9"), "question": _letters, "total_voter_count": st.integers(0, 3), "is_closed": st.booleans(),
        "is_anonymous": st.booleans(), "type": st.sampled_from(["regular", "quiz", "x"]),
        "allows_multiple_answers": st.booleans(), "allows_revoting": st.booleans(), "members_only": st.booleans(),
        "options": st.lists(_both({"text": _letters, "voter_count": st.just(1), "persistent_id": st.just("p")}), max_size=2),
    },
    correct_option_id=st.integers(-1, 5), explanation=_letters,
)  # fmt: skip
_origins = st.one_of(
    _both({"type": st.just("user"), "date": _times, "sender_user": _users}),
    _both({"type": st.just("hidden_user"), "date": _times, "sender_user_name": _letters}),
    _both({"type": st.just("chat"), "date": _times, "sender_chat": _chats}, author_signature=_letters),
    _both({"type": st.just("channel"), "date": _times, "chat": _chats, "message_id": _message_ids}),
    _both({"type": st.just("telepathy"), "date": _times}),
)
_CHARGES = {"telegram_payment_charge_id": "", "provider_payment_charge_id": ""}
_contents: dict[str, st.SearchStrategy[Any]] = {
    "photo": st.lists(_both(_sized), max_size=2),
    "sticker": _both({**_sized, "type": st.just("regular"), "is_animated": st.booleans(), "is_video": st.booleans()}),
    "voice": _both(_lasting),
    "audio": _both(_lasting, title=_letters),
    "video": _both({**_sized, "duration": st.integers(0, 9)}),
    "video_note": _both({**_lasting, "length": st.integers(0, 9)}),
    "animation": _both({**_sized, "duration": st.integers(0, 9)}),
    "document": _both(_file, file_name=_letters, mime_type=_letters),
    "paid_media": _both({"star_count": st.integers(0, 9), "paid_media": st.just([{"type": "preview"}, {"type": "novel"}])}),
    "story": _both({"chat": _chats, "id": _message_ids}),
    "dice": _both({"emoji": _letters, "value": st.integers(0, 9)}),
    "poll": _poll,
    "contact": _both({"phone_number": _letters, "first_name": _letters}),
    "location": _both({"latitude": st.floats(-90, 90), "longitude": st.floats(-180, 180)}),
    "game": st.just({"title": "t", "description": "d", "photo": []}),
    "invoice": st.just({"title": "t", "description": "d", "start_parameter": "", "currency": "XTR", "total_amount": 1}),
    "checklist": st.just({"title": "t", "tasks": [{"id": 1, "text": "t"}]}),
    "giveaway": _both({"chats": st.lists(_chats, max_size=1), "winners_selection_date": _times, "winner_count": st.just(1)}),
    "gift": st.just({"gift": {"id": "g", "star_count": 1}}),
    "new_chat_members": st.lists(_users, max_size=2),
    "left_chat_member": _users,
    "new_chat_title": _letters,
    "new_chat_photo": st.just([]),
    "delete_chat_photo": st.just(True),
    "group_chat_created": st.just(True),
    "migrate_to_chat_id": _ids,
    "migrate_from_chat_id": _ids,
    "successful_payment": st.just(
        {
            "currency": "XTR",
            "total_amount": 1,
            "invoice_payload": "p",
            "telegram_payment_charge_id": "",
            "provider_payment_charge_id": "",
        }
    ),
    "users_shared": st.just({"request_id": 1, "users": [{"user_id": 5}]}),
    "chat_shared": st.just({"request_id": 1, "chat_id": 5}),
    "web_app_data": _both({"data": _letters, "button_text": _letters}),
    "forum_topic_created": _both({"name": _letters, "icon_color": st.just(0)}),
    "forum_topic_closed": st.just({}),
    "general_forum_topic_hidden": st.just({}),
    "video_chat_started": st.just({}),
    "message_auto_delete_timer_changed": st.just({"message_auto_delete_time": 60}),
    "write_access_allowed": st.just({}),
    "connected_website": _letters,
    "boost_added": st.just({"boost_count": 1}),
    "chat_background_set": st.just({"type": {"type": "novel"}}),
    "passport_data": st.just({"data": [], "credentials": {"data": "", "hash": "", "secret": ""}}),
    "suggested_post_declined": st.just({"comment": "no"}),
}
_frame: dict[str, st.SearchStrategy[Any]] = {
    "sender_chat": _chats, "via_bot": _users, "sender_business_bot": _users, "business_connection_id": st.just("b"),
    "forward_origin": _origins, "is_automatic_forward": st.booleans(), "edit_date": _times, "author_signature": _letters,
    "message_thread_id": _message_ids, "is_topic_message": st.booleans(), "media_group_id": st.just("7"),
    "effect_id": st.just("e"),
    "external_reply": _both({"origin": _origins}, chat=_chats, message_id=_message_ids),
    "quote": _both({"text": _letters, "position": _positions}, entities=_entities, is_manual=st.just(True)),
    "reply_to_story": _both({"chat": _chats, "id": _message_ids}), "sender_boost_count": st.integers(0, 9),
    "link_preview_options": _some(is_disabled=st.booleans(), url=_letters), "has_protected_content": st.just(True),
    "reply_markup": st.just({"inline_keyboard": [[{"text": "t", "callback_data": "d"}]]}),
    "direct_messages_topic": _both({"topic_id": _message_ids}, user=_users), "paid_star_count": st.integers(0, 9),
    "unheard_of": _odd,
}  # fmt: skip


@st.composite
def _messages(draw: st.DrawFn, depth: int = 0) -> Json:
    message: Json = {"message_id": draw(_message_ids), "date": draw(_times), "chat": draw(_chats)}
    if draw(_seldom) or message["chat"]["type"] != "channel":
        message["from"] = draw(_users)
        if message["chat"]["type"] == "private":
            message["from"]["id"] = message["chat"]["id"] = abs(message["chat"]["id"])
    if not draw(_seldom):
        is_caption = draw(_seldom)
        text, marks = ("caption", "caption_entities") if is_caption else ("text", "entities")
        message[text] = said = draw(_said)
        command = [{"type": "bot_command", "offset": 0, "length": len(said.split(" ")[0])}] if said.startswith("/") else []
        mention = [{"type": "mention", "offset": 0, "length": 15}] if said.startswith("@WhoSaysTestBot") else []
        message[marks] = [*command, *mention, *(draw(_entities) if draw(_seldom) else [])]
    if "text" not in message or draw(_seldom):
        for kind in draw(st.lists(st.sampled_from(sorted(_contents)), min_size=1, max_size=2)):
            message[kind] = draw(_contents[kind])
    if draw(_seldom):
        for kind in draw(st.lists(st.sampled_from(sorted(_frame)), min_size=1, max_size=3)):
            message[kind] = draw(_frame[kind])
    if depth < 2 and draw(_seldom):
        message[draw(st.sampled_from(["reply_to_message", "pinned_message"]))] = draw(_messages(depth + 1))
    return message


_members = _both(
    {"user": _users, "status": st.sampled_from(["creator", "administrator", "member", "restricted", "left", "kicked", "king"])},
    is_member=st.booleans(), can_send_messages=st.booleans(), until_date=_times, is_anonymous=st.booleans(),
    can_be_edited=st.booleans(),
)  # fmt: skip
_changes = _both({"chat": _chats, "from": _users, "date": _times, "old_chat_member": _members, "new_chat_member": _members})
_reactions = st.just([{"type": "emoji", "emoji": "👍"}, {"type": "custom_emoji", "custom_emoji_id": "5"}, {"type": "novel"}])


@dataclass(frozen=True, slots=True, kw_only=True)
class CardShown:
    """A card of the bot's: its id, and the private chat and the message that show it."""

    id: str
    chat: int
    message: int


_data = st.one_of(st.binary(max_size=64).map(lambda data: data.decode("utf-8", "surrogateescape")), _letters)
_does, _numbers = st.sampled_from("spxctfwyrnugzdq"), st.sampled_from(["0", "1", "99999999999", "a", "-", "en", "l", "s"])
_of = st.sampled_from(["abcdefghijkl", "me", "group", "menu", "language", "9" * 24, "-1"])


def _presses(card: CardShown | None = None) -> st.SearchStrategy[Json]:
    """Draw presses of buttons: of any data, of what looks like ours, or under a card."""
    fixed = {"id": st.just("1"), "chat_instance": st.just("1")}
    if card is not None:
        chat = {"id": card.chat, "type": "private"}
        return _both({
            **fixed,
            "from": st.just({"id": card.chat, "is_bot": False, "first_name": "Ann"}),
            "message": st.just({"message_id": card.message, "date": _NOW, "chat": chat}),
            "data": st.builds(":".join, st.tuples(_does, st.just(card.id), _numbers, _numbers)),
        })  # fmt: skip
    shown = st.one_of(_messages(), _both({"chat": _chats, "message_id": _message_ids, "date": st.just(0)}))
    ours = st.builds(":".join, st.tuples(_does, _of, _numbers, _numbers))
    return _both(
        {**fixed, "from": _users},
        message=shown,
        data=st.one_of(_data, ours),
        inline_message_id=_letters,
        game_short_name=_letters,
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
    "inline_query": _both({"id": st.just("1"), "from": _users, "query": _said, "offset": _letters}, chat_type=_letters),
    "chosen_inline_result": _both({"result_id": _letters, "from": _users, "query": _letters}, inline_message_id=_letters),
    "my_chat_member": _changes,
    "chat_member": _changes,
    "poll": _poll,
    "poll_answer": _both({"poll_id": st.just("9"), "option_ids": st.just([0])}, user=_users, voter_chat=_chats),
    "message_reaction": _both(
        {"chat": _chats, "message_id": _message_ids, "date": _times, "old_reaction": _reactions, "new_reaction": _reactions},
        user=_users, actor_chat=_chats,
    ),
    "message_reaction_count": _both(
        {"chat": _chats, "message_id": _message_ids, "date": _times, "reactions": st.just([])}
    ),
    "business_connection": _both(
        {"id": st.just("b"), "user": _users, "user_chat_id": _ids, "date": _times, "is_enabled": st.booleans()}
    ),
    "deleted_business_messages": _both({"business_connection_id": st.just("b"), "chat": _chats, "message_ids": st.just([1])}),
    "purchased_paid_media": _both({"from": _users, "paid_media_payload": _letters}),
    "shipping_query": _both({"id": st.just("1"), "from": _users, "invoice_payload": _letters, "shipping_address": st.just({})}),
    "pre_checkout_query": _both(
        {"id": st.just("1"), "from": _users, "currency": st.just("XTR"), "total_amount": st.just(1), "invoice_payload": _letters}
    ),
    "chat_join_request": _both({"chat": _chats, "from": _users, "user_chat_id": _ids, "date": _times}),
    "chat_boost": _both({"chat": _chats, "boost": st.just({})}),
    "removed_chat_boost": _both({"chat": _chats, "boost_id": _letters, "remove_date": _times, "source": st.just({})}),
    "managed_bot": _both({"user": _users, "bot": _users}),
    "telepathy": _odd,
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
    kind = draw(st.sampled_from(sorted(_KINDS)) if draw(_seldom) else st.sampled_from(_WANTED))
    held = _presses(draw(st.sampled_from(cards))) if kind == "callback_query" and draw(st.booleans()) else _KINDS[kind]
    # Hypothesis may hand out the same object twice, which must not be spoilt for the next one.
    update: Json = {kind: copy.deepcopy(draw(held))}
    if draw(_seldom):
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
            holder[draw(st.sampled_from(["id", "text", "from", "chat", "user", "novel", "type", "date"]))] = draw(_odd)
        case _:
            holder[last] = draw(_odd)


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
        return int(time.time()) if held == _NOW and key == "date" else held
    return {below: _placed_id(at, number) if below == "id" else placed(at, number, below) for below, at in held.items()}


def _placed_id(id_: Any, number: int) -> Any:
    if not isinstance(id_, int) or isinstance(id_, bool) or not 1 <= abs(id_) <= NEAR:
        return placed(id_, number)
    own = 10_000 + number * (NEAR + 1) + abs(id_)
    return own if id_ > 0 else -own
