"""Which kind of chart shows a table best: by the variable's answers and the breakdown."""

from __future__ import annotations

import re

from surveytool.charts.chart_data import Chart
from surveytool.estimate.result import Estimates

FEW_GROUPS = 3
SCALE = range(3, 8)
# Words of answer scales in English, Spanish and French, as their beginnings.
AGREEMENT = ("agree", "disagree", "acuerdo", "desacuerdo", "accord", "désaccord", "satisf", "insatisf", "dissatisf",
             "favour", "favor", "oppose", "support", "approve", "disapprove", "aprueba", "approuve")  # fmt: skip
ORDER = ("never", "rarely", "sometimes", "often", "always", "daily", "weekly", "less than", "more than", "very ",
         "not at all", "none", "primary", "secondary", "low", "high", "worse", "better", "good", "bad",
         "nunca", "rara vez", "a veces", "siempre", "diario", "menos de", "más de", "muy ", "nada", "ninguno",
         "primaria", "secundaria", "bajo", "alto", "peor", "mejor", "bueno", "malo",
         "jamais", "rarement", "parfois", "souvent", "toujours", "moins de", "plus de", "très ", "pas du tout",
         "aucun", "primaire", "secondaire", "faible", "élevé", "pire", "meilleur")  # fmt: skip
AGE = re.compile(r"\b(age|edad|âge|ages|edades)\b", re.IGNORECASE)
RANGE = re.compile(r"\d+\s*(?:-|–|—|to|a|à)\s*\d+|\d+\s*\+")


def choose(chart: Chart, estimates: Estimates) -> str:
    """The name of a kind in ``CHARTS``; it always fits the chart."""
    if chart.paths:
        return "alluvial"
    if chart.crossed and len(chart.levels) <= 2:
        return "multiples"
    if not estimates.levels:
        return "dots"
    groups = len(chart.parts)
    if pair(chart) and ages(chart, estimates):
        return "pyramid"
    if chart.whole and len(chart.levels) == 2:
        return "dots" if groups else "bars"
    if chart.whole and groups and len(chart.levels) in SCALE:
        if agreement(chart):
            return "diverging"
        if ordered(chart):
            return "stacked"
    if len(chart.levels) == 1:
        return "dots"
    return "bars" if groups <= FEW_GROUPS else "heat"


def pair(chart: Chart) -> bool:
    """Whether there is one breakdown into two groups."""
    return len(chart.breakdowns) == 1 and len(chart.parts) == 2 and not chart.crossed


def ages(chart: Chart, estimates: Estimates) -> bool:
    """Whether the answers are bands of age."""
    named = AGE.search(f"{estimates.request.variable.replace('_', ' ')} {estimates.label}")
    return bool(named) and sum(any(sign.isdigit() for sign in level) for level in chart.levels) >= 3


def agreement(chart: Chart) -> bool:
    """Whether the answers are a scale with two sides."""
    return _many(chart, AGREEMENT)


def ordered(chart: Chart) -> bool:
    """Whether the answers have an order: amounts, frequencies, bands."""
    return _many(chart, ORDER) or sum(bool(RANGE.search(level)) for level in chart.levels) >= 2


def _many(chart: Chart, stems: tuple[str, ...]) -> bool:
    """Whether two answers or more hold one of the words."""
    return sum(any(re.search(rf"\b{re.escape(stem)}", level.lower()) for stem in stems) for level in chart.levels) >= 2
