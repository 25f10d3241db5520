"""Where the names of the answers stand: above their bars if all fit, else beside squares; five points a character."""

from __future__ import annotations

import textwrap
from types import SimpleNamespace
from typing import Any

import pytest

from surveytool.charts import heat
from surveytool.charts.chart_data import Datum
from surveytool.charts.paint import _artist
from surveytool.charts.scene import Body, Box
from surveytool.charts.segments import Ruled, _direct, _squares
from surveytool.notes import note
from surveytool.text import words

EACH = 5.0


class Tools:
    """Texts five points a character wide, in lines of whole words."""

    theme = SimpleNamespace(muted="grey", ink="black", label=10.0)
    width = 300.0

    def widest(self, texts: list[str], size: float) -> float:
        return max((len(text) * EACH for text in texts), default=0.0)

    def wrap(self, text: str, room: float, size: float) -> list[str]:
        return textwrap.wrap(text, max(int(room / EACH), 1), break_long_words=False)

    def lines(self, x: float, middle: float, lines: list[str], **_: Any) -> list[Any]:
        return [(x, middle, list(lines))]


def chart(values: tuple[float | None, ...], levels: tuple[str, ...], kind: str = "stacked") -> Any:
    return SimpleNamespace(kind=kind, data=[[Datum(value=value) for value in values]], levels=levels)


@pytest.mark.parametrize(("values", "levels", "places"), [
    ((0.5, 0.5), ("aaaaaaaa", "bb"), [(50.0, ["aaaaaaaa"]), (150.0, ["bb"])]),
    ((0.1, 0.9), ("aaaaaaa", "bb"), [(17.5, ["aaaaaaa"]), (110.0, ["bb"])]),  # 20 wide, its name 35: 7.5 to the right
    ((0.1, 0.9), ("aaaaaaaa", "bb"), []),  # a name of 40 where there are 20 and 8 on both sides
    ((0.2, 0.2, 0.6), ("a" * 11, "b" * 11, "c"), []),  # the second would stand 26.5 from its bar
    ((0.1, 0.9), ("aaaaaa bbbbbb cccccc", "d"), [(15.0, ["aaaaaa", "bbbbbb", "cccccc"]), (110.0, ["d"])]),
    ((0.1, 0.9), ("aaaaaa bbbbbb cccccc dddddd", "e"), []),  # four lines
    ((0.5, None), ("aa", "bb"), []),
    ((0.9, 0.1), ("a", "bbbbbbb"), [(90.0, ["a"]), (182.5, ["bbbbbbb"])]),  # held back at the right end
])  # fmt: skip
def test_names_stand_above_their_bars_where_all_fit(
    values: tuple[float | None, ...], levels: tuple[str, ...], places: list[tuple[float, list[str]]]
) -> None:
    found = _direct(chart(values, levels), Tools(), Ruled(start=0.0, stop=200.0), 10.0)  # type: ignore[arg-type]
    assert [(pytest.approx(x), lines) for x, lines in found] == places
    assert _direct(chart(values, levels, "diverging"), Tools(), Ruled(start=0.0, stop=200.0), 10.0) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(("levels", "boxes", "texts", "last"), [
    # 7.5 and 4 and the name, then 12: 0, 43.5, and the third has no room in 100; lines are 13 high, 2 between them
    (("aaaa", "bbbbbbbb", "cccccccc"), [(0.0, 2.75), (43.5, 2.75), (0.0, 17.75)],
     [(11.5, 6.5), (55.0, 6.5), (11.5, 21.5)], 21.5),
    # two lines about 13, the square beside the first; what follows starts anew
    (("xxxxxxxxxx yyyyyyyyyy", "z"), [(0.0, 2.75), (0.0, 30.75)], [(11.5, 13.0), (11.5, 34.5)], 34.5),
])  # fmt: skip
def test_squares_go_on_in_as_many_lines_as_they_need(
    levels: tuple[str, ...], boxes: list[tuple[float, float]], texts: list[tuple[float, float]], last: float
) -> None:
    marks: list[Any] = []
    colours = ["red", "green", "blue"][: len(levels)]
    ruled = Ruled(start=0.0, stop=104.0)
    y = _squares(marks, chart((), levels), Tools(), ruled, colours, 10.0)  # type: ignore[arg-type]
    assert [(each.x, each.y) for each in marks if isinstance(each, Box)] == [pytest.approx(each) for each in boxes]
    assert [each[:2] for each in marks if not isinstance(each, Box)] == [pytest.approx(each) for each in texts]
    assert y == pytest.approx(last)


def test_what_is_not_drawn_in_words() -> None:
    said = words("en")
    assert said.fill("chart_mark", mark="!", reason="undefined") == "! Not drawn: undefined."
    assert said.say(note("skipped_variables", names=("id", "town"))) == (
        "Not in this overview (identifiers, texts, dates and design columns): id and town."
    )
    assert said.fill("mark_suppressed", mark="–") == (
        "– Not shown: too few respondents for a figure that can be published."
    )


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(AssertionError, match="no way to draw 'a smile'"):
        _artist("a smile", None)  # type: ignore[arg-type]


@pytest.mark.parametrize(("columns", "parts"), [(4, [4]), (12, [12]), (13, [7, 6]), (25, [9, 9, 7]), (1, [1])])
def test_a_wide_table_goes_on_below_in_parts_of_one_width(
    columns: int, parts: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """23 points is the narrowest column: 12 of them beside 20 points of labels on a page of 300."""
    drawn: list[tuple[int, float]] = []

    def table(chart: Any, tools: Any, some: Any, stubs: Any, data: Any, top: float) -> Body:
        assert [len(row) for row in data] == [len(some.labels)]
        drawn.append((len(some.labels), top))
        return Body(marks=(), height=top + 100)

    monkeypatch.setattr(heat, "_table", table)
    names = tuple(f"g{place}" for place in range(columns))
    asked = heat._Columns(labels=names, heads=names, start=20.0, width=0.0)
    whole = heat._parts(None, Tools(), asked, (), [list(names)])  # type: ignore[arg-type, list-item]
    assert [many for many, _ in drawn] == parts
    assert [top for _, top in drawn] == [112.0 * place for place in range(len(parts))]
    assert whole.height == drawn[-1][1] + 100
