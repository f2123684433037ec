"""The sets of ../shared/data/stance as pairs of texts: which contradict each other, which agree, which do neither.

What is read of each is said where it is read. Nothing is drawn at random: where a set is large, every n-th row is taken.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from xml.etree import ElementTree

#: Longer texts (an article's body, all that was found for a claim) are read so far, in code points.
_LONGEST = 600


class Relation(Enum):
    """How two texts stand to each other; OTHER where the set only says that one does not follow from the other."""

    CONFLICT = auto()
    AGREE = auto()
    NEUTRAL = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts, and how they stand to each other."""

    one: str
    other: str
    relation: Relation


_RELATIONS = {
    name: relation
    for relation, names in (
        (Relation.CONFLICT, "contradiction against disagree Refutes REFUTES Refuted UNDERMINE"),
        (Relation.AGREE, "entailment for agree Supports SUPPORTS Supported SUPPORT TRUE YES"),
        (Relation.NEUTRAL, "neutral observing discuss Neutral NOT_ENOUGH_INFO"),
        (Relation.OTHER, "FALSE NO"),
    )
    for name in names.split()
}


def train_sets(stance: Path) -> dict[str, list[Pair]]:
    """Return the parts that anything may be fitted to: those with a licence that lets weights made from them be passed on."""
    return {
        "mnli matched (sample)": list(_nli(stance / "misc_nli/data/mnli_matched")),
        "snli (sample)": list(_nli(stance / "misc_nli/data/snli")),
        "perspectrum train": list(_perspectrum(stance / "perspectrum", "train")),
    }


def test_sets(stance: Path) -> dict[str, list[Pair]]:
    """Return the parts that are measured on; nothing is fitted to them."""
    return {
        "mnli mismatched (sample)": list(_nli(stance / "misc_nli/data/mnli_mismatched")),
        "perspectrum test": list(_perspectrum(stance / "perspectrum", "test")),
        "emergent test": list(_emergent(stance / "emergent/url-versions-2015-06-14-clean-test.csv")),
        "healthver test": list(_healthver(stance / "healthver/data/healthver_test.csv")),
        "climate-fever, every 3rd claim": list(_climate_fever(stance / "climate_fever/dataset/climate-fever.jsonl", 3)),
        "averitec dev": list(_averitec(stance / "averitec_dev/data/dev.json")),
        "fnc-1 test, every 4th related": list(_fnc(stance / "fnc1", 4)),
        "rte 1 to 3 test": [pair for n in (1, 2, 3) for pair in _rte(stance / f"sts_rte/rte{n}_test.xml")],
    }


def _nli(path: Path) -> Iterator[Pair]:
    """MNLI and SNLI, samples of 1,000 as TextFooler has them: tab-separated label, premise and hypothesis."""
    for line in path.read_text("utf-8").splitlines():
        label, one, other = line.split("\t")
        yield Pair(_joined(one), _joined(other), _RELATIONS[label])


def _joined(tokens: str) -> str:
    """Undo the tokens of a treebank: "ca n't" is "can't"."""
    return re.sub(r" (?=[.,;:!?%)]|n['’]t\b|['’](?:s|re|ve|ll|d|m)\b)", "", tokens)


def _perspectrum(folder: Path, part: str) -> Iterator[Pair]:
    """A claim for debate, and the first wording of each perspective on it."""
    split = json.loads((folder / "dataset_split_v1.0.json").read_text("utf-8"))
    texts = {row["pId"]: row["text"] for row in json.loads((folder / "perspective_pool_v1.0.json").read_text("utf-8"))}
    for claim in json.loads((folder / "perspectrum_with_answers_v1.0.json").read_text("utf-8")):
        if split[str(claim["cId"])] == part:
            for perspective in claim["perspectives"]:
                yield Pair(claim["text"], texts[perspective["pids"][0]], _RELATIONS[perspective["stance_label_3"]])


def _emergent(path: Path) -> Iterator[Pair]:
    """A rumour, and the headline of an article on it."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield Pair(row["claimHeadline"], row["articleHeadline"], _RELATIONS[row["articleHeadlineStance"]])


def _healthver(path: Path) -> Iterator[Pair]:
    """A claim on COVID-19, and a passage of a paper."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield Pair(row["claim"], row["evidence"][:_LONGEST], _RELATIONS[row["label"]])


def _climate_fever(path: Path, every: int) -> Iterator[Pair]:
    """A claim on the climate, and five sentences of Wikipedia, labelled one by one."""
    for line in path.read_text("utf-8").splitlines()[::every]:
        row = json.loads(line)
        for evidence in row["evidences"]:
            yield Pair(row["claim"], evidence["evidence"], _RELATIONS[evidence["evidence_label"]])


def _averitec(path: Path) -> Iterator[Pair]:
    """A claim, and all questions and answers on it in a row; those of conflicting or no evidence are left out."""
    for row in json.loads(path.read_text("utf-8")):
        if row["label"] in _RELATIONS:
            answers = [f"{q['question']} {a['answer']}" for q in row["questions"] for a in q["answers"]]
            yield Pair(row["claim"], " ".join(answers)[:_LONGEST], _RELATIONS[row["label"]])


def _fnc(folder: Path, every: int) -> Iterator[Pair]:
    """A headline, and the beginning of an article that is related to it."""
    with (folder / "competition_test_bodies.csv").open(encoding="utf-8", newline="") as file:
        bodies = {row["Body ID"]: row["articleBody"] for row in csv.DictReader(file)}
    with (folder / "competition_test_stances.csv").open(encoding="utf-8", newline="") as file:
        related = [row for row in csv.DictReader(file) if row["Stance"] != "unrelated"]
    for row in related[::every]:
        yield Pair(row["Headline"], bodies[row["Body ID"]][:_LONGEST], _RELATIONS[row["Stance"]])


def _rte(path: Path) -> Iterator[Pair]:
    """RTE says only whether the second follows from the first: what follows must not be called a contradiction."""
    for pair in ElementTree.parse(path).getroot().iter("pair"):
        one, other = pair.findtext("t", ""), pair.findtext("h", "")
        yield Pair(one, other, _RELATIONS[pair.get("value") or pair.attrib["entailment"]])
