"""What a cue does: claims, denies, accuses, demands, promises, warns, doubts, believes.

The cue decides; where it is a plain "said", the words said are looked at. The first rule that fits wins.
"""

from __future__ import annotations

import re

from whosays.types import Stance


def _any(*stems: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(stems) + r")", re.IGNORECASE)


_NEGATED = re.compile(r"\b(?:not|n[o’']t|never|no|hardly|n't)\b|n[’']t\b", re.IGNORECASE)

#: In this order: "warned … accused" is rare, "denied … accusing" is not.
_CUES = (
    (
        Stance.DENIES,
        _any(
            r"den(?:y|ies|ied|ying|ials?)\b", r"reject", r"dismiss", r"refut", r"rebut", r"repudiat", r"disput(?:e|es|ed|ing)\b",
            r"brush\w* (?:aside|off)", r"contradict", r"disavow", r"disown", r"debunk", r"rul(?:e|es|ed|ing) out", r"disagree",
            r"pushed? back", r"scoff", r"rubbish", r"found no\b", r"shot down", r"laugh\w* off", r"counter(?:s|ed)?\b",
        ),
    ),
    (
        Stance.ACCUSES,
        _any(
            r"accus", r"blam", r"alleg", r"charg(?:e|es|ed|ing)\b", r"denounc", r"slam", r"blast", r"lambast", r"castigat",
            r"condemn", r"decr(?:y|ied|ies)", r"brand(?:s|ed|ing)\b", r"critici[sz]", r"attack(?:s|ed|ing)?\b", r"implicat",
            r"fault(?:s|ed)\b", r"complain", r"deplor", r"chid(?:e|ed)", r"rebuk", r"indict", r"ridicul", r"mock", r"lash\w* out",
        ),
    ),
    (
        Stance.DEMANDS,
        _any(
            r"demand", r"call\w* (?:\w+ )?(?:on|upon|for)\b", r"urg(?:e|es|ed|ing)\b", r"appeal", r"request", r"plead", r"implor",
            r"ask(?:s|ed|ing)? (?:for|that)\b", r"order(?:s|ed|ing)?\b", r"insist\w* on", r"press(?:es|ed|ing)? for", r"exhort",
            r"instruct", r"encourag", r"advocat", r"recommend", r"beg(?:s|ged)\b", r"petition", r"want(?:s|ed)?\b", r"advis",
        ),
    ),
    (
        Stance.PROMISES,
        _any(r"promis", r"vow", r"pledg", r"assur", r"guarantee", r"commit(?:s|ted|ting)\b", r"undertook", r"swor?e", r"offer", r"agreed to"),
    ),
    (Stance.WARNS, _any(r"warn", r"threat", r"caution", r"alert(?:s|ed)\b", r"raised the alarm")),
    (
        Stance.DOUBTS,
        _any(r"doubt", r"question(?:s|ed|ing)?\b", r"sceptic", r"skeptic", r"uncertain", r"unsure", r"wonder", r"not (?:sure|certain|convinced)", r"cast\w* doubt"),
    ),
    (
        Stance.BELIEVES,
        _any(
            r"believ", r"think", r"thought", r"view(?:s|ed)?\b", r"consider", r"suspect", r"fear", r"hope", r"hoping", r"expect",
            r"suppos", r"assum", r"regard", r"feel", r"felt", r"conclud", r"predict", r"see(?:s|n)? as", r"saw as", r"worr", r"convinced",
            r"estimat", r"reckon", r"(?:un)?happy",
        ),
    ),
)

#: What a plain "said" does, by what is said; only the start of a long quotation counts.
_CONTENTS = (
    (
        Stance.DENIES,
        re.compile(
            r"\b(?:(?:nothing|n[’']t have anything) to do with|no (?:evidence|proof|truth|basis|plans?|intention|involvement|link|role|connection)\b"
            r"|(?:was|were|is|are|had|has|have|did|does|do|would|could)(?: not|n[’']t) (?:\w+ )?(?:involved|behind|responsible|true|commit|attack|use|carry|do (?:it|this|that)|order|shoot|kill|target|agree|accept|recogni[sz]e)"
            r"|wasn[’']t us|untrue|(?:is|was|are|were) (?:completely |totally |simply )?(?:false|baseless|fabricat|a lie|lies|unfounded|groundless)|fake)",
            re.IGNORECASE,
        ),
    ),
    (
        Stance.ACCUSES,
        re.compile(
            r"\b(?:(?:was|were|is|are|be|being) (?:behind|responsible|to blame|guilty|culpable|lying)|(?:hold|holds|held) \w+ (?:responsible|culpable)"
            r"|violat(?:ed|ing|es)|in breach|breached|war crimes?|crimes? against|terroris[tm]|aggress(?:ion|or)|provocation|unacceptable|irresponsible|lied|lies|liar"
            r"|massacr|genocide|started (?:killing|the war)|illegally|brazen|puppet)",
            re.IGNORECASE,
        ),
    ),
    (Stance.DEMANDS, re.compile(r"\b(?:must|should(?! have| expect)|ought to|needs? to|has to|have to|owes?|call (?:on|for|upon)|let us|demand)\b", re.IGNORECASE)),
    (Stance.PROMISES, re.compile(r"\b(?:we|I|it|he|she|they)(?: will|[’']ll| would| shall)(?! not| never|n[’']t)\b|\bdetermined to\b", re.IGNORECASE)),
    (Stance.WARNS, re.compile(r"\b(?:consequences?|repercussions?|will regret|historic regret|severe|at (?:your|their) own risk|catastroph)", re.IGNORECASE)),
    (Stance.BELIEVES, re.compile(r"^\W*(?:(?:that )?(?:I|we|he|she|they|it) (?:believed?|think|thought|hoped?|expect(?:ed)?|suspect(?:ed)?)|in (?:my|our) (?:view|opinion))\b", re.IGNORECASE)),
)

#: As far as a plain statement is read for what it does, in code points.
_OPENING = 160


def stance_of(cue: str, content: str) -> Stance:
    """Return what a cue (may be empty) does with what is said."""
    for stance, pattern in _CUES:
        if pattern.search(cue):
            if stance is Stance.BELIEVES and _NEGATED.search(cue):
                return Stance.DOUBTS
            if stance in (Stance.DENIES, Stance.DOUBTS) and _NEGATED.search(cue) and not re.search(r"found no|not (?:sure|certain|convinced)", cue):
                return Stance.CLAIMS
            return stance
    for stance, pattern in _CONTENTS:
        if pattern.search(content[:_OPENING]):
            return stance
    return Stance.CLAIMS
