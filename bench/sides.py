"""How often speakers and sides are right, by the evidence for them: what `attribution/certainty.py` was filled from.

    ./run bench sides ../shared GOLD TEXTS [GOLD TEXTS ...]

GOLD is labelled as ../shared/data/sides/GUIDE.md says, TEXTS is a .jsonl of its articles ({"id", "text", "published"}); "-"
takes them from ../shared/data itself. Spans are the labelled ones, so nothing here depends on the tagger. Printed are, for
each kind of evidence, how many claims under a party rest on it, how often it is right (of a way to find speakers: speaker or
side; of what tells a side: the side, where the speaker is right), and that share shrunk towards what an unknown kind is taken
for; then, for each threshold below which a party is shown as open, what that does.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from whosays import text
from whosays.attribution.actors import Actors
from whosays.attribution.certainty import PRIOR, SHRINK, side_known, speaker_found
from whosays.attribution.resolved import Resolved
from whosays.attribution.speakers import Speakers
from whosays.evaluate.labelled import Labelled, gather_news
from whosays.reading import read
from whosays.types import Article, Attribution, Span

ACTORS = Path(__file__).parents[1] / "data" / "actors.toml"
THRESHOLDS = (0.0, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim with what was resolved, and whether that is right."""

    found: Resolved
    speaker: bool
    side: bool
    party: bool
    mixed: bool
    gold_party: bool


def main(shared: Path, pairs: Iterable[tuple[str, str]]) -> None:
    """Print both tables over all pairs of labels and texts together."""
    score, actors = _scorer(shared), Actors.load(ACTORS)
    judged: list[Judged] = []
    for gold, texts in pairs:
        with tempfile.TemporaryDirectory() as folder:
            if texts == "-":
                path = gather_news(shared / "data", Labelled.read(Path(gold)), Path(folder, "texts.jsonl"))
            else:
                path = Path(texts)
            articles = {article.id: article for article in read([str(path)]) if isinstance(article, Article)}
        for line in Path(gold).read_text("utf-8").splitlines():
            row = json.loads(line)
            judged += _judge(articles[row["id"]], row, actors, score)
    print(f"claims {len(judged)}  speaker {_share(judged, lambda j: j.speaker):.3f}  side {_share(judged, lambda j: j.side):.3f}")
    parties = [j for j in judged if j.party]
    _table("how the speaker was found", parties, lambda j: j.found.how, lambda j: j.speaker or j.side)
    _table("what tells the side", [j for j in parties if j.speaker], lambda j: j.found.why, lambda j: j.side)
    print("\nopen below  side  mixed  party shown  party open though known")
    for threshold in THRESHOLDS:
        shown = [j.party and _sure(j) >= threshold for j in judged]
        right = sum(j.side if s or not j.party else not j.gold_party for j, s in zip(judged, shown, strict=True))
        mixed = sum(j.mixed and s for j, s in zip(judged, shown, strict=True))
        missed = sum(j.gold_party and j.side and j.party and not s for j, s in zip(judged, shown, strict=True))
        n = len(judged)
        print(f"{threshold:10.2f}  {right / n:.3f}  {mixed / n:.3f}  {sum(shown) / n:11.3f}  {missed / n:.3f}")


def _judge(article: Article, row: dict[str, Any], actors: Actors, score: ModuleType) -> Iterator[Judged]:
    spans = [block.span for block in text.blocks(article.text) if not block.furniture]
    speakers = Speakers(article.text, spans, actors, article.published.date() if article.published else None)
    claims: dict[Attribution, list[dict[str, Any]]] = {}
    for claim in row["claims"]:
        source, cue = (() if claim[key] is None else (Span(*claim[key]),) for key in ("source", "cue"))
        claims.setdefault(
            Attribution(source=source, cue=cue, content=tuple(Span(*span) for span in claim["content"])), []
        ).append(claim)
    for attribution in sorted(claims, key=lambda a: sorted((*a.cue, *a.content))):
        for found in speakers.resolve(attribution):
            # Joint speakers: each against the label that fits best.
            judged = [_compare(found, claim, row["sides"], score) for claim in claims[attribution]]
            yield max(judged, key=lambda j: (j.speaker, j.side))


def _compare(found: Resolved, claim: dict[str, Any], aliases: dict[str, list[str]], score: ModuleType) -> Judged:
    side = found.actor.name if found.actor and not found.actor.observer else found.side
    return Judged(
        found,
        speaker=score.same_speaker(found.speaker.name, claim["speaker"]),
        side=score.same_side(side, claim["side"], aliases),
        party=score.is_party(side),
        mixed=score.mixed_up(side, claim["side"], aliases),
        gold_party=score.is_party(claim["side"]),
    )


def _sure(judged: Judged) -> float:
    return speaker_found(judged.found.how) * side_known(judged.found.why)


def _table(title: str, judged: list[Judged], kind: Callable[[Judged], str], right: Callable[[Judged], bool]) -> None:
    print(f"\n{title:30} claims  right  shrunk")
    for one in sorted({kind(j) for j in judged}, key=lambda one: -sum(kind(j) == one for j in judged)):
        of = [j for j in judged if kind(j) == one]
        hits = sum(map(right, of))
        print(f"{one:30} {len(of):6}  {hits / len(of):.3f}  {(hits + SHRINK * PRIOR) / (len(of) + SHRINK):.2f}")


def _share(judged: list[Judged], right: Callable[[Judged], bool]) -> float:
    return sum(map(right, judged)) / len(judged) if judged else 0.0


def _scorer(shared: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("sides_score", shared / "eval/sides_score.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"{shared}: no eval/sides_score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    if len(sys.argv) < 4 or len(sys.argv) % 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]), zip(sys.argv[2::2], sys.argv[3::2], strict=True))
