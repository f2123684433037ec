"""What Telegram answers with where it does not do as told."""

from __future__ import annotations


class Refusal(Exception):
    """An error of the Bot API. It is the bot's fault (`blame`) unless the bot could not have known better."""

    def __init__(self, code: int, description: str, *, blame: bool | None = None, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.blame = code == 400 if blame is None else blame
        self.parameters = parameters


def bad(description: str, *, blame: bool = True) -> Refusal:
    """Return a 400."""
    return Refusal(400, f"Bad Request: {description}", blame=blame)


def forbidden(description: str) -> Refusal:
    """Return a 403."""
    return Refusal(403, f"Forbidden: {description}")
