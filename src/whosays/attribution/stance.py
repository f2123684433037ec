"""What a cue does: claims, denies, accuses, demands, promises, warns, doubts, believes.

The cue decides; where it is a plain "said", the words said are looked at. The first rule that fits wins.
"""

from __future__ import annotations

import re

from whosays.types import Stance


def _starting(stems: str) -> re.Pattern[str]:
    """Return a pattern for any of these stems, a blank between them, at the start of a word ("~" is a blank within one)."""
    return re.compile(r"\b(?:" + "|".join(stem.replace("~", " ") for stem in stems.split()) + ")", re.IGNORECASE)


#: Before a cue's verb these turn it round; behind it ("vowed not to") they are what is said.
_NEGATED = re.compile(
    r"\b(?:not|never|no|hardly|neither|nor|rarely|seldom|barely|without"
    r"|failed to|stopped short of|yet to|unable to|refused to|declined to)\b"
    r"|n[’']t\b",
    re.IGNORECASE,
)
#: Who will not say anything takes no position.
_SILENT = re.compile(
    r"\b(?:declin|refus)\w* to (?:comment|say|answer|discuss|confirm|specify|elaborate|speculate|rule out)", re.IGNORECASE
)
#: Cues that only say that something was said: then the words themselves are read for what they do.
_PLAIN = _starting(
    r"""
    sa(?:y|ys|id|ying)\b t(?:ell|ells|old)\b add(?:s|ed|ing)?\b wr(?:ite|ites|ote)\b tweet according~to ask(?:s|ed)\b
    post(?:s|ed)\b stat(?:es|ed|ing)\b not(?:e|es|ed|ing)\b explain continu reveal remark observ respond answer recall
    maintain assert contend testif acknowledg reiterat insist announc declar claim suggest argu call quoted stress repl
    charact descri
    """
)

#: In this order: somebody who "denied … accusing" denies.
_CUES = (
    (
        Stance.DENIES,
        _starting(
            r"""
            den(?:y|ies|ied|ying|ials?)\b reject dismiss refut rebut repudiat disput(?:e|es|ed|ing)\b
            brush\w*~(?:aside|off) contradict disavow disown debunk rul(?:e|es|ed|ing)~out disagree refus
            declin(?:e|es|ed|ing)\b pushed?~back scoff
            rubbish found~no\b shot~down laugh\w*~off counter(?:s|ed)?\b
            """
        ),
    ),
    (
        Stance.ACCUSES,
        _starting(
            r"""
            accus blam alleg charg(?:e|es|ed|ing)\b denounc slam blast lambast castigat
            brand(?:s|ed|ing)\b critici[sz] attack(?:s|ed|ing)?\b implicat fault(?:s|ed)\b complain chid(?:e|ed)
            rebuk indict ridicul mock lash\w*~out
            """
        ),
    ),
    (
        Stance.DEMANDS,
        _starting(
            r"""
            demand call\w*~(?:\w+~)?(?:on|upon|for)\b urg(?:e|es|ed|ing)\b appeal request plead implor
            ask(?:s|ed|ing)?~(?:for|that)\b order(?:s|ed|ing)?\b insist\w*~on press(?:es|ed|ing)?~for exhort instruct
            encourag advocat recommend beg(?:s|ged)\b petition want(?:s|ed)?\b advis press(?:es|ed|ing)?\b
            """
        ),
    ),
    (
        Stance.PROMISES,
        _starting(r"promis vow pledg (?:re)?assur guarantee commit(?:s|ted|ting)\b undertook swor?e offer agreed~to"),
    ),
    (Stance.WARNS, _starting(r"warn threat caution alert(?:s|ed)\b raised~the~alarm")),
    (
        Stance.DOUBTS,
        _starting(
            r"doubt question(?:s|ed|ing)?\b sceptic skeptic uncertain unsure wonder not~(?:sure|certain|convinced) cast\w*~doubt"
        ),
    ),
    (
        Stance.BELIEVES,
        _starting(
            r"""
            believ think thought view(?:s|ed)?\b consider suspect fear hope hoping expect suppos assum regard feel felt
            conclud predict see(?:s|n)?~as saw~as worr convinced estimat reckon (?:un)?happy
            """
        ),
    ),
)

#: What a plain "said" does, by what is said.
_CONTENTS = (
    (
        Stance.DENIES,
        re.compile(
            r"""\b(?:(?:nothing|n[’']t\ have\ anything)\ to\ do\ with
            |no\ (?:evidence|proof|truth|basis|plans?|intention|involvement|link|role|connection)\b
            |(?:was|were|is|are|had|has|have|did|does|do|would|could)(?:\ not|n[’']t)\ (?:\w+\ )?
               (?:involved|behind|responsible|true|commit|attack|use|carry|do\ (?:it|this|that)
                 |order|shoot|kill|target|agree|accept|recogni)
            |(?:did|does|do)(?:\ not|n[’']t)\ have\ anything\ to\ do\ with
            |no\ (?:\w+\ )?(?:was|were|has\ been|have\ been)\ (?:paid|used|sent|killed|fired|made|given|harmed|targeted)
            |never\ (?:\w+ed\ or\ )?(?:paid|used|ordered|intended|happened)
            |(?:was|were|been)\ (?:doctored|fabricated|invented|staged)
            |wasn[’']t\ us|untrue|fake
            |(?:is|was|are|were)\ (?:completely\ |totally\ |simply\ )?
               (?:false|baseless|fabricat|a\ lie|lies|unfounded|groundless))""",
            re.IGNORECASE | re.VERBOSE,
        ),
    ),
    (
        Stance.ACCUSES,
        re.compile(
            r"""\b(?:(?:was|were|is|are|be|being)\ (?:behind|responsible|to\ blame|guilty|culpable|lying)
            |(?:hold|holds|held)\ \w+\ (?:responsible|culpable)|violat(?:ed|ing|es)|in\ breach|breached
            |war\ crimes?|crimes?\ against|(?:is|are|was|were|acts?\ of)\ (?:an?\ )?terroris[tm]|aggress(?:ion|or)
            |(?:has|had|have|bears?|bore)\ (?:some\ |full\ )?responsibility|no\ (?:other\ )?plausible|plausible\ alternative
            |highly\ likely\ (?:that\ )?\w+\ (?:was|were|had)|(?:his|her|its|their)\ (?:\w+\ )?guilt\b|interferen
            |pattern\ of\ (?:activit|behavio|attack|violen|abuse)|squander|tainted|discriminat|persecut
            |slush\ fund|abuse\ of\ power
            |(?:is|are|was|were|been)\ (?:\w+,?\ ){0,3}(?:tortured|unprepared|betrayed)|sponsor\w*\ (?:terror|militan)
            |support\w*\ (?:for\ )?terror|disrespect|incompeten|hypocri|cowardl|reckless|no\ will\ to|refus(?:es|ed)\ to
            |fail(?:s|ed)\ to|failure\ to|gave\ (?:the\ )?orders|weakling|security\ risk|not\ interested\ in|abandoned\b
            |provocati|insult|undermin(?:es|ed|ing)\b|jeopardi|human\ shields?|mastermind
            |unacceptable|irresponsible|lied|lies|liar|massacr|genocide
            |started\ (?:killing|the\ war)|illegally|brazen|puppet)""",
            re.IGNORECASE | re.VERBOSE,
        ),
    ),
    (
        Stance.DEMANDS,
        re.compile(
            r"\b(?:must|should(?! have| expect)|ought to|owes?|call (?:on|for|upon)|let us|demand|first have to)\b"
            r"|^\W*(?:stop|leave|withdraw|release|end|let|give) (?:your|our|the|us|this|these|all)\b",
            re.IGNORECASE,
        ),
    ),
    (
        Stance.PROMISES,
        re.compile(
            r"\b(?:(?:we|I)(?: will|[’']ll| shall)|^\W*(?:he|she|it|they) (?:will|would))"
            r"(?:(?! not| never|n[’']t| be| have| mean| help| rise)\b"
            r"|(?: not| never) (?:give up|rest|stop|allow|let|tolerate|abandon|forget|surrender|accept|bow)\b)"
            r"|^\W*(?:we|I) (?:assure|promise|pledge|guarantee)\b|^\W*(?:he|she|they|we|I)[’']ll\b(?! be| have)"
            r"|\bdetermined to\b",
            re.IGNORECASE,
        ),
    ),
    (
        Stance.WARNS,
        re.compile(
            r"\b(?:consequences?|repercussions?|(?:will|would) (?:regret|endanger|threaten|destabili[sz]e|lead to (?:war|more))"
            r"|historic regret|at (?:your|their) own risk|catastroph|what(?:[’']s| is) at stake|should expect|the risk is"
            r"|ready to (?:[“\"]?confront|respond|retaliate|strike))",
            re.IGNORECASE,
        ),
    ),
    (
        Stance.DOUBTS,
        re.compile(
            r"""\b(?:I\ doubt|(?:not|n[’']t)\ (?:sure|certain|convinced)|open\ questions?|the\ question\ is|remains\ to\ be\ seen
            |(?:I|we|he|she|they)\ (?:do|does|did)(?:\ not|n[’']t)\ believe)\b""",
            re.IGNORECASE | re.VERBOSE,
        ),
    ),
    (
        Stance.BELIEVES,
        re.compile(
            r"""^\W*(?:that\ )?(?:(?:I|we|he|she|they|it)\ (?:believed?|think|thought|hoped?|expect(?:ed)?|suspect(?:ed)?)
            |in\ (?:my|our)\ view)\b""",
            re.IGNORECASE | re.VERBOSE,
        ),
    ),
)

#: As far as a statement is read for what it does, in code points.
_OPENING = 160


def stance_of(cue: str, content: str) -> Stance:
    """Return what a cue (may be empty) does with what is said."""
    if _SILENT.search(f"{cue} {content[:_OPENING]}"):
        return Stance.CLAIMS
    for stance, pattern in _CUES:
        found = pattern.search(cue)
        if found:
            return _turned(stance) if _NEGATED.search(cue[: found.start()]) else stance
    if cue and not _PLAIN.search(cue):
        return Stance.CLAIMS
    return next((stance for stance, pattern in _CONTENTS if pattern.search(content[:_OPENING])), Stance.CLAIMS)


def _turned(stance: Stance) -> Stance:
    """Return what a negated cue does: who "does not believe" doubts, who "did not deny", or accuse, or promise, merely claims."""
    return Stance.DOUBTS if stance is Stance.BELIEVES else Stance.CLAIMS
