"""The contract of every kind of chart; a new kind is held to it by being listed.

That texts neither meet nor leave the page is measured in ``tests/charts/test_layout.py``,
which also runs over the registry.
"""

from __future__ import annotations

import re
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import pytest

from surveytool.charts import CHARTS, FORMATS, compose, draw, drawing
from surveytool.charts.build import Options, chart_of
from surveytool.charts.chart_data import Chart
from surveytool.charts.scene import Text
from surveytool.text import words

EN = words("en")
HOSTILE = ("<b>bold</b>", r"\textbf{x}", "=1+1", "[red]", "\x1b[31mred", "a\u202eb", "$x^2$")


def chart(samples: ModuleType, kind: str, labels: Any = ("Agree", "Neither", "Disagree")) -> Chart:
    group = samples.breakdown("g", labels[0], labels)
    results = samples.results(samples.shares("q", labels[-1], labels, (group,)))
    made: Chart = chart_of(results.estimates[0], results, EN, Options(kind=kind))
    return made


def texts(chart: Chart) -> str:
    return " ".join(mark.text for mark in compose(chart).marks if isinstance(mark, Text))


@pytest.mark.parametrize("kind", CHARTS)
def test_title_source_base_n_and_weights_are_on_the_page(samples: ModuleType, kind: str) -> None:
    made = chart(samples, kind)
    said = re.sub(r"\s+", " ", texts(made))
    for part in (made.title, "transit.sav", "n = 520", "weights weight"):
        assert part in said
    assert drawing(kind).fits(made) or made.kind != kind


@pytest.mark.parametrize("kind", CHARTS)
def test_the_alternative_text_has_every_figure(samples: ModuleType, kind: str) -> None:
    made = chart(samples, kind)
    assert all(datum.text in made.alt for row in made.data for datum in row if datum.shown)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("kind", CHARTS)
def test_the_same_bytes_each_run(samples: ModuleType, kind: str, format: str) -> None:
    if format == "png" and kind not in ("dots", "alluvial"):
        return  # one path for all kinds: from the scene on nothing knows the kind
    assert draw(chart(samples, kind), format) == draw(chart(samples, kind), format)


@pytest.mark.parametrize("kind", CHARTS)
def test_markup_is_inert(samples: ModuleType, kind: str) -> None:
    made = chart(samples, kind, HOSTILE)
    assert not re.search("[\x00-\x1f\u202e]", texts(made) + made.alt)
    root = ElementTree.fromstring(draw(made, "svg"))
    drawn = "".join(each.text or "" for each in root.iter("{http://www.w3.org/2000/svg}text"))
    assert "<b>" in drawn and r"\textbf" in drawn and not root.findall(".//{http://www.w3.org/2000/svg}b")
