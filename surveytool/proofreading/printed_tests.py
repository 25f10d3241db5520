"""Tests that a text prints, reckoned again: F, t, chi-squared and z with their p (as statcheck reads them).

A printed statistic stands for all values that round to it; a printed p is right where
it lies between the p values of the ends (Nuijten and others 2016). A Rao-Scott F with
fractional degrees of freedom is an F as any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from surveytool.proofreading.figures import number_of
from surveytool.proofreading.judging import Finding, Outcome
from surveytool.proofreading.language import Language
from surveytool.proofreading.passages import Passage

VALUE = r"[-−]?\d*[.,]?\d+"
TEST = re.compile(
    rf"(?<!\w)(?P<kind>F|t|z|Z|[χΧX](?:²|2|\^2)|chi2|chi-squared)\s*"
    rf"(?:\(\s*(?P<df1>\d+(?:[.,]\d+)?)\s*(?:[,;]\s*(?:N\s*=\s*\d+|(?P<df2>\d+(?:[.,]\d+)?)))?\s*\))?\s*=\s*(?P<value>{VALUE})\s*[,;]?\s*"
    rf"\(?p\s*(?P<sign>=|<|>|≤|≥)\s*(?P<p>\d*[.,]\d+)"
)


def tests_in(passage: Passage, block: int, words: Language) -> Iterator[Finding]:
    """A finding for each test of a passage whose p can be reckoned."""
    for match in TEST.finditer(passage.text):
        ends = _p_range(match, words)
        if ends is None:
            continue
        p, decimals = number_of(match["p"] if match["p"][0] not in ".," else f"0{match['p']}", words.given["decimal"])
        right = _holds(match["sign"], p, decimals, *ends)
        verdict: Outcome = "agrees" if right else "differs"
        yield Finding(
            text=match.group(),
            value=p,
            place=passage.place,
            verdict=verdict,
            printed=match.group(),
            reason="proofread_test_agrees" if right else "proofread_test_differs",
            block=block,
            start=match.start(),
            end=match.end(),
            values=(("low", f"{ends[0]:.4f}"), ("high", f"{ends[1]:.4f}")),
        )


def _p_range(match: re.Match[str], words: Language) -> tuple[float, float] | None:
    """The smallest and the largest p that the printed statistic may have."""
    from scipy import stats

    mark = words.given["decimal"]
    text = match["value"].replace("−", "-").lstrip("-")
    value, decimals = number_of(text if text[0] not in ".," else f"0{text}", mark)
    half = 0.5 * 10.0**-decimals
    kind = match["kind"]
    df1 = number_of(match["df1"], mark)[0] if match["df1"] else None
    df2 = number_of(match["df2"], mark)[0] if match["df2"] else None
    low, high = max(value - half, 0.0), value + half
    if kind == "F" and df1 and df2:
        return float(stats.f.sf(high, df1, df2)), float(stats.f.sf(low, df1, df2))
    if kind == "t" and df1:
        return float(2 * stats.t.sf(high, df1)), float(2 * stats.t.sf(low, df1))
    if kind in ("z", "Z"):
        return float(2 * stats.norm.sf(high)), float(2 * stats.norm.sf(low))
    if kind not in ("F", "t") and df1 and df2 is None:
        return float(stats.chi2.sf(high, df1)), float(stats.chi2.sf(low, df1))
    return None


def _holds(sign: str, p: float, decimals: int, low: float, high: float) -> bool:
    half = 0.5 * 10.0**-decimals
    if sign in ("<", "≤"):
        return low < p
    if sign in (">", "≥"):
        return high > p
    return low - half <= p + 1e-12 and p - 1e-12 <= high + half
