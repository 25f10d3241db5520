"""The forest of recruitment: who was recruited by whom, how far from a seed, and how many people each one knows.

A seed is a respondent whom nobody in the file recruited because nobody was to: the recruiter is blank, or the word
``seed``. A recruiter who is named and not in the file is an orphan's, and a fault unless the user says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.errors import UnusableDesign
from surveytool.frozen import frozen
from surveytool.survey import code_text

if TYPE_CHECKING:
    from surveytool.arrays import Flags, Floats, Keys

SEED_WORDS = frozenset({"seed", "semilla", "graine", "none", "na", "n/a", "0", "-1"})


@frozen
class Network:
    """N respondents: ``recruiter`` [N] is the row of who recruited each, -1 of a seed; ``wave`` [N] counts from 0;
    ``seed`` [N] is the row of the seed of each one's tree; ``degree`` [N] how many people of the population each knows,
    NaN where nobody says. ``orphans`` [N] were recruited by somebody who is not in the file and are taken as seeds."""

    recruiter: Keys
    wave: Keys
    seed: Keys
    degree: Floats
    orphans: Flags

    @property
    def seeds(self) -> Keys:
        """The rows of the seeds."""
        return np.flatnonzero(self.recruiter < 0)

    @property
    def recruits(self) -> Keys:
        """How many respondents each one recruited [N]."""
        return np.bincount(self.recruiter[self.recruiter >= 0], minlength=len(self.recruiter)).astype(np.intp)

    def children(self) -> tuple[Keys, Keys]:
        """The recruits of all, in the order of their recruiters [N - seeds], and where each one's begin [N + 1]."""
        order = np.argsort(self.recruiter, kind="stable")
        starts = np.concatenate([[0], np.cumsum(self.recruits)])
        return order[len(self.seeds) :].astype(np.intp), starts.astype(np.intp)


def rows_told(rows: Iterable[int], count: int | None = None) -> str:
    """How many rows, and the first ones' numbers from 1.

    >>> rows_told([0, 6])
    'in 2 rows (data row 1, 7)'
    """
    listed = list(rows)
    total = len(listed) if count is None else count
    shown = ", ".join(str(row + 1) for row in listed[:5])
    return f"in {total} row{'s' if total != 1 else ''} (data row {shown}{', ...' if total > 5 else ''})"


def recruiters_by_id(ids: Sequence[Any], recruiters: Sequence[Any], name: str, recruiter: str) -> tuple[Keys, Flags]:
    """The row of each one's recruiter [N], -1 of none, and who was recruited by somebody not in the file [N].

    Raises ``UnusableDesign`` for respondents without an identifier and for identifiers that stand twice.
    """
    texts = [_text(value) for value in ids]
    blank = [row for row, text in enumerate(texts) if text is None]
    if blank:
        raise UnusableDesign(f"the identifier is missing {rows_told(blank)}.", name, "Every respondent needs one.")
    rows: dict[str | None, int] = {}
    again = [row for row, text in enumerate(texts) if rows.setdefault(text, row) != row]
    named = [_text(value) for value in recruiters]
    if again:
        several = [row for row in again if named[row] != named[rows[texts[row]]]]
        what = "have two recruiters" if several else "stand twice"
        raise UnusableDesign(
            f"respondents {what} {rows_told(several or again)}.", name,
            "One row a respondent: leave the other interviews out, or mend the identifiers.",
        )  # fmt: skip
    place = np.array([rows.get(text, -1) for text in named], dtype=np.intp)
    return place, _unseen(place, named)


def recruiters_by_coupon(own: Sequence[Any], given: Sequence[Sequence[Any]], coupon: str) -> tuple[Keys, Flags]:
    """The row of each one's recruiter by the coupon that was brought; ``given`` are the coupons handed out, [K][N].

    Raises ``UnusableDesign`` for a coupon that two respondents were given, or that two brought.
    """
    holder: dict[str, int] = {}
    twice: list[int] = []
    for column in given:
        for row, value in enumerate(column):
            text = _text(value)
            if text is not None and holder.setdefault(text, row) != row:
                twice.append(row)
    if twice:
        raise UnusableDesign(
            f"coupons were given to two respondents {rows_told(twice)}: their recruits have two recruiters.",
            "--coupons", "Mend the numbers of the coupons.",
        )  # fmt: skip
    brought = [_text(value) for value in own]
    first: dict[str, int] = {}
    again = [row for row, text in enumerate(brought) if text in holder and first.setdefault(str(text), row) != row]
    if again:
        raise UnusableDesign(f"a coupon was brought twice {rows_told(again)}.", coupon, "Mend the coupons' numbers.")
    place = np.array([holder.get(text, -1) if text is not None else -1 for text in brought], dtype=np.intp)
    return place, _unseen(place, brought)


def network(recruiter: Keys, unseen: Flags, degree: Floats, where: str, *, orphans: str = "fail") -> Network:
    """The forest of recruiters [N]; ``orphans`` is fail or seed.

    Raises ``UnusableDesign`` for recruiters that are not in the file and for those who recruited one another in a
    circle, ``where`` is the column.
    """
    if unseen.any() and orphans == "fail":
        raise UnusableDesign(
            f"the recruiter is not in the file {rows_told(np.flatnonzero(unseen).tolist())}.", where,
            "Mend the column, or take these respondents as seeds: --orphans seed",
        )  # fmt: skip
    wave, seed = np.where(recruiter < 0, 0, -1), np.where(recruiter < 0, np.arange(len(recruiter)), -1)
    while (waiting := np.flatnonzero(wave < 0)).size:
        ready = waiting[wave[recruiter[waiting]] >= 0]
        if not ready.size:
            circle = in_circle(recruiter)
            raise UnusableDesign(
                f"respondents recruited one another in a circle {rows_told(circle)}.", where,
                "Nobody can be recruited by a recruit; mend the column.",
            )  # fmt: skip
        wave[ready] = wave[recruiter[ready]] + 1
        seed[ready] = seed[recruiter[ready]]
    return Network(
        recruiter=recruiter, wave=wave.astype(np.intp), seed=seed.astype(np.intp), degree=degree, orphans=unseen,
    )  # fmt: skip


def in_circle(recruiter: Keys) -> list[int]:
    """The rows that are their own recruiters' recruiters, at any distance.

    >>> in_circle(np.array([-1, 2, 1, 1]))
    [1, 2]
    """
    state = np.zeros(len(recruiter), dtype=np.intp)  # 0 not seen, else the walk that saw it
    circle: list[int] = []
    for start in range(len(recruiter)):
        row = start
        while row >= 0 and state[row] == 0:
            state[row] = start + 1
            row = int(recruiter[row])
        if row >= 0 and state[row] == start + 1:
            first = row
            while row not in circle:
                circle.append(row)
                row = int(recruiter[row])
            assert row == first
    return sorted(circle)


def _unseen(place: Keys, named: Sequence[str | None]) -> Flags:
    """Who [N] names a recruiter or brings a coupon that nobody in the file is or was given."""
    gone = [row < 0 and text is not None and text.lower() not in SEED_WORDS
            for row, text in zip(place.tolist(), named, strict=True)]  # fmt: skip
    return np.array(gone, dtype=bool)


def _text(value: Any) -> str | None:
    """A value as identifiers are compared: the text of a number without its decimals; None for a blank."""
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return None
    return code_text(value).strip() or None
