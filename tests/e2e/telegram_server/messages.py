"""What the bot has sent, as its readers see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.e2e.telegram_server.parse_mode import EXPANDABLE, Entity, quotations, words

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person, or the bot."""

    id: int
    first_name: str
    username: str | None = None
    is_bot: bool = False
    language_code: str | None = None

    def json(self) -> Json:
        """Return the Bot API's `User`."""
        optional = {"username": self.username, "language_code": self.language_code}
        given = {key: value for key, value in optional.items() if value}
        return {"id": self.id, "first_name": self.first_name, "is_bot": self.is_bot, **given}


#: Who speaks where an administrator has chosen to stay anonymous.
GROUP_ANONYMOUS_BOT = User(id=1087968824, first_name="Group", username="GroupAnonymousBot", is_bot=True)
#: Who speaks where somebody speaks as a channel.
CHANNEL_BOT = User(id=136817688, first_name="Channel", username="Channel_Bot", is_bot=True)
#: Who forwards a channel's posts into its group.
TELEGRAM = User(id=777000, first_name="Telegram")


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button: it has `data`, opens `url`, or does something else, as `raw` has it."""

    text: str
    data: str | None
    url: str | None
    raw: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Text with its styles, and the buttons under it. Of a picture, the text is its caption."""

    text: str
    entities: list[Entity]
    buttons: list[list[Button]] = field(default_factory=list)

    @property
    def quotations(self) -> list[str]:
        """What stands in its block quotes."""
        return quotations(self.text, self.entities)

    @property
    def expandable(self) -> list[str]:
        """What stands in its folded block quotes."""
        return quotations(self.text, self.entities, frozenset({EXPANDABLE}))

    def words(self, entity: Entity) -> str:
        """Return what one of its entities covers."""
        return words(self.text, entity)

    @property
    def links(self) -> list[str]:
        """The addresses that it links to."""
        return [entity.url for entity in self.entities if entity.url]

    @property
    def labels(self) -> list[list[str]]:
        """The words on its buttons, by row."""
        return [[button.text for button in row] for row in self.buttons]

    def button(self, text_or_data: str) -> Button:
        """Return the button of this text or data, or else the only one whose text has it in it. Raises AssertionError."""
        buttons = list(self._each_button())
        exact = [button for button in buttons if text_or_data in {button.text, button.data}]
        found = exact[:1] or [button for button in buttons if text_or_data in button.text]
        assert len(found) == 1, f"{len(found)} buttons for {text_or_data!r} among {self.labels}"
        return found[0]

    def _each_button(self) -> Iterator[Button]:
        for row in self.buttons:
            yield from row


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent(Content):
    """A message that the bot has sent, in one of its states; `history` holds those before, the oldest first."""

    id: int
    reply_to: int | None
    topic: int | None
    photo: bytes | None = None
    silent: bool = False
    deleted: bool = False
    history: tuple[Sent, ...] = ()
