"""A source that is resolved: who speaks, for whom, and on what evidence."""

from __future__ import annotations

from dataclasses import dataclass, replace

from whosays.attribution.actors import Actor
from whosays.attribution.certainty import How, Why, side_known, speaker_found
from whosays.attribution.gender import gender_of_words
from whosays.attribution.names import Someone
from whosays.attribution.roles import BODIES, OBSERVERS, OFFICIALS, PERSON_NOUNS, THINGS
from whosays.attribution.sides import head_of
from whosays.types import OBSERVER, Speaker


@dataclass(frozen=True, slots=True)
class Resolved:
    """Who said it, for whom (a party, `OBSERVER` or None: open), how sure that is (0..1), and on what evidence."""

    speaker: Speaker
    side: str | None
    confidence: float
    person: Someone | None = None
    actor: Actor | None = None
    plural: bool = False
    how: How = How.NOBODY
    why: Why = Why.NOTHING

    @property
    def known(self) -> bool:
        """Whether there is somebody whom a later "he" or "it" may take up."""
        return bool(self.speaker.name)

    @property
    def is_somebody(self) -> bool:
        """Whether this is one human being, by name or by description ("a doctor")."""
        head = head_of(self.speaker.name)
        return self.person is not None or (
            not self.plural and head in (OFFICIALS | OBSERVERS | PERSON_NOUNS) - BODIES - THINGS and not head.endswith("s")
        )

    @property
    def gender(self) -> str | None:
        """Return "he" or "she" where a description tells it: "a spokeswoman"."""
        return gender_of_words(self.speaker.name)

    def opened(self) -> Resolved:
        """Return the same speaker for nobody: he speaks for a party, but that is not sure enough."""
        if self.side in (None, OBSERVER):
            return self
        return replace(self, side=None, speaker=replace(self.speaker, party=None))

    def taken_up(self, how: How) -> Resolved:
        """Return the same speaker, found once more by a word that takes him up."""
        return replace(self, confidence=side_known(self.why) * speaker_found(how), how=how)


NOBODY = Resolved(Speaker(name=""), None, 0.5)


def resolved(
    name: str,
    role: str,
    actor: Actor | None,
    why: Why = Why.NOTHING,
    *,
    how: How = How.DESCRIBED,
    person: Someone | None = None,
    plural: bool = False,
) -> Resolved:
    """Return a speaker who speaks for an actor (None: open)."""
    side = None if actor is None else OBSERVER if actor.observer else actor.name
    party = None if actor is None or actor.observer else actor.name
    why = Why.NOTHING if actor is None else Why.OBSERVER if actor.observer else why
    sure = side_known(why) * speaker_found(how)
    return Resolved(Speaker(name=name, role=role, party=party), side, sure, person, actor, plural, how, why)
