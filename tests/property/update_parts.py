"""What updates are made of, as Telegram sends it and as it never would, for hypothesis to draw."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]

#: Ids up to this number stand for one of a few chats and people, which are others in each update.
NEAR = 5
#: Stands for the time at which an update is sent.
NOW = 2
#: The bot of the test server.
_BOT = 4200000001


def _mostly(usual: st.SearchStrategy[Any], odd: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    # Ends of a range are drawn more often than what lies between.
    return st.integers(0, 15).flatmap(lambda number: odd if number == 7 else usual)


seldom = st.integers(0, 7).map(lambda number: number in {3, 5})
_near = st.integers(1, NEAR)
ids = _mostly(
    st.one_of(_near, _near.map(lambda id_: -id_)), st.sampled_from([0, _BOT, 777000, 2**31, 2**52, -(10**12) - 7, 2**63 - 1])
)
message_ids = st.one_of(st.integers(1, 50), st.sampled_from([0, -1, 2**31, 2**53]))
letters = st.one_of(
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
sayings = st.one_of(
    letters,
    st.builds("/{}{} {}".format, _commands, _calls, letters),
    st.builds("@WhoSaysTestBot {}".format, letters),
    st.builds("/start {}".format, st.sampled_from(["c_abcdefghijkl", "q_d2hvIGhvbGRzPw", "q_____", "c_", "q_" + "A" * 62])),
)
_positions = _mostly(st.integers(0, 60), st.sampled_from([-3, 2**31, 2**62, -(2**31)]))
odd = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=5),
    st.just([]), st.just({}), st.just([{}]), st.just([None]), st.just({"id": "x"}), st.just([[["deep"]]]), st.just(2**70),
)  # fmt: skip
times = _mostly(st.just(NOW), st.sampled_from([0, 1, 2**31 - 1, 2**33, -1]))


def _some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Json]:
    """Return dictionaries that have some of these fields."""
    return st.fixed_dictionaries({}, optional=fields)


def both(always: dict[str, st.SearchStrategy[Any]], **sometimes: st.SearchStrategy[Any]) -> st.SearchStrategy[Json]:
    return st.fixed_dictionaries(always, optional=sometimes)


users = both(
    {"id": ids, "is_bot": _mostly(st.just(False), st.booleans()), "first_name": letters},
    last_name=letters, username=letters, language_code=st.sampled_from(["en", "fa", "ar", "uk", "xx", "", "en-GB", "\ud800"]),
    is_premium=st.just(True), added_to_attachment_menu=st.just(True),
)  # fmt: skip
chats = both(
    {"id": ids, "type": st.sampled_from(["private", "group", "private", "supergroup", "private", "channel", "saga"])},
    title=letters, username=letters, first_name=letters, is_forum=st.booleans(), is_direct_messages=st.booleans(),
)  # fmt: skip
entities = st.lists(
    both(
        {
            "type": st.sampled_from(["bot_command", "mention", "text_mention", "url", "bold", "custom_emoji", "novel"]),
            "offset": _positions,
            "length": _positions,
        },
        user=users, url=letters, language=letters, custom_emoji_id=st.just("5"),
    ),
    max_size=4,
)  # fmt: skip
_file = {"file_id": st.just("f"), "file_unique_id": st.just("u")}
_sized = {**_file, "width": st.integers(0, 9), "height": st.integers(0, 9)}
_lasting = {**_file, "duration": st.integers(0, 9)}
poll = both(
    {
        "id": st.just("9"), "question": letters, "total_voter_count": st.integers(0, 3), "is_closed": st.booleans(),
        "is_anonymous": st.booleans(), "type": st.sampled_from(["regular", "quiz", "x"]),
        "allows_multiple_answers": st.booleans(), "allows_revoting": st.booleans(), "members_only": st.booleans(),
        "options": st.lists(both({"text": letters, "voter_count": st.just(1), "persistent_id": st.just("p")}), max_size=2),
    },
    correct_option_id=st.integers(-1, 5), explanation=letters,
)  # fmt: skip
_origins = st.one_of(
    both({"type": st.just("user"), "date": times, "sender_user": users}),
    both({"type": st.just("hidden_user"), "date": times, "sender_user_name": letters}),
    both({"type": st.just("chat"), "date": times, "sender_chat": chats}, author_signature=letters),
    both({"type": st.just("channel"), "date": times, "chat": chats, "message_id": message_ids}),
    both({"type": st.just("telepathy"), "date": times}),
)
_CHARGES = {"telegram_payment_charge_id": "", "provider_payment_charge_id": ""}
contents: dict[str, st.SearchStrategy[Any]] = {
    "photo": st.lists(both(_sized), max_size=2),
    "sticker": both({**_sized, "type": st.just("regular"), "is_animated": st.booleans(), "is_video": st.booleans()}),
    "voice": both(_lasting),
    "audio": both(_lasting, title=letters),
    "video": both({**_sized, "duration": st.integers(0, 9)}),
    "video_note": both({**_lasting, "length": st.integers(0, 9)}),
    "animation": both({**_sized, "duration": st.integers(0, 9)}),
    "document": both(_file, file_name=letters, mime_type=letters),
    "paid_media": both({"star_count": st.integers(0, 9), "paid_media": st.just([{"type": "preview"}, {"type": "novel"}])}),
    "story": both({"chat": chats, "id": message_ids}),
    "dice": both({"emoji": letters, "value": st.integers(0, 9)}),
    "poll": poll,
    "contact": both({"phone_number": letters, "first_name": letters}),
    "location": both({"latitude": st.floats(-90, 90), "longitude": st.floats(-180, 180)}),
    "game": st.just({"title": "t", "description": "d", "photo": []}),
    "invoice": st.just({"title": "t", "description": "d", "start_parameter": "", "currency": "XTR", "total_amount": 1}),
    "checklist": st.just({"title": "t", "tasks": [{"id": 1, "text": "t"}]}),
    "giveaway": both({"chats": st.lists(chats, max_size=1), "winners_selection_date": times, "winner_count": st.just(1)}),
    "gift": st.just({"gift": {"id": "g", "star_count": 1}}),
    "new_chat_members": st.lists(users, max_size=2),
    "left_chat_member": users,
    "new_chat_title": letters,
    "new_chat_photo": st.just([]),
    "delete_chat_photo": st.just(True),
    "group_chat_created": st.just(True),
    "migrate_to_chat_id": ids,
    "migrate_from_chat_id": ids,
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
    "web_app_data": both({"data": letters, "button_text": letters}),
    "forum_topic_created": both({"name": letters, "icon_color": st.just(0)}),
    "forum_topic_closed": st.just({}),
    "general_forum_topic_hidden": st.just({}),
    "video_chat_started": st.just({}),
    "message_auto_delete_timer_changed": st.just({"message_auto_delete_time": 60}),
    "write_access_allowed": st.just({}),
    "connected_website": letters,
    "boost_added": st.just({"boost_count": 1}),
    "chat_background_set": st.just({"type": {"type": "novel"}}),
    "passport_data": st.just({"data": [], "credentials": {"data": "", "hash": "", "secret": ""}}),
    "suggested_post_declined": st.just({"comment": "no"}),
}
frame: dict[str, st.SearchStrategy[Any]] = {
    "sender_chat": chats, "via_bot": users, "sender_business_bot": users, "business_connection_id": st.just("b"),
    "forward_origin": _origins, "is_automatic_forward": st.booleans(), "edit_date": times, "author_signature": letters,
    "message_thread_id": message_ids, "is_topic_message": st.booleans(), "media_group_id": st.just("7"),
    "effect_id": st.just("e"),
    "external_reply": both({"origin": _origins}, chat=chats, message_id=message_ids),
    "quote": both({"text": letters, "position": _positions}, entities=entities, is_manual=st.just(True)),
    "reply_to_story": both({"chat": chats, "id": message_ids}), "sender_boost_count": st.integers(0, 9),
    "link_preview_options": _some(is_disabled=st.booleans(), url=letters), "has_protected_content": st.just(True),
    "reply_markup": st.just({"inline_keyboard": [[{"text": "t", "callback_data": "d"}]]}),
    "direct_messages_topic": both({"topic_id": message_ids}, user=users), "paid_star_count": st.integers(0, 9),
    "unheard_of": odd,
}  # fmt: skip
