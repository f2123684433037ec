"""`whosays feedback`: what readers say is wrong, with what they were shown."""

from __future__ import annotations

import argparse
import json
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from whosays.cases import cases, reported
from whosays.chats import Fault, Report
from whosays.cli.desk import Desk, named, said, undoing, where
from whosays.cli.exits import Exit
from whosays.cli.output import print_json, print_line, warn
from whosays.config import Settings

_WIDTH = 100
#: What to do about each fault, where it is about a claim.
_TO_DO = {
    Fault.SIDE: "whosays correct {id} --side NAME|observer|open",
    Fault.SPEAKER: "whosays correct {id} --speaker NAME --role ROLE",
    Fault.RELEVANCE: "whosays feedback --settle {id}, or whosays correct {id} --hide",
    Fault.OUTDATED: "whosays ingest what is newer, then whosays feedback --settle {id}",
}


def run(settings: Settings, options: argparse.Namespace) -> Exit:
    """List, export or settle reports. Raises WhosaysError, and OSError where the file cannot be written."""
    with Desk.opened(settings) as desk:
        if options.settle:
            unknown = [id for id in options.settle if not desk.chats.settle(id)]
            for id in unknown:
                warn(f"there is no open report {id}")
            return Exit.REFUSED if unknown else Exit.DONE
        reports = desk.chats.reports(settled=options.all)
        if options.export:
            _export(desk, reports, options.export)
        elif options.json:
            for report in reports:
                print_json(_row(report))
            for correction in desk.corpus.stale():
                place = where(correction.article, correction.content)
                print_json({"stale": place, "said": said(correction), "to_do": undoing(correction)})
        else:
            _list(desk, reports)
    return Exit.DONE


def _list(desk: Desk, reports: Sequence[Report]) -> None:
    for report in reports:
        print_line("\n".join(_lines(_row(report))) + "\n")
    for correction in desk.corpus.stale():
        print_line(f"not applied, as its claim is gone or its words have changed: {said(correction)}\n  {undoing(correction)}\n")
    if not reports:
        print_line("no open reports")


def _export(desk: Desk, reports: Sequence[Report], file: Path) -> None:
    shown = {quotation.article for report in reports for quotation in report.answer.quotations}
    lines = list(cases(reports, {id: desk.claims(id) for id in desk.corpus.articles(shown)}))
    file.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
    warn(f"{file}: {len(lines)} articles of {len(reports)} reports; what an open report is about is labelled as it was shown")


def _row(report: Report) -> dict[str, Any]:
    """Return a report for the operator. Who reported is nobody's business."""
    quotation, answer = reported(report), report.answer
    row: dict[str, Any] = {
        "id": report.id,
        "fault": report.fault.value,
        "at": report.at.isoformat(),
        "settled": report.settled,
        "question": answer.query.text,
        "status": answer.status.value,
        "quotation": None,
        "to_do": f"whosays feedback --settle {report.id}",
    }
    if quotation is None:
        return row
    source = next((source for source in answer.sources if source.n == quotation.source), None)
    row |= {
        "quotation": quotation.text,
        "article": quotation.article,
        "outlet": source.outlet if source else None,
        "published": source.published.isoformat() if source and source.published else None,
        "url": quotation.url or (source.url if source else None),
    }
    if quotation.claim:
        row |= {
            "claim": where(quotation.article, quotation.claim.attribution.content),
            "who": named(quotation.claim),
            "to_do": _TO_DO[report.fault].format(id=report.id),
        }
    return row


def _lines(row: dict[str, Any]) -> list[str]:
    settled = " · settled" if row["settled"] else ""
    lines = [f"{row['id']} · {row['fault']} · {row['at'][:10]}{settled}", f"  asked: {row['question']}"]
    if row["quotation"] is None:
        lines.append(f"  the card as a whole, which said: {row['status']}")
    else:
        lines += textwrap.wrap(row["quotation"], _WIDTH, initial_indent="  │ ", subsequent_indent="  │ ")
        lines.append(f"  — {row.get('who', 'the outlet, in its own voice')}")
        lines.append("  " + ", ".join(part for part in (row["outlet"], (row["published"] or "")[:10]) if part))
        lines += [f"  {part}" for part in (row["url"], row.get("claim")) if part]
    return [*lines, f"  {row['to_do']}"]
