"""What a page wraps around its article: captions, by-lines, credits, notices, links elsewhere; told by the look of a block.

The rules err on the side of evidence: a line that slips through costs less than a statement lost. Hence most are bound to a whole
block, to its opening or to its length, and none takes a quotation that merely mentions cookies or newsletters.
"""

from __future__ import annotations

import re

#: More words than these are no link, label or notice; no caption.
_NOTICE_WORDS = 45
_CAPTION_WORDS = 70
#: Up to so many words without the mark of a sentence are a heading, a name, a label: nothing that could be quoted.
_LABEL_WORDS = 4


def is_furniture(block: str) -> bool:
    """Say whether a block (white space normalised to single spaces) is furniture by its own look, wherever it stands."""
    words = len(block.split())
    if _WHOLE.fullmatch(block) or _OPENING.match(block):
        return True
    if words <= _LABEL_WORDS:
        return not _SENTENCE.search(block) and not _LEAD_IN.search(block)
    if words <= _NOTICE_WORDS and (_LABEL.match(block) or _BYLINE.fullmatch(block) or _is_notice(block)):
        return True
    return words <= _CAPTION_WORDS and _is_caption(block)


def _is_notice(block: str) -> bool:
    return bool(_NOTICE.search(block)) and not _SAID.search(block)


def _is_caption(block: str) -> bool:
    if _CREDIT.search(block) or _CAPTION_OPENING.match(block):
        return True
    return bool(_BARE_CREDIT.search(block)) and not _SAID.search(block)


_SENTENCE = re.compile(r"[.!?…][’')\]]*$|[\"“”«»]")
_SAID = re.compile(
    r"[\"“”«»]|\b(?:said|says|saying|tells|told|according to|added|writes|wrote|denie[sd]|claim(?:s|ed)|warn(?:s|ed))\b",
    re.IGNORECASE,
)
#: "The agency adds:" leads into what is quoted next.
_LEAD_IN = re.compile(
    r"\b(?:said|says|adds|added|wrote|writes|reports|reported|told .+|tweeted|continue[sd]|explains|replied):$", re.IGNORECASE
)

#: Blocks that are furniture from end to end.
_SHARE = (
    r"(?:share|tweet|post|e-?mail|print|save|copy|link|this|the|article|story|page|on|with|via|by|to|and|or|your|friends?|facebook"
    r"|twitter|x|whatsapp|telegram|linkedin|reddit|pinterest|tumblr|flipboard|messenger|pocket|comments?|\d+|[|,:;/&+·•-])"
)
_DATE = r"(?:\d|mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_WHOLE = re.compile(
    rf"""
      (?: (?:advertisement[ ])?continue[ ]reading(?:[ ]the[ ]main[ ]story)? | story[ ]continued[ ]below
        | advertisements? | ad | sponsored(?:[ ]content)? | (?:article|story)[ ]continues[ ](?:after|below).{{0,40}}
        | loading | close | menu | search | videos? | photos? | images? | gallery
        | related(?:[ ](?:stories|articles|content|topics|coverage))?
        | see[ ]also | also[ ](?:see|read) | read[ ]more | more(?:[ ]on[ ]this)?
        | (?:view|show|read|see|post|leave)[ ](?:all[ ]|a[ ]|the[ ])?(?:\d+[ ])?comments? | (?:\d+[ ])?comments
        | subscribe | sign[ ](?:in|up) | log[ ]in | register | newsletters? | back[ ]to[ ]top | skip[ ]to[ ](?:main[ ])?content
        | accept(?:[ ]all)?(?:[ ]cookies)? | privacy[ ]policy | terms[ ]of[ ](?:use|service) )[\s.:…!»>*]*
      | share(?:\s+{_SHARE})+[.:!]?
      | comments?[ ](?:are|is|have[ ]been|has[ ]been)[ ](?:now[ ])?(?:closed|disabled|turned[ ]off).{{0,40}}
      | \[\s?(?:pullquote|image|break|music|video|photo|ad|embed|caption|gallery)\s?\]
      | (?:slideshow|photos?)[ ]\(\d+[ ]images?\) | (?:prev|next)[ ]image[ ]\d+[ ]of[ ]\d+ | hide[ ]caption[ ]\d+[ ]of[ ]\d+
      | \d+[ ](?:minute|hour|day|week|month|year)s?[ ]ago
      | (?:(?:first|originally|last)[ ])?(?:published|updated|posted|modified)(?:[ ]at|[ ]on)?:?[ ]
        {_DATE}.{{0,45}}(?<![a-z\d]{{2}}\.)
      | (?:©|\(c\)[ ]?\d{{4}}|copyright[ ]?(?:©|\(c\)|\d{{4}}|by[ ])).{{0,250}} | .{{0,200}}\ball[ ]rights[ ]reserved\b.{{0,200}}
      | .{{1,160}}[ ]contributed[ ]to[ ]this[ ](?:report|story|article|post)\.?
      | [•⦁*\s]*this[ ](?:article|story|post|piece|column)[ ](?:is[ ]more[ ]than[ ]\d+[ ](?:year|month)s?[ ]old
        |(?:was[ ])?(?:originally|first)[ ](?:appeared|published)|(?:has[ ]been|was)[ ]updated
        |is[ ]based[ ]in[ ]part[ ]on[ ]wire).{{0,200}}
      | this[ ]is[ ]a[ ]rush[ ]transcript.{{0,120}}
      | \(?(?:additional[ ])?(?:reporting|writing|editing)[ ]by[ ].{{1,200}};[ ].{{0,80}}\b(?:reporting|writing|editing)[ ]by[ ]
        .{{1,200}}
      | \(?(?:additional[ ])?(?:reporting|writing|editing)[ ]by(?-i:(?:[ ](?:and[ ])?[A-Z][\w.’'-]*,?){{1,12}})\)?\.?
    """,
    re.IGNORECASE | re.VERBOSE,
)

#: What opens furniture, however long it is.
_OPENING = re.compile(
    r"""
      enlarge[ ]this[ ]image | toggle[ ]caption | hide[ ]caption\b | image[ ](?:copyright|caption|source)\b
      | media[ ](?:caption|playback)\b | just[ ]watched\b.*\breplay\b | photo(?:s|graph)?:[ ] | photo[ ]by[ ]
      | (?:image|picture):[ ] | \([ ]?(?:photos?|related):
      | send[ ](?:us[ ])?(?:a|your)[ ](?:news[ ])?tips?\b | (?:got|have)[ ]a[ ](?:news[ ]|confidential[ ])?tip\b
      | interested[ ]in[ ].{1,60}\?[ ]add[ ] | get[ ]real-time[ ]updates[ ]as[ ]this[ ]story
      | get[ ](?:the|our)[ ].{1,60}\b(?:newsletters?|delivered[ ]to[ ]your[ ]inbox)\b
      | click[ ](?:here|to|for)\b | tap[ ]here\b | download[ ](?:the|our)[ ].{0,40}\bapp\b | read[ ]or[ ]share[ ]this
      | by[ ](?:signing[ ]up|subscribing|clicking|providing)\b[^.]{0,60}\byou[ ](?:agree|accept|consent|acknowledge)
      | please[ ](?:upgrade[ ]your[ ]browser|enable[ ]javascript)
      | please[ ](?:enter|select|verify)\b.{0,80}\b(?:e-?mail|robot|newsletter)
      | your[ ]e-?mail[ ]address[ ]will[ ]not | sign[ ]up[ ](?:for|to|here|now|today)\b | newsletter[ ]sign[- ]?up
      | subscribe[ ](?:to|on|now|today|here|for)\b | (?:like|follow|join)[ ]us[ ]on\b | follow[ ](?:us\b|@)
      | (?:-[ ])?follow[ ][^.]{1,60}[ ]on[ ](?:twitter|facebook|instagram|telegram|x)\b | watch[ ]the[ ]latest[ ]video\b
      | visit[ ].{1,60}\bhomepage[ ]for[ ]more | support[ ]our[ ](?:journalism|work)\b | contributing:[ ]
      | this[ ](?:material|content)[ ]may[ ]not[ ]be[ ](?:published|reproduced)
    """,
    re.IGNORECASE | re.VERBOSE,
)

#: "Read more: …", "SEE ALSO: …": a link to another article.
_LABEL = re.compile(
    r"(?:see also|also see|also read|read more|read also|read|see|watch|listen|more|more on this|related|video|photos?|slideshow"
    r"|gallery|poll)\s?:(?!\d)"
    r"|play video \d+:\d+\b|[^.!?]{5,200} (?-i:Read more)$",
    re.IGNORECASE,
)

#: What makes a notice of a short block, unless somebody says it.
_NOTICE = re.compile(
    r"""
      ^(?:we|this[ ](?:web[ ]?)?site|our[ ](?:web[ ]?)?sites?)[ ](?:and[ ]our[ ]partners[ ])?
        (?:may[ ])?(?:use|set|store)s?[ ](?:[\w-]+[ ]){0,4}cookies\b
      | ^by[ ](?:continuing|using|browsing|visiting)\b.{0,60}\b(?:site|page|you)\b.{0,80}\bcookies\b
      | \b(?:to|in)[ ]your[ ]inbox\b | \bsign[ ]up[ ](?:here|for[ ](?:our|the)[ ].{0,40}newsletters?)\b
      | (?-i:\bFollow[ ](?:him|her|them|me)[ ]on)\b | ^write[ ]to[ ].{1,60}@
    """,
    re.IGNORECASE | re.VERBOSE,
)

_NAME = r"[A-Z][\w.’'-]*"
#: "By Ana Blum and Omar Dar, chief correspondents | 4 May".
_BYLINE = re.compile(
    rf"(?:[Bb]y|BY|(?:Written|Story|Analysis|Photographs) by)\s{_NAME}(?:\s{_NAME}){{1,3}}"
    r"(?:(?:,|\s(?:and|for|in|at|[|/•·–—-])\s).{1,100})?(?<![.!?])"
)

_AGENCY = (
    r"(?:AP|Associated Press|R(?:euters|EUTERS)|AFP|Agence France-Presse|Getty(?: Images)?|EPA(?:-EFE)?|EFE|UPI|TASS|Xinhua"
    r"|Anadolu|Bloomberg|Shutterstock|iStock(?:photo)?|Alamy|Corbis|PA|DPA|ANSA|Zuma(?: Press)?|NurPhoto|Sipa(?: USA)?)"
)
#: A photographer's or an agency's credit at the end: "(Photo by Ana Blum)", "Omar Dar/AP", "[Omar Dar/AFP]", "Photo: Omar Dar".
_CREDIT = re.compile(
    rf"""
      [(\[](?:[Ff]ile[ ])?(?:[Pp]hoto(?:graph)?|[Ii]mage|[Pp]icture|[Ss]creen[ ]?(?:shot|grab)|[Cc]redit)
        (?::|[ ](?:by|courtesy|from|via)\b)[^()]{{0,90}}[)\]]\.?$
      | [(\[](?:[Cc]ourtesy[ ]of|[Ff]ile[ ]photo\b)[^()]{{0,90}}[)\]]\.?$
      | [\w.)]\s?/\s?{_AGENCY}(?:/[\w ]{{2,20}}|[ ](?:via|for)[ ][\w ]{{2,30}})?[)\]]?\.?$
      | [(\[][^()\[\]]{{1,60}}\bvia[ ]{_AGENCY}[)\]]\.?$ | (?<=[\w,/)][ ])via[ ]R?(?:EUTERS|AP|Getty[ ]Images|AFP)$
      | \b(?:AP[ ]Photo|{_AGENCY})/[^()/]{{2,60}}(?:/[Ff]ile[ ]?[Pp]hoto)?[)\]]?\.?$
      | \b(?:[Pp]hoto(?:graph)?|[Ii]mage|[Pp]icture|[Cc]redit)(?:[ ]by|:)[ ]?[A-Z][^.()]{{1,60}}$
    """,
    re.VERBOSE,
)
#: An agency alone in brackets, after a sentence or a date. Within one it explains a name: "the Palestinian Authority (PA)".
_BARE_CREDIT = re.compile(rf"[.!?\d]\s?[(\[](?:[^()\[\]]{{0,60}}[ /])?{_AGENCY}[)\]]\.?$")
_CAPTION_OPENING = re.compile(
    r"FILE(?: PHOTO)?\s?[:–—-]|File photo\b"
    r"|In this (?:[^.]{0,40} )?(?:photo|photograph|image|frame grab)"
    r"(?:,| (?:taken|released|provided|made|from|by|posted|distributed|obtained)\b)"
)
