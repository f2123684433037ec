"""Read PolNeAR's annotations: text/NAME.txt and attributions/NAME_ANNOTATOR.ann (brat standoff)."""

from __future__ import annotations

import glob
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from whosays.errors import InputError
from whosays.types import Attribution, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotated:
    """A text with the attributions that a person found in it."""

    name: str
    text: str
    attributions: tuple[Attribution, ...]


def read(folder: Path) -> Iterator[Annotated]:
    """Yield the articles of a PolNeAR folder in the order of their names.

    Of several annotators the first in sorted order counts, as in the scorer. An attribution without content is left out.
    Raises InputError where the folder holds no such texts.
    """
    texts = sorted((folder / "text").glob("*.txt"))
    if not texts:
        raise InputError(f"{folder} holds no text/*.txt: name a folder with text/ and attributions/ as PolNeAR has it")
    for path in texts:
        annotations = sorted((folder / "attributions").glob(glob.escape(path.stem) + "_*.ann"))
        if annotations:
            with path.open(encoding="utf-8", newline="") as file:
                text = file.read()
            yield Annotated(name=path.stem, text=text, attributions=tuple(_parse(annotations[0].read_text("utf-8"))))


def _parse(annotation: str) -> Iterator[Attribution]:
    spans: dict[str, list[Span]] = {}
    relations: list[dict[str, list[Span]]] = []
    for line in annotation.split("\n"):
        key, _, rest = line.partition("\t")
        if not rest:
            continue  # an annotated text may hold a line break of its own
        if key.startswith("T"):
            offsets = rest.split("\t")[0].split(" ", 1)[1]
            spans[key] = [Span(*map(int, part.split())) for part in offsets.split(";")]
        elif key.startswith("E"):
            relation: dict[str, list[Span]] = {"source": [], "cue": [], "content": []}
            for role in rest.split():
                kind, _, name = role.partition(":")
                kind = kind.rstrip("0123456789").lower()
                if kind in relation:
                    relation[kind] += spans.get(name, [])
            relations.append(relation)
    for relation in relations:
        if relation["content"]:
            source, cue, content = (tuple(sorted(relation[kind])) for kind in ("source", "cue", "content"))
            yield Attribution(source=source, cue=cue, content=content)
