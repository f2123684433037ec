"""What a server packed → bytes, piece by piece, and never more than asked for.

A stream that breaks off is an error, not half a page.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

#: Bytes that are unpacked at a time.
_PIECE = 65_536
_GZIP, _ZLIB, _RAW = 31, 15, -15
#: Archives in a row within one stream; more were made to do harm.
_MOST_MEMBERS = 1_000
#: The first bytes of a gzip file.
GZIP_MAGIC = b"\x1f\x8b"


class Unpacking:
    """Unpacks gzip or deflate. Raises zlib.error where that is damaged."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        self._stream: zlib._Decompress | None = None
        self._members = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what these bytes unpack to, in pieces."""
        while data:
            if self._stream is None or (self._stream.eof and data.startswith(GZIP_MAGIC)):
                self._members += 1
                if self._members > _MOST_MEMBERS:
                    raise zlib.error("too many archives in a row")
                self._stream = zlib.decompressobj(self._window(data[0]))
            elif self._stream.eof:
                return  # servers pad, too
            yield self._stream.decompress(data, _PIECE)
            data = self._stream.unconsumed_tail or self._stream.unused_data

    @property
    def complete(self) -> bool:
        """Say whether the stream has come to its end."""
        return self._stream is None or self._stream.eof

    def _window(self, first: int) -> int:
        if self._encoding != "deflate":
            return _GZIP
        # "deflate" means zlib's format, and some servers send it without that format's head: RFC 9110, 8.4.1.2.
        return _ZLIB if first & 0x0F == 8 else _RAW


def unpacked(body: bytes, most: int) -> bytes:
    """Return what a gzip file holds. Raises ValueError where it is damaged, broken off or longer than `most` bytes."""
    stream = Unpacking("gzip")
    whole = bytearray()
    try:
        for start in range(0, len(body), _PIECE):
            for piece in stream.feed(body[start : start + _PIECE]):
                whole += piece
                if len(whole) > most:
                    raise ValueError(f"it unpacks to more than {most / 1_000_000:g} MB")
    except zlib.error as error:
        raise ValueError("it is a damaged archive") from error
    if not stream.complete:
        raise ValueError("it is an archive that breaks off")
    return bytes(whole)
