"""Breakdowns by a question with several answers: each group is the domain of those who chose the option."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import surveytool as st
from surveytool.estimate.result import Row

FIELDS = ("estimate", "se", "ci_low", "ci_high", "df", "deff", "count", "n", "n_weighted", "flag")
DESIGNS = {
    "element": st.Design(weights="weight"),
    "clustered": st.Design(weights="weight", strata="country_interview", psu=("site",)),
}


def figures(row: Row) -> list[Any]:
    return [
        pytest.approx(each, rel=1e-9) if isinstance(each, float) else each for each in map(row.__getattribute__, FIELDS)
    ]


@pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)
@pytest.mark.parametrize(
    ("variable", "stat"), [("social_media", None), ("age", None), ("age", "median"), ("reasons", "total")]
)
def test_a_group_is_the_domain_of_its_option(example: Path, design: st.Design, variable: str, stat: str | None) -> None:
    survey = st.read(example / "transit.sav", design=design)
    crossed = st.summarize(survey, variable, by=[("sex", "platforms"), ("platforms", "sex")], stat=stat, total=False)
    first, second = ([row for row in crossed.rows if next(iter(row.by)) == name] for name in ("sex", "platforms"))
    assert len(first) == len(second) >= 14
    for row in first:
        where = f"sex == '{row.by['sex']}' and platforms == '{row.by['platforms']}'"
        alone = next(
            each for each in st.summarize(survey, variable, where=where, stat=stat).rows if each.level == row.level
        )
        assert [getattr(row, name) for name in FIELDS] == figures(alone)
        other = next(each for each in second if dict(each.by) == dict(row.by) and each.level == row.level)
        assert [getattr(row, name) for name in FIELDS] == figures(other)


def test_a_condition_on_options_knows_three_values(example: Path) -> None:
    survey = st.read(example / "transit.sav")
    count = {where: st.summarize(survey, "sex", where=where).estimates[0].base.domain for where in (
        "platforms == 'TikTok'", "platforms != 'TikTok'", "platforms is missing", "platforms in ('TikTok', 'Facebook')",
        "platforms == 'TikTok' or platforms == 'Facebook'", "not platforms == 'TikTok'")}  # fmt: skip
    yes, no, missing, among, either, negated = count.values()
    assert yes + no + missing == 531 and (among, negated) == (either, no) and 0 < yes < among


def test_a_breakdown_says_that_its_groups_overlap(run: Callable[..., Any], example: Path) -> None:
    done = run("summarize", example / "transit.sav", "social_media", "--by", "platforms", "--format", "json")
    assert done.status == 0
    notes = " ".join(done.json["tables"][0]["notes"])
    assert "The groups of Platforms used overlap" in notes
    assert "185 respondents without an answer to Platforms used are in the total but in no group." in notes
    assert sum(row["n"] for row in done.json["rows"] if row["by"] and row["level"] == "Yes") > 346


def test_overlapping_groups_are_not_compared(run: Callable[..., Any], example: Path) -> None:
    done = run("compare", example / "transit.sav", "social_media", "--by", "platforms", "-w", "weight")
    assert done.status == 2 and not done.out and done.err.count("\n") == 1
    assert "may be in several of these groups" in done.err


def test_replicates_give_each_group_its_own_variance() -> None:
    rng = np.random.default_rng(4)
    n = 60
    data: dict[str, Any] = {"y": rng.choice(["a", "b"], n), "m/x": rng.integers(0, 2, n), "m/z": rng.integers(0, 2, n)}
    data["m"] = [" ".join(name for name in "xz" if data[f"m/{name}"][place]) or "none" for place in range(n)]
    data["m/none"] = [int(text == "none") for text in data["m"]]
    data |= {f"rw{r}": np.where(np.arange(n) % 6 == r, 0.0, 6 / 5) for r in range(6)}
    design = st.Design(replicates=st.Replicates(columns=("rw*",), method="jk1"))
    survey = st.read(pa.table(data), design=design)
    assert survey.codebook["m"].kind == "multiple"
    for row in st.summarize(survey, "y", by="m", total=False).rows:
        alone = st.summarize(survey, "y", where=f"m == '{row.by['m']}'").rows
        assert [getattr(row, name) for name in FIELDS] == figures(next(e for e in alone if e.level == row.level))
