"""Paths, folders and addresses → Articles: what it is decides who reads it. One bad input never stops the others."""

from __future__ import annotations

import asyncio
import gzip
import os
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from whosays.errors import ConfigError, FetchError, InputError
from whosays.reading.article import MAX_BYTES, Details, admit, is_web_address, read_date
from whosays.reading.records import FIELDS, read_records
from whosays.types import Article, Reading, Refused

if TYPE_CHECKING:
    from whosays.reading.fetched import Fetched

#: What is read, each also as .gz.
SUFFIXES = (".jsonl", ".txt", ".md", ".html", ".htm", ".xml", ".rss", ".atom")
#: An archive that unpacks to more than this many times its size was made to do harm: 20,000 copies of one text in JSON reach 148.
MAX_RATIO = 500
_FRONT_MATTER = 65_536
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """How web addresses are read. `local`: those of this machine and its network, too; `contact`: what servers are told of us.

    `known` says whether the store holds an article of an id: one that was stored under another address of its page keeps that id.
    """

    local: bool = False
    contact: str | None = None
    known: Callable[[str], bool] = lambda _: False


def read(
    paths: Sequence[str], defaults: Details | None = None, mapping: Mapping[str, str] | None = None, web: Web | None = None
) -> Iterator[Reading]:
    """Yield an article or a refusal for all that the paths name: files, folders (all below, in order of name), web addresses.

    `defaults` say what a file cannot say for itself; `mapping` is from our names of JSON fields to the file's. A text is kept as
    it is given, so that offsets into it hold; of Markdown it is what follows the front matter. A text or Markdown file that says
    neither id nor address is named by its file, without the suffix, and by its path within the folder that was given.
    Pages and feeds are fetched with an event loop of their own: call this from a thread that runs none.
    Only public addresses are fetched, unless `web` says otherwise.
    Raises ConfigError at once where `defaults` or `mapping` cannot be meant.
    """
    defaults, mapping, web = defaults or Details(), mapping or {}, web or Web()
    unknown = sorted(set(mapping) - set(FIELDS))
    if unknown:
        raise ConfigError(f"--map knows {', '.join(FIELDS)}, not {', '.join(unknown)}: write it as text=THEIR_NAME")
    try:
        read_date(defaults.published)
    except ValueError as error:
        raise ConfigError(f"--published: {error}") from error
    if defaults.url and not is_web_address(defaults.url):
        raise ConfigError(f"--url: {defaults.url} is no web address: give one that begins with http:// or https://")
    named: dict[str, Path] = {}
    return _once(defaults, (reading for path in paths for reading in _read_path(path, defaults, mapping, named, web)))


def _once(defaults: Details, readings: Iterator[Reading]) -> Iterator[Reading]:
    """Let --id and --url name one article alone: a second one would replace the first."""
    given = defaults.id or defaults.url
    used = False
    for reading in readings:
        if isinstance(reading, Article) and reading.id == given:
            yield Refused(where=given, reason="--id and --url name one article, and another one came first") if used else reading
            used = True
        else:
            yield reading


def _read_path(path: str, defaults: Details, mapping: Mapping[str, str], named: dict[str, Path], web: Web) -> Iterator[Reading]:
    if is_web_address(path):
        yield from _read_address(path, defaults, web)
    elif _SCHEME.match(path):
        yield Refused(where=path, reason="it is no address that can be read: give one that begins with http:// or https://")
    elif Path(path).is_dir():
        yield from _read_folder(Path(path), defaults, mapping, named, web)
    else:
        file = Path(path)
        yield from _apart(file, named, _read_file(file, _stem(file.name), defaults, mapping, web), _stem(file.name))


def _read_folder(
    folder: Path, defaults: Details, mapping: Mapping[str, str], named: dict[str, Path], web: Web
) -> Iterator[Reading]:
    found = False
    denied: list[OSError] = []
    for place, folders, names in os.walk(folder, onerror=denied.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                found = True
                file, below = Path(place, name), (Path(place).relative_to(folder) / _stem(name)).as_posix()
                yield from _apart(file, named, _read_file(file, below, defaults, mapping, web), below)
    for error in denied:
        yield Refused(where=str(error.filename), reason=f"the folder cannot be read: {error.strerror}")
    if not found and not denied:
        yield Refused(where=str(folder), reason="the folder holds no file")


def _apart(path: Path, named: dict[str, Path], readings: Iterator[Reading], name: str) -> Iterator[Reading]:
    """Let two files of one name, such as a/news.txt and b/news.txt, not replace each other; `named` holds those so far."""
    one_article = Path(path.name.lower().removesuffix(".gz")).suffix != ".jsonl"
    for reading in readings:
        by_file = one_article and isinstance(reading, Article) and reading.id == name
        if by_file and named.setdefault(name, path.resolve()) != path.resolve():
            yield Refused(where=str(path), reason=f"another file is named {name} too: read it by itself, with an --id of its own")
        else:
            yield reading


def _read_file(path: Path, name: str, defaults: Details, mapping: Mapping[str, str], web: Web) -> Iterator[Reading]:
    where = str(path)
    try:
        yield from _read_kind(path, name, where, defaults, mapping, web)
    except FileNotFoundError:
        yield Refused(where=where, reason="there is no such file or folder")
    except (EOFError, zlib.error, gzip.BadGzipFile):
        yield Refused(where=where, reason="the archive is damaged or cut off; what came before was read")
    except UnicodeDecodeError:
        yield Refused(where=where, reason="it is binary, or text in another encoding than UTF-8: save it as UTF-8")
    except InputError as error:
        yield Refused(where=where, reason=str(error))
    except OSError as error:
        yield Refused(where=where, reason=f"it cannot be read: {error.strerror or error}")


def _read_kind(path: Path, name: str, where: str, defaults: Details, mapping: Mapping[str, str], web: Web) -> Iterator[Reading]:
    if path.exists() and not path.is_file():
        raise InputError("it is no regular file")
    match Path(path.name.lower().removesuffix(".gz")).suffix:
        case ".jsonl":
            with _open(path) as stream:
                yield from read_records(stream, where, defaults, mapping)
        case ".txt":
            yield admit(where, _content(path).decode(), _named(name, defaults))
        case ".md":
            details, text = _front_matter(_content(path).decode("utf-8-sig"))
            yield admit(where, text, _named(name, details.completed(defaults)))
        case ".html" | ".htm":
            yield _read_page(_content(path), where, defaults)
        case ".xml" | ".rss" | ".atom":
            yield from _read_feed(_content(path), where, defaults, web)
        case _:
            path.stat()  # a file that is not there is a better reason than its name
            raise InputError(f"it is none of {' '.join(SUFFIXES)} (or one of them with .gz)")


def _stem(name: str) -> str:
    return Path(name.removesuffix(".gz")).stem


def _named(name: str, details: Details) -> Details:
    """Name an article by its file where nothing else does: changed and read again, it replaces its old version."""
    return details if details.id or details.url else replace(details, id=name)


class _Bounded(gzip.GzipFile):
    """A gzip file that breaks off where it unpacks to far more than text can."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._most = max(MAX_BYTES, MAX_RATIO * path.stat().st_size)

    def readline(self, size: int | None = -1) -> bytes:
        """Read a line. Raises InputError where the archive is a bomb."""
        line = super().readline(size)
        if self.tell() > self._most:
            raise InputError(f"it unpacks to more than {MAX_RATIO} times its size; what came before was read")
        return line


def _open(path: Path) -> BinaryIO:
    return cast("BinaryIO", _Bounded(path)) if path.name.lower().endswith(".gz") else path.open("rb")


def _content(path: Path) -> bytes:
    """Read a file, unpacked. Raises InputError where it is larger than MAX_BYTES."""
    with _open(path) as stream:
        content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise InputError(f"it is larger than {MAX_BYTES // 1_000_000} MB")
    return content


def _front_matter(text: str) -> tuple[Details, str]:
    """Part a Markdown file's front matter (YAML between two lines of ---) from its text. Raises InputError where it is broken."""
    lines = text.splitlines(keepends=True)
    if not lines or lines[0].rstrip() != "---":
        return Details(), text
    end = next((i for i, line in enumerate(lines) if i > 0 and line.rstrip() == "---"), None)
    if end is None:
        raise InputError("its front matter is not closed: put a line of --- after it")
    head, body = "".join(lines[1:end]), "".join(lines[end + 1 :])
    if len(head) > _FRONT_MATTER:
        raise InputError(f"its front matter is longer than {_FRONT_MATTER:,} characters")
    import yaml  # noqa: PLC0415 - for files alone, and an answer reads none

    try:
        values = yaml.load(head, yaml.BaseLoader)  # which makes nothing but strings, lists and mappings
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" in line {mark.line + 2}" if mark else ""
        raise InputError(f"its front matter is not YAML{line}: put a value that holds a colon into quotation marks") from error
    if not isinstance(values or {}, dict):
        raise InputError("its front matter holds no lines such as outlet: The Evening Herald")
    return _details(values or {}), body


def _details(values: Mapping[str, object]) -> Details:
    found: dict[str, str] = {}
    for ours, theirs in (
        *((name, name) for name in ("id", "url", "outlet", "title", "author", "published")),
        ("author", "authors"),
    ):
        value = values.get(theirs)
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            value = ", ".join(value)
        if value is not None and not isinstance(value, str):
            raise InputError(f"its front matter's {theirs!r} is no plain text")
        if value:
            found[ours] = value
    return Details(**found)


# The readers of pages, feeds and addresses load for most of a second; an answer, which loads this module, must not wait for that.


def _read_address(url: str, defaults: Details, web: Web) -> Iterator[Reading]:
    from whosays.reading.linked import read_page  # noqa: PLC0415

    try:
        fetched = _fetch(url, web)
    except FetchError as error:
        yield Refused(where=url, reason=str(error))
        return
    if fetched.is_feed:
        yield from _read_feed(fetched.body, fetched.url, defaults, web)
    else:
        yield read_page(fetched.text, fetched.url, defaults=defaults, known=web.known)


def _read_feed(body: bytes, where: str, defaults: Details, web: Web) -> Iterator[Reading]:
    from whosays.reading.linked import read_linked  # noqa: PLC0415

    yield from read_linked(body, where, defaults, lambda url: _fetch(url, web), web.known)


def _fetch(url: str, web: Web) -> Fetched:
    from whosays.reading.address import reach  # noqa: PLC0415
    from whosays.reading.fetch import fetch  # noqa: PLC0415

    return asyncio.run(fetch(url, reach=reach(web.local), contact=web.contact))


def _read_page(html: bytes, where: str, defaults: Details) -> Reading:
    from whosays.reading.page import extract  # noqa: PLC0415

    reading = extract(html, defaults.url, defaults)
    return reading if isinstance(reading, Article) else Refused(where=where, reason=reading.reason)
