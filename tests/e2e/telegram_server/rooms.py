"""The kinds of chats: private ones, groups with or without forum topics, channels."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from tests.e2e.telegram_server.chat import Chat, addressed, marked
from tests.e2e.telegram_server.members import Member
from tests.e2e.telegram_server.messages import CHANNEL_BOT, GROUP_ANONYMOUS_BOT, TELEGRAM, Json, User
from tests.e2e.telegram_server.refusal import bad, forbidden

#: The General topic: what is said in it has no thread, and a message may not be sent to it by this number.
GENERAL = 1
_OWNER = User(id=1, first_name="Owner")


@dataclass(kw_only=True, eq=False)
class PeopledChat(Chat):
    """A chat in which the bot has a standing, of which Telegram tells it with `my_chat_member`."""

    members: dict[int, Member] = field(default_factory=dict)

    @property
    def standing(self) -> Member:
        """The bot's own."""
        return self.members.get(self.bot.id) or Member(user=self.bot, status="left")

    def make_bot(self, by: User, status: str, *, can_send: bool = True, can_send_photos: bool = True) -> int:
        """Change the bot's standing and tell it; return the update's id."""
        before = self.standing
        after = Member(user=self.bot, status=status, can_send=can_send, can_send_photos=can_send_photos)
        self.members[self.bot.id] = after
        return self.tell_standing(by, before, after)

    def tell_standing(self, by: User, before: Member, after: Member) -> int:
        """Tell the bot that its standing has changed; return the update's id."""
        change = {"old_chat_member": before.json(), "new_chat_member": after.json()}
        return self.post({"my_chat_member": {"chat": self.json(), "from": by.json(), "date": int(time.time()), **change}})


@dataclass(kw_only=True, eq=False)
class PrivateChat(PeopledChat):
    """Somebody's chat with the bot."""

    user: User
    deactivated: bool = False

    def block(self) -> int:
        """Let them block the bot; return the update's id."""
        return self.make_bot(self.user, "kicked")

    def unblock(self) -> int:
        """Let them unblock it."""
        return self.make_bot(self.user, "member")

    def deactivate(self) -> None:
        """Let them delete their account, of which the bot is not told."""
        self.deactivated = True

    def check_open(self, method: str) -> None:
        if self.deactivated:
            raise forbidden("user is deactivated")
        if not self.standing.is_in:
            raise forbidden("bot was blocked by the user")

    def json(self) -> Json:
        username = {"username": self.user.username} if self.user.username else {}
        return {**super().json(), "first_name": self.user.first_name, **username}


@dataclass(slots=True, kw_only=True)
class Topic:
    """A topic of a forum; its id is that of the message that opened it."""

    name: str
    closed: bool = False


@dataclass(kw_only=True, eq=False)
class Group(PeopledChat):
    """A group: what of it a bot is shown depends on its privacy mode (https://core.telegram.org/bots/features#privacy-mode)."""

    privacy: bool = True
    #: Whether a mention gets through privacy mode. The list there does not name mentions; they are delivered all the same.
    mentions: bool = True
    forum: bool = False
    topics: dict[int, Topic] = field(default_factory=dict)

    @property
    def admins(self) -> list[User]:
        """Who runs the group, other bots left out."""
        return [member.user for member in self.members.values() if member.is_admin]

    def join(self, user: User, status: str = "member", *, anonymous: bool = False) -> None:
        """Give somebody a standing: "creator", "administrator", "member", "left" or "kicked"."""
        self.members[user.id] = Member(user=user, status=status, anonymous=anonymous)

    def add(self, user: User | None, *, reply_to: int | None = None, topic: int | None = None, **content: Any) -> int:
        if user is not None and not user.is_bot and user.id != TELEGRAM.id:
            self.members.setdefault(user.id, Member(user=user))
        return super().add(user, reply_to=reply_to, topic=topic, **content)

    def say_anonymously(self, text: str, **more: Any) -> int:
        """Let an administrator speak in the group's name."""
        return self.say(GROUP_ANONYMOUS_BOT, text, sender_chat=self.json(), **more)

    def say_as_channel(self, channel: Channel, text: str, **more: Any) -> int:
        """Let somebody speak in a channel's name."""
        return self.say(CHANNEL_BOT, text, sender_chat=channel.json(), **more)

    def comment(self, user: User, forward: int, text: str, **more: Any) -> int:
        """Comment on a channel's post, of which `forward` is the copy here."""
        return self.say(user, text, reply_to=forward, **more)

    def add_bot(self, by: User) -> int:
        """Let somebody add the bot, with the service message that tells of it."""
        update = self.make_bot(by, "member")
        self.add(by, new_chat_members=[self.bot.json()])
        return update

    def remove_bot(self, by: User) -> int:
        """Let somebody remove the bot."""
        return self.make_bot(by, "kicked")

    def restrict_bot(self, by: User, *, words: bool = False) -> int:
        """Let somebody forbid the bot to send anything, or anything but words."""
        return self.make_bot(by, "restricted", can_send=words, can_send_photos=False)

    def promote_bot(self, by: User) -> int:
        """Let somebody make the bot an administrator, which is shown every message."""
        return self.make_bot(by, "administrator")

    def open_topic(self, by: User, name: str) -> int:
        """Open a topic of a forum; return its id."""
        topic = self.next_id()
        self.topics[topic] = Topic(name=name)
        created = {"name": name, "icon_color": 7322096}
        return self.add(by, message_thread_id=topic, is_topic_message=True, forum_topic_created=created)

    def close_topic(self, by: User, topic: int) -> None:
        """Close a topic: only administrators may write in it from then on."""
        self.topics[topic].closed = True
        self.add(by, topic=topic, forum_topic_closed={})

    def reopen_topic(self, by: User, topic: int) -> None:
        """Open a closed topic again."""
        self.topics[topic].closed = False
        self.add(by, topic=topic, forum_topic_reopened={})

    def delete_topic(self, topic: int) -> None:
        """Delete a topic with all that was said in it."""
        del self.topics[topic]
        for message in [id_ for id_, kept in self.messages.items() if kept.get("message_thread_id") == topic]:
            self.delete(message)

    def shown_to_bot(self, message: Json) -> bool:
        if not self.standing.is_in:
            return False
        if not self.privacy or self.standing.is_admin or not ("text" in message or "caption" in message):
            return True
        replied = message.get("reply_to_message", {})
        if self.bot.id in {replied.get("from", {}).get("id"), message.get("via_bot", {}).get("id")}:
            return True
        mine = f"{self.bot.username}".lower()
        return any(
            (self.mentions and (match["mention"] or "").lower() == mine)
            or (match["command"] and self._takes_command(match["bot"]))
            for match in addressed(message["text"] if "text" in message else message["caption"])
        )

    def check_open(self, method: str) -> None:
        super().check_open(method)
        if not self.standing.is_in:
            how = "was kicked from" if self.standing.status == "kicked" else "is not a member of"
            raise forbidden(f"bot {how} the {self.type} chat")
        allowed = self.standing.can_send and (method != "sendPhoto" or self.standing.can_send_photos)
        if not allowed and not method.startswith("get"):
            what = "photos" if method == "sendPhoto" else "text messages"
            raise bad(f"not enough rights to send {what} to the chat", blame=False)

    def check_topic(self, topic: int | None, method: str) -> None:
        if topic is None or (self.forum and topic == GENERAL and method == "sendChatAction"):
            return
        if not self.forum or topic == GENERAL or topic not in self.topics:
            raise bad("message thread not found", blame=topic not in self.gone)
        if self.topics[topic].closed and not self.standing.is_admin:
            raise bad("TOPIC_CLOSED", blame=False)

    def replying(self, reply_to: int) -> Json:
        """Return what a reply has besides: its thread, which outside a forum's topics is no topic and may not be sent to."""
        said = self.messages[reply_to]
        thread: Json = {"message_thread_id": said.get("message_thread_id", reply_to)} if self.type == "supergroup" else {}
        topic = {"is_topic_message": True} if said.get("is_topic_message") else {}
        return {**super().replying(reply_to), **thread, **topic}

    def next_id(self) -> int:
        return max(super().next_id(), GENERAL + 1 if self.forum else 0)

    def json(self) -> Json:
        return {**super().json(), **({"is_forum": True} if self.forum else {})}

    def begin_forum(self, topics: Iterable[int]) -> None:
        """Have topics of these ids from the beginning."""
        for topic in topics:
            name = f"Topic {topic}"
            self.topics[topic] = Topic(name=name)
            created = {"name": name, "icon_color": 7322096}
            self.messages[topic] = {
                "message_id": topic, "date": 1, "chat": self.json(), "from": _OWNER.json(), "message_thread_id": topic,
                "is_topic_message": True, "forum_topic_created": created,
            }  # fmt: skip

    def become(self, new: Group) -> None:
        """Turn into another group with all members, as a group does that becomes a supergroup.

        Telegram tells the bot besides that it was added there (https://github.com/tdlib/telegram-bot-api/issues/266).
        """
        new.members = {id_: replace(member) for id_, member in self.members.items()}
        by = next(iter(self.admins), GROUP_ANONYMOUS_BOT)
        new.tell_standing(by, Member(user=self.bot, status="left"), self.standing)
        self.add(by, migrate_to_chat_id=new.id)
        self.migrated_to = new.id
        new.add(by, migrate_from_chat_id=self.id)

    def _takes_command(self, addressed_to: str | None) -> bool:
        if addressed_to is not None:
            return addressed_to.lower() == f"@{self.bot.username}".lower()
        return bool(self.sent)


@dataclass(kw_only=True, eq=False)
class Channel(PeopledChat):
    """A channel; posts go on into its `linked` group, in which they can be commented on."""

    linked: Group | None = None
    #: The copies of posts in the linked group, by the posts' ids.
    forwards: dict[int, int] = field(default_factory=dict)

    def publish(self, text: str, **more: Any) -> int:
        """Publish a post; return its id. Its copy in the linked group is `forwards[id]`."""
        post = self.add(None, text=text, entities=marked(text), sender_chat=self.json(), **more)
        if self.linked is not None:
            origin = {"type": "channel", "date": int(time.time()), "chat": self.json(), "message_id": post}
            self.forwards[post] = self.linked.say(
                TELEGRAM, text, sender_chat=self.json(), is_automatic_forward=True, forward_origin=origin
            )
        return post

    def edit_post(self, post: int, text: str) -> int:
        """Edit a post; return the update's id."""
        self.messages[post] |= {"text": text, "entities": marked(text), "edit_date": int(time.time())}
        return self.post(self.update(self.messages[post], edited=True))

    def make_bot_admin(self, by: User) -> int:
        """Let somebody make the bot an administrator, without which it may not post."""
        return self.make_bot(by, "administrator")

    def check_open(self, method: str) -> None:
        super().check_open(method)
        if not self.standing.is_in:
            raise forbidden("bot is not a member of the channel chat")
        if not self.standing.is_admin:
            raise bad("need administrator rights in the channel chat", blame=False)

    def shown_to_bot(self, message: Json) -> bool:
        return self.standing.is_in

    def update(self, message: Json, *, edited: bool = False) -> Json:
        return {"edited_channel_post" if edited else "channel_post": message}

    def bots_name(self) -> Json:
        return {"sender_chat": self.json()}
