"""Inference on cells: statistics, variance, intervals, and the rows that come out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from surveytool.errors import UsageError, did_you_mean, nearest
from surveytool.lazy import registered
from surveytool.survey import Kind

if TYPE_CHECKING:
    from surveytool.estimate.statistic import Statistic

# name -> (what it is asked of -> "module:object")
STATISTICS: dict[str, dict[str, str]] = {
    "proportion": {"levels": "statistic:PROPORTION", "options": "statistic:OPTION"},
    "mean": {"values": "statistic:MEAN"},
    "total": {"levels": "statistic:COUNT", "values": "statistic:TOTAL", "options": "statistic:OPTION_COUNT"},
    "ratio": {"pair": "statistic:RATIO"},
    "quantile": {"values": "statistic:QUANTILE"},
    "sd": {"values": "standard_deviation:SD"},
    "min": {"values": "statistic:MIN"},
    "max": {"values": "statistic:MAX"},
    "iqr": {"values": "statistic:IQR"},
    "count": {"levels": "statistic:PROPORTION", "values": "statistic:MEAN", "options": "statistic:OPTION"},
    "geometric-mean": {"values": "geometric_mean:GEOMETRIC_MEAN"},
}
# words of people and of other programs for them
OTHER_WORDS = {
    "avg": "mean", "average": "mean", "media": "mean", "moyenne": "mean", "sum": "total", "freq": "count", "n": "count",
    "percent": "proportion", "pct": "proportion", "prop": "proportion",
    "share": "proportion", "%": "proportion", "mediana": "median", "std": "sd", "stddev": "sd", "stdev": "sd",
    "standard-deviation": "sd", "desviacion": "sd", "minimum": "min", "minimo": "min", "maximum": "max",
    "maximo": "max", "conteo": "count", "recuento": "count", "effectif": "count", "gmean": "geometric-mean",
    "geomean": "geometric-mean", "écart-type": "sd",
}  # fmt: skip
WRITTEN = "proportion, mean, total, count, median, p10 ... p99, sd, min, max, iqr, geometric-mean, ratio:DENOMINATOR"
ASKED_OF: dict[Kind, str] = {"number": "values", "multiple": "options", "route": "options"}


def quantile_share(name: str) -> float | None:
    """The share below a quantile by its name: ``median`` is 0.5, ``p90`` 0.9; None for other statistics.

    >>> quantile_share("p25"), quantile_share("mean")
    (0.25, None)
    """
    if name == "median":
        return 0.5
    digits = name[1:]
    if name[:1] != "p" or not digits.replace(".", "", 1).isdigit():
        return None
    share = float(digits) / 100
    return share if 0 < share < 1 else None


def find_statistic(name: str | None, kind: Kind) -> tuple[str, str | None, Statistic]:
    """A statistic by its name on the command line: (name, denominator, the statistic).

    None is the kind's own: proportion for categories, mean for numbers.
    Raises ``UsageError`` for an unknown name, or one that the kind cannot have.
    """
    asked = ASKED_OF.get(kind, "levels")
    statistic_name = name or ("mean" if asked == "values" else "proportion")
    stem, _, denominator = statistic_name.partition(":")
    if quantile_share(statistic_name) is not None:
        stem = "quantile"
    elif stem == "quantile":
        stem = statistic_name
    if stem not in STATISTICS or bool(denominator) != (stem == "ratio"):
        cure = f"Write one of: {WRITTEN}."
        if stem in OTHER_WORDS:
            cure = did_you_mean([OTHER_WORDS[stem]])
        elif stem not in STATISTICS:
            cure = nearest(stem, STATISTICS, cure)
        raise UsageError(f"no statistic is called {statistic_name!r}.", "--stat", cure)
    forms = STATISTICS[stem]
    address = forms.get(asked) or next(iter(forms.values()))
    if asked == "options" and "options" not in forms:
        raise UsageError(f"a question with several answers has no {stem}.", "--stat", "Ask for proportion or total.")
    statistic: Statistic = registered(__name__, address)
    return (statistic_name if stem == "quantile" else stem), denominator or None, statistic
