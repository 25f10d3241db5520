"""Small multiples of three variables: a panel for each last one, a row for each of the others together."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from surveytool.charts.chart_data import Datum, Group
from surveytool.charts.multiples import NOWHERE, _crossed


def group(a: str, b: str, c: str) -> Group:
    pairs = (("a", a), ("b", b), ("c", c))
    return Group(label=c, heads=("a, b, c", a, b), pairs=pairs)


def chart(groups: list[Group], levels: tuple[str, ...]) -> Any:
    data = [[Datum(mark=f"{'/'.join(label for _, label in each.pairs)}={level}") for level in levels]
            for each in groups]  # fmt: skip
    return SimpleNamespace(groups=groups, parts=groups, data=data, levels=levels)


CROSSED = [group(a, b, c) for a in "pq" for b in "rs" for c in "tu" if (a, b, c) != ("q", "s", "t")]


def test_rows_are_the_outer_groups_and_panels_the_last_variable() -> None:
    stubs, panels = _crossed(chart(CROSSED, ("Yes", "No")))
    assert [each.label for each in stubs] == [
        "Yes",
        "p, r",
        "p, s",
        "q, r",
        "q, s",
        "No",
        "p, r",
        "p, s",
        "q, r",
        "q, s",
    ]
    assert [each.depth for each in stubs] == [0, 1, 1, 1, 1] * 2 and [each.head for each in stubs[:2]] == [True, False]
    assert [each.title for each in panels] == ["t", "u"]
    first = [f"{a}/{b}/t={level}" for level in ("Yes", "No") for a in "pq" for b in "rs"]
    missing = {3, 7}
    assert [each.mark for each in panels[0].data] == [
        NOWHERE.mark if place in missing else told for place, told in enumerate(first)
    ]
    assert [each.mark for each in panels[1].data][3] == "q/s/u=Yes"


def test_one_answer_has_no_heading() -> None:
    stubs, panels = _crossed(chart(CROSSED[:2], ("Yes",)))
    assert [(each.label, each.depth) for each in stubs] == [("p, r", 0)]
    assert [[each.mark for each in panel.data] for panel in panels] == [["p/r/t=Yes"], ["p/r/u=Yes"]]
