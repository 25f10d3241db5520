"""Why a number of R's is none: by the data or by R's own numbers, never by how far surveytool is from it."""

from __future__ import annotations

import math
import re
from typing import Any

from golden.drawn import MARGINS, Case

from surveytool.estimate.student import quantile

Numbers = tuple[Any, Any, Any, Any]
Theirs = list[dict[str, str]]
KINDS = {"mean": ("y", "mean", ()), "total": ("y", "total", ()), "ratio": ("y", "ratio:x", ()),
         "prop": ("c", "proportion", ()), "count": ("c", "total", ()), "bymean": ("y", "mean", ("grp",)),
         "bytotal": ("y", "total", ("grp",)), "byprop": ("c", "proportion", ("grp",)),
         "sparse": ("many", "proportion", ()), "bysparse": ("many", "proportion", ("grp",)),
         "sparse_count": ("many", "total", ())}  # fmt: skip
INTERVALS = ("logit", "beta", "arcsine", "wald")
TESTS = {"chisq_f": ("c", "grp", "rao-scott-f"), "chisq_first": ("c", "grp", "rao-scott-chisq"),
         "chisq_wald": ("c", "grp", "wald"), "chisq_adjusted": ("c", "grp", "adjusted-wald"),
         "t": ("y", "b", "t"), "rank": ("y", "b", "rank"), "rank_groups": ("y", "grp", "rank"),
         "sparse_f": ("many", "grp", "rao-scott-f"), "sparse_wald": ("many", "grp", "wald"),
         "sparse_adjusted": ("many", "grp", "adjusted-wald"), "joint": ("y", "grp", "wald"),
         "trend": ("y", "grp", "trend")}  # fmt: skip
CONTRASTS = {"difference": "difference", "ratio_of": "ratio"}
MODELS = {"linear": ("y ~ x + grp", "linear"), "logistic": ("c == 'a' ~ x", "logistic"),
          "poisson": ("k ~ x + b", "poisson"), "crossed": ("y ~ x*grp", "linear"),
          "crossed_logistic": ("c == 'a' ~ x*b", "logistic"), "crossed_poisson": ("k ~ x*b", "poisson"),
          "term_test": ("y ~ x + grp", "linear")}  # fmt: skip
ALL = (*KINDS, "deff", *INTERVALS, "quantile", *TESTS, *CONTRASTS, *MODELS)
SEPARATED = "the answers are separated"
ALONE = "has only one PSU"
LONELY = "a stratum has one PSU"
UNKNOWN = "R stops for a reason that is not listed"
STOPS = (  # the reasons for which R stops, beside the lonely PSU
    ALONE, "singular", "a group has nobody",
    "contrasts can be applied only to factors",  # a table of one row or column
    "All replicates contained NAs",  # a group of whom nobody answered
    "length of 'start' should equal",  # a term that the others make up: it has no coefficient to start from again
    "missing value where TRUE/FALSE needed",  # R's rank test of several groups with some replicates
)  # fmt: skip
# svyby in designs of several stages, where a group's matrix of one row or unit falls into a vector
GROUPED_STOPS = ("arguments must have same length", "non-conformable arguments")
# calibrated designs: a domain's rows stay with a weight of 0, on which svyby and the residuals' QR fall over
CALIBRATED_STOPS = ("number of items to replace is not a multiple", "NA/NaN/Inf in foreign function call")
WHOLE_N = ("beta", "chisq_first")  # what R makes of the number of all rows of a calibrated design, not the domain's
SINGULAR = 1e7  # a statistic beyond this is a division by floating noise


def no_answer(case: Case, kind: str, theirs: Theirs) -> str:
    """Why R's answer is none at all; empty where it is one."""
    known = _stopped(case, kind, theirs) or _nothing(theirs) or _whole(case, kind)
    return known or _separated(case, kind) or _no_df(kind, theirs) or _no_test(kind, theirs)


def _nothing(theirs: Theirs) -> str:
    """R answers without one number."""
    return "" if any(row[key] not in ("NA", "NaN") for row in theirs for key in ("e", "s", "lo", "hi")) else "no number"


def _whole(case: Case, kind: str) -> str:
    """R counts the rows outside of the domain of a calibrated design."""
    answered = {"beta": ("c",), "chisq_first": ("c",)}.get(kind, ())
    some = kind in WHOLE_N and case.shape in MARGINS and len(case.inside(*answered)) < len(case.rows)
    return "all rows counted" if some else ""


def _stopped(case: Case, kind: str, theirs: Theirs) -> str:
    """R stops for one of the known reasons; any other one is an error of this comparison."""
    if theirs[0]["level"] != "error":
        return ""
    why = theirs[0]["g"]
    grouped = kind in CONTRASTS or bool(KINDS.get(kind, ("", "", ()))[2])
    tied = CALIBRATED_STOPS if case.shape in MARGINS else ()
    if not any(re.search(known, why) for known in (*STOPS, *tied, *(GROUPED_STOPS if grouped else ()))):
        return UNKNOWN
    return LONELY if re.search(ALONE, why) else why


def _separated(case: Case, kind: str) -> str:
    """A logistic model whose one predictor parts the answers has no finite coefficients; R prints its last step."""
    if kind not in ("logistic", "crossed_logistic"):
        return ""
    people = case.inside("c")
    groups = [people] if kind == "logistic" else [[row for row in people if row["b"] == name] for name in "mn"]
    return SEPARATED if any(map(_parted, groups)) else ""


def _parted(people: list[dict[str, Any]]) -> bool:
    """Whether one predictor parts the answers of people."""
    one, other = ([row["x"] for row in people if (row["c"] == "a") == answer] for answer in (True, False))
    return not one or not other or max(one) <= min(other) or max(other) <= min(one)


def _no_df(kind: str, theirs: Theirs) -> str:
    """A model without degrees of freedom: R has coefficients but no interval, surveytool asks for fewer terms."""
    return "no interval" if kind in MODELS and kind != "term_test" and theirs[0]["lo"] in ("NA", "NaN") else ""


def _no_test(kind: str, theirs: Theirs) -> str:
    """R's test has a statistic but no p value, as no degrees of freedom are left; or its variance is singular."""
    if (kind not in TESTS and kind != "term_test") or kind == "trend":
        return ""
    if theirs[0]["s"] in ("NA", "NaN"):
        return "no p value"
    statistic = float(theirs[0]["e"])
    return "singular" if abs(statistic) > SINGULAR or (statistic < 0 and kind not in ("t", "rank")) else ""


def nobody(case: Case, kind: str, row: dict[str, str]) -> bool:
    """A group without respondents, where R has 0 or NaN; a share of nobody or everybody, where R's interval fails."""
    if kind in KINDS and row["g"]:
        return not any(each["grp"] == row["g"] for each in case.inside(KINDS[kind][0]))
    if kind in INTERVALS:
        return len({each["c"] == "a" for each in case.inside("c")}) < 2
    return False


def passed(case: Case, kind: str, key: str, row: dict[str, str], found: Numbers) -> bool:
    """Whether one number of R's is not to be compared."""
    if kind == "quantile":
        return _open(key, row) or _lowest(case, key, row, found) or (key != "e" and _highest(case, found))
    return kind == "arcsine" and _turned(key, row)


def _open(key: str, row: dict[str, str]) -> bool:
    """No end where the share's interval leaves [0, 1], so no standard error either; ours is the outermost value."""
    return row[key] in ("NA", "NaN") or (key == "s" and row["s"] in ("NA", "NaN"))


def _lowest(case: Case, key: str, row: dict[str, str], found: Numbers) -> bool:
    """Below the first value's own share R gives the second value, or one beyond the first; ours is the first."""
    values = sorted({each["y"] for each in case.inside("y")})
    if key == "s":
        return _lowest(case, "lo", row, found)
    place = ("e", "s", "lo", "hi").index(key)
    theirs = float(row[key])
    return found[place] == values[0] and (theirs in values[1:2] or (case.rule == "hf4" and theirs < values[0]))


def _highest(case: Case, found: Numbers) -> bool:
    """Everybody is at or below the highest value: R's interval has no length there, ours is Korn-Graubard's."""
    return bool(found[0] == max(each["y"] for each in case.inside("y")))


def _turned(key: str, row: dict[str, str]) -> bool:
    """Where the arcsine interval leaves its range R's sine comes back on the other side; ours stops at 0 and 1."""
    if "NA" in (row["df"], row["s"], row["e"]):
        return False
    share = float(row["e"])
    middle = math.asin(math.sqrt(share))
    half = quantile(float(row["df"]), 0.95) * float(row["s"]) / (2 * math.sqrt(share * (1 - share)))
    return (key == "lo" and middle - half < 0) or (key == "hi" and middle + half > math.pi / 2)
