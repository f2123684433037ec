"""What an engine is made of, and what works beside one: the models that settings name, and what the store at an address holds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from whosays.chats import Chats
from whosays.config import Settings
from whosays.crossencoder import CrossEncoder
from whosays.current import settled
from whosays.encode import Encoder
from whosays.feeds import Feeds
from whosays.outbox import Outbox
from whosays.reading import Web
from whosays.store import opening
from whosays.store.chats import SqlChats
from whosays.store.corpus import Corpus
from whosays.store.corrections import Corrections, SqlCorrections
from whosays.store.feeds import SqlFeeds
from whosays.store.outbox import SqlOutbox
from whosays.store.sql_corpus import SqlCorpus

if TYPE_CHECKING:
    from whosays.attribution.find import Finder


def web_of(settings: Settings) -> Web:
    """Return how web addresses are read under these settings."""
    return Web(local=settings.fetch_local, contact=settings.contact)


def open_encoded(settings: Settings) -> tuple[Encoder, SqlCorpus]:
    """Load the encoder that the store is of, or the one that the settings name, and open the store for it. Raises as both do."""
    if settings.encoder_given:
        encoder = load_encoder(settings)
        return encoder, SqlCorpus.open(settings.store, encoder)

    def of_store() -> tuple[Encoder, SqlCorpus]:
        encoder = load_encoder(replace(settings, encoder=SqlCorpus.model_at(settings.store) or settings.encoder))
        return encoder, SqlCorpus.open(settings.store, encoder)

    return settled(of_store)


def load_encoder(settings: Settings) -> Encoder:
    """Load the sentence encoder; its graph is built the first time. Raises ModelError."""
    return Encoder.load(settings.encoder, settings.cache_folder, settings.threads)


def load_reader(settings: Settings) -> CrossEncoder:
    """Load what reads claims with a question; its graph is built the first time. Raises ModelError."""
    return CrossEncoder.load(settings.relevance_folder, settings.cache_folder, settings.threads)


def load_finder(settings: Settings) -> Finder:
    """Load what finds claims; its graph is built the first time. Raises ModelError, ConfigError."""
    from whosays.attribution.find import Finder  # noqa: PLC0415 - answering finds no claims

    return Finder.load(settings.tagger_folder, settings.cache_folder, settings.actors, settings.threads)


def open_corpus(address: str, encoder: Encoder) -> Corpus:
    """Open the store at an address, or make it. Raises ConfigError for an address of no known kind, StoreError."""
    return SqlCorpus.open(address, encoder)


def is_shared(address: str) -> bool:
    """Say whether several machines may use the store at an address at once."""
    return opening.is_postgres(address)


def is_there(address: str) -> bool:
    """Say whether opening the store at an address would make no new file. Raises ConfigError."""
    return opening.is_there(address)


def open_chats(address: str) -> Chats:
    """Open what is kept of chats in the store at an address, or make it. Raises as `open_corpus` does, but needs no model."""
    return SqlChats.open(address)


def open_corrections(address: str) -> Corrections:
    """Open the corrections in the store at an address, or make it. Raises as `open_corpus` does, but needs no model."""
    return SqlCorrections.open(address)


def open_outbox(address: str) -> Outbox:
    """Open the outbox of alerts at an address, or make it. Raises as `open_chats` does."""
    return SqlOutbox.open(address)


def open_feeds(address: str) -> Feeds:
    """Open what is kept of feeds in the store at an address, or make it. Raises as `open_corpus` does, but needs no model."""
    return SqlFeeds.open(address)
