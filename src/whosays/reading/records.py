"""JSON lines → Articles, a line at a time: a file of any length is never held whole."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from whosays.errors import InputError
from whosays.reading.article import MAX_BYTES, Details, admit
from whosays.types import Reading, Refused

#: Our names of what a line may hold. `authors` may be a list or one string.
FIELDS = ("text", "id", "url", "outlet", "title", "published", "authors")


def read_records(stream: BinaryIO, where: str, defaults: Details, mapping: Mapping[str, str]) -> Iterator[Reading]:
    """Yield an article or a refusal for each line that is not blank; `mapping` says under which name a line holds which field.

    Raises what the stream raises: OSError, EOFError and zlib.error of a broken archive.
    """
    number = 0
    while line := stream.readline(MAX_BYTES + 1):
        number += 1
        place = f"{where} line {number}"
        if len(line) > MAX_BYTES:
            while line and not line.endswith(b"\n"):
                line = stream.readline(MAX_BYTES)
            yield Refused(where=place, reason=f"the line is longer than {MAX_BYTES // 1_000_000} MB")
        elif line.strip():
            yield _read_line(line, place, defaults, mapping)


def _read_line(line: bytes, where: str, defaults: Details, mapping: Mapping[str, str]) -> Reading:
    try:
        record = _object(line)
        names = {field: mapping.get(field, field) for field in FIELDS}
        if names["text"] not in record:
            held = ", ".join(list(record)[:12]) or "nothing"
            raise InputError(f"it holds no {names['text']!r} (but {held}): name the text's field with --map text=NAME")
        values = {field: _string(record.get(name), name) for field, name in names.items()}
    except InputError as error:
        return Refused(where=where, reason=str(error))
    text, author = values.pop("text"), values.pop("authors")
    return admit(where, text, Details(author=author, **values).completed(defaults))


def _object(line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError("it is not UTF-8") from error
    except json.JSONDecodeError as error:
        raise InputError(f"it is not JSON: {error.msg} at column {error.colno}") from error
    except (ValueError, RecursionError) as error:
        raise InputError("it is JSON beyond all measure: a number too long or too many brackets") from error
    if not isinstance(record, dict):
        raise InputError('it is no JSON object such as {"text": "…"}')
    return record


def _string(value: Any, name: str) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            pass
        case int():
            return str(value)
        case list() if all(isinstance(item, str) for item in value):
            return ", ".join(value)
    raise InputError(f"its {name!r} is neither a string nor a list of strings")
