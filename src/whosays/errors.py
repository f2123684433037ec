"""One tree of errors. Each message says what is wrong and what to do; none of them is a traceback for a user."""

from __future__ import annotations

from datetime import timedelta


class WhosaysError(Exception):
    """The root of all errors that whosays raises on purpose."""


class ConfigError(WhosaysError):
    """A setting is missing or wrong. Exit code 2."""


class InputError(WhosaysError):
    """What was given cannot be read."""


class FetchError(InputError):
    """A page or feed could not be fetched. `status` is what the server answered, `retry_after` how long it asks us to wait."""

    def __init__(self, message: str, *, status: int | None = None, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


class GoneError(FetchError):
    """There is nothing at that address (404), or nothing any more (410: `status`)."""


class RefusedAddressError(FetchError):
    """The address is none that may be fetched, or leads to one: asking again changes nothing."""


class ContentError(FetchError):
    """What came is too large, damaged, or neither a page nor a feed."""


class ModelError(WhosaysError):
    """Weights are missing, damaged, or not those that the store was indexed with."""


class StoreError(WhosaysError):
    """The store cannot be opened, or is of another schema or model."""


class QuotationError(WhosaysError):
    """A card would have shown words that do not stand in its source. A bug: raised, never sent."""


class LanguageError(InputError):
    """A question or text is in a language that the models do not read."""


class OutdatedError(StoreError):
    """What was decided on has changed meanwhile: decide anew, and try again."""


class ReindexedError(OutdatedError):
    """The store has gone over to the vectors of another model: open it anew, encode anew, and try again."""


class ConflictError(StoreError):
    """Another process changed the same at the same time: nothing was stored, and trying again helps."""
