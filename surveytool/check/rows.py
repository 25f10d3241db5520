"""Respondents that come twice, and rows that hold nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from surveytool.check.ground import Ground
from surveytool.check.model import Finding, finding
from surveytool.reading import looks_like_design, looks_like_identifier

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Groups = NDArray[np.int64]

CHANCE = 0.5
NEARLY_ALL = 0.9


def identifiers(ground: Ground) -> Iterator[Finding]:
    """Columns that number respondents and hold a number twice."""
    import numpy as np

    taken = set(ground.design.columns())
    for name in ground.names:
        if name in taken or looks_like_design(name) or not looks_like_identifier(name):
            continue
        keys, values = ground.keys(name)
        known = keys[keys >= 0]
        if len(known) < 0.5 * ground.rows or len(values) < NEARLY_ALL * len(known) or len(values) == len(known):
            continue
        twice = np.bincount(known)
        repeated = int(twice[twice > 1].sum())
        yield finding("warning", "repeated_ids", name, cure="repeated_ids", n=repeated, ids=int((twice > 1).sum()))


def duplicates(ground: Ground) -> Iterator[Finding]:
    """Rows that are the same in every column, and rows with the same answers to every question."""
    whole = groups(ground, ground.names)
    same = _repeats(whole)
    if same and not _by_chance(ground, ground.names, same):
        yield finding("warning", "same_rows", cure="same_rows", n=same)
    asked = questions(ground)
    answers = groups(ground, asked)
    repeated = _repeats(answers[_answered(ground, asked)])
    if repeated > same and not _by_chance(ground, asked, repeated):
        yield finding("warning", "same_answers", cure="same_answers", n=repeated, columns=len(asked))


def questions(ground: Ground) -> list[str]:
    """The columns that hold answers: no identifiers, dates, personal or design columns."""
    taken = set(ground.design.columns())
    left = []
    for name in ground.names:
        known = ground.variable(name)
        if known is not None and (known.sensitive or known.kind in ("id", "date")):
            continue
        if name in taken or looks_like_design(name) or looks_like_identifier(name):
            continue
        left.append(name)
    return left


def groups(ground: Ground, names: Sequence[str]) -> Groups:
    """Numbers [rows]: rows with the same number are the same in every one of the columns."""
    import numpy as np

    found: Groups = np.zeros(ground.rows, dtype=np.int64)
    for name in names:
        keys, values = ground.keys(name)
        if len(values) < 1:
            continue
        mixed = found * (len(values) + 1) + (keys + 1)
        _, found = np.unique(mixed, return_inverse=True)
        if int(found.max()) == ground.rows - 1:
            break
    return found


def _repeats(found: Groups) -> int:
    """How many rows repeat an earlier one."""
    import numpy as np

    return len(found) - len(np.unique(found))


def _answered(ground: Ground, names: Sequence[str]) -> NDArray[np.bool_]:
    """Rows with at least three answers: blank rows are told elsewhere."""
    import numpy as np

    counts = np.zeros(ground.rows, dtype=np.int64)
    for name in names:
        counts += ground.keys(name)[0] >= 0
    found: NDArray[np.bool_] = counts >= 3
    return found


def _by_chance(ground: Ground, names: Sequence[str], repeats: int) -> bool:
    """Whether so many equal rows are no wonder: few columns give few patterns.

    The expected number of equal pairs if columns were independent is n (n - 1) / 2 times the
    product of the chances that two rows agree in one column, sum p^2. Real answers
    hang together, so up to a fifth of all rows may repeat where that number is not tiny.
    """
    import numpy as np

    pairs = ground.rows * (ground.rows - 1) / 2
    for name in names:
        keys, _ = ground.keys(name)
        shares = np.bincount(keys + 1) / max(ground.rows, 1)
        pairs *= float((shares**2).sum())
    return pairs > CHANCE or repeats > ground.rows / 2


def blanks(ground: Ground) -> Iterator[Finding]:
    """Rows without any value, and rows without an answer to any question."""
    import numpy as np

    if ground.rows == 0:
        return
    empty = np.ones(ground.rows, dtype=bool)
    for name in ground.names:
        empty &= ground.keys(name)[0] < 0
    if empty.any():
        yield finding("warning", "blank_rows", cure="blank_rows", n=int(empty.sum()))
    asked = questions(ground)
    silent = ~empty
    for name in asked:
        silent &= ground.keys(name)[0] < 0
    if asked and silent.any():
        yield finding("warning", "no_answers", cure="no_answers", n=int(silent.sum()))
    nothing = [name for name in ground.names if not ground.keys(name)[1]]
    if nothing:
        yield finding("note", "blank_columns", *nothing, n=len(nothing))
