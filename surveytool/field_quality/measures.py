"""What is measured of each interview, as yes or no: so that one rule compares enumerators in all of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from surveytool.field_quality.interviews import Interviews
from surveytool.field_quality.near_copies import FEWEST, NearCopies, near_copies
from surveytool.frozen import frozen
from surveytool.survey import Variable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.arrays import Flags, Floats

KINDS = ("short", "straight", "dont_know", "refused", "heaped", "copied", "outlier", "hours", "place")
SHORT = 0.5  # of the median duration
FAR = 5.0  # times the spread of the logarithm
DAY, MINUTES = 1440.0, 60.0


@frozen
class Measured:
    """Flags [rows] by kind of doubt, for which interviews it can be said [rows], and what is behind them."""

    flags: Mapping[str, Flags]
    known: Mapping[str, Flags]
    duration: Floats
    copies: NearCopies
    outliers: Mapping[str, Flags]


def measured(held: Interviews) -> Measured:
    """Every measure that the columns allow."""
    duration = held.ended - held.begun
    enough = len(held.questions) >= FEWEST
    answers = held.answers if enough else held.answers[:, :0]
    copies = near_copies(answers, held.settings.similar)
    outliers = _outliers(held)
    copied = np.zeros(held.rows, dtype=bool)
    for first, second, _ in copies.pairs:
        if held.enumerator[first] == held.enumerator[second]:
            copied[[first, second]] = True
    pairs = {
        "short": _short(duration), "straight": _straight(held), **_unanswered(held), "heaped": _heaped(held),
        "copied": (copied, np.full(held.rows, enough)),
        "outlier": (_any(outliers, held.rows), np.full(held.rows, bool(outliers))), "hours": _hours(held),
        "place": _places(held),
    }  # fmt: skip
    flags = {kind: each[0] & each[1] for kind, each in pairs.items()}
    return Measured(
        flags=flags, known={kind: each[1] for kind, each in pairs.items()}, duration=duration, copies=copies,
        outliers=outliers,
    )  # fmt: skip


def _short(duration: Floats) -> tuple[Flags, Flags]:
    """Interviews of less than half the median duration."""
    known = np.isfinite(duration) & (duration >= 0)
    if not known.any():
        return known, known
    return known & (duration < SHORT * float(np.median(duration[known]))), known


def _straight(held: Interviews) -> tuple[Flags, Flags]:
    """Interviews in which every answer of a battery is the same."""
    flags, known = np.zeros(held.rows, dtype=bool), np.zeros(held.rows, dtype=bool)
    for battery in held.batteries:
        places: dict[object, int] = {}
        values = np.stack([_values(held, name, places) for name in battery], axis=1)
        given = values >= 0
        asked = given.sum(axis=1) >= max(4, len(battery) // 2)
        top = np.where(given, values, -1).max(axis=1)
        low = np.where(given, values, np.iinfo(np.int32).max).min(axis=1)
        flags |= asked & (top == low)
        known |= asked
    return flags, known


def _values(held: Interviews, name: str, places: dict[object, int]) -> NDArray[np.int32]:
    """Codes [rows] of a question; ``places`` are those of the answers of the whole battery."""
    column = held.columns.raw(held.survey.codebook[name].columns[0])
    found = [-1 if value is None else places.setdefault(value, len(places)) for value in column.to_pylist()]
    return np.array(found, dtype=np.int32)


def _unanswered(held: Interviews) -> dict[str, tuple[Flags, Flags]]:
    """Interviews with far more "Don't know" and refusals than nine in ten others."""
    counts = {kind: np.zeros(held.rows) for kind in ("dont_know", "refused")}
    asked = np.zeros(held.rows)
    for name, variable in held.survey.codebook.items():
        if variable.kind not in ("single", "number") or not variable.levels:
            continue
        kinds = _kinds(variable)
        codes, levels = held.columns.codes(name)
        asked += codes >= 0
        for place, level in enumerate(levels):
            if kinds.get(str(level.code)) in counts:
                counts[kinds[str(level.code)]] += codes == place
    known = asked >= 5
    made = {}
    for kind, count in counts.items():
        share = count / np.maximum(asked, 1)
        some = known & bool(count.any())
        limit = max(float(np.quantile(share[known], 0.9)), 0.1) if known.any() else 1.0
        made[kind] = (some & (share > limit), some)
    return made


def _kinds(variable: Variable) -> dict[str, str]:
    """Codes that say no answer, and why."""
    return {str(level.code): str(level.missing) for _, level in variable.no_numbers() if level.missing is not None}


def _heaped(held: Interviews) -> tuple[Flags, Flags]:
    """Interviews with an age that ends in 0 or 5."""
    flags, known = np.zeros(held.rows, dtype=bool), np.zeros(held.rows, dtype=bool)
    for name in held.settings.heaping[:1]:
        values = held.columns.numbers(name)
        known = np.isfinite(values) & (values == np.round(values)) & (values > 0)
        flags = known & (np.where(known, values, 1) % 5 == 0)
    return flags, known


def _outliers(held: Interviews) -> dict[str, Flags]:
    """Numbers far from the others: of the logarithm, five times its spread by the median of distances."""
    found = {}
    for name, variable in held.survey.codebook.items():
        if variable.kind != "number" or name not in held.questions:
            continue
        values = held.columns.numbers(name)
        known = np.isfinite(values)
        if known.sum() < 30 or len(np.unique(values[known])) < 10:
            continue
        turned = np.arcsinh(np.where(known, values, 0.0))
        middle = float(np.median(turned[known]))
        spread = 1.4826 * float(np.median(np.abs(turned[known] - middle)))
        if spread > 0:
            far: Flags = known & (np.abs(turned - middle) > FAR * spread)
            found[name] = far
    return found


def _any(flags: Mapping[str, Flags], rows: int) -> Flags:
    made: Flags = np.any(list(flags.values()), axis=0) if flags else np.zeros(rows, dtype=bool)
    return made


def _hours(held: Interviews) -> tuple[Flags, Flags]:
    """Interviews that begin at night, end before they begin, or begin while the same enumerator has another one."""
    known = np.isfinite(held.begun)
    first, last = held.settings.hours
    hour = np.where(known, held.begun, 0.0) % DAY / MINUTES
    flags = known & ((hour < first) | (hour >= last) | (held.ended < held.begun))
    for who in range(len(held.names)):
        rows = np.flatnonzero((held.enumerator == who) & known & np.isfinite(held.ended))
        rows = rows[np.argsort(held.begun[rows], kind="stable")]
        inside = held.begun[rows[1:]] < held.ended[rows[:-1]] - 1
        flags[rows[1:][inside]] = True
    return flags, known


def _places(held: Interviews) -> tuple[Flags, Flags]:
    """Interviews of one enumerator in one and the same place, to the metre."""
    if len(held.settings.places) != 2:
        none = np.zeros(held.rows, dtype=bool)
        return none, none
    latitude, longitude = (held.columns.numbers(name) for name in held.settings.places)
    known = np.isfinite(latitude) & np.isfinite(longitude)
    keys = np.stack([held.enumerator, np.round(latitude, 5), np.round(longitude, 5)], axis=1)
    _, place, counts = np.unique(np.where(known[:, None], keys, -1.0), axis=0, return_inverse=True, return_counts=True)
    return known & (counts[place.ravel()] > 1), known
