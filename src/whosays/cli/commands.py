"""What each command does: settings and arguments in, lines on stdout, an exit code out.

A command imports what it alone needs: who asks need not wait for what trains, reads pages, or writes to Telegram.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from whosays.answer_json import to_json
from whosays.cli import demo, settings_in_force, train
from whosays.cli.exits import Exit, UsageError
from whosays.cli.inputs import count, queries_in, questions_in, readings_of
from whosays.cli.output import print_json, print_line, warn
from whosays.cli.progress import ProgressLine, finishing_on_interrupt
from whosays.config import Settings, configured, default_file
from whosays.engine import Engine, demo_ids, refusing
from whosays.errors import InputError
from whosays.parts import load_encoder, load_finder, load_reader, open_feeds, web_of
from whosays.types import Answer, IngestReport, OutletRecord, Query, Status

if TYPE_CHECKING:
    from bot.markup import Page
    from bot.phrases import Phrases

_log = logging.getLogger(__name__)


def run(options: argparse.Namespace) -> Exit:
    """Do what the command line asks for. Raises WhosaysError."""
    configuration = configured(os.environ, options.config, default_file())
    for warning in configuration.warnings:
        warn(warning)
    if options.command == "settings":
        return settings_in_force.show(configuration, json=options.json)
    settings = configuration.settings
    if getattr(options, "demo", False):
        settings = demo.prepared(settings)
    elif getattr(options, "store", None) is not None:
        settings = replace(settings, store=options.store)
    if options.command == "serve" and options.role in {"all", "bot"} and "threads" not in configuration.origins:
        # Questions side by side share the cores: with two threads each, 200 a minute took twice as long on two (bench/load.py).
        settings = replace(settings, threads=max(1, settings.threads // settings.workers))
    return _COMMANDS[options.command](settings, options)


def _ingest(settings: Settings, options: argparse.Namespace) -> Exit:
    progress = ProgressLine(count(options.paths))
    with finishing_on_interrupt() as stopping, Engine.open(settings) as engine:
        web = replace(web_of(settings), known=engine.holds)
        readings = refusing(demo_ids(settings.demo_corpus), readings_of(options, web))
        report = engine.ingest(readings, progress, stopping)
        progress.end()
        if options.json:
            print_json(_report_json(report))
        else:
            counts = {name: len(getattr(report, name)) for name in ("added", "changed", "unchanged", "refused")}
            print_line(", ".join(f"{number:,} {name}" for name, number in counts.items()) + f"; {report.paragraphs:,} paragraphs")
            for refused in report.refused:
                print_line(f"refused {refused.where}: {refused.reason}")
        if stopping():
            return Exit.INTERRUPTED
    return Exit.REFUSED if report.refused else Exit.DONE


def _report_json(report: IngestReport) -> dict[str, object]:
    return {
        "added": report.added,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "refused": [{"where": refused.where, "reason": refused.reason} for refused in report.refused],
        "paragraphs": report.paragraphs,
    }


def _claims(settings: Settings, options: argparse.Namespace) -> Exit:
    from whosays.cli import claims  # noqa: PLC0415

    finder = load_finder(settings)
    return claims.print_claims(
        finder, readings_of(options, web_of(settings)), polnear=options.format == "polnear", keep=options.keep
    )


def _search(settings: Settings, options: argparse.Namespace) -> Exit:
    if (options.query is None) == (options.queries is None):
        raise UsageError("search needs a query, or --queries FILE (and not both)")
    queries = queries_in(options.queries) if options.queries else [(None, options.query)]
    with Engine.open(settings) as engine:
        _note_if_empty(engine)
        for id, query in queries:
            found = engine.search(query, options.limit)
            if options.json:
                articles = [{"article": article, "score": round(score, 6)} for article, score in found]
                print_json({"id": id, "query": query, "articles": articles})
                continue
            for article, score in found:
                print_line("\t".join([*([id] if id is not None else []), article, f"{score:.6f}"]))
    return Exit.DONE


def _ask(settings: Settings, options: argparse.Namespace) -> Exit:
    if (options.question is None) == (options.questions is None):
        raise UsageError("ask needs a question, or --questions FILE (and not both)")
    questions = questions_in(options.questions) if options.questions else [options.question]
    code = Exit.DONE
    with Engine.open(settings) as engine:
        _note_if_empty(engine)
        for question in questions:
            code = max(code, _show(settings, options, question, engine.ask))
    return code


def _on_topic(settings: Settings, options: argparse.Namespace) -> Exit:
    with Engine.open(settings) as engine:
        _note_if_empty(engine)
        match options.command:
            case "sides":
                from bot.listing import render_sides  # noqa: PLC0415
                from whosays.cli.lists import sides_json  # noqa: PLC0415

                return _show(settings, options, options.topic, engine.survey, render_sides, sides_json)
            case "timeline":
                from bot.listing import render_timeline  # noqa: PLC0415
                from whosays.cli.lists import timeline_json  # noqa: PLC0415

                return _show(settings, options, options.topic, engine.survey, render_timeline, timeline_json)
            case _:
                return _show(settings, options, options.topic, engine.summarise)


def _show(
    settings: Settings,
    options: argparse.Namespace,
    question: str,
    answer: Callable[[str, datetime], Answer],
    render: Callable[[Answer, Phrases], tuple[Page, ...]] | None = None,
    as_json: Callable[[Answer], Mapping[str, object]] = to_json,
) -> Exit:
    """Print one answer; a question that cannot be read gets its line as well, so that lines and questions stay in step.

    Without `render` it is shown as a card.
    """
    if not question.strip():
        raise UsageError("the question is empty")
    try:
        card = answer(question, datetime.now(UTC))
    except InputError as error:
        warn(str(error))
        if options.json:
            print_json(as_json(Answer(query=Query(text=question, topic=question), status=Status.NOTHING)))
        return Exit.REFUSED
    if options.json:
        print_json(as_json(card))
    else:
        from bot.render import render_answer  # noqa: PLC0415

        _write(settings, lambda phrases: (render or render_answer)(card, phrases))
    return Exit.DONE


def _sources(settings: Settings, options: argparse.Namespace) -> Exit:
    with Engine.open(settings) as engine:
        outlets = engine.outlets()
    if options.json:
        print_json([_outlet_json(record) for record in outlets])
        return Exit.DONE
    with closing(open_feeds(settings.store)) as kept:
        feeds = kept.feeds()
    from bot.feed_list import fresh_lines  # noqa: PLC0415
    from bot.render import OUTLETS_SHOWN, render_outlets  # noqa: PLC0415

    _write(settings, lambda phrases: render_outlets(outlets, phrases, fresh_lines(feeds, phrases, OUTLETS_SHOWN)))
    return Exit.DONE


def _outlet_json(record: OutletRecord) -> Mapping[str, object]:
    return {
        "outlet": record.outlet,
        "articles": record.articles,
        "oldest": record.oldest.isoformat() if record.oldest else None,
        "newest": record.newest.isoformat() if record.newest else None,
    }


def _serve(settings: Settings, options: argparse.Namespace) -> Exit:
    from whosays.cli import serving  # noqa: PLC0415

    return serving.run(settings, options)


def _chat(settings: Settings, options: argparse.Namespace) -> Exit:
    from bot import terminal  # noqa: PLC0415
    from bot.phrases import load_phrases  # noqa: PLC0415

    with Engine.open(settings) as engine:
        _note_if_empty(engine)
        if getattr(options, "demo", False):
            warn("These are the demo articles: real disputes retold, by outlets that do not exist. `ingest` reads your own.")
        terminal.chat(engine, load_phrases(settings.data_folder), reads=sys.stdin, writes=sys.stdout)
    return Exit.DONE


def _eval(settings: Settings, options: argparse.Namespace) -> Exit:
    from whosays.cli import evaluate  # noqa: PLC0415 - it loads the readers of pages, for which an answer must not wait

    return evaluate.run(settings, options)


def _explain(settings: Settings, options: argparse.Namespace) -> Exit:
    from whosays.cli import explain  # noqa: PLC0415

    return explain.run(settings, options)


def _feeds(settings: Settings, options: argparse.Namespace) -> Exit:
    from whosays.cli import feeds, poll  # noqa: PLC0415

    match options.command:
        case "feeds":
            return feeds.run(settings, options)
        case "remove":
            return feeds.remove(settings, options)
        case _:
            return poll.run(settings, options)


def _reindex(settings: Settings, options: argparse.Namespace) -> Exit:
    from whosays.cli import reindex  # noqa: PLC0415

    return reindex.run(settings, options)


def _migrate(settings: Settings, options: argparse.Namespace) -> Exit:
    from whosays.cli import migrate  # noqa: PLC0415

    return migrate.run(settings, options)


def _feedback(settings: Settings, options: argparse.Namespace) -> Exit:
    from whosays.cli import feedback  # noqa: PLC0415

    return feedback.run(settings, options)


def _correct(settings: Settings, options: argparse.Namespace) -> Exit:
    from whosays.cli import correct  # noqa: PLC0415

    return correct.run(settings, options)


def _models(settings: Settings, options: argparse.Namespace) -> Exit:
    warn("Preparing the models …")
    load_encoder(settings)
    load_reader(settings)
    load_finder(settings)
    return Exit.DONE


def _note_if_empty(engine: Engine, say: Callable[[str], None] = warn) -> None:
    if not engine.outlets():
        # Not by its address, in which a password may stand.
        say("the store holds no articles yet: `ingest PATH` reads some, --demo asks the demo articles instead")


def _write(settings: Settings, pages: Callable[[Phrases], tuple[Page, ...]]) -> None:
    from bot import terminal  # noqa: PLC0415
    from bot.phrases import load_phrases  # noqa: PLC0415

    terminal.write_pages(pages(load_phrases(settings.data_folder)), sys.stdout)


_COMMANDS: Mapping[str, Callable[[Settings, argparse.Namespace], Exit]] = {
    "ingest": _ingest,
    "claims": _claims,
    "search": _search,
    "ask": _ask,
    "summary": _on_topic,
    "sides": _on_topic,
    "timeline": _on_topic,
    "sources": _sources,
    "serve": _serve,
    "chat": _chat,
    "explain": _explain,
    "feeds": _feeds,
    "poll": _feeds,
    "remove": _feeds,
    "feedback": _feedback,
    "correct": _correct,
    "reindex": _reindex,
    "migrate": _migrate,
    "eval": _eval,
    "models": _models,
    "train": train.run,
}
