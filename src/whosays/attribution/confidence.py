"""How likely an attribution is right: a logistic regression on what the two passes say of it, fitted on annotated texts."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from whosays.attribution.asker import Asked
from whosays.errors import ModelError

FILE = "confidence.json"
#: Of likelihoods nearer to 0 or 1 than this nothing is made: a network is never that sure.
_SURE = 0.002
#: Keeps coefficients small where the data hardly says anything of them.
_RIDGE = 0.1
_STEPS = 30


@dataclass(frozen=True, slots=True)
class Confidence:
    """The coefficients: the constant, then one for each of `features`."""

    coefficients: tuple[float, ...]

    @classmethod
    def load(cls, folder: Path) -> Confidence:
        """Read them from a model's folder. Raises ModelError where they are missing or damaged."""
        try:
            coefficients = tuple(float(value) for value in json.loads((folder / FILE).read_text("utf-8"))["coefficients"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(
                f"{folder / FILE} cannot be read ({error}); `./run train DATA --only confidence` writes it"
            ) from error
        if len(coefficients) != 1 + _FEATURES:
            raise ModelError(f"{folder / FILE}: {1 + _FEATURES} coefficients are wanted, not {len(coefficients)}")
        return cls(coefficients)

    def save(self, folder: Path) -> None:
        """Write them into a model's folder."""
        written = {"coefficients": [round(value, 4) for value in self.coefficients]}
        (folder / FILE).write_text(json.dumps(written) + "\n", "utf-8")

    def of(self, asked: Asked) -> float:
        """Return how likely source and content are both right (0..1)."""
        score = self.coefficients[0] + sum(c * value for c, value in zip(self.coefficients[1:], features(asked), strict=True))
        return 1.0 / (1.0 + math.exp(-score))


_FEATURES = 5


def features(asked: Asked) -> tuple[float, ...]:
    """Return log odds: that the words are a cue (by either pass), of the content and its weakest word, and of the source."""
    source = max((found.mean for found in asked.sources), default=asked.unsourced)
    return (
        _log_odds(asked.judged),
        _log_odds(asked.candidate.mean),
        _log_odds(min((found.mean for found in asked.contents), default=0.0)),
        _log_odds(min((found.least for found in asked.contents), default=0.0)),
        _log_odds(source),
    )


def _log_odds(share: float) -> float:
    share = min(max(share, _SURE), 1.0 - _SURE)
    return math.log(share / (1.0 - share))


def fit(rows: Sequence[Sequence[float]], right: ArrayLike) -> Confidence:
    """Fit the coefficients to (n, features) rows and to n times right or wrong, by Newton's method with a small ridge."""
    x = np.c_[np.ones(len(rows)), np.asarray(rows, np.float64)]
    y = np.asarray(right, np.float64)
    w = np.zeros(x.shape[1])
    for _ in range(_STEPS):
        p = 1.0 / (1.0 + np.exp(-x @ w))
        gradient = x.T @ (y - p) - _RIDGE * w
        hessian = (x * (p * (1.0 - p))[:, None]).T @ x + _RIDGE * np.eye(len(w))
        w += np.linalg.solve(hessian, gradient)
    return Confidence(tuple(w.tolist()))
