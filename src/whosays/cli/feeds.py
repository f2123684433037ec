"""`whosays feeds` and `whosays remove`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from whosays.cli.exits import Exit, UsageError
from whosays.cli.output import print_json, print_line, warn
from whosays.config import Settings
from whosays.engine import Engine
from whosays.errors import ConfigError, InputError, RefusedAddressError
from whosays.feeds import Feed, FeedFound, Feeds, Page, Standing
from whosays.parts import open_feeds, web_of
from whosays.reading.address import link, reach
from whosays.reading.canonical import canonical
from whosays.reading.find import find
from whosays.reading.opml import Outline, read_opml, write_opml
from whosays.types import Refused

_MOST = 10_000


def run(settings: Settings, options: argparse.Namespace) -> Exit:
    """List, add, remove, import or export feeds. Raises StoreError, ConfigError, UsageError."""
    action, what = options.action, options.what
    wants = {"list": 0, "starter": 0, "withdrawn": 0}.get(action)
    if wants == 0 and what:
        raise UsageError(f"`feeds {action}` takes nothing more")
    if wants is None and not what:
        raise UsageError(f"`feeds {action}` needs {'a FILE' if action in ('import', 'export') else 'a URL'}")
    with closing(open_feeds(settings.store)) as feeds:
        match action:
            case "list":
                return _list(feeds, json=options.json)
            case "withdrawn":
                return _withdrawn(feeds, json=options.json)
            case "export":
                return _export(feeds, what)
            case "starter":
                return _import(settings, feeds, [settings.data_folder / "feeds" / "starter.opml"])
            case "import":
                return _import(settings, feeds, [Path(name) for name in what])
            case "add":
                return _each(what, lambda url: _add(settings, feeds, url))
            case _:
                does, done = {"remove": (feeds.remove, "removed"), "now": (feeds.read_soon, "due now")}[action]
                return _each(what, lambda url: done if does(url) else _refused("no such feed is read: `feeds` lists them"))


def remove(settings: Settings, options: argparse.Namespace) -> Exit:
    """Remove articles, so that feeds do not bring them again."""
    with Engine.open(settings) as engine, closing(open_feeds(settings.store)) as feeds:
        return _each(options.articles, lambda named: _remove(engine, feeds, named))


def _remove(engine: Engine, feeds: Feeds, named: str) -> str:
    address = canonical(named)
    article = engine.article(named) or engine.article(address) or engine.article_at(named) or engine.article_at(address)
    page = feeds.page_of(article.id) if article is not None else feeds.page(address)
    if article is None and page is None:
        return _refused("the store holds no such article")
    known = page or Page(address=canonical(article.url or article.id) if article is not None else address, feed=None, told="")
    # First this: whoever has just read the page lets it go again by himself from now on.
    feeds.keep_page(replace(known, standing=Standing.REMOVED, due=None, article=article.id if article else known.article))
    if article is not None:
        engine.remove(article.id)
    return "removed"


def fresh_lines(feeds: Sequence[Feed], now: datetime) -> list[str]:
    """Return how fresh each feed is, two lines or three a feed, those that fail first."""
    lines = []
    for feed in sorted(feeds, key=lambda feed: (not feed.failing, feed.url)):
        lines.append(f"{feed.url}" + (f"  {feed.title}" if feed.title else ""))
        known = [f"read {_ago(feed.read, now)}" if feed.read else "not read yet"]
        known += [f"newest entry {_ago(feed.newest, now)}"] if feed.newest else []
        known += [f"asked every {_length(feed.interval)}"] if feed.interval and not feed.failures else []
        lines.append("    " + ", ".join(known))
        if feed.ended:
            lines.append(f"    gone for good: {feed.error}")
        elif feed.failures:
            again = f"; asked again in {_length(max(feed.due - now, timedelta()))}" if feed.due else ""
            times = "once" if feed.failures == 1 else f"{feed.failures} times in a row"
            lines.append(f"    failed {times}: {feed.error}{again}")
    return lines


def as_json(feed: Feed) -> Mapping[str, object]:
    """Return a feed as `--json` prints it."""
    times = {name: getattr(feed, name) for name in ("added", "read", "newest", "due")}
    return {
        "url": feed.url,
        "title": feed.title,
        "folder": feed.folder,
        **{name: time.isoformat() if time else None for name, time in times.items()},
        "every_seconds": round(feed.interval.total_seconds()) if feed.interval else None,
        "failures": feed.failures,
        "error": feed.error,
        "ended": feed.ended,
    }


def _list(feeds: Feeds, *, json: bool) -> Exit:
    known = feeds.feeds()
    if json:
        for feed in known:
            print_json(as_json(feed))
        return Exit.DONE
    if not known:
        warn("no feed is read yet: `feeds add URL` adds one, `feeds starter` some well-known ones")
    for line in fresh_lines(known, datetime.now(UTC)):
        print_line(line)
    if gone := feeds.pages(Standing.WITHDRAWN, _MOST):
        print_line(f"{len(gone):,} withdrawn by their outlets: `feeds withdrawn` lists them")
    return Exit.DONE


def _withdrawn(feeds: Feeds, *, json: bool) -> Exit:
    for page in feeds.pages(Standing.WITHDRAWN, _MOST):
        at = page.read.isoformat(timespec="minutes") if page.read else ""
        if json:
            row = {"article": page.article, "title": page.title, "address": page.address, "why": page.why, "at": at}
            print_json(row)
        else:
            print_line(f"{at}  {page.title or 'without a title'}\n    {page.address}\n    {page.why}")
    return Exit.DONE


def _add(settings: Settings, feeds: Feeds, url: str) -> str:
    found = find(url, web_of(settings))
    if isinstance(found, Refused):
        return _refused(found.reason)
    if not isinstance(found, FeedFound):
        return _refused("it is an article, and names no feed: `whosays ingest` reads it")
    new = feeds.add(Feed(url=found.url, added=datetime.now(UTC), title=found.title, site=found.site))
    elsewhere = f" ({found.url})" if found.url != url else ""
    return f"{'added' if new else 'known already'}: {found.title or 'without a title'}{elsewhere}"


def _import(settings: Settings, feeds: Feeds, files: Iterable[Path]) -> Exit:
    added = known = refused = 0
    for file in files:
        try:
            listed = read_opml(file.read_bytes())
        except OSError as error:
            raise ConfigError(f"{file} cannot be read: {error.strerror}") from error
        except InputError as error:
            raise InputError(f"{file}: {error}") from error
        for note in listed.notes:
            warn(f"{file}: {note}")
        for outline in listed.outlines:
            try:
                link(outline.url, reach(settings.fetch_local))
            except RefusedAddressError as error:
                refused += 1
                print_line(f"refused {outline.url}: {error}")
                continue
            folder = next(iter(outline.categories), None)
            feed = Feed(url=outline.url, added=datetime.now(UTC), title=outline.title, site=outline.site, folder=folder)
            if feeds.add(feed):
                added += 1
            else:
                known += 1
    print_line(f"{added:,} added, {known:,} known already, {refused:,} refused")
    return Exit.REFUSED if refused else Exit.DONE


def _export(feeds: Feeds, what: Sequence[str]) -> Exit:
    if len(what) != 1:
        raise UsageError("`feeds export` writes one FILE")
    outlines = [
        Outline(url=feed.url, title=feed.title, site=feed.site, categories=(feed.folder,) if feed.folder else ())
        for feed in feeds.feeds()
    ]
    body = write_opml(outlines, "whosays: the feeds that are read", datetime.now(UTC))
    if what[0] == "-":
        sys.stdout.write(body.decode())
        return Exit.DONE
    try:
        Path(what[0]).write_bytes(body)
    except OSError as error:
        raise ConfigError(f"{what[0]} cannot be written: {error.strerror}") from error
    print_line(f"{len(outlines):,} feeds written")
    return Exit.DONE


def _each(what: Sequence[str], do: Callable[[str], str]) -> Exit:
    """Do something with each, and say of each what came of it."""
    code = Exit.DONE
    for one in what:
        said = do(one)
        print_line(f"{one}: {said}")
        code = max(code, Exit.REFUSED if said.startswith(_REFUSED) else Exit.DONE)
    return code


_REFUSED = "refused: "


def _refused(why: str) -> str:
    return _REFUSED + why


def _ago(moment: datetime, now: datetime) -> str:
    return f"{_length(max(now - moment, timedelta()))} ago"


def _length(time: timedelta) -> str:
    seconds = time.total_seconds()
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h" if seconds < 48 * 3600 else f"{seconds / 86400:.0f} days"
