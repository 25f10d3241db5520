"""Every kind of chart as marks on its page: texts whole, places in whole points."""

from __future__ import annotations

from collections import Counter
from types import ModuleType
from typing import Any

import pytest
from recorded import same

from surveytool.charts import CHARTS, compose
from surveytool.charts.build import Options, chart_of
from surveytool.charts.scene import Text
from surveytool.text import words


def drawn(samples: ModuleType, name: str, kind: str, theme: str, language: str = "en") -> str:
    results = samples.shapes()[name]
    chart = chart_of(results.estimates[0], results, words(language), Options(kind=kind))
    scene = compose(chart, theme)
    told = [f"# {name} {kind} -> {chart.kind} {theme}: {scene.width:.0f} x {scene.height:.0f}", chart.alt]
    told.append(
        " ".join(f"{key} {count}" for key, count in sorted(Counter(type(m).__name__ for m in scene.marks).items()))
    )
    for mark in scene.marks:
        if isinstance(mark, Text):
            told.append(f"{mark.x:.0f} {mark.y:.0f} {mark.size:g} {mark.align} {mark.colour} {mark.text!r}")
        else:
            told.append(f"{type(mark).__name__} {' '.join(shown(value) for value in fields(mark))}")
    return "\n".join(told)


def fields(mark: Any) -> list[Any]:
    from dataclasses import fields as names

    return [getattr(mark, each.name) for each in names(mark)]


def shown(value: Any) -> str:
    return (
        f"{value:.0f}"
        if isinstance(value, float) and abs(value) >= 10
        else f"{value:.1f}"
        if isinstance(value, float)
        else str(value)
    )


@pytest.mark.parametrize("kind", ["auto", *CHARTS])
def test_a_chart_stands_as_it_was_read(kind: str, samples: ModuleType) -> None:
    told = []
    for name, theme in (("two_levels", "plain"), ("topline", "iom"), ("mean_by", "unhcr"), ("paths", "plain")):
        try:
            told.append(drawn(samples, name, kind, theme))
        except Exception as error:
            told.append(f"# {name} {kind}: {type(error).__name__} {error}")
    same("charts", f"{kind}.txt", "\n".join(told))


@pytest.mark.parametrize("name", ["crossed", "multiple", "totals", "twelve_groups"])
def test_a_shape_stands_as_it_was_read(name: str, samples: ModuleType) -> None:
    same("charts", f"shape-{name}.txt", drawn(samples, name, "auto", "plain", "es"))
