"""The same chat in a terminal: the same engine, the same pages, no Telegram."""

from __future__ import annotations

import logging
import re
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TextIO

from bot.markup import Page, Run, Style
from bot.phrases import Phrases, Say
from bot.render import render_answer, render_error, render_outlets, render_phrase
from bot.worker import Engine
from whosays.errors import InputError

Pages = tuple[Page, ...]

_log = logging.getLogger(__name__)

_WIDEST = 100
_CODES = {Style.BOLD: "\x1b[1m", Style.ITALIC: "\x1b[2m"}
_RESET = "\x1b[0m"
_BAR = "│ "
_ADDRESS = "    "
_PROMPT = "› "
_QUOTES = {Style.QUOTE, Style.LONG_QUOTE}
_CITATION = re.compile(r"\[\d+\]")
#: An article's text must not steer the terminal: C0 and C1 controls, save for the line break.
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def render_text(page: Page, *, width: int = 80, ansi: bool = False) -> str:
    """Return a page as text of that many columns, without a line break at its end.

    A quotation stands behind a bar. The address of a source stands below it; a citation `[n]` points to its source and, with
    `ansi`, opens its own paragraph where the terminal knows links (OSC 8).
    """
    lines = (_laid_out(line, width, ansi) for line in _split(page.runs))
    return "\n".join(text for line in lines for text in line)


def write_pages(pages: Iterable[Page], to: TextIO) -> None:
    """Write pages, with colours and links where a person reads them."""
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    for page in pages:
        to.write(render_text(page, width=width, ansi=to.isatty()) + "\n\n")
    to.flush()


def chat(
    engine: Engine,
    phrases: Phrases,
    *,
    reads: TextIO,
    writes: TextIO,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> None:
    """Answer line after line until /quit or the end of the input; a prompt is shown to a person alone."""
    write_pages(_attempt(phrases, lambda: _welcome(engine, phrases)), writes)
    for line in _lines_read(reads, writes):
        if line in {"/quit", "/exit"}:
            return
        if line:
            write_pages(_attempt(phrases, partial(_reply, line, engine, phrases, now)), writes)


def _welcome(engine: Engine, phrases: Phrases) -> Pages:
    outlets = engine.outlets()
    articles = sum(record.articles for record in outlets)
    examples = "\n".join("  " + example for example in phrases.examples)
    counted = phrases(Say.COUNT_ARTICLES, count=articles), phrases(Say.COUNT_OUTLETS, count=len(outlets))
    return render_phrase(phrases(Say.TERMINAL_WELCOME, articles=counted[0], outlets=counted[1], examples=examples))


def _reply(line: str, engine: Engine, phrases: Phrases, now: Callable[[], datetime]) -> Pages:
    command, _, words = line.partition(" ") if line.startswith("/") else ("/ask", "", line)
    words = words.strip()
    match command:
        case "/ask" if words:
            return render_answer(engine.ask(words, now()), phrases)
        case "/summary" if words:
            return render_answer(engine.summarise(words, now()), phrases)
        case "/sources":
            return render_outlets(engine.outlets(), phrases)
        case _:
            return render_phrase(*_fixed(command, phrases))


def _fixed(command: str, phrases: Phrases) -> tuple[str, ...]:
    match command:
        case "/ask":
            return (phrases(Say.HOW_TO_ASK, example=phrases.examples[0]),)
        case "/summary":
            return (phrases(Say.HOW_TO_SUMMARISE),)
        case "/help" | "/start":
            return (phrases(Say.HELP), phrases(Say.HELP_TERMINAL))
        case _:
            return (phrases(Say.UNKNOWN_COMMAND),)


def _attempt(phrases: Phrases, work: Callable[[], Pages]) -> Pages:
    try:
        return work()
    except Exception as error:
        if not isinstance(error, InputError):
            _log.exception("no answer")
        return render_error(error, phrases)


def _lines_read(reads: TextIO, writes: TextIO) -> Iterator[str]:
    person = reads is sys.stdin and reads.isatty() and writes.isatty()
    if person:
        with suppress(ImportError):  # which Windows does not have
            # Once it is imported, input() gives a person a line to edit, and a history.
            import readline  # noqa: F401, PLC0415
    while True:
        try:
            line = input(_PROMPT) if person else reads.readline()
        except (EOFError, KeyboardInterrupt):
            writes.write("\n")
            return
        if not line and not person:
            return
        yield line.strip()


def _split(runs: Iterable[Run]) -> list[list[Run]]:
    """Return the runs of each line; a quotation has a line of its own, whatever breaks it holds."""
    lines: list[list[Run]] = [[]]
    for given in runs:
        run = Run(_harmless(given.text), given.style, given.link and _harmless(given.link))
        first, *rest = [run.text] if run.style in _QUOTES else run.text.split("\n")
        lines[-1].append(replace(run, text=first))
        lines += [[replace(run, text=part)] for part in rest]
    return [[run for run in line if run.text] for line in lines]


def _harmless(text: str) -> str:
    return _CONTROLS.sub("\ufffd", text)


def _laid_out(line: Sequence[Run], width: int, ansi: bool) -> list[str]:
    match line:
        case [Run(style=Style.QUOTE | Style.LONG_QUOTE) as quote]:
            bar = _styled(Run(_BAR, Style.ITALIC)) if ansi else _BAR
            return [bar + text for part in quote.text.split("\n") for text in _wrapped(part, width - len(_BAR))]
        case [run] if ansi:
            shown = [_styled(replace(run, text=text)) for text in _wrapped(run.text, width)]
        case _ if ansi:
            # Where styles mix, a line's length says nothing about its columns: the terminal wraps it.
            shown = ["".join(_styled(run) for run in line)]
        case _:
            shown = _wrapped("".join(run.text for run in line), width)
    addresses = [_ADDRESS + run.link for run in line if run.link and not _CITATION.fullmatch(run.text)]
    return [*shown, *(_styled(Run(address, Style.ITALIC)) if ansi else address for address in addresses)]


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_on_hyphens=False) or [""]


def _styled(run: Run) -> str:
    text = f"{_CODES[run.style]}{run.text}{_RESET}" if run.style in _CODES and run.text else run.text
    return f"\x1b]8;;{run.link}\x1b\\{text}\x1b]8;;\x1b\\" if run.link else text
