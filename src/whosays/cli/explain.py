"""`whosays explain`: an article with who says what marked in it, in the terminal or as a page."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Iterator

from whosays import text
from whosays.attribution.actors import Actors
from whosays.cli.exits import Exit, UsageError
from whosays.cli.inputs import readings_of
from whosays.cli.output import warn
from whosays.config import Settings
from whosays.engine import Engine
from whosays.errors import InputError
from whosays.explain import Explanation, explained, to_page, to_text
from whosays.parts import is_there, load_finder, web_of
from whosays.types import Article

_WIDEST = 100


def run(settings: Settings, options: argparse.Namespace) -> Exit:
    """Explain what is named; a page shows one article. Raises WhosaysError, and OSError where the page cannot be written."""
    if options.html and not options.html.parent.is_dir():
        raise UsageError(f"{options.html}: there is no folder {options.html.parent}")
    actors = Actors.load(settings.actors)
    refused = 0
    shown: list[Explanation] = []
    for reading in _stored(settings, options, actors) or _read(settings, options, actors):
        if isinstance(reading, str):
            refused += 1
            warn(reading)
        elif options.html is None:
            sys.stdout.write(to_text(reading, width=_width(), ansi=_coloured()) + "\n")
            sys.stdout.flush()
        elif shown:
            raise UsageError(
                f"{options.paths[0]} holds several articles, and a page shows one: name a file or an id with just that"
            )
        else:
            shown.append(reading)
    for explanation in shown:
        options.html.write_text(to_page(explanation), "utf-8")
        warn(f"{options.html} is written: open it in a browser")
    return Exit.REFUSED if refused else Exit.DONE


def _stored(settings: Settings, options: argparse.Namespace, actors: Actors) -> list[Explanation | str]:
    """Return the article of this id or address with the claims that the store holds of it; nothing where it holds none.

    What is a file or folder is read: then no store need be there.
    """
    (name,) = options.paths
    if os.path.exists(name):  # unlike Path.exists, it takes an address of any length
        return []
    # To explain is to read alone: no new store is made.
    if is_there(settings.store):
        with Engine.open(settings) as engine:
            article = engine.article(name) or engine.article_at(name)
            if article:
                return [explained(article, engine.claims_in(article.id), actors, stored=True)]
    if "://" not in name:
        raise InputError(f"{name} is no file, and the store holds no article of this id or address")
    return []


def _read(settings: Settings, options: argparse.Namespace, actors: Actors) -> Iterator[Explanation | str]:
    """Read what is named, as `claims` does; a string says why an input was refused."""
    finder = load_finder(settings)
    for reading in readings_of(options, web_of(settings)):
        if isinstance(reading, Article):
            blocks = text.blocks(reading.text, outlet=reading.outlet, title=reading.title)
            yield explained(reading, finder.find(reading, blocks), actors)
        else:
            yield f"refused {reading.where}: {reading.reason}"


def _width() -> int:
    return min(shutil.get_terminal_size().columns, _WIDEST)


def _coloured() -> bool:
    """Say whether somebody who wants colours looks on: https://no-color.org/."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
