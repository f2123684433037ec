"""Draws the pictures of README: `PYTHONPATH=src:. .venv/bin/python -m docs.pictures`. They show the bot's own messages.

Those are over the demo articles. Needs Chromium, which takes the photographs of chats; the timeline the bot draws itself. No test
looks at what comes of it: look at it yourself.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.cards import first_view
from bot.lists import languages_page, settings_page
from bot.phrases import Catalogue, load_catalogue
from bot.picture import draw_timeline
from docs.phone import Asked, bare, phone, photograph
from whosays.chats import Card, CardKind, Chat
from whosays.cli.demo import prepared
from whosays.config import Settings
from whosays.engine import Engine
from whosays.types import Answer

FOLDER = Path(__file__).parent
NOW = datetime(2026, 1, 1, tzinfo=UTC)
QUESTION, TOPIC = "who holds Panjshir?", "Panjshir"


def main() -> int:
    """Draw all of them anew; say what is missing, if something is."""
    settings = Settings.from_environment(os.environ)
    catalogue = load_catalogue(settings.data_folder)
    with Engine.open(prepared(settings)) as engine:
        answer, survey = engine.ask(QUESTION, NOW), engine.survey(TOPIC, NOW)
    try:
        draw(answer, survey, catalogue)
    except FileNotFoundError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def draw(answer: Answer, survey: Answer, catalogue: Catalogue) -> None:
    """Write the pictures. Raises FileNotFoundError where there is no Chromium."""
    english = catalogue.of("en")
    for name, language in (("card", "en"), ("card-fa", "fa")):
        view = first_view(_card(answer, language), catalogue.of(language))
        photograph([phone([Asked(QUESTION), view])], FOLDER / f"{name}.png")
    group = Chat(id=-1, kind="supergroup")
    menu = settings_page(group, english, catalogue, group=True)
    languages = languages_page(group, english, catalogue)
    photograph([phone([Asked("/settings"), menu, languages], dark=True)], FOLDER / "settings.png")
    photograph([bare(draw_timeline(survey, english, dark=False))], FOLDER / "timeline.png")


def _card(answer: Answer, language: str) -> Card:
    return Card(
        id="0",
        kind=CardKind.ANSWER,
        chat=1,
        thread=None,
        asker=1,
        question_message=1,
        language=language,
        answer=answer,
        asked=NOW,
    )


if __name__ == "__main__":
    sys.exit(main())
