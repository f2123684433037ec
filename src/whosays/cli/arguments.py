"""The arguments of `whosays`, and its help."""

from __future__ import annotations

import argparse
import math
from pathlib import Path

from whosays import __version__
from whosays.cli.feed_arguments import FEEDS
from whosays.cli.operator_arguments import MOVES, OPERATORS, positive
from whosays.cli.train import TEACHING

_ABOUT = """\
Contested news, each side's claims apart: verbatim, attributed, cited.
"""
_EXAMPLES = """\
examples:
  whosays ingest articles.jsonl --map text=body,outlet=source
  whosays ingest page.html --url https://example.org/a --outlet "Example Post" --published 2021-09-06
  whosays ask "who holds Panjshir?"
  whosays ask --demo --json "who holds Panjshir?"
  whosays claims article.txt
  whosays explain https://example.org/a --html explained.html

environment: WHOSAYS_STORE (the store's address; or WHOSAYS_STORE_FILE, a file that holds it), WHOSAYS_THREADS,
  WHOSAYS_ENCODER (a model's name or folder),
  WHOSAYS_DATA, WHOSAYS_CACHE (folders); for eval: WHOSAYS_BENCHMARKS (a folder);
  for the web: WHOSAYS_CONTACT (an address that sites are told), WHOSAYS_FETCH_LOCAL=1 (tests, intranets: private addresses, too);
  WHOSAYS_RETENTION_DAYS (articles published longer ago are let go by the poller);
  for serve: TELEGRAM_BOT_TOKEN (or TELEGRAM_BOT_TOKEN_FILE, a file that holds it), TELEGRAM_API_URL,
  WHOSAYS_ADMINS, WHOSAYS_ALLOWED_CHATS (Telegram ids, by commas), WHOSAYS_QUOTA_PERSON, WHOSAYS_QUOTA_CHAT (questions
  a minute), WHOSAYS_ALERTS_EVERY (seconds), WHOSAYS_WORKERS, WHOSAYS_QUEUE,
  WHOSAYS_WEBHOOK_URL, WHOSAYS_WEBHOOK_LISTEN (HOST:PORT), WHOSAYS_WEBHOOK_SECRET (or WHOSAYS_WEBHOOK_SECRET_FILE);
  for serve and poll: WHOSAYS_METRICS_LISTEN (HOST:PORT), WHOSAYS_LOG (text, json), WHOSAYS_LOG_LEVEL
settings file: the same in TOML, in lower case and without WHOSAYS_: store = "sqlite:///news.db", admins = [123].
  --config or WHOSAYS_CONFIG names it, else it is whosays.toml in your folder of settings; variables go before it
exit codes: 0 done; 1 some input was refused or a check failed, the rest was done; 2 usage, configuration or environment
"""
_STORE = "the store's address, sqlite:///PATH or postgresql://… (default: $WHOSAYS_STORE, else whosays.db in your data folder)"
_CONFIG = "a file of settings (default: $WHOSAYS_CONFIG, else whosays.toml in your folder of settings, if it is there)"
_MAP = "other names of fields in .jsonl: OURS=THEIRS,… with OURS any of id, text, url, outlet, title, published, authors"

_SIDES_JSON = """\
Claims that several outlets have count once for each. With --json one line; `side` is a party, "observer", or null
where it is open:
{"topic", "status", "as_of", "speakers": [{"side", "speaker", "role", "claims", "outlets": [OUTLET, …]}], "sources"}
"""
_TIMELINE_JSON = """\
The oldest first, the undated last. With --json one line; a claim as `ask --json` has it, with its side and its source's date:
{"topic", "status", "as_of", "claims": [{"date", "side", …}], "sources"}
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands; the parsed `command` is the command's name."""
    root = argparse.ArgumentParser(
        prog="whosays", description=_ABOUT, epilog=_EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    root.add_argument("--version", action="version", version=f"whosays {__version__}")
    root.add_argument("--config", type=Path, metavar="FILE", help=_CONFIG)
    commands = root.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def command(name: str, summary: str, details: str = "") -> argparse.ArgumentParser:
        text = f"{summary[0].upper()}{summary[1:]}.\n{details}"
        parser = commands.add_parser(name, help=summary, description=text, formatter_class=argparse.RawDescriptionHelpFormatter)
        # Without a default of its own, which would hide what was said before the command.
        parser.add_argument("--config", type=Path, default=argparse.SUPPRESS, metavar="FILE", help=_CONFIG)
        return parser

    ingest = command(
        "ingest",
        "read articles into the store",
        "Reading the same article twice adds nothing; a changed one replaces its old version. Ctrl-C finishes what is at hand:\n"
        "run the same command again to go on.",
    )
    _add_input(ingest)
    _add_store(ingest, demo=False)
    _add_json(ingest)

    claims = command(
        "claims",
        "print who says what in articles; needs no store",
        "A JSON line an article; spans are [start, end] in code points of its text:\n"
        '{"id", "claims": [{"source", "cue", "content", "speaker", "role", "side", "stance", "confidence"}]}',
    )
    _add_input(claims)
    claims.add_argument("--json", action="store_true", help="print JSON, which it does in any case")
    claims.add_argument(
        "--format", choices=("json", "polnear"), default="json", help="polnear: attributions, by the article's name"
    )
    claims.add_argument(
        "--keep", type=_share, metavar="SHARE", help="leave out the least certain: 0.8 keeps four fifths of all claims"
    )

    explain = command(
        "explain",
        "show an article with who says what marked in it, and why",
        "An article in the store, named by id or address, is shown with the claims stored of it; any other input is read.\n"
        "Sources stand in {n …}, cues in <n …>, the words said in [n …]. Colours are for terminals; NO_COLOR turns them off.",
    )
    _add_input(explain, metavar="ARTICLE", nargs=1, paths="an id or address in the store, or as for ingest: a file, a page's URL")
    explain.add_argument("--html", type=Path, metavar="FILE", help="write a page for a browser instead, which needs nothing else")
    _add_store(explain)

    search = command(
        "search",
        "rank articles by their best paragraphs",
        "Tab-separated lines: query's id (with --queries), article's id, score.\n"
        'With --json a line a query: {"id", "query", "articles": [{"article", "score"}]}.',
    )
    search.add_argument("query", nargs="?", help="what to search for")
    search.add_argument("--queries", type=Path, metavar="FILE", help='a .jsonl file of {"id", "text"} lines')
    search.add_argument(
        "--limit", type=positive, default=100, metavar="N", help="at most so many articles a query (default: 100)"
    )
    _add_store(search)
    _add_json(search)

    ask = command("ask", "answer a question with what each side says, word for word", "With --json a line a question.")
    ask.add_argument("question", nargs="?", help="the question")
    ask.add_argument("--questions", type=Path, metavar="FILE", help="a file with a question a line")
    _add_store(ask)
    _add_json(ask)

    for name, about, json in (
        ("summary", "print the best claims of each side on a topic", "With --json one line, of the form of an answer."),
        ("sides", "list who speaks on a topic, for whom, how often and in which outlets", _SIDES_JSON),
        ("timeline", "list what was claimed on a topic, by date", _TIMELINE_JSON),
    ):
        on_topic = command(name, about, json)
        on_topic.add_argument("topic", help="a topic, in a few words, or an article in the store, by id or address")
        _add_store(on_topic)
        _add_json(on_topic)

    sources = command(
        "sources",
        "list the outlets in the store, with their articles' number and dates, and how fresh the feeds are",
        "With --json a line of all outlets; `feeds --json` prints the feeds.\n",
    )
    _add_store(sources)
    _add_json(sources)

    _add_evaluation(
        command(
            "eval",
            "measure how good it is, beside the figures of the last release",
            "Reads a folder of measuring data, which is no part of whosays: data/ with labelled data, eval/ with the scorers.\n"
            'With --json a line a benchmark: {"benchmark", "about", "over", "seconds", "last_release",\n'
            '"figures": [{"name", "value", "last", "at_least", "at_most"}]}.\n'
            "Exit code 1: a benchmark's data was not there, or --check found a figure worse.",
        )
    )

    for name, summary, details, add in (*FEEDS, *OPERATORS):
        own = command(name, summary, details)
        add(own)
        _add_store(own, demo=False)

    for name, summary, details, add in MOVES:
        add(command(name, summary, details))

    _add_serving(
        command(
            "serve",
            "run the Telegram bot; TELEGRAM_BOT_TOKEN holds its token",
            "It reads the feeds, too, in a process of its own. Over a store in PostgreSQL any number of processes may share the\n"
            "work, each in its --role: bots (by webhook, with one WHOSAYS_WEBHOOK_SECRET), readers and senders.\n",
        )
    )
    _add_store(command("chat", "ask in this terminal"))
    _add_json(
        command(
            "settings",
            "show the settings in force, and where each comes from",
            "Exit code 2 where any is wrong; all that are wrong are named. Secrets are only said to be set or not set.\n"
            'With --json one line: {"file", "settings": {NAME: {"value", "from"}}}.',
        )
    )
    command("models", "prepare the models, which is done once")
    _add_training(command("train", "fine-tune the attribution model", "Needs torch and sentence-transformers: ./run train …"))
    return root


_PATHS = ".jsonl, .jsonl.gz, .txt, .md, .html, a folder, or the URL of a page or feed"


def _add_input(to: argparse.ArgumentParser, *, metavar: str = "PATH", nargs: str | int = "+", paths: str = _PATHS) -> None:
    to.add_argument("paths", nargs=nargs, metavar=metavar, help=paths)
    fields = to.add_argument_group("what a file cannot say")
    for name, help_text in (
        ("id", "the article's id (default: its own id, its URL, or the file's name)"),
        ("url", "where it was published"),
        ("outlet", "who published it"),
        ("title", "its headline"),
        ("published", "when: 2021-09-06 or 2021-09-06T12:00:00Z"),
    ):
        fields.add_argument(f"--{name}", metavar=name.upper(), help=help_text)
    fields.add_argument("--map", type=_mapping, default={}, metavar="MAP", help=_MAP)


def _add_store(to: argparse.ArgumentParser, *, demo: bool = True) -> None:
    group = to.add_mutually_exclusive_group()
    group.add_argument("--store", metavar="URL", help=_STORE)
    if demo:
        group.add_argument("--demo", action="store_true", help="use the demo articles, in a store of their own")


def _add_serving(to: argparse.ArgumentParser) -> None:
    to.add_argument(
        "--role",
        choices=("all", "bot", "reader", "sender"),
        default="all",
        help="only answer (bot), read feeds (reader) or send alerts (sender), beside others over one store (default: all)",
    )
    to.add_argument("--no-poll", action="store_true", help="do not read the feeds: `whosays poll` does, elsewhere")
    _add_store(to, demo=False)


def _add_json(to: argparse.ArgumentParser) -> None:
    to.add_argument("--json", action="store_true", help="print JSON")


def _add_evaluation(to: argparse.ArgumentParser) -> None:
    to.add_argument(
        "--data", type=Path, metavar="DIR", help="the folder that holds data/ and eval/ (default: $WHOSAYS_BENCHMARKS)"
    )
    to.add_argument(
        "--only",
        nargs="+",
        default=[],
        metavar="NAME",
        help="these alone: attribution, attribution-kept, claims, answers, retrieval, pages, stories",
    )
    to.add_argument(
        "--sides",
        type=Path,
        metavar="GOLD",
        help="measure claims and answers over other labels: a .jsonl as data/sides/dev.jsonl",
    )
    to.add_argument(
        "--texts",
        type=Path,
        metavar="TEXTS",
        help='the articles of --sides, .jsonl: {"id", "text", "outlet", "title", "published", "url"}',
    )
    to.add_argument("--check", action="store_true", help="exit code 1 where a figure is worse than in the last release")
    to.add_argument("--save", action="store_true", help="keep what is measured as the last release's figures")
    _add_json(to)


def _add_training(to: argparse.ArgumentParser) -> None:
    to.add_argument(
        "data",
        type=Path,
        metavar="DATA",
        help="a folder of PolNeAR: text/*.txt and attributions/*.ann; for a teacher labelled questions, for pairs articles, for "
        "relevance what pairs has written",
    )
    to.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="where the model is written, or the file of pairs")
    to.add_argument("--base", metavar="MODEL", help="the encoder to start from, a name or folder (default: $WHOSAYS_ENCODER)")
    to.add_argument(
        "--only",
        choices=("tagger", "asker", "ranges", "confidence", *TEACHING),
        help="one step: the asker starts from FOLDER's tagger; ranges are what both need to be computed in 8-bit integers, "
        "measured on the DATA that they were trained on; confidence is fitted to both, on DATA that neither was trained on; "
        "relevance is another model, for questions: a large teacher learns from labels, says what it thinks of pairs of "
        "questions made from articles and claims in --store, and a small one learns that",
    )
    to.add_argument("--teacher", type=Path, metavar="FOLDER", help="the teacher, for pairs and relevance")
    to.add_argument("--most", type=positive, default=1500, metavar="N", help="how many questions of pairs (default: %(default)s)")
    to.add_argument("--map", type=_mapping, default={}, metavar="MAP", help=f"of the articles for pairs: {_MAP}")
    to.add_argument("--store", metavar="URL", help=f"of the claims for pairs: {_STORE}")
    to.add_argument("--epochs", type=positive, metavar="N", help="how often the data is gone through")
    to.add_argument("--seed", type=positive, metavar="N", help="what the random numbers begin with")


def _mapping(text: str) -> dict[str, str]:
    known = {"id", "text", "url", "outlet", "title", "published", "authors"}
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    mapping = {ours.strip(): theirs.strip() for ours, _, theirs in pairs}
    if not mapping or not all(mapping.values()) or not mapping.keys() <= known:
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form OURS=THEIRS,… with OURS any of {', '.join(sorted(known))}")
    return mapping


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = math.nan
    if not 0.0 <= share <= 1.0:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 to 1")
    return share
