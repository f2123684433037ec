"""The numbers of a process, for Prometheus. Labels have few values, all of them ours: no chat, no address, nobody's words."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from whosays.observe.handed import Handed
from whosays.observe.trace import Trace

#: Seconds within which a question's stages, an answer, a batch of articles, an alert and an article may be expected.
_STAGE = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
_ANSWER = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_BATCH = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)
_ALERT = (1, 5, 15, 60, 300, 900, 3600, 4 * 3600, 12 * 3600, 24 * 3600)
_ARTICLE = (60, 300, 900, 1800, 3600, 3 * 3600, 6 * 3600, 24 * 3600, 72 * 3600)
#: Of a logger's name: `whosays.polling.poller` is one of some eighty, and `whosays.polling` is enough to go by.
_PARTS = 2

# When a counter was made is a number of its own otherwise, which nothing asks for.
disable_created_metrics()  # type: ignore[no-untyped-call]


class Metrics(Collector):
    """What every process counts; `collect` gives it to Prometheus' library."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry(auto_describe=True)
        ProcessCollector(registry=self._registry)
        self.errors = self._counter("errors", "Log lines that tell of a warning or an error", "level", "logger", "error")

    def exposition(self) -> bytes:
        """Return all numbers in Prometheus' text format."""
        return generate_latest(self)

    def collect(self) -> Iterable[Metric]:
        """Return the families, with their samples."""
        return self._registry.collect()

    def _counter(self, name: str, about: str, *labels: str) -> Counter:
        return Counter(f"whosays_{name}", about, labels, registry=self._registry)

    def _gauge(self, name: str, about: str, *labels: str) -> Gauge:
        return Gauge(f"whosays_{name}", about, labels, registry=self._registry)

    def _histogram(self, name: str, about: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"whosays_{name}_seconds", about, labels, registry=self._registry, buckets=buckets)


class BotMetrics(Metrics):
    """What a bot counts, and what the poller beside it has handed over."""

    def __init__(self) -> None:
        super().__init__()
        self.questions = self._counter("questions", "Questions that were dealt with", "where", "outcome")
        self.answer = self._histogram("answer", "From a question's update to its answer with Telegram", _ANSWER, "where")
        self.stage = self._histogram("stage", "What a question takes, by stage", _STAGE, "stage")
        self.updates = self._counter("updates", "Updates that came from Telegram", "kind", "result")
        self.updates_under_way = self._gauge("updates_under_way", "Updates that wait or are being dealt with")
        self.questions_at_work = self._gauge("questions_at_work", "Questions that threads of the engine work on")
        self.questions_waiting = self._gauge("questions_waiting", "Questions that wait for a thread of the engine")
        self.telegram_calls = self._counter("telegram_calls", "Requests to Telegram", "method", "result")
        self.alert_lag = self._histogram("alert_lag", "From when an alert was made until Telegram had it", _ALERT, "how")
        self.alerts_waiting = self._gauge("alerts_waiting", "Alerts that are not sent yet")
        self.alerts_overdue = self._gauge("alerts_overdue_seconds", "How long the alert that is due for longest has been due")
        self.poller = Handed()

    def collect(self) -> Iterable[Metric]:
        """Return the families, with the samples of the poller beside it where there is one."""
        return self.poller.joined(super().collect())

    def dealt_with(self, trace: Trace) -> None:
        """Count a piece of work that is done: what its trace has noted."""
        for name, seconds in trace.stages.items():
            self.stage.labels(name.value).observe(seconds)
        if outcome := trace.notes.get("outcome"):
            where = trace.notes.get("where", "")
            self.questions.labels(where, outcome).inc()
            self.answer.labels(where).observe(trace.seconds)


class PollerMetrics(Metrics):
    """What a poller counts."""

    def __init__(self) -> None:
        super().__init__()
        self.fetches = self._counter("fetches", "Feeds, pages and robots.txt that were asked for", "result")
        self.feeds_read = self._counter("feeds_read", "Feeds that were asked for", "result")
        self.articles = self._counter("articles", "What became of the pages that feeds told of", "outcome")
        self.feed_lag = self._gauge("feed_lag_seconds", "How long the feed that is due for longest has been due")
        self.feeds_due = self._gauge("feeds_due", "Feeds that are to be asked by now")
        self.pages_due = self._gauge("pages_due", "Pages that are to be looked at by now, up to a thousand")
        self.article_lag = self._histogram("article_lag", "From an article's date until it was in the store", _ARTICLE)
        self.ingest = self._histogram("ingest", "What it takes to put a few articles into the store together", _BATCH)
        self.paragraphs = self._counter("paragraphs", "Paragraphs that were put into the store")

    def fetched(self, result: str) -> None:
        """Count a fetch, by what came of it."""
        self.fetches.labels(result).inc()


class CountErrors(logging.Handler):
    """Counts what the log tells of, so that nothing is told that is not counted."""

    def __init__(self, metrics: Metrics) -> None:
        super().__init__(logging.WARNING)
        self._errors = metrics.errors

    def emit(self, record: logging.LogRecord) -> None:
        """Count a record, by its level, its logger and the kind of the error that it is about."""
        logger = ".".join(record.name.split(".")[:_PARTS])
        self._errors.labels(record.levelname.lower(), logger, _kind(record)).inc()


def _kind(record: logging.LogRecord) -> str:
    """Return the name of the error's class; "" where the record is about none."""
    if record.exc_info and record.exc_info[0] is not None:
        return record.exc_info[0].__name__
    given = record.args if isinstance(record.args, tuple) else ()
    return next((type(value).__name__ for value in given if isinstance(value, BaseException)), "")
