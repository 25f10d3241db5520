"""Whether a figure is of the study at all: a text tells figures of other surveys, years and authors beside its own.

Where the words of a clause, or those before the first figure, name another source, no verdict is
given. Where they name a year, only agreement is told.
"""

from __future__ import annotations

import re
from functools import cache

from surveytool.proofreading.binding import Binder
from surveytool.proofreading.figures import Figure
from surveytool.proofreading.judging import Elsewhere
from surveytool.proofreading.language import language
from surveytool.proofreading.scopes import Scopes, Sentence

CITED = re.compile(
    r"\((?:see |e\.g\. |cf\. )?[^\W\d_a-zà-ÿ][\w'’-]+(?:(?:,| and| &| y| et) [^\W\d_a-zà-ÿ][\w'’-]+)*,? (?:19|20)\d\d"
)


@cache
def _patterns(name: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What names another source, and what names another time, in a language."""
    words = language(name)
    there = re.compile(rf"(?<!\w)(?:{words.pattern('elsewhere')})(?!\w)", re.IGNORECASE)
    return there, re.compile(rf"(?<!\w)(?:{'|'.join(words.given['dated'])})(?!\w)", re.IGNORECASE)


def source_of(figure: Figure, sentence: Sentence, binder: Binder) -> Elsewhere:
    """Whether the words around a figure name another source ("there"), another time ("perhaps"), or neither."""
    there, dated = _patterns(binder.words.name)
    scopes = Scopes(sentence, binder.breakdowns, binder.words)
    clause = scopes.clauses[scopes.number(figure)]
    start, end = scopes.leading()
    spans = [sentence.text[clause.before[0] : clause.after[1]], sentence.text[start:end]]
    if any(there.search(text) or CITED.search(text) for text in spans):
        return "there"
    years = binder.facts.years
    for text in spans:
        for match in dated.finditer(text):
            year = re.search(r"(?:19|20)\d\d", match.group())
            if year is None or year.group() not in years:
                return "perhaps"
    return "here"
