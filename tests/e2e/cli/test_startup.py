"""What a question waits for: nothing is imported that it does not need."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.e2e.cli.conftest import QUESTION, Whosays, subprocess_of

#: Telegram, the web and its pages, PostgreSQL, what watches a running bot, and what makes or trains a model.
NEVER = (
    *("telegram", "aiohttp", "httpx", "feedparser", "trafilatura", "lxml", "yaml", "py3langid"),
    *("psycopg", "pgvector", "sqlalchemy.dialects.postgresql", "sqlalchemy.dialects.mysql", "prometheus_client"),
    *("torch", "transformers", "sentence_transformers", "onnx", "safetensors"),
    *("whosays.attribution.find", "whosays.attribution.tagger", "whosays.polling", "whosays.evaluate", "whosays.explain"),
)
#: What only a card for readers needs.
FOR_CARDS = ("babel", "bot")


@pytest.mark.parametrize(("options", "unwanted"), [((), NEVER), (("--json",), (*NEVER, *FOR_CARDS))])
def test_a_question_imports_nothing_that_it_does_not_need(
    whosays: Whosays, environment: dict[str, str], articles: Path, options: tuple[str, ...], unwanted: tuple[str, ...]
) -> None:
    assert whosays("ingest", articles).code == 0
    assert whosays("ask", QUESTION).code == 0  # which makes the graphs of the models, once for all
    code = (
        "import sys\nfrom whosays.cli import main\n"
        f"assert main(['ask', {QUESTION!r}, *{options!r}]) == 0\n"
        f"sys.stderr.write(' '.join(sorted(set({unwanted!r}) & set(sys.modules))))"
    )
    command, env = subprocess_of(environment, "-c", code)
    ran = subprocess.run(command, env=env, check=True, capture_output=True, text=True, timeout=120)
    assert "Orsel" in ran.stdout
    assert ran.stderr == ""
