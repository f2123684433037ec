"""What docs/operating.md tells operators is what a process says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from prometheus_client.metrics_core import Metric

from bot.handlers.answering import outcome_of
from bot.worker import BusyError
from whosays.errors import InputError, LanguageError
from whosays.observe.metrics import BotMetrics, Metrics, PollerMetrics
from whosays.observe.trace import Stage
from whosays.polling.report import Came
from whosays.types import Status

DOCUMENT = (Path(__file__).parents[2] / "docs" / "operating.md").read_text("utf-8")
ROW = re.compile(r"^\| `whosays_(\w+)` \|([^|]*)\| (\w+) \| (.*) \|$", re.M)
TOLD = {name: (frozenset(re.findall(r"`(\w+)`", labels)), kind, about) for name, labels, kind, about in ROW.findall(DOCUMENT)}


def counted(metrics: Metrics) -> dict[str, Metric]:
    return {family.name: family for family in metrics.collect() if family.name.startswith("whosays_")}


def test_every_number_is_told_of_with_its_kind_and_nothing_else_is() -> None:
    families = {**counted(BotMetrics()), **counted(PollerMetrics())}
    names = {name + "_total" * (family.type == "counter"): family.type for name, family in families.items()}
    assert {f"whosays_{name}": kind for name, (_, kind, _) in TOLD.items()} == names


@pytest.mark.parametrize("metrics", [BotMetrics(), PollerMetrics()])
def test_the_labels_are_those_that_are_told_of(metrics: Metrics) -> None:
    for attribute in vars(metrics).values():
        name = getattr(attribute, "_name", None)
        if name is None:
            continue
        known = next(row for told, row in TOLD.items() if f"whosays_{told.removesuffix('_total')}" == name)
        assert known[0] == set(attribute._labelnames), name


def test_the_outcomes_stages_and_results_are_those_that_there_are() -> None:
    outcomes = TOLD["questions_total"][2]
    assert all(f"`{status.value}`" in outcomes for status in Status)
    errors = (BusyError("full"), LanguageError("in German"), InputError("empty"), KeyError("x"))
    assert all(f"`{outcome_of(error)}`" in outcomes for error in errors)
    assert all(f"`{stage.value}`" in TOLD["stage_seconds"][2] for stage in Stage)
    assert all(
        f"`{came.value.removeprefix('feeds ')}`" in TOLD["articles_total"][2] + TOLD["feeds_read_total"][2] for came in Came
    )
