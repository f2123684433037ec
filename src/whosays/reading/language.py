"""Is it English? The models read nothing else so far, and a text in another language is refused by its name."""

from __future__ import annotations

import re
import unicodedata

#: The words of a text that decide, and the fewest that suffice to tell one Latin language from another.
_WORDS = 400
_ENOUGH = 20
#: The share of these words: at least 0.12 in each of 5,536 English news articles, at most 0.03 in German, Dutch or Spanish.
_ENGLISH_SHARE = 0.1
_ENGLISH = re.compile(
    r"the|of|and|to|that|for|with|as|by|at|it|he|his|from|has|have|are|be|not|said|were|which|this|but|they|their|will|an|had|who"
)


def foreign_language(text: str) -> str | None:
    """Return the English name of the language that a text is written in, if it is not English; None where it is, or is unclear.

    Its common words first, so that English never hangs on a model's guess; then py3langid (naive Bayes over byte n-grams, 97
    languages; Lui and Baldwin, 2012), which is given capitals in lower case: it takes them for other languages.
    """
    head = [word.casefold() for word in re.findall(r"[^\W\d_]+", text[: 20 * _WORDS])[:_WORDS]]
    letters = "".join(head)
    is_latin = sum(unicodedata.name(c, "").startswith("LATIN") for c in letters) >= len(letters) / 2
    common = sum(bool(_ENGLISH.fullmatch(word)) for word in head)
    if is_latin and (len(head) < _ENOUGH or common >= _ENGLISH_SHARE * len(head)):
        return None
    from babel import Locale  # noqa: PLC0415
    from py3langid import classify  # noqa: PLC0415  both load for a tenth of a second, which English need not wait for

    code = str(classify(" ".join(head))[0])
    if code == "en":
        return None if is_latin else "another script than the Latin"
    return str(Locale("en").languages.get(code, code))
