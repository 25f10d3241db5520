"""Published tables and R's own output on real files, found beside the project."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import surveytool as st


def test_masculinity_survey_every_published_percentage(shared: Path) -> None:
    """1,820 weighted percentages as they were printed, whole; blank where the publisher's base was under 100."""
    folder = shared / "data" / "masculinity_538"
    survey = st.read(folder / "raw-responses.csv", design=st.Design(weights="weight"))
    with (folder / "masculinity-survey.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    very = {
        str(row.by.get("age3", "all")): row
        for row in st.summarize(survey, "q0001", by=["age3"]).rows
        if row.level == "Very masculine"
    }
    assert very["all"].estimate == pytest.approx(0.371947, abs=1e-6)
    assert very["all"].se == pytest.approx(0.02079, abs=5e-6)
    assert very["18 - 34"].estimate == pytest.approx(0.29235970, abs=1e-8)
    assert very["18 - 34"].se == pytest.approx(0.047675744, abs=1e-8)
    ours = _ours(survey)
    published = _published(lines)
    lost = [(question, option) for question, option, _ in published if not _same(ours, option)]
    checked = [pair for _, option, percents in published for pair in _nearest(_same(ours, option), percents)]
    wrong = [pair for pair in checked if abs(100 * pair[0] - pair[1]) > 0.5 + 1e-9]
    assert lost == []
    assert len(checked) == 1820
    # One line, "No answer" to how important it is to be seen as masculine, prints 1% where nearly nobody gave none.
    assert [(round(100 * ours, 1), percent) for ours, percent in wrong] == [(0.2, 1), (0.0, 1)]


# The published table's columns: place, breakdown, group.
COLUMNS = [(2, None, ""), (3, "age3", "18 - 34"), (4, "age3", "35 - 64"), (5, "age3", "65 and up"),
           (6, "race2", "White"), (7, "race2", "Non-white"), (8, "kids", "Has children"), (9, "kids", "No children"),
           (10, "orientation", "Straight"), (11, "orientation", "Gay/Bisexual")]  # fmt: skip


def _published(lines: list[list[str]]) -> list[tuple[str, str, dict[int, int]]]:
    found, question = [], ""
    for line in lines[2:]:
        question = line[0] or question
        percents = {place: int(line[place].rstrip("%")) for place, _, _ in COLUMNS if line[place].endswith("%")}
        if line[1].strip() and percents:
            found.append((question, line[1].strip(), percents))
    return found


def _ours(survey: st.Survey) -> list[tuple[str, dict[int, float]]]:
    """Every answer of every question with its share in every published column."""
    names = [
        name
        for name, each in survey.codebook.items()
        if each.kind == "single" and (name.startswith("q0") or name == "age3")
    ]
    place_of = {(by, group): place for place, by, group in COLUMNS}
    rows: dict[tuple[str, str], dict[int, float]] = {}
    for row in st.summarize(survey, names, by=["age3", "race2", "kids", "orientation"]).rows:
        place = place_of.get(next(iter(row.by.items()), (None, "")))
        if row.estimate is not None and row.level is not None and place is not None:
            rows.setdefault((row.variable, row.level), {})[place] = row.estimate
    return [(level, values) for (_, level), values in rows.items()]


def _same(ours: list[tuple[str, dict[int, float]]], option: str) -> list[dict[int, float]]:
    """The answers with this wording, in whatever question."""
    return [values for level, values in ours if _plain(level) == _plain(option)]


def _nearest(same: list[dict[int, float]], percents: dict[int, int]) -> list[tuple[float, int]]:
    """The answer that is nearest to the published line, column by column."""
    pairs = [[(values.get(place, -1.0), percent) for place, percent in percents.items()] for values in same]
    return min(pairs, key=lambda each: sum(abs(100 * ours - percent) for ours, percent in each), default=[])


def _plain(text: str) -> str:
    return "".join(each for each in text.lower() if each.isalnum())


def test_yrbs_bicycle_helmets(shared: Path) -> None:
    design = st.Design(weights="weight", strata="stratum", psu=("psu",))
    path = shared / "data" / "yrbs2015_bikehelmet" / "yrbs.csv"
    row = st.summarize(path, "qn8", design=design, ci="logit").rows[0]
    assert row.level == "1"
    assert (row.n, row.df) == (8757, 39)
    assert 100 * row.estimate == pytest.approx(81.36225, abs=5e-5)
    assert 100 * row.se == pytest.approx(2.00893, abs=5e-5)
    assert (100 * row.ci_low, 100 * row.ci_high) == pytest.approx((76.954811, 85.090075), abs=1e-6)
    beta = st.summarize(
        path, "qn8", design=st.Design(weights="weight", strata="stratum", psu=("psu",), df=41), ci="wald"
    )
    assert (beta.rows[0].ci_low, beta.rows[0].ci_high) == pytest.approx((0.77305193, 0.85419308), abs=1e-8)


def test_lapop_brazil_support_for_democracy(shared: Path) -> None:
    design = st.Design(weights="wt", strata="strata", psu=("upm",))
    path = shared / "data" / "lapop_r_package" / "bra23.csv.gz"
    survey = st.read(path, design=design)
    frame = survey.frame
    import pyarrow as pa

    values = [None if v is None else 100.0 * (v >= 5) for v in frame["ing4"].to_pylist()]
    survey = st.read(frame.append_column("ing4r", pa.array(values)), design=design, kinds={"ing4r": "number"})
    rows = st.summarize(survey, "ing4r", by=["wealth"]).rows
    assert rows[0].estimate == pytest.approx(63.8175, abs=5e-5)
    assert rows[0].se == pytest.approx(1.45022, abs=5e-6)
    by = {row.by["wealth"]: (row.estimate, row.se) for row in rows if row.by}
    assert by["1"] == pytest.approx((55.965123, 2.7798473), abs=1e-6)
    assert by["5"] == pytest.approx((72.979170, 3.2725920), abs=1e-6)


def test_lapop_emigration_by_country_2023(shared: Path) -> None:
    import pyarrow as pa

    design = st.Design(weights="weight1500", strata="strata", psu=("upm",))
    path = shared / "data" / "lapop_r_package" / "ym23.csv.gz"
    frame = st.read(path, columns=["q14f", "pais", "wave"], design=design).frame
    very = pa.array([None if v is None else 100.0 * (v == 1) for v in frame["q14f"].to_pylist()])
    survey = st.read(frame.append_column("very", very), design=design, kinds={"very": "number", "pais": "single"})
    rows = st.summarize(survey, "very", by=["pais"], where="wave == 2023").rows
    by = {row.by["pais"]: (row.estimate, row.se) for row in rows if row.by}
    assert by["1"] == pytest.approx((29.816514, 3.2132334), abs=1e-6)
    assert by["4"] == pytest.approx((49.826990, 1.9051285), abs=1e-6)
    assert by["22"] == pytest.approx((17.647892, 1.5728318), abs=1e-6)
    assert by["6"][0] is None, "R prints 0 for a country that was not asked"
