"""Whether an outlet takes an article back, by what it says in the article's place: pure."""

from __future__ import annotations

import re

# "RETRACTED: …", "Story withdrawn", "[Retraction] …". Where words go on it is news: "Withdrawn troops return to Orsel".
_HEADLINE = re.compile(
    r"\W*(?:(?:update|correction|editor'?s note)\W+)?"
    r"(?:retracted|retraction|withdrawn|"
    r"(?:this )?(?:story|article|report)(?: has been| was| is)? (?:retracted|withdrawn|removed))"
    r"\s*(?:[:|\])—–]|- |[.!]?$)",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"\b(?:this|an earlier|our) (?:story|article|report|item)\b[^.]{0,120}?\b(?:has been|have been|was|is being|is)\s+"
    r"(?:fully |formally )?(?:retracted|withdrawn|taken down|removed|deleted)\b"
    r"|\b(?:has|have) (?:fully |formally )?(?:retracted|withdrawn) (?:this|an earlier|its|our) (?:story|article|report|item)\b",
    re.IGNORECASE,
)
#: Words of a notice; what is longer is an article, which may tell that another outlet has taken one back.
_LONGEST_NOTICE = 120


def is_withdrawal(title: str | None, text: str) -> bool:
    """Say whether a page or an entry of this headline and text says that its article is taken back."""
    if title and _HEADLINE.match(title.strip()):
        return True
    return len(text.split(maxsplit=_LONGEST_NOTICE)) <= _LONGEST_NOTICE and bool(_NOTICE.search(text))
