"""Answers that are texts in the order that people would put them."""

from __future__ import annotations

from pathlib import Path

import pytest

import surveytool as st
from surveytool.reading.text_order import has_no_order, in_order


@pytest.mark.parametrize(
    "right",
    [
        ["<5", "5-9", "10-14", "15+"], ["Less than 1000", "1000-2000", "2000-3000", "More than 3000"],
        ["Menos de 1.000", "1.000-1.999", "2.000-9.999", "10.000 y más"], ["January", "March", "October", "December"],
        ["ene", "feb", "dic"], ["Strongly disagree", "Disagree", "Neutral", "Agree", "Strongly agree", "Don't know"],
        ["Nunca", "A veces", "Siempre"], ["Pas du tout d'accord", "Plutôt d’accord", "Tout à fait d'accord"],
        ["Lundi", "Mercredi", "Dimanche"], ["Yes", "No"], ["Brick", "Cement", "Wood", "Other", "Refused"],
    ],
)  # fmt: skip
def test_the_order_does_not_hang_on_the_file(right: list[str]) -> None:
    assert in_order(list(reversed(right))) == right == in_order(sorted(right))


def test_words_of_no_scale_have_no_order() -> None:
    assert has_no_order(["Lima", "Cusco", "Puno"])
    assert not has_no_order(["Agree", "Disagree", "Neutral"])
    assert not has_no_order(["<5", "5-9"])


def test_a_table_lists_months_as_they_run(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("month\n" + "\n".join(["March", "April", "January"] * 4) + "\n")
    assert [row.level for row in st.summarize(st.read(path), "month").rows] == ["January", "March", "April"]
