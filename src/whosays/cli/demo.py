"""The demo articles: indexed once into a store of their own, and kept out of any store that a token serves."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from whosays.cli.output import warn
from whosays.cli.progress import ProgressLine
from whosays.config import Settings, sqlite_address
from whosays.engine import Engine, demo_ids
from whosays.errors import ConfigError, StoreError
from whosays.reading import read
from whosays.types import Reading

_CODE = Path(__file__).parents[1]


def prepared(settings: Settings) -> Settings:
    """Return these settings for the demo store, which is made first where it is not there, or is another version's.

    Raises StoreError where an article of the demo corpus is refused.
    """
    folder = settings.cache_folder / f"demo-{_digest(settings)}"
    demo = replace(settings, store=sqlite_address(folder / "whosays.db"))
    done = folder / "complete"
    if done.exists():
        return demo
    folder.mkdir(parents=True, exist_ok=True)
    warn("Indexing the demo articles …")
    progress = ProgressLine(len(list(settings.demo_corpus.glob("*.md"))))
    with Engine.open(demo) as engine:
        report = engine.ingest(_articles(settings.demo_corpus), progress)
    progress.end()
    if report.refused:
        raise StoreError("; ".join(f"{refused.where}: {refused.reason}" for refused in report.refused))
    done.touch()
    return demo


def refuse_to_serve(settings: Settings, engine: Engine) -> None:
    """Raise ConfigError where the store holds demo articles, however they came there."""
    if engine.articles(demo_ids(settings.demo_corpus)):
        raise ConfigError(
            "the store holds demo articles, and no bot serves those: name another one with --store or WHOSAYS_STORE"
        )


def _articles(corpus: Path) -> Iterator[Reading]:
    return read([str(corpus)])


def _digest(settings: Settings) -> str:
    """Return what tells this demo store from those that other articles, actors, models or another state of this code make."""
    made_of = [
        *sorted(_CODE.rglob("*.py")),
        settings.actors,
        *sorted(file for file in settings.tagger_folder.rglob("*") if file.is_file()),
        *sorted(settings.demo_corpus.glob("*.md")),
    ]
    digest = hashlib.blake2b(settings.encoder.encode(), digest_size=6)
    for file in made_of:
        digest.update(hashlib.blake2b(file.read_bytes()).digest())
    return digest.hexdigest()
