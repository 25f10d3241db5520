"""Which columns are the design: guessed by name, checked by content, proposed with the reason."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.checks.design_columns import region_strata, units_columns, weights_columns
from surveytool.checks.raw_survey import RawSurvey
from surveytool.frozen import frozen
from surveytool.notes import Note, note
from surveytool.reading import looks_like_design
from surveytool.reading.design_names import official_part

if TYPE_CHECKING:
    pass


_REPLICATES = (
    r"(rw|rwt|rwgt|rep|repw|repwt|repwgt|repl|replicate|replicate_weight|replwgt|brr|brrwt|brrwgt|fay|fayw|bsw|bsrw|bs|bw|"
    r"bootw|boot|bootwt|bootweight|jk|jkw|jkwt|jkwgt|jackw|jack|wtrep|wrep|pwgtp|wgtp|nweight|finalwt|wtfrep|w_fstr|w_fsturwt|"
    r"w_fstr|srwgt|wgtrep|repweight|repweights|rakedw|full_sample_rep)"
)
_METHODS = (("jk", "jk1"), ("jack", "jk1"), ("boot", "bootstrap"), ("bs", "bootstrap"), ("bw", "bootstrap"),
            ("pwgtp", "sdr"), ("wgtp", "sdr"), ("w_fs", "fay"), ("fay", "fay"))  # fmt: skip
FEWEST_REPLICATES = 8


@frozen
class Guess:
    """A setting of ``[design]``, why it is proposed, and the other columns that would do."""

    setting: str
    value: Any
    why: Note
    others: tuple[str, ...] = ()


def guesses(raw: RawSurvey) -> list[Guess]:
    """Weights, strata, PSUs, population sizes, replicate weights: as a Stata file's svyset says, else as they look."""
    said = _svyset(raw)
    return said if said else _by_looks(raw)


def _svyset(raw: RawSurvey) -> list[Guess]:
    """The design that a Stata file keeps; none where it keeps none, or a column of it is not there."""
    from pathlib import Path

    from surveytool.reading.stata_characteristics import characteristics, design_of

    path = Path(raw.survey.provenance.path or "")
    if path.suffix.lower() != ".dta" or not path.exists():
        return []
    design = design_of(characteristics(path))
    if design is None or any(name not in raw.names for name in design.columns()):
        return []
    told = {"weights": design.weights, "strata": design.strata, "psu": list(design.psu), "fpc": list(design.fpc)}
    return [Guess(setting=name, value=value, why=note("draft_svyset")) for name, value in told.items() if value]


def _by_looks(raw: RawSurvey) -> list[Guess]:
    """The columns that look like a design."""
    replicates = _replicates(raw)
    inside = set(replicates[1]) if replicates else set()
    names = [name for name in raw.names if name not in inside]
    guess = [*_weights(raw, names)]
    strata = _strata(raw, names)
    psu = _psu(raw, names, strata.value if strata else None)
    if strata is None and psu and guess:
        region = region_strata(raw, psu[0].value[0])
        if region is not None:
            strata = Guess(setting="strata", value=region, why=note("draft_region", n=len(raw.keys(region)[1])))
            psu = _psu(raw, names, region)
    guess += [strata] if strata else []
    guess += psu
    guess += _fpc(raw, names)
    if replicates:
        pattern, columns = replicates
        guess.append(
            Guess(setting="replicates", value={"columns": [pattern], "method": _method(pattern, len(columns))},
                  why=note("draft_replicates", n=len(columns)))
        )  # fmt: skip
    return guess


def _weights(raw: RawSurvey, names: list[str]) -> list[Guess]:
    """The likeliest of all columns."""
    found = weights_columns(raw, names)
    if not found:
        return []
    values = raw.floats(found[0])
    known = values[values == values]
    low, high, mean = (float(known.min()), float(known.max()), float(known.mean()))
    by = _by(raw, found[0])
    why = note("draft_weights", by=by, low=_round(low), high=_round(high), mean=_round(mean))
    return [Guess(setting="weights", value=found[0], why=why, others=tuple(found[1:6]))]


def _by(raw: RawSurvey, name: str) -> str:
    """What speaks for weights: an official name, a name, a label, the numbers alone."""
    if official_part(name, doubtful=True) == "weights":
        return "official"
    if looks_like_design(name) == "weights":
        return "named"
    return "labelled" if looks_like_design(raw.title(name)) == "weights" else "content"


def _round(number: float) -> float:
    return float(f"{number:.3g}")


def _strata(raw: RawSurvey, names: list[str]) -> Guess | None:
    found = units_columns(raw, names, "strata")
    if not found:
        return None
    why = note("draft_strata", n=len(raw.keys(found[0])[1]))
    return Guess(setting="strata", value=found[0], why=why, others=tuple(found[1:6]))


def _psu(raw: RawSurvey, names: list[str], strata: str | None) -> list[Guess]:
    found = units_columns(raw, names, "psu", strata)
    if not found:
        return []
    keys, values = raw.keys(found[0])
    reused = 0
    if strata is not None:
        pairs = np.unique(np.stack([keys, raw.keys(strata)[0]]), axis=1)
        reused = int((np.bincount(pairs[0]) > 1).sum())
    where = "free" if strata is None else "reused" if reused else "apart"
    why = note("draft_psu", where=where, count=len(values), reused=reused)
    return [Guess(setting="psu", value=[found[0]], why=why, others=tuple(found[1:6]))]


def _fpc(raw: RawSurvey, names: list[str]) -> list[Guess]:
    found = [name for name in names if looks_like_design(name) == "fpc" and raw.is_number(name)]
    return [Guess(setting="fpc", value=[found[0]], why=note("draft_fpc"))] if found else []


def _method(pattern: str, columns: int) -> str:
    """What replicates are by their usual names; balanced ones come in fours, jackknifes in any number."""
    stem = pattern.lower()
    named = next((method for start, method in _METHODS if stem.startswith(start)), None)
    return named or ("brr" if columns % 4 == 0 else "jk1")


def _replicates(raw: RawSurvey) -> tuple[str, list[str]] | None:
    """A glob and its columns: numbered columns of numbers whose stem is a usual one."""
    stems: dict[str, list[str]] = {}
    for name in raw.names:
        match = re.fullmatch(r"(.*?[A-Za-z]_?)\d+", name)
        if match and re.fullmatch(_REPLICATES, match[1].rstrip("_").lower()) and raw.is_number(name):
            stems.setdefault(match[1], []).append(name)
    for stem, columns in stems.items():
        others = [name for name in raw.names if name.startswith(stem) and name not in columns]
        pattern = f"{stem}[0-9]*" if others else f"{stem}*"  # the weights may be called as the replicates begin: PWGTP
        if len(columns) >= FEWEST_REPLICATES and not any(fnmatchcase(name, pattern) for name in others):
            return pattern, columns
    return None
