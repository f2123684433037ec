"""What an encoder needs to be computed in 8-bit integers: `python -m whosays.encode.rounding MODEL FILE…`, a text a line.

Beside the bounds of the activations (`ranges`) that is a vector, which is added to those that come out: rounding moves them a
little, partly always in the same direction.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from whosays.config import default_cache
from whosays.encode import ranges
from whosays.encode.encoder import Encoder, bounds_of, find, tokenizer_of
from whosays.encode.folder import ModelFolder, describe
from whosays.encode.runtime import Head, graph

#: Of all lines so many for the bounds, and so many for the vector.
_BOUNDS, _VECTORS = 400, 3000
#: A line of fewer words is no paragraph.
_LEAST = 4


def measure(folder: ModelFolder, exact: Encoder, texts: Sequence[str], out: Path) -> float:
    """Write the bounds of the encoder `exact`, served from `folder`, into the folder `out`, measured on these texts.

    Return the mean cosine of a vector so computed to the exact one. Raises ModelError.
    """
    tokenizer = tokenizer_of(folder)
    tokenizer.no_padding()
    tokens = [encoding.ids for encoding in tokenizer.encode_batch_fast(_some(texts, _BOUNDS))]
    bounds = ranges.measure(folder.path, Head.MEAN, tokens, twice=True)
    out.mkdir(parents=True, exist_ok=True)
    ranges.save(out, bounds)
    some = _some(texts, _VECTORS)
    wanted = exact.encode(some)
    with TemporaryDirectory() as cache:
        path = graph(folder.path, Head.MEAN, Path(cache), bounds_in=out)
        rounded = Encoder(name=exact.name, digest=exact.digest, tokenizer=tokenizer, path=path).encode(some)
    added = (wanted - rounded).mean(axis=0)
    ranges.save(out, bounds, vector=added.tolist())
    moved = rounded + added
    return float(((wanted * moved).sum(axis=1) / np.linalg.norm(moved, axis=1)).mean())


def _some(texts: Sequence[str], most: int) -> Sequence[str]:
    return texts[:: -(-len(texts) // most)]


def main(arguments: Sequence[str]) -> None:
    """Measure the bounds of a model, and say how near its vectors stay."""
    name, *files = arguments
    path = find(name)
    if path is None or not files:
        sys.exit(__doc__)
    lines = [line for file in files for line in Path(file).read_text("utf-8").split("\n") if len(line.split()) >= _LEAST]
    exact = Encoder.load(name, default_cache())
    out = bounds_of(exact.digest)
    cosine = measure(describe(path), exact, lines, out)
    sys.stdout.write(f"{out}: {len(lines)} texts, cosine {cosine:.4f}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
