"""`whosays reindex`: the store's vectors are computed anew by another model."""

from __future__ import annotations

import argparse
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from whosays.cli.exits import Exit
from whosays.cli.output import print_json, print_line, warn
from whosays.cli.progress import Line, finishing_on_interrupt, remaining
from whosays.config import Settings
from whosays.errors import StoreError
from whosays.parts import load_encoder
from whosays.reindex import ReindexProgress, reindex
from whosays.store.reindexing import Reindexing


def run(settings: Settings, options: argparse.Namespace) -> Exit:
    """Index the store anew, or go on with it. Raises ConfigError, ModelError, StoreError."""
    name = _named(options.encoder or settings.encoder)
    encoder = load_encoder(replace(settings, encoder=name))
    store = Reindexing.begin(settings.store, encoder)
    if store is None:
        return _done(options, name, None)
    line = Line()
    with closing(store), finishing_on_interrupt() as stopping:
        texts = reindex(store, encoder, lambda progress: line.show(lambda: _described(progress)), stopping)
        line.end()
        if texts is None:
            return Exit.INTERRUPTED
        try:
            store.clean()
        except (StoreError, OSError) as error:
            warn(f"what was indexed before is not let go of yet, which the next `whosays reindex` does: {error}")
    return _done(options, name, texts)


def _named(name: str) -> str:
    """Return what the store is to call a model: a folder by its whole path, since others look from elsewhere."""
    folder = Path(name).expanduser()
    return str(folder.absolute()) if folder.is_dir() else name


def _done(options: argparse.Namespace, name: str, texts: int | None) -> Exit:
    if options.json:
        print_json({"model": name, "texts": texts})
    elif texts is None:
        print_line(f"the store is of {name} already")
    else:
        print_line(f"{texts:,} texts embedded; the store is of {name} now")
    return Exit.DONE


def _described(progress: ReindexProgress) -> str:
    line = f"texts: {progress.texts:,} of {progress.of:,}"
    return f"{line}, {remaining(progress.texts, progress.of, progress.seconds)} left" if progress.texts < progress.of else line
