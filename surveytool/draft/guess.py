"""Which columns are the design: guessed by name, checked by content, proposed with the reason."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from surveytool.check.ground import Ground
from surveytool.check.units import looks_like_units
from surveytool.check.weights import looks_like_weights
from surveytool.frozen import frozen
from surveytool.notes import Note, note
from surveytool.reading import looks_like_design

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_REPLICATES = r"(rw|rwt|rep|repw|repwt|repwgt|repl|replicate|brr|brrwt|bsw|bw|bootw|boot|jk|jkw|wtrep|wrep|pwgtp|wgtp)"
FEWEST_REPLICATES = 8


@frozen
class Guess:
    """A setting of ``[design]``, why it is proposed, and the other columns that would do."""

    setting: str
    value: Any
    why: Note
    others: tuple[str, ...] = ()


def guesses(ground: Ground) -> list[Guess]:
    """Weights, strata, PSUs, population sizes and replicate weights, as far as columns look like them."""
    replicates = _replicates(ground)
    inside = set(replicates[1]) if replicates else set()
    names = [name for name in ground.names if name not in inside]
    found = [*_weights(ground, names)]
    strata = _strata(ground, names)
    found += [strata] if strata else []
    found += _psu(ground, names, strata.value if strata else None)
    found += _fpc(ground, names)
    if replicates:
        pattern, columns = replicates
        found.append(
            Guess(setting="replicates", value={"columns": [pattern], "method": "brr"},
                  why=note("draft_replicates", n=len(columns)))
        )  # fmt: skip
    return found


def _weights(ground: Ground, names: list[str]) -> list[Guess]:
    """By name first; the finest numbers first among those."""
    found = [name for name in names if looks_like_weights(ground, name)]
    found.sort(key=lambda name: looks_like_design(name) != "weights")
    if not found:
        return []
    values = ground.floats(found[0])
    known = values[values == values]
    low, high, mean = (float(known.min()), float(known.max()), float(known.mean()))
    by = "named" if looks_like_design(found[0]) == "weights" else "content"
    why = note("draft_weights", by=by, low=_round(low), high=_round(high), mean=_round(mean))
    return [Guess(setting="weights", value=found[0], why=why, others=tuple(found[1:6]))]


def _round(number: float) -> float:
    return float(f"{number:.3g}")


def _strata(ground: Ground, names: list[str]) -> Guess | None:
    found = [name for name in names if looks_like_units(ground, name, "strata")]
    if not found:
        return None
    why = note("draft_strata", n=len(ground.keys(found[0])[1]))
    return Guess(setting="strata", value=found[0], why=why, others=tuple(found[1:6]))


def _psu(ground: Ground, names: list[str], strata: str | None) -> list[Guess]:
    import numpy as np

    found = [name for name in names if name != strata and looks_like_units(ground, name, "psu")]
    if not found:
        return []
    keys, values = ground.keys(found[0])
    reused = 0
    if strata is not None:
        pairs = np.unique(np.stack([keys, ground.keys(strata)[0]]), axis=1)
        reused = int((np.bincount(pairs[0]) > 1).sum())
    where = "free" if strata is None else "reused" if reused else "apart"
    why = note("draft_psu", where=where, count=len(values), reused=reused)
    return [Guess(setting="psu", value=[found[0]], why=why, others=tuple(found[1:6]))]


def _fpc(ground: Ground, names: list[str]) -> list[Guess]:
    found = [name for name in names if looks_like_design(name) == "fpc" and ground.is_number(name)]
    return [Guess(setting="fpc", value=[found[0]], why=note("draft_fpc"))] if found else []


def _replicates(ground: Ground) -> tuple[str, list[str]] | None:
    """A glob and its columns: numbered columns of numbers whose stem is a usual one."""
    stems: dict[str, list[str]] = {}
    for name in ground.names:
        match = re.fullmatch(r"(.*?[A-Za-z]_?)\d+", name)
        if match and re.fullmatch(_REPLICATES, match[1].rstrip("_").lower()) and ground.is_number(name):
            stems.setdefault(match[1], []).append(name)
    for stem, columns in stems.items():
        others = [name for name in ground.names if name.startswith(stem) and name not in columns]
        if len(columns) >= FEWEST_REPLICATES and not others:
            return f"{stem}*", columns
    return None
