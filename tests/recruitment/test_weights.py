"""Weights of recruitment against R's package RDS, laws, and what is refused."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from surveytool.errors import UnusableDesign
from surveytool.recruitment import resampling, weights
from surveytool.recruitment.network import Network, network, recruiters_by_coupon, recruiters_by_id
from surveytool.recruitment.successive_sampling import weights_by_degree

GOLDEN = Path(__file__).resolve().parents[3] / "shared" / "golden_methods" / "rds"
SETS = (("faux", "faux.X", 1000), ("fauxtime", "fauxtime.var1", 3000))


@pytest.fixture(params=SETS, ids=lambda each: each[0])
def golden(request: pytest.FixtureRequest) -> dict[str, Any]:
    if not GOLDEN.exists():
        pytest.skip("the reference data are not beside the project")
    name, key, size = request.param
    with (GOLDEN / f"{name}_weights.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    recruiter, unseen = recruiters_by_id([row["id"] for row in rows], [row["recruiter"] for row in rows], "id", "r")
    forest = network(recruiter, unseen, np.array([float(row["degree"]) for row in rows]), "r")
    levels = sorted({row["outcome"] for row in rows})
    answers = json.loads((GOLDEN / "rds_estimates.json").read_text())[key]
    group = np.array([levels.index(row["outcome"]) for row in rows])
    return {"rows": rows, "forest": forest, "group": group, "levels": levels, "size": size, "answers": answers}


def shares(weighted: np.ndarray, group: np.ndarray, levels: int) -> np.ndarray:
    return (
        np.stack([(weighted * (group == level)).sum(axis=1) for level in range(levels)], 1) / weighted.sum(1)[:, None]
    )


def test_waves_are_those_of_r(golden: dict[str, Any]) -> None:
    assert golden["forest"].wave.tolist() == [int(row["wave"]) for row in golden["rows"]]


@pytest.mark.parametrize("estimator", ["rds_i", "rds_ii"])
def test_estimates_are_those_of_r(golden: dict[str, Any], estimator: str) -> None:
    forest, group, levels = golden["forest"], golden["group"], golden["levels"]
    ones = np.ones((1, len(group)))
    counted = weights.transitions(ones, forest.recruiter, group, len(levels))
    made = (weights.by_transitions(ones, forest.degree, group, counted) if estimator == "rds_i"
            else weights.by_degree(ones, forest.degree))  # fmt: skip
    expected = [row["estimate"] for row in golden["answers"][estimator]]
    assert shares(made, group, len(levels))[0] == pytest.approx(expected, abs=1e-10)
    printed = np.array([float(row[f"w_{estimator}"]) for row in golden["rows"]])
    assert made[0] / made.sum() == pytest.approx(printed / printed.sum(), rel=1e-9)


def test_transitions_and_where_they_settle(golden: dict[str, Any]) -> None:
    forest, group, levels = golden["forest"], golden["group"], golden["levels"]
    counted = weights.transitions(np.ones((1, len(group))), forest.recruiter, group, len(levels))
    printed = golden["answers"]["transitions"]
    assert counted[0].tolist() == [[row[level] for level in levels] for row in printed]
    settled = list(golden["answers"]["stationary"].values())
    assert weights.stationary(counted)[0] == pytest.approx(settled, abs=1e-10)
    smoothed = weights.stationary(counted)[0][:, None] * counted[0] / counted[0].sum(axis=1, keepdims=True)
    assert weights.stationary((smoothed + smoothed.T)[None] / 2)[0] == pytest.approx(settled, abs=1e-10)


def test_successive_sampling_is_within_the_noise_of_r(golden: dict[str, Any]) -> None:
    forest, group, levels = golden["forest"], golden["group"], golden["levels"]
    made = weights.by_successive_sampling(np.ones((1, len(group))), forest.degree, golden["size"])
    printed = golden["answers"]["gile_ss_10_seeds"]
    noise = max(printed["sd"].values())
    assert shares(made, group, len(levels))[0] == pytest.approx(list(printed["mean"].values()), abs=2 * noise)


def test_probabilities_of_successive_sampling_are_those_of_draws() -> None:
    """A second way that shares no code: 3,000 populations drawn by clocks, 100 rounds of the first 60 of 200."""
    generator = np.random.default_rng(5)
    degrees, people = np.array([1.0, 3.0, 9.0]), np.array([100, 60, 40])
    everybody = np.repeat(degrees, people)
    first = np.argsort(generator.exponential(1 / everybody, size=(3000, len(everybody))), axis=1)[:, :60]
    drawn = np.array([np.isin(everybody[first], degree).sum() / 3000 for degree in degrees]) / people
    numbers = np.array([people * drawn])
    made = 1 / weights_by_degree(degrees, numbers, 200.0)[0]
    assert made == pytest.approx(drawn, rel=0.02)


def test_weights_do_not_move_with_the_population_where_it_is_large() -> None:
    degrees, numbers = np.array([1.0, 2.0, 10.0]), np.array([[5.0, 5.0, 5.0]])
    made = weights_by_degree(degrees, numbers, 1e6)[0]
    assert made / made[0] == pytest.approx(degrees[0] / degrees, rel=1e-9)


def test_everybody_was_recruited_where_the_population_is_the_sample() -> None:
    made = weights_by_degree(np.array([1.0, 2.0, 10.0]), np.array([[5.0, 5.0, 5.0]]), 15.0)[0]
    assert made == pytest.approx([1, 1, 1], rel=0.02)


@pytest.mark.parametrize(("draw", "columns"), [("tree", "Treeboot"), ("neighbourhood", ""), ("chain", "Salganik")])
def test_errors_are_within_the_noise_of_r(golden: dict[str, Any], draw: str, columns: str) -> None:
    forest, group, levels = golden["forest"], golden["group"], golden["levels"]
    printed = _printed(golden, columns)
    if not printed:
        pytest.skip("R gives no such error for these data")
    counted = weights.transitions(np.ones((1, len(group))), forest.recruiter, group, len(levels))
    drawn = (resampling.chain(forest, group, counted[0], 800, 3) if draw == "chain"
             else getattr(resampling, draw)(forest, 800, 3))  # fmt: skip
    error = shares(weights.by_degree(drawn.times, forest.degree), group, len(levels)).std(axis=0, ddof=1)[0]
    noise = error * np.sqrt(1 / (2 * 800) + np.mean([1 / (2 * many) for _, many in printed]) / len(printed))
    assert error == pytest.approx(np.mean([value for value, _ in printed]), abs=3 * noise)


def _printed(golden: dict[str, Any], way: str) -> list[tuple[float, int]]:
    """Standard errors of R, and by how many samples."""
    data, _, variable = {"faux": ("faux", "", "X"), "fauxtime": ("fauxtime", "", "var1")}[golden["answers"]["dataset"]]
    file = "rds_bootstrap.csv" if way else "rds_neighbourhood.csv"
    with (GOLDEN / file).open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["data"] == data and row["variable"] == variable]
    return [(float(row["se"]), int(row["B"])) for row in rows if not way or row["uncertainty"] == way]


def forest_of(recruiter: list[int]) -> Network:
    place = np.array(recruiter, dtype=np.intp)
    return network(place, np.zeros(len(place), dtype=bool), np.ones(len(place)), "recruiter")


def test_a_tree_sample_is_as_large_as_the_sample_and_has_whole_paths() -> None:
    forest = forest_of([-1, 0, 0, 1, 1, 4, -1, 6])
    drawn = resampling.tree(forest, 200, 1)
    assert (drawn.times.sum(axis=1) == 8).all()
    child = forest.recruiter >= 0
    reached = drawn.times[:, child] > 0
    assert (drawn.times[:, forest.recruiter[child]][reached] > 0).all(), "nobody without the recruiter"
    again = resampling.tree(forest, 200, 1)
    assert (again.times == drawn.times).all()
    assert (resampling.tree(forest, 200, 2).times != drawn.times).any()


def test_the_respondent_is_left_out_of_the_own_neighbourhood() -> None:
    drawn = resampling.neighbourhood(forest_of([-1, 0]), 300, 1)
    assert drawn.times.sum(axis=1).tolist() == [2.0] * 300, "two draws, one neighbour each"


def test_rds_i_of_a_closed_group_is_refused() -> None:
    counted = np.array([[3.0, 0.0], [1.0, 2.0]])
    with pytest.raises(UnusableDesign, match="RDS-I has no value"):
        weights.refuse_closed(counted, ("yes", "no"), "work")


@pytest.mark.parametrize(("ids", "recruiters", "words"), [
    ([1, 2, 2], ["seed", 1, 1], "respondents stand twice in 1 row \\(data row 3\\)"),
    ([1, 2, 2, 3], ["seed", 1, 3, 1], "respondents have two recruiters in 1 row \\(data row 3\\)"),
    ([1, None], ["seed", 1], "identifier is missing in 1 row \\(data row 2\\)"),
])  # fmt: skip
def test_identifiers_that_tell_nobody_apart(ids: list[Any], recruiters: list[Any], words: str) -> None:
    with pytest.raises(UnusableDesign, match=words):
        recruiters_by_id(ids, recruiters, "id", "recruiter")


def test_recruiters_who_are_not_in_the_file() -> None:
    place, unseen = recruiters_by_id([1.0, 2.0, 3.0], ["", "9", 1], "id", "recruiter")
    assert (place.tolist(), unseen.tolist()) == ([-1, -1, 0], [False, True, False])
    with pytest.raises(UnusableDesign, match=r"not in the file in 1 row \(data row 2\)"):
        network(place, unseen, np.ones(3), "recruiter")
    assert network(place, unseen, np.ones(3), "recruiter", orphans="seed").seeds.tolist() == [0, 1]


def test_a_circle_is_refused() -> None:
    with pytest.raises(UnusableDesign, match=r"in a circle in 2 rows \(data row 2, 3\)"):
        forest_of([-1, 2, 1, 1])


def test_coupons_tell_the_recruiter() -> None:
    place, unseen = recruiters_by_coupon([None, 11, 12, 21], [[11, 21, None, None], [12, None, None, None]], "coupon")
    assert (place.tolist(), unseen.any()) == ([-1, 0, 0, 1], False)


@pytest.mark.parametrize(("own", "given", "words"), [
    ([None, 11], [[11, 11]], "two recruiters"),
    ([None, 11, 11], [[11, None, None]], "a coupon was brought twice"),
])  # fmt: skip
def test_coupons_that_tell_two(own: list[Any], given: list[list[Any]], words: str) -> None:
    with pytest.raises(UnusableDesign, match=words):
        recruiters_by_coupon(own, given, "coupon")
