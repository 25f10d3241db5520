"""Standardised shares from clusters: their interval knows of the clusters, as that of a plain share does."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from laws.designs import KINDS, draw

import surveytool as st
from surveytool.aggregate.cells import Cells
from surveytool.survey import Standard
from surveytool.tabulation import tabulate

WAYS = ("by_psus", "by_replicates")
FIELDS = ("estimate", "se", "ci_low", "ci_high", "df", "ci_method")


def rows(survey: st.Survey, standard: Standard | None, ci: str | None = None) -> list[tuple[object, ...]]:
    asked = st.Request(variable="c", by=(("g",),), standard=standard, interval=ci)
    found = tabulate(survey, [asked]).estimates[0].rows
    return [tuple(getattr(row, key) for key in FIELDS) for row in found]


@pytest.mark.parametrize("seed", range(4))
def test_a_standard_of_one_group_changes_nothing(seed: int) -> None:
    drawn = draw(seed)
    drawn = drawn.changed(age=["all"] * len(drawn.columns["age"]))
    survey = drawn.by_psus()
    for plain, made in zip(
        rows(survey, None), rows(survey, Standard(variable="age", shares=(("all", 1.0),))), strict=True
    ):
        assert made[:-1] == pytest.approx(plain[:-1], rel=1e-9)
        assert made[-1] == plain[-1]


@pytest.mark.parametrize("way", WAYS)
def test_clusters_make_the_default_wider_than_the_logit_of_respondents(way: str) -> None:
    standard = Standard(variable="age", shares=(("mid", 0.5), ("old", 0.2), ("young", 0.3)))
    survey = getattr(draw(3, psus=12), way)()
    default, logit = rows(survey, standard), rows(survey, standard, "logit")
    assert all(str(row[-1]).startswith("clustered") for row in default)
    widths = [np.mean([row[3] - row[2] for row in found if row[2] is not None]) for found in (default, logit)]  # type: ignore[operator]
    assert widths[0] > widths[1]
    single = st.read(pa.table(draw(3).columns), kinds=KINDS)
    assert not any(str(row[-1]).startswith("clustered") for row in rows(single, standard))


def test_the_effective_n_is_that_of_the_standardised_weights() -> None:
    """Kish's n of weights times share over the group's weight, by brute force."""
    from surveytool.aggregate.collect import collect
    from surveytool.estimate.clusters import standardised_clusters
    from surveytool.tabulation import _question

    drawn = draw(5)
    survey = drawn.by_psus()
    question, _ = _question(survey, st.Request(variable="c", by=(("age",),)), "c")
    (tally,) = collect(survey, [question])[0]
    cells: Cells = next(each for each in tally.cells if each.breakdown.names)
    labels = [labels[-1] for labels in cells.breakdown.groups]
    given = {"mid": 0.5, "old": 0.2, "young": 0.3}
    shares = np.array([given[label] for label in labels])
    found = standardised_clusters(cells, shares, np.array([10.0]), (1, 3))
    w, age = np.array(drawn.columns["w"]), np.array(drawn.columns["age"])
    own = sum(np.where(age == label, w * given[label] / w[age == label].sum(), 0.0) for label in given)
    assert found.kish[0, 0] == pytest.approx(own.sum() ** 2 / (own**2).sum())
    assert found.units[0, 0] == len(set(drawn.columns["psu"]))
