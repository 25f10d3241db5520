"""Doubt: coverage from the user's own design and data, the same in Python and on the command line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import surveytool as st

Run = Callable[..., Any]
PSU = ("-w", "w", "--psu", "psu")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """30 sites of 12, an answer that few sites have, an answer that all have, and numbers."""
    dice = np.random.default_rng(11)
    psu = np.repeat(np.arange(30), 12)
    frame = pd.DataFrame({"psu": psu, "stratum": psu // 10, "w": dice.lognormal(0, 0.3, 360).round(3)})
    rate = np.where(psu < 5, 0.5, 0.0)
    frame["few"] = np.where(dice.random(360) < rate, "yes", "no")
    frame["many"] = np.where(dice.random(360) < 0.4, "yes", "no")
    frame["all"] = "yes"
    frame["value"] = dice.normal(50, 10, 360).round(2)
    found = tmp_path / "sites.csv"
    frame.to_csv(found, index=False)
    return found


def covered(ran: Any, level: str | None = "yes") -> float:
    assert ran.status == 0, ran.err
    return float(next(row["covered"] for row in ran.json["rows"] if row["level"] == level))


def test_the_level_asked_for_is_about_the_coverage_found_where_nothing_is_wrong(run: Run, path: Path) -> None:
    for level in (0.5, 0.8, 0.95):
        asked = ("doubt", path, "value", "--kind", "value=number", "--level", level, "--draws", 400, "--format", "json")
        assert covered(run(*asked), None) == pytest.approx(level, abs=4 * (level * (1 - level) / 400) ** 0.5 + 0.01)


def test_wald_is_doubted_more_than_the_default_where_few_sites_have_the_answer(run: Run, path: Path) -> None:
    asked = ("doubt", path, "few", *PSU, "--draws", 300, "--format", "json")
    default, wald = run(*asked), run(*asked, "--ci", "wald")
    assert covered(default) > covered(wald)
    assert covered(default) >= 0.92
    shown = run("doubt", path, "few", *PSU, "--draws", 300, "--ci", "wald")
    assert "%*" in shown.out and "fewer intervals hold the truth" in shown.out


def test_a_sample_without_the_clusters_is_doubted_as_what_it_is_told_to_be(run: Run, path: Path) -> None:
    """Units drawn are those of the design: without PSUs they are respondents."""
    ran = run("doubt", path, "few", "--draws", 20, "--format", "json")
    assert ran.json["simulation"] == {"draws": 20, "seed": 1, "units": 360}
    strata = run("doubt", path, "few", *PSU, "--strata", "stratum", "--draws", 20, "--format", "json")
    assert strata.json["simulation"]["units"] == 30


def test_the_seed_decides_and_python_says_the_same(run: Run, path: Path) -> None:
    asked = ("doubt", path, "many", "--by", "few", *PSU, "--draws", 40, "--format", "json")
    first, again, other = run(*asked), run(*asked), run(*asked, "--seed", 2)
    assert first.out == again.out != other.out
    design = st.Design(weights="w", psu=("psu",))
    here = st.doubt(path, "many", by="few", design=design, draws=40)
    keys = ("covered", "below", "above", "samples")
    theirs = [tuple(row[key] for key in keys) for row in first.json["rows"]]
    assert [tuple(getattr(row, key) for key in keys) for row in here.rows] == theirs
    for row in here.rows:
        assert row.covered is not None and row.below is not None and row.above is not None
        assert row.covered + row.below + row.above == pytest.approx(1)


def test_nobody_and_everybody_are_not_doubted(run: Run, path: Path) -> None:
    ran = run("doubt", path, "all", *PSU, "--draws", 10, "--format", "json")
    assert [row["covered"] for row in ran.json["rows"]] == [None]
    assert "0% and 100%" in run("doubt", path, "all", *PSU, "--draws", 10).out


def test_rows_are_those_of_summarize_with_columns_more(run: Run, path: Path) -> None:
    asked = (path, "many", "--by", "few", *PSU)
    plain = run("summarize", *asked, "--format", "json").json["rows"]
    doubted = run("doubt", *asked, "--draws", 10, "--format", "json").json["rows"]
    more = {"covered", "below", "above", "samples"}
    assert [{key: row[key] for key in row if key not in more} for row in doubted] == plain
    table = list(csv.DictReader(io.StringIO(run("doubt", *asked, "--draws", 10, "--format", "csv").out)))
    assert len(table) == len(plain) and more <= set(table[0])


def test_withheld_rows_stay_withheld(run: Run, path: Path) -> None:
    ran = run(
        "doubt", path, "few", "--by", "psu", *PSU, "--draws", 10, "--protect", "--min-cell", 10, "--format", "json"
    )
    assert ran.status == 0, ran.err
    gone = [row for row in ran.json["rows"] if row["flag"] == "suppressed"]
    assert gone and all(row["covered"] is None and row["samples"] == 0 for row in gone)


def test_samples_of_protected_data_cannot_be_drawn_without_the_data(run: Run, path: Path) -> None:
    """Elsewhere the seed alone gives the draws; here they hang on every answer, so that no candidate can be tried."""
    asked = ("doubt", path, "many", *PSU, "--draws", 40, "--format", "json")
    told = [[(row["covered"], row["below"]) for row in run(*asked, *more).json["rows"]]
            for more in ((), ("--protect",), ("--protect",))]  # fmt: skip
    assert told[1] == told[2] and told[0] != told[1]


def test_a_number_of_samples_that_is_none_is_refused(run: Run, path: Path) -> None:
    ran = run("doubt", path, "many", "--draws", 3)
    assert ran.status == 2 and "--draws" in ran.err


@pytest.mark.parametrize(("lang", "words"), [("en", "Holds the"), ("es", "Contiene la"), ("fr", "Contient la")])
def test_it_speaks_the_readers_language(run: Run, path: Path, lang: str, words: str) -> None:
    ran = run("doubt", path, "many", *PSU, "--draws", 10, "--lang", lang)
    assert words in ran.out
    json.loads(run("doubt", path, "many", *PSU, "--draws", 10, "--lang", lang, "--format", "json").out)
