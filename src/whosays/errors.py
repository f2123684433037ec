"""One tree of errors. Each message says what is wrong and what to do; none of them is a traceback for a user."""

from __future__ import annotations


class WhosaysError(Exception):
    """The root of all errors that whosays raises on purpose."""


class ConfigError(WhosaysError):
    """A setting is missing or wrong. Exit code 2."""


class InputError(WhosaysError):
    """What was given cannot be read."""


class FetchError(InputError):
    """A page or feed could not be fetched."""


class ModelError(WhosaysError):
    """Weights are missing, damaged, or not those that the store was indexed with."""


class StoreError(WhosaysError):
    """The store cannot be opened, or is of another schema or model."""


class QuotationError(WhosaysError):
    """A card would have shown words that do not stand in its source. A bug: raised, never sent."""


class LanguageError(InputError):
    """A question or text is in a language that the models do not read."""
