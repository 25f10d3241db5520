"""What of a sentence belongs to which of its figures: the words before it, the words after it, and what it shares.

The text between two figures is cut at its strongest mark (a semicolon, "while", a comma, "and"). A
figure in brackets has the words before it. Figures that say one thing twice ("nearly half (47%)") are one clause.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from surveytool.frozen import frozen
from surveytool.proofreading.figures import Figure
from surveytool.proofreading.language import Language

CUTS = (r"[;:](?=\s)|\.(?=\s|$)", r"{contrast}", r",(?=\s)|\)", r"{joining}")
APART = 45  # letters that may stand between "nearly half of the men" and "(47%)"


@frozen
class Clause:
    """A figure's own words: ``before`` and ``after`` are spans of the sentence, ``bracket`` one in brackets after it,
    ``inner`` what stands between two figures that say the same.

    ``first`` and ``last`` number the figures of the sentence that are this clause's.
    """

    first: int
    last: int
    before: tuple[int, int]
    after: tuple[int, int]
    inner: tuple[int, int]
    bracket: tuple[int, int] | None = None
    bracketed: bool = False

    def in_bracket(self, start: int, end: int) -> bool:
        """Whether a span lies in the brackets that follow the figure."""
        return self.bracket is not None and self.bracket[0] <= start and end <= self.bracket[1]


def clauses_of(text: str, figures: Sequence[Figure], words: Language) -> tuple[Clause, ...]:
    """The clauses of a sentence in their order; figures that are not shares have none of their own."""
    groups: list[list[int]] = []
    for index in range(len(figures)):
        if groups and _same_thing(text, figures, groups[-1][-1], index):
            groups[-1].append(index)
        else:
            groups.append([index])
    cuts = [_cut(text, figures, left[-1], right[0], words) for left, right in pairwise(groups)]
    clauses = []
    for number, group in enumerate(groups):
        first, last = figures[group[0]], figures[group[-1]]
        start = cuts[number - 1] if number else 0
        end = cuts[number] if number < len(cuts) else len(text)
        clauses.append(
            Clause(
                first=group[0],
                last=group[-1],
                before=(start, first.start),
                after=(last.end, end),
                inner=(first.end, max(first.end, last.start)),
                bracket=_bracket(text, last.end, end),
                bracketed=len(group) == 1 and text[max(0, first.start - 2) : first.start].strip().endswith("("),
            )
        )
    return tuple(clauses)


def _same_thing(text: str, figures: Sequence[Figure], left: int, right: int) -> bool:
    """Whether a figure stands alone in brackets after words or digits that it says once more."""
    between = text[figures[left].end : figures[right].start]
    if not between.rstrip().endswith("(") or len(between) > APART or re.search(r"[;:.)]|\(.*\(", between):
        return False
    closing = text.find(")", figures[right].end)
    others = [one for one in figures if figures[right].end <= one.start < closing]
    kinds = {figures[left].kind, figures[right].kind}
    worded = figures[left].kind in ("fraction", "most") or not re.search(r"\d", figures[left].text)
    return not others and (worded or "counted" in kinds)


def _bracket(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The words in brackets directly after a figure."""
    match = re.match(r"\s*\(([^()]*)\)", text[start:])
    return (start + match.start(1), start + match.end(1)) if match and start + match.start(1) < end else None


def _cut(text: str, figures: Sequence[Figure], left: int, right: int, words: Language) -> int:
    """Where the words between two figures part: what is before belongs to the left, what follows to the right one."""
    start, end = figures[left].end, figures[right].start
    gap = re.sub(r"[“«][^”»]*[”»]", lambda quoted: "_" * len(quoted.group()), text[start:end])  # names are never cut
    if gap.rstrip().endswith("(") and ")" not in gap:
        closing = text.find(")", end)
        inner = re.search(r"[^\W\d]", gap.rstrip()[:-1])
        lone = closing >= 0 and re.search(r"[,;]\s*\d", text[end:closing]) is None
        if not lone or inner is None:
            return start + gap.rindex("(")
    opening = re.match(r"\s*\([^()]*\)", gap)
    lead = opening.end() if opening else 0
    shut = gap.find(")") + 1 if "(" not in gap[: gap.find(")") + 1] else 0
    lead = max(lead, shut)
    bracketed = gap.rstrip().endswith("(")
    for pattern in CUTS:
        filled = pattern.format(contrast=_phrases(words, "contrast"), joining=_phrases(words, "joining"))
        matches = [
            match for match in re.finditer(filled, gap[lead:], re.IGNORECASE) if match.end() < len(gap) - lead + 1
        ]
        if matches:
            match = matches[0 if bracketed else -1]
            word = re.match(r"[\W]", match.group())
            return start + lead + (match.end() if word else match.start())
        if bracketed and lead:
            return start + lead
    return start + lead if bracketed or lead == len(gap) else end


def _phrases(words: Language, key: str) -> str:
    return rf"(?<!\w)(?:{words.pattern(key)})(?!\w)"
