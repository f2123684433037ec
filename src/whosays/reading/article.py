"""What may become an `Article`: one place where every way of reading ends, and where an input is refused for what it holds."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from whosays.reading.language import foreign_language
from whosays.types import Article, Reading, Refused

#: Bytes of a file, a page or a line of JSON, unpacked.
MAX_BYTES = 20_000_000
#: Code points of an article's text; the longest of 5,536 news articles has 76,553.
MAX_CHARACTERS = 1_000_000
#: Code points of a title, an outlet's name, an address.
MAX_FIELD = 2_000
#: Words that make the shortest thing worth citing: "The mayor denied it on Monday."
MIN_WORDS = 5
#: Words that a web page or a feed must yield: what is less is a teaser, a menu or a notice.
MIN_PAGE_WORDS = 25

_WRITTEN_DATES = ("%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y", "%Y/%m/%d", "%Y-%m-%d %H:%M:%S %z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What is known of an article beside its text; `published` as it is written, or already read."""

    id: str | None = None
    url: str | None = None
    outlet: str | None = None
    title: str | None = None
    author: str | None = None
    published: datetime | str | None = None

    def completed(self, other: Details) -> Details:
        """Return these details, with those of `other` where they say nothing."""
        return Details(**{field.name: getattr(self, field.name) or getattr(other, field.name) for field in fields(self)})


def admit(where: str, text: str, details: Details, *, min_words: int = MIN_WORDS) -> Reading:
    """Return the article, its text untouched, or why it is none. `where` names the input to the person who gave it.

    The id is the one given, else the address, else a digest of the text. A date that is given and cannot be read is a reason to
    refuse: an article that lost its date would be missing from every answer about a time.
    """
    reason = _fault(text, min_words)
    if reason:
        return Refused(where=where, reason=reason)
    clean: dict[str, str | None] = {}
    for name in ("id", "url", "outlet", "title", "author"):
        value = " ".join((getattr(details, name) or "").split()) or None
        if value and (len(value) > MAX_FIELD or "\0" in value or not _encodable(value)):
            return Refused(where=where, reason=f"its {name} is longer than {MAX_FIELD:,} characters or no text")
        clean[name] = value
    url = clean["url"]
    if url and not is_web_address(url):
        return Refused(
            where=where, reason=f"its url {url!r} is no web address: give one that begins with http:// or https://, or none"
        )
    try:
        published = read_date(details.published)
    except ValueError as error:
        return Refused(where=where, reason=str(error))
    return Article(
        id=clean["id"] or url or "sha256:" + hashlib.sha256(text.encode()).hexdigest()[:16],
        text=text,
        url=url,
        outlet=clean["outlet"],
        title=clean["title"],
        author=clean["author"],
        published=published,
    )


def _fault(text: str, min_words: int) -> str | None:
    if not text.strip():
        return "it is empty"
    if "\0" in text:
        return "it is binary, not text"
    if len(text) > MAX_CHARACTERS:
        return f"its text has {len(text):,} characters; {MAX_CHARACTERS:,} are the most that is read"
    if not _encodable(text):
        return "its text holds half a character (a lone surrogate): write it anew as UTF-8"
    if language := foreign_language(text):
        return f"articles in {language} are not read yet; whosays reads English so far"
    if len(text.split(maxsplit=min_words)) < min_words:
        return f"it holds no article: fewer than {min_words} words"
    return None


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_web_address(text: str) -> bool:
    """Say whether this is an absolute http or https address with a host."""
    try:
        parts = urlsplit(text)
        return parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and not any(c.isspace() for c in text)
    except ValueError:
        return False


def read_date(value: datetime | str | None) -> datetime | None:
    """Return the time in UTC: of ISO 8601, of an e-mail's or feed's form, or of a date such as "September 4, 2021".

    A day alone is its midnight, a time without a zone is UTC's; nothing is None. Raises ValueError where it is no date.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    moment = value if isinstance(value, datetime) else _written(value.strip())
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"its date {value!r} is beyond the calendar") from error


def _written(value: str) -> datetime:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        pass
    for form in _WRITTEN_DATES:
        try:
            return datetime.strptime(value, form)  # noqa: DTZ007  read_date gives it its zone
        except ValueError:
            continue
    try:
        return parsedate_to_datetime(value)
    except (ValueError, OverflowError) as error:
        raise ValueError(
            f"its date {value[:60]!r} cannot be read: write it as 2021-09-06 or 2021-09-06T14:30:00Z, or leave it out"
        ) from error
