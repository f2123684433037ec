"""`whosays migrate`: a whole store goes to another address."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from whosays.cli.exits import Exit
from whosays.cli.output import print_json, print_line
from whosays.cli.progress import Line, finishing_on_interrupt
from whosays.config import Settings
from whosays.store.moving import MoveStep, StoppedError, move_store


def run(settings: Settings, options: argparse.Namespace) -> Exit:
    """Move a store, or go on with it. Raises ConfigError, StoreError."""
    line = Line()
    with finishing_on_interrupt() as stopping:
        try:
            moved = move_store(options.source, options.target, lambda step: line.show(lambda: _described(step)), stopping)
        except StoppedError:
            return Exit.INTERRUPTED
        finally:
            line.end()
    if options.json:
        counts = {"vectors": moved.vectors, "articles": moved.articles, "late": moved.late}
        print_json({"from": moved.source, "to": moved.target, "tables": [asdict(table) for table in moved.tables], **counts})
        return Exit.DONE
    rows = sum(table.rows for table in moved.tables)
    print_line(f"{rows:,} rows of {len(moved.tables)} tables and {moved.vectors:,} vectors are the same in {moved.target}")
    if moved.late:
        print_line(f"{moved.late:,} rows were written into {moved.source} meanwhile, and copied, too")
    return Exit.DONE


def _described(step: MoveStep) -> str:
    of = f" of {step.of:,}" if step.of else ""
    return f"{step.doing} {step.table}: {step.rows:,}{of}"
