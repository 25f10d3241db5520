"""Weights of a sampling frame: people of a stratum over its respondents, whoever and wherever they are counted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import surveytool as st
from surveytool.errors import UsageError
from surveytool.recoding import recode
from surveytool.recoding.recode_types import Expansion

ROWS = [("a", "yes")] * 3 + [("b", "no")] * 5 + [("c", "yes")] * 2
PEOPLE = {"a": 30.0, "b": 10.0, "c": 60.0}


def survey(rows: list[tuple[str, str]] = ROWS) -> st.Survey:
    return st.read(
        pa.table({"place": [row[0] for row in rows], "q": [row[1] for row in rows]}), design=st.Design(weights="w")
    )


def expanded(**changes: Any) -> st.Survey:
    given = {"name": "w", "type": "expansion", "source": "place", "populations": PEOPLE, **changes}
    return recode(survey(), [Expansion(**given)])


def test_each_stratum_counts_as_many_as_its_people() -> None:
    """10 of a respondent, 2 of b, 30 of c by hand; 90 of 100 people say yes."""
    made = expanded()
    assert made.frame["w"].to_pylist() == [10.0] * 3 + [2.0] * 5 + [30.0] * 2
    (row,) = [row for row in st.summarize(made, "q").rows if row.level == "yes"]
    assert row.estimate == pytest.approx(0.9) and row.n_weighted == pytest.approx(100.0)


def test_the_order_of_rows_and_of_populations_changes_nothing() -> None:
    turned = recode(survey(ROWS[::-1]), [Expansion(name="w", type="expansion", source="place",
                                                   populations=dict(reversed(PEOPLE.items())))])  # fmt: skip
    one, other = st.summarize(expanded(), "q").rows, st.summarize(turned, "q").rows
    assert {row.level: row.estimate for row in one} == pytest.approx({row.level: row.estimate for row in other})


def test_a_stratum_without_respondents_is_told() -> None:
    made = expanded(populations={**PEOPLE, "d": 100.0})
    (told,) = [note for note in made.notes if note.code == "expansion_uncovered"]
    assert dict(told.values) == {"n": 1, "share": 50.0, "name": "place"}


@pytest.mark.parametrize(
    ("populations", "told"),
    [
        ({"a": 30.0, "b": 10.0}, "place has answers without a population: 'c'."),
        ({}, "populations is empty."),
        ({**PEOPLE, "a": 0.0}, "the population of 'a' is 0."),
        ({**PEOPLE, "a": float("inf")}, "the population of 'a' is inf."),
    ],
)
def test_what_cannot_be_is_one_line(populations: dict[str, float], told: str) -> None:
    with pytest.raises(UsageError) as refused:
        expanded(populations=populations)
    assert refused.value.message == told and refused.value.where == "populations"


def test_a_number_is_no_stratum() -> None:
    numbers = st.read(pa.table({"place": [1.5, 2.5, 3.5] * 9, "q": ["yes", "no", "no"] * 9}))
    with pytest.raises(UsageError, match="has no answers to be strata"):
        recode(numbers, [Expansion(name="w", type="expansion", source="place", populations=PEOPLE)])


def test_large_data_have_the_same_weights(tmp_path: Path) -> None:
    pq.write_table(
        pa.table({"place": [row[0] for row in ROWS * 40], "q": [row[1] for row in ROWS * 40]}), tmp_path / "d.parquet"
    )
    wanted = Expansion(name="w", type="expansion", source="place", populations=PEOPLE)
    design = st.Design(weights="w")
    rows = [
        {(row.level): (row.estimate, row.se, row.n_weighted) for row in st.summarize(recode(read, [wanted]), "q").rows}
        for stream in (False, True)
        for read in [_read(tmp_path / "d.parquet", design, stream)]
    ]
    for level, numbers in rows[0].items():
        assert rows[1][level] == pytest.approx(numbers)


def _read(path: Path, design: st.Design, stream: bool) -> st.Survey:
    from surveytool.reading import read

    return read(str(path), design=design, stream=stream)
