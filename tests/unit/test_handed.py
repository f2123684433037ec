"""Numbers that one process hands to another."""

from __future__ import annotations

import json

import pytest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from whosays.observe import handed
from whosays.observe.metrics import BotMetrics, PollerMetrics


def samples(metrics: BotMetrics, name: str) -> list[Sample]:
    families = text_string_to_metric_families(metrics.exposition().decode())
    return [sample for family in families for sample in family.samples if sample.name == name]


def line_of(metrics: PollerMetrics) -> bytes:
    return json.dumps(metrics.exposition().decode()).encode() + b"\n"


def test_a_pollers_numbers_stand_beside_the_bots_with_a_label_that_tells_them_apart() -> None:
    bot, poller = BotMetrics(), PollerMetrics()
    bot.errors.labels("error", "bot.outbox", "StoreError").inc()
    poller.errors.labels("error", "whosays.polling", "StoreError").inc(2)
    poller.feed_lag.set(12)
    bot.poller.take(line_of(poller))
    own, its = samples(bot, "whosays_errors_total")
    assert ("process" in own.labels, own.value) == (False, 1)
    assert (its.labels["process"], its.labels["logger"], its.value) == ("poller", "whosays.polling", 2)
    [lag] = samples(bot, "whosays_feed_lag_seconds")
    assert (lag.labels, lag.value) == ({"process": "poller"}, 12)


def test_each_family_is_told_of_once_as_prometheus_wants_it() -> None:
    bot, poller = BotMetrics(), PollerMetrics()
    bot.poller.take(line_of(poller))
    heads = [line for line in bot.exposition().decode().splitlines() if line.startswith("# TYPE")]
    assert len(heads) == len(set(heads))


def test_numbers_that_are_old_are_shown_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    bot = BotMetrics()
    bot.poller.take(line_of(PollerMetrics()))
    assert samples(bot, "whosays_feeds_due")
    monkeypatch.setattr(handed, "_FRESH", 0.0)
    assert not samples(bot, "whosays_feeds_due")


@pytest.mark.parametrize("line", [b"\n", b"{}\n", b"\xff\n", b'"half'])
def test_a_line_that_says_nothing_leaves_things_as_they_are(line: bytes) -> None:
    bot = BotMetrics()
    bot.poller.take(line_of(PollerMetrics()))
    bot.poller.take(line)
    assert samples(bot, "whosays_feeds_due")
