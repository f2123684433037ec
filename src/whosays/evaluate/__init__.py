"""How good is it: the quality benchmarks, what the last release showed on them, and what is wanted."""

from whosays.evaluate.benchmarks import BENCHMARKS, Bench, Benchmark, Measured, over
from whosays.evaluate.figures import NOISE, Figure, Known, worse
from whosays.evaluate.folder import Folder
from whosays.evaluate.labelled import Labelled
from whosays.evaluate.models import Models

__all__ = [
    "BENCHMARKS",
    "NOISE",
    "Bench",
    "Benchmark",
    "Figure",
    "Folder",
    "Known",
    "Labelled",
    "Measured",
    "Models",
    "over",
    "worse",
]
