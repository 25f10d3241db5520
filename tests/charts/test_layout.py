"""Every kind of chart, with every awkward table: no two texts meet, and none leaves the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from types import ModuleType
from typing import Any

import pytest

from surveytool.charts import CHARTS, compose, drawing
from surveytool.charts.build import Options, chart_of
from surveytool.charts.chart_data import Chart, Path
from surveytool.charts.paint import figure
from surveytool.charts.theme import THEMES
from surveytool.estimate.result import Results
from surveytool.notes import note
from surveytool.text import words

LONG = "Contact with smugglers, intermediaries and other people who arranged a part of the journey"
ARABIC = ("استخدمت الشبكات الاجتماعية للتخطيط", "لم أستخدم أي تكنولوجيا", "لا أعرف", "رفض الإجابة")
SPANISH = (
    "Contactó con personas traficantes o con otras personas intermediarias en el camino", "Uso diario",
    "Ninguna de las anteriores", "Desplazamiento por desastres o por efectos del cambio climático",
)  # fmt: skip
AGREE = ("Strongly agree", "Agree", "Neither agree nor disagree", "Disagree", "Strongly disagree")
BANDS = ("18-25", "26-35", "36-45", "46-55", "56 and over")
SIGNS = ("flagged", "suppressed", "no_df", "undefined")


def groups(count: int, stem: str = "Corridor") -> list[str]:
    return [f"{stem} number {place}" for place in range(1, count + 1)]


def whole(samples: ModuleType, levels: Sequence[str], breakdowns: Sequence[Any], **changes: Any) -> Results:
    """A table whose levels add up to 1 in every group."""
    made = samples.shares("use", changes.pop("label", "What the phone was used for"), levels, breakdowns, **changes)
    sums: dict[Any, float] = {}
    for row in made.rows:
        sums[tuple(row.by.items())] = sums.get(tuple(row.by.items()), 0.0) + row.estimate
    rows = []
    for row in made.rows:
        by = sums[tuple(row.by.items())]
        value = row.estimate / by
        rows.append(replace(row, estimate=value, ci_low=max(value - 0.05, 0.0), ci_high=min(value + 0.06, 1.0)))
    return samples.results(replace(made, rows=tuple(rows)))


def holes(results: Results) -> Results:
    """Some rows are flagged, some suppressed, some without an estimate."""
    rows = list(results.estimates[0].rows)
    for place, flag in enumerate(SIGNS):
        at = 1 + place * max(len(rows) // 5, 1)
        if at < len(rows):
            kept = rows[at].estimate if flag in ("flagged", "no_df") else None
            rows[at] = replace(rows[at], flag=flag, estimate=kept, ci_low=None, ci_high=None)
    return replace(results, estimates=(replace(results.estimates[0], rows=tuple(rows)),))


def tables(samples: ModuleType) -> dict[str, Results]:
    """Tables by name, from the plainest to the most awkward."""
    one, two, twelve = (samples.breakdown("route", "Route of travel", groups(n)) for n in (1, 2, 12))
    crossed = samples.CROSSED
    found = {
        "total": whole(samples, samples.PURPOSES, ()),
        "two_answers": whole(samples, ("Yes", "No"), ()),
        "bands_by_2": whole(samples, BANDS, (samples.SEX,), label="Age group"),
        "agree_by_2": whole(samples, AGREE, (two,)),
        "agree_by_12": whole(samples, AGREE, (twelve,)),
        "crossed": whole(samples, ("Yes", "No"), (crossed,)),
        "crossed_5": whole(samples, AGREE, (crossed,)),
        "several": whole(samples, AGREE, (samples.SEX, samples.AGE)),
        "arabic": whole(samples, ARABIC, (samples.breakdown("a", "البلد", ARABIC[:2]),), label=ARABIC[0] * 3),
        "spanish": whole(samples, SPANISH, (samples.breakdown("m", "Motivos", SPANISH[:2]),)),
        "long": whole(samples, (LONG, f"{LONG} 2", "No"), (samples.breakdown("l", LONG, (LONG, f"{LONG}s")),)),
        "long_12": whole(
            samples, (LONG, "Yes"), (samples.breakdown("l", LONG, [f"{n}: {LONG}" for n in range(12)]),), label=LONG
        ),
        "no_spaces": whole(samples, ("x" * 90, "No"), (samples.breakdown("l", "y" * 90, ("z" * 90, "w" * 90)),)),
        "mean": samples.results(samples.means()),
        "mean_by": samples.results(samples.means((samples.SEX, crossed))),
        "totals": samples.results(samples.means((samples.AGE,), "total", 1234567.0, 34567.0)),
        "minus": samples.results(samples.means((two,), "mean", -1.5, 2.0)),
        "nought": samples.results(samples.means((two,), "mean", 0.0, 0.0)),
    }  # fmt: skip
    for count, breakdown in ((1, one), (2, two), (12, twelve)):
        found[f"yes_no_by_{count}"] = whole(samples, ("Yes", "No"), (breakdown,))
        found[f"multiple_by_{count}"] = samples.results(
            samples.shares("use", "What for", samples.PURPOSES, (breakdown,), multiple=True,
                           notes=[note("multiple_response")])
        )  # fmt: skip
    found["thirty"] = whole(samples, groups(30, "Answer"), (samples.breakdown("g", "Group", groups(30)),))
    found |= {f"{name}_holes": holes(found[name]) for name in ("several", "multiple_by_12", "bands_by_2", "crossed")}
    found["all_holes"] = replace(
        found["yes_no_by_2"],
        estimates=(
            replace(
                found["yes_no_by_2"].estimates[0],
                rows=tuple(
                    replace(row, estimate=None, ci_low=None, ci_high=None, flag="suppressed")
                    for row in found["yes_no_by_2"].estimates[0].rows
                ),
            ),
        ),
    )
    return found


SHAPES = [
    "total", "two_answers", "bands_by_2", "agree_by_2", "agree_by_12", "crossed", "crossed_5", "several", "arabic",
    "spanish", "long", "long_12", "no_spaces", "mean", "mean_by", "totals", "minus", "nought", "yes_no_by_1",
    "multiple_by_1", "yes_no_by_2", "multiple_by_2", "yes_no_by_12", "multiple_by_12", "several_holes",
    "multiple_by_12_holes", "bands_by_2_holes", "crossed_holes", "all_holes", "thirty",
]  # fmt: skip


@pytest.fixture(scope="session")
def shapes(samples: ModuleType) -> dict[str, Results]:
    found = tables(samples)
    assert list(SHAPES) == sorted(found, key=SHAPES.index)
    return found


def made(results: Results, kind: str, language: str = "en") -> Chart:
    return chart_of(results.estimates[0], results, words(language), Options(kind=kind))


def texts(chart: Chart, theme: str = "plain") -> tuple[list[tuple[str, Any]], Any]:
    """Every text of the drawn figure with its box in pixels, and the canvas."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.text import Text

    drawn = figure(compose(chart, theme))
    drawn.set_dpi(100)
    renderer = FigureCanvasAgg(drawn).get_renderer()
    found = [(each.get_text(), each.get_window_extent(renderer)) for each in drawn.findobj(Text) if each.get_text()]
    return found, drawn.bbox


def check(chart: Chart, theme: str = "plain") -> None:
    """No two texts meet; none leaves the canvas."""
    found, canvas = texts(chart, theme)
    slack = 0.75
    for text, box in found:
        inside = box.x0 >= -slack and box.y0 >= -slack and box.x1 <= canvas.x1 + slack and box.y1 <= canvas.y1 + slack
        assert inside, f"{text!r} leaves the page: {box} of {canvas}"
    for (one, a), (other, b) in combinations(found, 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        down = min(a.y1, b.y1) - max(a.y0, b.y0)
        assert across <= slack or down <= slack, f"{one!r} and {other!r} meet: {a} {b}"


@pytest.mark.parametrize("kind", CHARTS)
@pytest.mark.parametrize("shape", SHAPES)
def test_texts_neither_meet_nor_leave_the_page(shapes: dict[str, Results], kind: str, shape: str) -> None:
    check(made(shapes[shape], kind, "es" if shape == "spanish" else "en"))


@pytest.mark.parametrize("theme", THEMES)
def test_every_theme_holds_its_texts_apart(shapes: dict[str, Results], theme: str) -> None:
    for shape in ("several", "multiple_by_2", "long"):
        check(made(shapes[shape], "auto"), theme)


@pytest.mark.parametrize("kind", CHARTS)
def test_a_kind_is_drawn_where_it_fits(shapes: dict[str, Results], kind: str) -> None:
    """Otherwise every test of a kind could be one of another kind that took its place."""
    fitting = {"diverging": "agree_by_2", "stacked": "agree_by_12", "slope": "multiple_by_2", "pyramid": "bands_by_2",
               "line": "agree_by_2"}  # fmt: skip
    if kind != "alluvial":
        assert made(shapes[fitting.get(kind, "crossed")], kind).kind == kind


WAYS = (
    Path(stops=("Venezuela", "Colombia", "Panama", "Costa Rica", "United States"), share=0.31),
    Path(stops=("Venezuela", "Colombia", "Panama", "Mexico", "United States"), share=0.14),
    Path(stops=("Haiti", "Chile", "Panama", "Mexico", "United States"), share=0.2),
    Path(stops=("Haiti", "Dominican Republic"), share=0.05),
    Path(stops=("Honduras", "Guatemala", "Mexico", "United States"), share=0.2),
    Path(stops=("Cuba", "Nicaragua", "Mexico", "Canada"), share=0.02),
    Path(stops=("Ecuador", "Colombia", "Panama", "Mexico", "United States"), share=0.06),
    Path(stops=("Guinea", "Nicaragua", "Mexico", "United States"), share=0.0, mark="*"),
)


def routes(paths: Sequence[Path] = WAYS, stages: Sequence[str] = ()) -> Chart:
    return Chart(id="route", title="Routes", kind="alluvial", subtitle="Weighted percent", paths=tuple(paths),
                 stages=tuple(stages), source="Base: respondents, n = 531.")  # fmt: skip


@pytest.mark.parametrize(
    "chart",
    [
        routes(),
        routes(stages=("Origin", "First stop", "Second stop", "Third stop", "Destination")),
        routes([Path(stops=("A", "B"), share=1.0)]),
        routes([Path(stops=(LONG, f"{n} {LONG}"), share=1 / 12) for n in range(12)], ("Origin", "Destination")),
        routes([Path(stops=(ARABIC[n % 3], ARABIC[3], ARABIC[n % 2]), share=0.1) for n in range(6)]),
        routes([Path(stops=(f"Country {n}", "Panama", f"City {n}"), share=0.002 + (n == 0)) for n in range(30)]),
    ],
    ids=["routes", "named", "one", "long", "arabic", "thirty"],
)
def test_routes_hold_their_texts_apart(chart: Chart) -> None:
    assert drawing("alluvial").fits(chart)
    check(chart)
