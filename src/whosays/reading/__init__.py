"""The world → Article: JSON lines, texts, Markdown, saved pages, web addresses, feeds, folders."""

from whosays.reading.article import Details as Defaults
from whosays.reading.files import Web, read

__all__ = ["Defaults", "Web", "read"]
