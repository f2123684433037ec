"""An answer as it was shown, as JSON text: what buttons, deep links and reports go on showing when articles have changed."""

from __future__ import annotations

import msgspec

from whosays.errors import StoreError
from whosays.types import Answer

_READER = msgspec.json.Decoder(Answer)


def dumps(answer: Answer) -> str:
    """Return an answer as JSON text, the same for equal answers. Raises StoreError where half a surrogate pair stands in it."""
    try:
        return msgspec.json.encode(answer).decode()
    except UnicodeEncodeError as error:
        raise StoreError(f"half a surrogate pair stands in an answer: {error.reason}") from error


def loads(text: str) -> Answer:
    """Return the answer of a text made by `dumps`, also by a version whose answers had less in them. Raises StoreError."""
    try:
        return _READER.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise StoreError(f"an answer that was kept cannot be read, perhaps it is of another version: {error}") from error
