"""Weights of people met at places and times: one over the chance of meeting them, from a registry of counts.

A session is a shift of a day at a point; the registry lists the sessions of the period, with how many people passed in
those where interviews were made. Chance is that of the session (sessions taken over sessions there are, in its
stratum, or a probability that the registry gives) times interviews over people counted. Who passes several times could
have been met each time: the weights are shared over the crossings (generalised weight share, Lavallée 2007), so that
the sum of weights is people; without crossings it is crossings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.errors import UsageError, unknown
from surveytool.frozen import frozen
from surveytool.notes import Note, note

if TYPE_CHECKING:
    from surveytool.arrays import Flags, Floats, Keys

COUNT, STRATUM, PROBABILITY = "count", "stratum", "probability"
SESSION = ("point", "day", "shift")


@frozen
class Registry:
    """Sessions of the period: their ``names`` (one tuple each), people counted [S] (NaN where nobody counted), strata
    [S], probabilities of being taken [S] (None where they follow from the sessions taken)."""

    parts: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]
    counts: Floats
    strata: tuple[str, ...]
    probabilities: Floats | None


@frozen
class PlaceWeights:
    """Weights [N], each one's session and stratum [N], and what a reader must know. ``sessions`` were taken of
    ``listed``; ``crossings`` are the people counted that the weights stand for before they are shared."""

    weights: Floats
    sessions: tuple[str, ...]
    strata: tuple[str, ...]
    taken: int
    listed: int
    crossings: float
    notes: tuple[Note, ...]


def registry(rows: Sequence[Mapping[str, str]], known: Sequence[str], where: str) -> Registry:
    """The registry from its rows; its columns that the data have too (``known``) name the sessions.

    Raises ``UsageError`` with the first rows' numbers.
    """
    if not rows:
        raise UsageError("has no sessions.", where, "Give a row a session: point, day, shift, count.")
    columns = list(rows[0])
    if COUNT not in columns:
        raise unknown("column", COUNT, columns, where, "Give the people counted in each session: a column count.")
    parts = tuple(name for name in columns if name in known and name not in (COUNT, STRATUM, PROBABILITY))
    if not parts:
        raise UsageError(
            "has no column of the data, so nothing says who was met in which session.", where,
            f"Name its columns as the data do, for example {', '.join(SESSION)}.",
        )  # fmt: skip
    names = tuple(tuple(_text(row[part]) for part in parts) for row in rows)
    twice = [at for at, name in enumerate(names) if names.index(name) != at]
    if twice:
        raise UsageError(f"lists sessions twice {_rows(twice)}.", where, "Give each session one row.")
    strata = [_text(row[STRATUM]) for row in rows] if STRATUM in columns else [name[0] for name in names]
    probabilities = _numbers(rows, PROBABILITY, where) if PROBABILITY in columns else None
    if probabilities is not None and (bad := ~((probabilities > 0) & (probabilities <= 1))).any():
        raise UsageError(f"a probability is missing, 0 or above 1 {_rows(np.flatnonzero(bad))}.", where)
    return Registry(parts=parts, names=names, counts=_numbers(rows, COUNT, where), strata=tuple(strata),
                    probabilities=probabilities)  # fmt: skip


def place_weights(
    sessions: Sequence[tuple[str, ...]], crossings: Floats | None, listed: Registry, where: str
) -> PlaceWeights:
    """Weights of respondents met in ``sessions`` [N]; ``crossings`` [N] are how often each passes in the period.

    Raises ``UsageError`` for sessions that are not listed, counted too low, or crossings below 1.
    """
    at = {name: index for index, name in enumerate(listed.names)}
    place = np.array([at.get(name, -1) for name in sessions], dtype=np.intp)
    if (place < 0).any():
        raise UsageError(f"the registry does not list the session {_rows(np.flatnonzero(place < 0))}.", where,
                         "Add the session with its count, or mend the data.")  # fmt: skip
    interviews = np.bincount(place, minlength=len(listed.names)).astype(np.float64)
    taken = interviews > 0
    _enough(listed, interviews, taken, where)
    chance, notes = _chance(listed, taken)
    each = listed.counts / np.maximum(interviews, 1) / chance
    weights = each[place]
    total = float(weights.sum())
    if crossings is not None:
        bad = ~(crossings >= 1) | np.isinf(crossings)
        if bad.any():
            raise UsageError(
                f"crossings are missing or below 1 {_rows(np.flatnonzero(bad))}.", "--crossings",
                "Everybody who was met passed at least once; mend the column.",
            )  # fmt: skip
        weights = weights / crossings
    return PlaceWeights(
        weights=weights, sessions=tuple(" ".join(name) for name in sessions), taken=int(taken.sum()),
        strata=tuple(listed.strata[row] for row in place), listed=len(taken), crossings=total, notes=tuple(notes),
    )  # fmt: skip


def _enough(listed: Registry, interviews: Floats, taken: Flags, where: str) -> None:
    """Refuse sessions with interviews and no count, or with fewer people than interviews."""
    bad = taken & ~(listed.counts >= interviews)
    if bad.any():
        raise UsageError(f"the count is missing or below the interviews made {_rows(np.flatnonzero(bad))}.", where,
                         "Give how many people passed in each session.")  # fmt: skip


def _chance(listed: Registry, taken: Flags) -> tuple[Floats, list[Note]]:
    """Each session's probability [S] of being taken: given, or the share of its stratum's sessions that were."""
    _, stratum = np.unique(np.array(listed.strata), return_inverse=True)
    sessions, visited = np.bincount(stratum), np.bincount(stratum, taken)
    notes = []
    if (visited == 0).any():
        notes.append(note("places_unseen", n=int((visited == 0).sum())))
    if ((visited == 1) & (sessions > 1)).any():
        notes.append(note("places_alone", n=int(((visited == 1) & (sessions > 1)).sum())))
    if listed.probabilities is not None:
        return listed.probabilities, notes
    shares: Floats = (visited / sessions)[stratum]
    return np.where(shares > 0, shares, 1.0), notes


def _numbers(rows: Sequence[Mapping[str, str]], name: str, where: str) -> Floats:
    """A column of numbers, NaN for a blank. Raises ``UsageError``."""
    values, bad = np.full(len(rows), np.nan), []
    for at, row in enumerate(rows):
        text = (row[name] or "").strip()
        try:
            values[at] = float(text) if text else np.nan
        except ValueError:
            bad.append(at)
    if bad:
        raise UsageError(f"the {name} is no number {_rows(bad)}.", where, "Write it in digits.")
    return values


def _text(value: Any) -> str:
    return str(value or "").strip()


def _rows(places: Sequence[int] | Keys) -> str:
    """How many rows and the first ones' numbers, from 1."""
    listed = [int(each) + 1 for each in places]
    shown = ", ".join(map(str, listed[:5]))
    return f"in {len(listed)} row{'s' if len(listed) != 1 else ''} (row {shown}{', ...' if len(listed) > 5 else ''})"
