"""The risk of a file: formulas against their definitions, changes against doing them, and nothing given away."""

from __future__ import annotations

import csv
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as draw

from surveytool import Design, read
from surveytool.disclosure_risk import assess
from surveytool.disclosure_risk.classes import individual, sizes
from surveytool.disclosure_risk.quasi import role_of
from surveytool.disclosure_risk.risk_measures import Quasi
from surveytool.disclosure_risk.suda import suda
from surveytool.errors import UsageError


def quasi(table: np.ndarray) -> list[Quasi]:
    return [
        Quasi(name=f"v{place}", role="other", columns=(f"v{place}",), keys=column.astype(np.int64))
        for place, column in enumerate(table.T)
    ]


def by_definition(table: np.ndarray, most: int) -> tuple[dict[int, int], set[int]]:
    """Minimal sample uniques, respondent by respondent and set by set."""
    counts: dict[int, int] = dict.fromkeys(range(1, most + 1), 0)
    special = set()
    rows, variables = table.shape
    for row in range(rows):
        found: list[set[int]] = []
        for size in range(1, most + 1):
            for chosen in combinations(range(variables), size):
                same = (table[:, list(chosen)] == table[row, list(chosen)]).all(axis=1).sum()
                if same == 1 and not any(each <= set(chosen) for each in found):
                    found.append(set(chosen))
                    counts[size] += 1
                    special.add(row)
    return counts, special


@settings(max_examples=40, deadline=None)
@given(draw.integers(2, 5), draw.integers(2, 25), draw.integers(0, 10**6))
def test_minimal_uniques_are_those_of_the_definition(variables: int, rows: int, seed: int) -> None:
    table = np.random.default_rng(seed).integers(0, 4, (rows, variables))
    found = suda(quasi(table))
    assert found is not None
    counts, special = by_definition(table, found.most)
    assert dict(found.sizes) == counts
    assert found.special == len(special)
    assert sum(share for _, share in found.shares) == pytest.approx(1.0 if special else 0.0)


def test_dis_is_that_of_skinner_and_elliot() -> None:
    table = np.array([[0, 0], [1, 0], [2, 1], [2, 1], [3, 2], [3, 2], [3, 2]])
    found = suda(quasi(table), fraction=0.1)
    assert found is not None
    assert found.dis == pytest.approx(0.1 * 2 / (0.1 * 2 + 0.9 * 2))


@pytest.mark.parametrize("p", [0.01, 0.2, 0.7])
@pytest.mark.parametrize("f", [1, 2])
def test_population_risk_is_the_mean_of_one_over_the_class(p: float, f: int) -> None:
    """1 / F with F negative binomial given f, summed term by term (Benedetti and Franconi)."""
    from scipy.stats import nbinom

    more = np.arange(0, 20000)
    expected = float((nbinom.pmf(more, f, p) / (more + f)).sum())
    classes = np.zeros(f, dtype=np.int64)
    assert individual(classes, sizes(classes), np.full(f, 1 / p)) == pytest.approx(np.full(f, expected), rel=1e-6)


@pytest.mark.parametrize("f", [3, 10, 40])
def test_population_risk_of_larger_classes_is_near_it(f: int) -> None:
    from scipy.stats import nbinom

    more = np.arange(0, 40000)
    expected = float((nbinom.pmf(more, f, 0.05) / (more + f)).sum())
    classes = np.zeros(f, dtype=np.int64)
    found = individual(classes, sizes(classes), np.full(f, 20.0))
    assert found == pytest.approx(np.full(f, expected), rel=0.02)


def people(rows: int = 300) -> dict[str, Any]:
    generator = np.random.default_rng(4)
    sex = generator.choice(["F", "M"], rows)
    return {
        "sex": sex,
        "age": generator.integers(18, 70, rows),
        "nationality": generator.choice(list("HGSTJN"), rows, p=[0.4, 0.3, 0.2, 0.06, 0.03, 0.01]),
        "site": generator.choice(["A", "B", "C"], rows),
        "opinion": generator.choice(["yes", "no"], rows),
        "weight": generator.uniform(50, 150, rows),
    }  # fmt: skip


def frame(data: dict[str, Any]) -> Any:
    import pandas as pd

    return pd.DataFrame(data)


def test_the_quasi_identifiers_are_proposed_by_name() -> None:
    found = assess(read(frame(people())))
    assert set(found.names) == {"sex", "age", "nationality", "site"} and found.proposed
    assert assess(read(frame(people())), ["sex", "site"]).names == ("sex", "site")


@pytest.mark.parametrize("name", ["edad", "sexo", "nacionalidad", "pais_origen", "lugar", "destino", "âge", "genre",
                                  "rota_3", "municipio", "gender_hoh", "age_group", "country_of_birth"])  # fmt: skip
def test_names_of_four_languages(name: str) -> None:
    assert role_of(name) is not None


@pytest.mark.parametrize("name", ["message", "language_test", "stage", "platforms", "n_transit", "sexuality", "agency"])
def test_names_that_only_look_like_it(name: str) -> None:
    assert role_of(name) is None


def test_a_change_has_the_effect_that_doing_it_has() -> None:
    data = people()
    found = assess(read(frame(data)), ["sex", "age", "nationality", "site"])
    tried = {(each.name, each.change, each.detail): each for each in found.candidates}
    banded = assess(read(frame({**data, "age": data["age"] // 10})), ["sex", "age", "nationality", "site"])
    assert tried["age", "bands", 10].unique == banded.classes.unique
    assert tried["age", "bands", 10].below == banded.classes.below
    dropped = assess(read(frame(data)), ["sex", "age", "nationality"])
    assert tried["site", "drop", 0].unique == dropped.classes.unique
    joined = np.where(np.isin(data["nationality"], ["JO", "GN"]), "other", data["nationality"])
    rare = assess(read(frame({**data, "nationality": joined})), ["sex", "age", "nationality", "site"])
    assert tried["nationality", "rare", 2].unique == rare.classes.unique
    assert [each.below for each in found.candidates] == sorted(each.below for each in found.candidates)


def test_the_way_down_goes_down() -> None:
    found = assess(read(frame(people())))
    below = [found.classes.below, *(each.below for each in found.path)]
    assert below == sorted(below, reverse=True) and len(set(below)) == len(below) > 1
    assert below[-1] <= 0.05 * found.rows


def test_weights_that_count_people_give_the_population_risk() -> None:
    survey = read(frame(people()), design=Design(weights="weight"))
    found = assess(survey)
    assert found.fraction == pytest.approx(300 / people()["weight"].sum())
    assert found.classes.population is not None and 0 < found.classes.population < found.classes.unique
    assert assess(read(frame(people()))).classes.population is None


def test_an_age_group_adds_nothing_to_the_age() -> None:
    data = people()
    found = assess(read(frame({**data, "age_group": data["age"] // 10})))
    assert ("age_group", "age") in found.follows and "age_group" not in found.names


def test_nothing_to_assess_is_said() -> None:
    with pytest.raises(UsageError, match="--risk-on"):
        assess(read(frame({"opinion": ["yes", "no"] * 10})))
    with pytest.raises(UsageError, match="--fraction"):
        assess(read(frame(people())), fraction=1.5)


@pytest.mark.parametrize("form", ["terminal", "json", "csv", "markdown", "html"])
@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_no_value_of_anybody_is_shown(
    form: str, language: str, tmp_path: Path, run: Callable[..., Any]
) -> None:  # fmt: skip
    data = people(60)
    data["nationality"] = [f"Secretland{place % 25}" for place in range(60)]
    data["site"] = [f"Hiddenplace{place % 20}" for place in range(60)]
    path = tmp_path / "data.csv"
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(data)
        out.writerows(zip(*data.values(), strict=True))
    done = run("check", path, "--risk", "--format", form, "--lang", language)
    assert done.status == 0 and "Secret" not in done.out and "Hidden" not in done.out
    assert "nationality" in done.out


def test_the_example(example: Path, run: Callable[..., Any]) -> None:
    found = run("check", example / "transit.sav", "--risk", "--format", "json").json["risk"]
    assert found["rows"] == 531 and found["classes"]["smallest"] == 1
    assert "route_1 … route_8" in found["names"] and found["follows"]["age_group"] == "age"
