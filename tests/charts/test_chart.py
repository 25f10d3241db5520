"""What a chart says and what it must not say: sources, signs, colours, bytes."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations, pairwise
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import pytest

from surveytool.charts import CHARTS, FORMATS, compose, draw, drawing
from surveytool.charts.build import Options, chart_of
from surveytool.charts.chart_data import Axis, Chart, Datum
from surveytool.charts.colour import contrast, diverging, lightness, luminance, sequence, shade, written_on
from surveytool.charts.scale import scale, tick_text
from surveytool.charts.scene import Band, Box, Dot, Line, Text
from surveytool.charts.slope import apart
from surveytool.charts.text_width import lacking, width, wrap
from surveytool.charts.theme import THEMES
from surveytool.errors import UsageError
from surveytool.estimate.result import Results
from surveytool.notes import note
from surveytool.survey import Design
from surveytool.text import words

SVG = "{http://www.w3.org/2000/svg}"


def made(results: Results, language: str = "en", **options: Any) -> Chart:
    return chart_of(results.estimates[0], results, words(language), Options(**options))


def yes_no(samples: ModuleType, **design: Any) -> Results:
    table = samples.shares("plan", "Used networks to plan", ("Yes", "No"), (samples.SEX, samples.AGE))
    chosen = Design(weights="weight", **design)
    found: Results = samples.results(table, notes=[note("no_weights")], design=chosen)
    return found


def flagged(results: Results, **changes: Any) -> Results:
    """The second row with other fields."""
    estimates = results.estimates[0]
    rows = [replace(row, **changes) if row.by.get("sex") == "Male" else row for row in estimates.rows]
    return replace(results, estimates=(replace(estimates, rows=tuple(rows)),))


def said(chart: Chart) -> list[str]:
    return [mark.text for mark in compose(chart).marks if isinstance(mark, Text)]


def test_the_page_names_base_n_weights_source_and_sample(samples: ModuleType) -> None:
    chart = made(yes_no(samples, sample="convenience", as_if_random=True))
    assert "Base: respondents with an answer, n = 520 of 531" in chart.source
    for part in ("Source: transit.sav, 531 respondents", "weights weight", "Convenience sample"):
        assert part in chart.source
    assert "indicative 95% intervals" in chart.subtitle and "“Yes”" in chart.subtitle
    assert "No weights were given" in chart.notes[0]
    drawn = " ".join(said(chart))
    for text in (chart.title, chart.subtitle, chart.source, *chart.notes):
        assert text in drawn
    assert "confidence intervals" in made(yes_no(samples)).subtitle


def test_a_headline_moves_the_question_below(samples: ModuleType) -> None:
    chart = made(yes_no(samples), title="Men plan online more than women")
    assert chart.title == "Men plan online more than women"
    assert chart.subtitle.startswith("Used networks to plan · Weighted percent")


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_words_and_numbers_are_the_language_s(samples: ModuleType, language: str) -> None:
    chart = made(yes_no(samples), language, decimals=1)
    assert chart.groups[0].label == words(language).word("total")
    assert chart.data[0][0].text == words(language).percent(yes_no(samples).estimates[0].rows[0].estimate, 1)
    assert chart.data[0][0].text in chart.alt


@pytest.mark.parametrize("flag", ["suppressed", "unreliable", "no_df", "undefined"])
@pytest.mark.parametrize("kind", CHARTS)
def test_a_figure_held_back_is_nowhere_on_the_page(samples: ModuleType, kind: str, flag: str) -> None:
    """0.4321 is the estimate and the interval of the men; neither text nor a length may show it."""
    levels = ("Agree", "Neither", "Disagree")
    table = samples.results(samples.shares("plan", "Plan", levels, (samples.SEX,)))
    results = flagged(table, flag=flag, estimate=0.4321, ci_low=0.4321, ci_high=0.4321)
    chart = made(results, kind=kind, decimals=2)
    men = next(row for group, row in zip(chart.groups, chart.data, strict=True) if group.label == "Male")
    assert all(datum.value is None and datum.low is None and datum.mark for datum in men)
    text = " ".join([*said(chart), chart.alt])
    assert "43.21" not in text
    assert men[0].mark in said(chart)
    assert men[0].mark in chart.notes[0]
    svg = draw(chart, "svg").decode()
    other = flagged(table, flag=flag, estimate=0.9, ci_low=0.8, ci_high=None)
    assert svg == draw(made(other, kind=kind, decimals=2), "svg").decode()


def test_a_stacked_row_with_one_figure_held_back_is_left_out_whole(samples: ModuleType) -> None:
    table = samples.results(samples.shares("plan", "Plan", ("A", "B", "C"), (samples.SEX,)))
    rows = list(table.estimates[0].rows)
    place = next(n for n, row in enumerate(rows) if row.by == {"sex": "Male"} and row.level == "B")
    rows[place] = replace(rows[place], flag="suppressed", estimate=None)
    chart = made(replace(table, estimates=(replace(table.estimates[0], rows=tuple(rows)),)), kind="stacked")
    theme = THEMES["plain"]
    drawn = [mark for mark in compose(chart).marks if isinstance(mark, Box) and mark.height > theme.label]
    assert len(drawn) == 6  # the total and the women
    shown = said(chart)
    assert chart.data[1][0].text not in shown and "*" in shown


def test_groups_without_respondents_are_left_out(samples: ModuleType) -> None:
    results = flagged(yes_no(samples), n=0, estimate=None, flag="no_respondents")
    assert "Male" not in [group.label for group in made(results).groups]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("format", FORMATS)
def test_the_same_bytes_each_run(samples: ModuleType, format: str, theme: str) -> None:
    chart = made(yes_no(samples))
    assert draw(chart, format, theme) == draw(chart, format, theme)


def test_the_same_bytes_whatever_matplotlib_is_told(samples: ModuleType) -> None:
    import matplotlib

    chart = made(yes_no(samples), kind="bars")
    before = {format: draw(chart, format) for format in FORMATS}
    with matplotlib.rc_context({"font.size": 30, "svg.fonttype": "path", "savefig.bbox": "tight", "pdf.fonttype": 3}):
        assert {format: draw(chart, format) for format in FORMATS} == before
        assert matplotlib.rcParams["font.size"] == 30


def test_png_has_300_dots_an_inch_and_a_description(samples: ModuleType) -> None:
    content = draw(made(yes_no(samples)), "png")
    at = content.index(b"pHYs") + 4
    assert int.from_bytes(content[at : at + 4], "big") == round(300 / 0.0254)
    assert int.from_bytes(content[16:20], "big") == 1950
    assert b"Description" in content and b"Software" not in content


def test_svg_has_text_as_text_a_title_and_a_description(samples: ModuleType) -> None:
    chart = made(yes_no(samples))
    root = ElementTree.fromstring(draw(chart, "svg"))
    assert root.get("role") == "img"
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert root.findtext(f"{SVG}title") == chart.title
    assert root.findtext(f"{SVG}desc") == chart.alt
    texts = [each.text for each in root.iter(f"{SVG}text")]
    assert texts == said(chart)
    assert b"dc:date" not in draw(chart, "svg")


def test_pdf_has_its_fonts_and_no_date(samples: ModuleType) -> None:
    content = draw(made(yes_no(samples)), "pdf")
    assert content.startswith(b"%PDF-")
    assert b"/FontFile2" in content and b"/CIDFontType2" in content and b"/Type3" not in content
    assert b"CreationDate" not in content


@pytest.mark.parametrize(
    "label", ["<b>bold</b> & co", "$x^2$ costs 5$", r"\textbf{x}", "\x1b[31mred", "a\u202eb", "[red]", "{0}", "=1+1"]
)
def test_markup_in_labels_is_plain_text(samples: ModuleType, label: str) -> None:
    by = samples.breakdown("sex", label, (label, "Other"))
    results = samples.results(samples.shares("plan", label, (label, "No"), (by,)))
    for kind in CHARTS:
        chart = made(results, kind=kind)
        assert not re.search("[\x00-\x1f\u202e]", "".join([*said(chart), chart.alt]))
        root = ElementTree.fromstring(draw(chart, "svg"))
        assert [each.text for each in root.iter(f"{SVG}text")] == said(chart)


def test_an_unknown_kind_theme_format_or_answer_is_refused(samples: ModuleType) -> None:
    chart = made(yes_no(samples))
    for call, cure in (
        (lambda: drawing("stackd"), "stacked"), (lambda: draw(chart, "svg", "iomm"), "iom"),
        (lambda: draw(chart, "gif"), "png"), (lambda: made(yes_no(samples), answers=("Yess",)), "Yes"),
    ):  # fmt: skip
        with pytest.raises(UsageError, match=cure):
            call()


def test_answers_asked_for_are_the_only_ones(samples: ModuleType) -> None:
    chart = made(yes_no(samples), answers=("No",))
    assert chart.levels == ("No",) and "“No”" in chart.subtitle


def test_auto_chooses_by_the_answers_and_the_breakdown(samples: ModuleType) -> None:
    def kind(levels: tuple[str, ...], *by: Any, multiple: bool = False, label: str = "Plan") -> str:
        return made(samples.results(samples.shares("plan", label, levels, by, multiple=multiple))).kind

    twelve = samples.breakdown("r", "Route", [str(n) for n in range(12)])
    assert kind(("Yes", "No"), samples.SEX) == "dots"
    assert kind(("Yes", "No")) == "bars"
    assert kind(("Yes", "No"), samples.CROSSED) == "multiples"
    assert kind(("Never", "Sometimes", "Always"), samples.SEX) == "stacked"
    assert kind(("De acuerdo", "Neutral", "En desacuerdo"), samples.SEX) == "diverging"
    assert kind(samples.PURPOSES, samples.SEX, multiple=True) == "bars"
    assert kind(samples.PURPOSES, twelve, multiple=True) == "heat"
    assert kind(("18-25", "26-35", "36+"), samples.SEX, label="Age group") == "pyramid"
    assert made(samples.results(samples.means((samples.SEX,)))).kind == "dots"


def test_dots_lie_where_the_scale_says(samples: ModuleType) -> None:
    """The distance between two dots, in units of the distance between two ticks, is that of the estimates."""
    chart = made(yes_no(samples), kind="dots")
    marks = compose(chart).marks
    dots = [mark for mark in marks if isinstance(mark, Dot)]
    ticks = {mark.text: mark.x for mark in marks if isinstance(mark, Text) and mark.align == "center"}
    unit = (ticks["100%"] - ticks["0%"]) if "100%" in ticks else (ticks["50%"] - ticks["0%"]) * 2
    values = [row[0].value for row in chart.data]
    for dot, value in zip(dots, values, strict=True):
        assert value is not None
        assert dot.x == pytest.approx(ticks["0%"] + value * unit)
    lines = [mark for mark in marks if isinstance(mark, Line) and mark.y == mark.to_y and mark.y == dots[0].y]
    assert [(line.x - ticks["0%"]) / unit for line in lines] == [pytest.approx(chart.data[0][0].low)]


def test_bars_are_as_long_as_their_values(samples: ModuleType) -> None:
    chart = made(samples.results(samples.shares("use", "Use", samples.PURPOSES, (), multiple=True)), kind="bars")
    bars = [mark for mark in compose(chart).marks if isinstance(mark, Box)]
    units = [bar.width / (row.value or 1.0) for bar, row in zip(bars, chart.data[0], strict=True)]
    assert units == [pytest.approx(units[0])] * len(units)


# Colours -------------------------------------------------------------------------------------------------


# What people with red-weak (protanope) and green-weak (deuteranope) sight see, in linear light; Machado et al. 2009.
SIGHT = {
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
}


def seen(colour: str, sight: str) -> float:
    """The lightness (L*) that is left."""
    linear = [
        x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4
        for x in (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    ]
    red, green, blue = (max(sum(a * b for a, b in zip(row, linear, strict=True)), 0.0) for row in SIGHT[sight])
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y


@pytest.mark.parametrize("name", THEMES)
def test_groups_are_told_apart_in_grey_and_by_everyone(name: str) -> None:
    theme = THEMES[name]
    for one, other in combinations((*theme.series[:3], theme.total), 2):
        assert abs(lightness(one) - lightness(other)) >= 8, (one, other)
        for sight in SIGHT:
            assert abs(seen(one, sight) - seen(other, sight)) >= 6, (sight, one, other)
    for one, other in combinations(theme.series, 2):
        assert abs(lightness(one) - lightness(other)) >= 8, (one, other)


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("count", range(2, 8))
def test_neighbours_in_a_scale_are_told_apart_in_grey_and_their_figures_read(name: str, count: int) -> None:
    theme = THEMES[name]
    for colours in (sequence(theme.accent, count), diverging(theme.warm, theme.accent, theme.total, count)):
        assert len(set(colours)) == count
        for one, other in pairwise(colours):
            assert abs(lightness(one) - lightness(other)) >= 8
        assert all(contrast(colour, written_on(colour, theme.ink)) >= 4.3 for colour in colours)


@pytest.mark.parametrize("name", THEMES)
def test_words_read_on_paper(name: str) -> None:
    theme = THEMES[name]
    for colour in (theme.ink, theme.muted, theme.title_colour):
        assert contrast(colour, theme.paper) >= 4.5
    assert THEMES["iom"].accent == "#0033A0" and THEMES["unhcr"].accent == "#0072BC"


def test_a_shade_has_the_lightness_asked_for() -> None:
    for colour in ("#0033A0", "#C8702B", "#777777"):
        for light in (10, 30, 50, 70, 95):
            assert lightness(shade(colour, light)) == pytest.approx(light, abs=1)
    assert luminance("#FFFFFF") == pytest.approx(1) and contrast("#FFFFFF", "#000000") == pytest.approx(21)


# Small parts ----------------------------------------------------------------------------------------------


def test_lines_are_no_wider_than_the_room_and_lose_nothing() -> None:
    text = "Contact with smugglers, intermediaries and other people"
    for room in (30, 60, 120, 400):
        lines = wrap(text, 8, room)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert all(width(line, 8) <= room for line in lines)
    assert "".join(wrap("x" * 90, 8, 40)) == "x" * 90
    assert wrap("", 8, 40) == [""]


def test_letters_that_the_font_lacks_are_named() -> None:
    assert lacking("Sí, العربية, ñ, 世") == "世"


@pytest.mark.parametrize(
    ("values", "zero", "share", "ticks"),
    [
        ((0.1, 0.47), True, True, (0, 0.1, 0.2, 0.3, 0.4, 0.5)),
        ((0.97,), True, True, (0, 0.2, 0.4, 0.6, 0.8, 1.0)),
        ((31.0, 33.9), False, False, (31, 32, 33, 34)),
        ((-1.5, 2.5), True, False, (-2, -1, 0, 1, 2, 3)),
    ],
)
def test_ticks_are_round(values: tuple[float, ...], zero: bool, share: bool, ticks: tuple[float, ...]) -> None:
    ruled = scale([Datum(value=value) for value in values], 0, 100, zero=zero, share=share)
    assert ruled.ticks == pytest.approx(ticks)
    assert (ruled.at(ticks[0]), ruled.at(ticks[-1])) == (0, 100)


@pytest.mark.parametrize("value", [0.0, 1e-9, 1e12, -5.0, 0.003])
def test_a_scale_holds_any_value(value: float) -> None:
    ruled = scale([Datum(value=value)], 0, 100, zero=False, share=False)
    assert ruled.low <= value <= ruled.high and ruled.low < ruled.high
    assert len(ruled.ticks) < 12


def test_ticks_are_written_in_the_language() -> None:
    spanish = Axis(decimal=",", thousands="\u00a0", percent="{}\u00a0%")
    assert tick_text(0.025, spanish) == "2,5\u00a0%"
    assert tick_text(12500, replace(spanish, percent=None)) == "12\u00a0500"


def test_labels_are_pushed_apart_no_further_than_needed() -> None:
    assert apart([10, 50], [8, 8]) == [10, 50]
    places = apart([10, 11, 12, 60], [8, 8, 8, 8])
    assert all(b - a >= 8 - 1e-9 for a, b in pairwise(places))
    assert places[1] == pytest.approx(11) and places[3] == 60


def test_bands_are_as_wide_as_their_share() -> None:
    from surveytool.charts.chart_data import Path

    paths = (
        Path(stops=("A", "B", "C"), share=0.3),
        Path(stops=("A", "C"), share=0.1),
        Path(stops=("D", "B"), share=0.6),
    )
    hidden = Path(stops=("E", "F"), share=0.9, mark="*")
    chart = Chart(id="r", title="Routes", kind="alluvial", paths=(*paths, hidden))
    bands = [mark for mark in compose(chart).marks if isinstance(mark, Band)]
    thin = min(band.height for band in bands)
    assert sorted(band.height / thin for band in bands) == pytest.approx([1, 3, 3, 6])
    assert all(band.height == band.to_height for band in bands)
    assert "*" in said(chart) and "E" not in said(chart)
