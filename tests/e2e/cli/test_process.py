"""`whosays` as a process: what it imports, and its streams."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.e2e.cli.conftest import QUESTION, given, jsonl, subprocess_of
from tests.orsel import GAZETTE
from tests.patience import PATIENCE


def test_answering_never_imports_torch_and_help_imports_nothing_heavy(environment: dict[str, str], articles: Path) -> None:
    code = (
        "import sys\nfrom whosays.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "assert not {'numpy', 'sqlalchemy', 'telegram', 'trafilatura'} & set(sys.modules)\n"
        f"assert main(['ingest', {str(articles)!r}]) == 0 and main(['ask', {QUESTION!r}]) == 0\n"
        "assert not {'torch', 'transformers', 'sentence_transformers', 'trafilatura'} & set(sys.modules)\n"
    )
    command, env = subprocess_of(environment, "-c", code)
    subprocess.run(command, env=env, check=True, capture_output=True, timeout=600)


def test_a_reader_that_has_had_enough_is_no_error(environment: dict[str, str], tmp_path: Path) -> None:
    # More than a pipe holds: it cannot have ended before.
    file = jsonl(tmp_path / "many.jsonl", [given(GAZETTE, id=str(number)) for number in range(100)])
    command, env = subprocess_of(environment, "-m", "whosays", "claims", str(file))
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(PATIENCE) == 141


def test_a_chat_answers_what_it_is_asked(environment: dict[str, str]) -> None:
    command, env = subprocess_of(environment, "-m", "whosays", "chat", "--demo")
    asked = "who holds Panjshir?\n/quit\n"
    ran = subprocess.run(command, env=env, input=asked, capture_output=True, text=True, check=True, timeout=600)
    assert "Taliban" in ran.stdout
    assert "National Resistance Front" in ran.stdout
