"""A Bot API server on loopback that is stricter than Telegram's own: what that lets pass, or mends in silence, fails here.

It speaks real HTTP to the real library. What it refuses though the bot could have known better, what it would mend in silence,
presses that nobody answers and writing to a chat that is to wait come to `telegram.faults_of_the_bot`, which the fixture wants
empty at the end. Waiting helpers raise TimeoutError, `within` 5 seconds unless told otherwise.

The world (`telegram`, a `BotApi`; parts of it in world.py and server.py)
    person(name, language=None, username=None) → User
    private_chat(user), group(privacy, mentions, topics, forum, admins, basic, bot), forum(admins), channel(linked, bot) → chats
    migrate(group) → the supergroup that it has become
    send_update(update), deliver_twice(update=None): the last update, or the one of an id, comes again under the same id
    await everything_read(), called(method, chat=None, times=1); calls: (method, chat id) in order
    commands; menus.commands[scope, language], menus.descriptions[language], menus.short_descriptions, menus.buttons[chat or None]
    strict_rates(): too fast is a fault of the bot; presses.deadline, inline.deadline: seconds for an answer
    updates.webhook, allowed_updates; updates that are not confirmed come again, whoever fetches them: also after a kill

Mishaps, each for a method's next `times` calls (in one chat, if given)
    refuse(method, chat, code=429, retry_after=None, description=…), leave_unanswered(…): done, never said so
    drop(…): not done, the connection breaks; slow(method, seconds, chat): done, said late; down(), up()

A chat (chat.py; rooms.py has its kinds)
    say(user, text, reply_to, topic, **fields) → message id; add(user, photo=…, caption=…); edit(user, id, text); delete(id)
    await expect_message() → Sent; expect_edit(message=None) → its new state; expect_deletion(); silence(seconds)
    press(user, message, "text or data on a button that it has now") → query; press_data(user, message, data, inaccessible=False)
    await expect_toast(query) → its words or None; telegram.pressed_answered(query) → Toast(text, alert, url)
    sent: the bot's messages as they are now; now(message) → Sent
    Sent: id, text, entities, buttons, labels, button("more"), quotations, expandable, links, reply_to, topic, photo, silent,
        deleted, history
    private: block(), unblock(), deactivate()
    group: join(user, "administrator"), admins, say_anonymously(text), say_as_channel(channel, text),
        comment(user, forward, text), add_bot(by), remove_bot(by), restrict_bot(by, words=False), promote_bot(by),
        make_bot(by, status), open_topic(by, name) → topic, close_topic(by, topic), reopen_topic(by, topic), delete_topic(topic)
    channel: publish(text) → post; forwards[post]: its copy in the linked group; edit_post(post, text); make_bot(by, status)

Inline
    inline_query(user, text, chat_type, offset) → query; await expect_inline(query) → results (id, title, text, buttons …)
    await inline_answer(query) → InlineAnswer(results, cache_time, is_personal, next_offset, button)
    choose(user, query, result, chat) → message id: sent through the bot, which may edit it if it has buttons
"""

from tests.e2e.telegram_server.chat import Chat
from tests.e2e.telegram_server.inline import InlineAnswer, InlineResult
from tests.e2e.telegram_server.messages import Button, Sent, User
from tests.e2e.telegram_server.presses import Toast
from tests.e2e.telegram_server.rooms import Channel, Group, PrivateChat
from tests.e2e.telegram_server.server import BotApi

__all__ = ["BotApi", "Button", "Channel", "Chat", "Group", "InlineAnswer", "InlineResult", "PrivateChat", "Sent", "Toast", "User"]
