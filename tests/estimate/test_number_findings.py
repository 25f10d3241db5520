"""Figures that were wrong or left something unsaid: each with its right value, reckoned here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

Run = Callable[..., Any]


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    names = list(rows[0])
    lines = [",".join(names), *(",".join(str(row[name]) for name in names) for row in rows)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def two_stages(tmp_path: Path, lonely: dict[tuple[int, int], bool]) -> tuple[Path, list[dict[str, Any]]]:
    """Two strata of three PSUs; of each PSU two second units of three people, of the lonely ones one."""
    dice = np.random.default_rng(3)
    rows = [
        {"h": h, "p": p, "q": q, "n1": 9, "n2": 5, "w": round(float(dice.uniform(1, 3)), 2),
         "y": round(float(dice.normal(50, 9)), 2), "dom": "out" if (h, p) in lonely else "in"}
        for h in range(2) for p in range(3) for q in range(1 if (h, p) in lonely else 2) for _ in range(3)
    ]  # fmt: skip
    return write(tmp_path / "two.csv", rows), rows


STAGES = ("--strata", "h", "--psu", "p", "--psu", "q", "--fpc", "n1", "--fpc", "n2", "-w", "w", "--stat", "mean",
          "--kind", "y=number", "--format", "json")  # fmt: skip


def test_the_policy_average_gives_lonely_units_of_a_later_stage_the_mean_of_others(run: Run, tmp_path: Path) -> None:
    file, rows = two_stages(tmp_path, {(0, 0): True})
    ran = run("summarize", file, "y", *STAGES, "--lonely-psu", "average")
    assert ran.status == 0, ran.err
    w, y = (np.array([row[name] for row in rows]) for name in ("w", "y"))
    z = w * (y - (w @ y) / w.sum()) / w.sum()
    first, later = 0.0, 0.0
    for h in range(2):
        psus = [sum(z[i] for i, row in enumerate(rows) if (row["h"], row["p"]) == (h, p)) for p in range(3)]
        first += (1 - 3 / 9) * 3 / 2 * sum((psu - np.mean(psus)) ** 2 for psu in psus)
        for p in range(3):
            own = {row["q"] for row in rows if (row["h"], row["p"]) == (h, p)}
            units = [
                sum(z[i] for i, row in enumerate(rows) if (row["h"], row["p"], row["q"]) == (h, p, q)) for q in own
            ]
            if len(units) > 1:
                later += 3 / 9 * (1 - 2 / 5) * 2 * sum((unit - np.mean(units)) ** 2 for unit in units)
    assert ran.json["rows"][0]["se"] == pytest.approx(np.sqrt(first + later * 6 / 5))  # six PSUs, five tell
    assert any("stage 2" in note for note in ran.json["tables"][0]["notes"])


def test_a_lonely_unit_outside_of_the_domain_is_no_reason_to_refuse(run: Run, tmp_path: Path) -> None:
    file, _ = two_stages(tmp_path, {(0, 0): True})
    assert run("summarize", file, "y", *STAGES).status == 4
    ran = run("summarize", file, "y", *STAGES, "--where", "dom == 'in'")
    assert ran.status == 0, ran.err


def people(tmp_path: Path) -> Path:
    dice = np.random.default_rng(5)
    rows = [
        {"w": round(float(dice.uniform(1, 5)), 2), "a": "xyz"[int(dice.integers(3))], "b": "uv"[int(dice.integers(2))],
         "edu": ["Low", "Medium", "High", "Very high"][int(dice.integers(4))], "y": round(float(dice.normal(50, 9)), 1),
         "band": ["5-9", "10-14", "15-19"][int(dice.integers(3))], "m_1": int(dice.integers(2)),
         "m_2": int(dice.integers(2))}
        for _ in range(200)
    ]  # fmt: skip
    return write(tmp_path / "people.csv", rows)


def test_trimmed_weights_meet_margins_and_limits_or_say_what_they_miss(run: Run, tmp_path: Path) -> None:
    file, target = people(tmp_path), tmp_path / "t.csv"
    margins = ("--margin", "a: x=0.5,y=0.3,z=0.2", "--margin", "b: u=0.4,v=0.6")
    ran = run("weight", file, "-w", "w", *margins, "--trim", "0.4,2", "-o", target)
    assert ran.status == 0 and "missed" not in ran.err and "--calibrated-to a" not in ran.err, ran.err
    rows = run("summarize", target, "a", "-w", "calibrated_weight", "--format", "json").json["rows"]
    assert [row["estimate"] for row in rows] == pytest.approx([0.5, 0.3, 0.2])
    assert all(row["se"] > 0 for row in rows)
    tied = ("--base-weights", "w", "--calibrated-to", "a", "--calibrated-to", "b")
    refused = run("summarize", target, "a", "-w", "calibrated_weight", *tied)
    assert refused.status == 4 and "--calibrated-to" in refused.err
    narrow = run("weight", file, "-w", "w", *margins, "--trim", "0.95,1.05", "-o", tmp_path / "n.csv")
    assert "missed by up to" in narrow.err and "--calibrated-to" in narrow.err


def test_bounds_are_the_factors_that_are_reported(run: Run, tmp_path: Path) -> None:
    file = people(tmp_path)
    whole = ("--margin", "a: x=500000,y=300000,z=200000", "--method", "logit", "--bounds", "0.3,3")
    ran = run("weight", file, *whole, "-o", tmp_path / "b.csv")
    assert ran.status == 0 and "multiplied by 5,000" in ran.err, ran.err
    tight = ("--margin", "a: x=320,y=180,z=120", "-w", "w", "--method", "linear", "--bounds", "0.5,2")
    ran = run("weight", file, *tight, "-o", tmp_path / "c.csv")
    assert ran.status == 0, ran.err
    pairs = [line.split(",") for line in (tmp_path / "c.csv").read_text(encoding="utf-8").splitlines()]
    new, old = (pairs[0].index(name) for name in ("calibrated_weight", "w"))
    factors = [float(row[new]) / float(row[old]) for row in pairs[1:]]
    assert f"new over old weight {min(factors):.3f} to {max(factors):.3f}" in ran.err
    assert min(factors) >= 0.5 - 1e-9 and max(factors) <= 2 + 1e-9


@pytest.mark.parametrize(("margin", "good"), [
    ("a: x=0.5,y=0.3,z=0.2", True), ("a: x=0.333,y=0.333,z=0.333", True), ("a: x=33.3,y=33.3,z=33.3", True),
    ("a: x=0.4,y=0.3,z=0.296", False), ("a: x=40.0,y=30.5,z=29.1", False), ("a: x=0.5,y=0.3,z=0.25", False),
])  # fmt: skip
def test_shares_add_up_within_rounding_or_are_refused(run: Run, tmp_path: Path, margin: str, good: bool) -> None:
    ran = run("weight", people(tmp_path), "-w", "w", "--margin", margin, "-o", tmp_path / "s.csv")
    assert (ran.status == 0) == good and ("sum to" in ran.err) != good, ran.err


def without_scale(path: Path) -> Path:
    """The file with words that are no known scale: those of the scale have an order of their own."""
    text = path.read_text(encoding="utf-8")
    for word, other in (("Very high", "Heron"), ("Low", "Otter"), ("Medium", "Bison"), ("High", "Lynx")):
        text = text.replace(word, other)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_known_scale_has_its_order(run: Run, tmp_path: Path) -> None:
    asked = ("y", "--by", "edu", "--kind", "y=number", "--stat", "mean", "--test", "trend", "--format", "json")
    ran = run("compare", people(tmp_path), *asked)
    assert ran.json["tests"][0]["order"] == ["Low", "Medium", "High", "Very high"]


def test_a_trend_names_its_order_and_needs_one(run: Run, tmp_path: Path) -> None:
    file = without_scale(people(tmp_path))
    asked = ("compare", file, "y", "--kind", "y=number", "--stat", "mean", "--test", "trend", "--by")
    refused = run(*asked, "edu")
    assert refused.status == 2 and "without an order" in refused.err and "order = " in refused.err
    ran = run(*asked, "band")
    assert ran.status == 0 and "(5-9, 10-14, 15-19)" in " ".join(ran.out.split())
    assert run(*asked, "band", "--format", "json").json["tests"][0]["order"] == ["5-9", "10-14", "15-19"]
    study = tmp_path / "study.toml"
    study.write_text(
        '[data]\npath = "people.csv"\n[variables.edu]\norder = ["Otter", "Bison", "Lynx", "Heron"]\n',
        encoding="utf-8",
    )
    given = run(
        "compare",
        study,
        "y",
        "--kind",
        "y=number",
        "--stat",
        "mean",
        "--test",
        "trend",
        "--by",
        "edu",
        "--format",
        "markdown",
    )
    assert given.status == 0 and "(Otter, Bison, Lynx, Heron)" in given.out, given.err


def test_a_test_that_cannot_be_computed_is_named_with_the_reason(run: Run, tmp_path: Path) -> None:
    dice = np.random.default_rng(1)
    rows = [{"p": p, "c": "abcd"[int(dice.integers(4))], "g": "uvwxyz"[int(dice.integers(6))]}
            for p in range(6) for _ in range(9)]  # fmt: skip
    file = write(tmp_path / "sparse.csv", rows)
    asked = ("compare", file, "c", "--by", "g", "--psu", "p", "--test", "rao-scott-f", "--test", "wald")
    tests = run(*asked, "--format", "json").json["tests"]
    assert [test["test"] for test in tests] == ["rao-scott-f", "wald"]
    assert tests[1]["p"] is None and tests[1]["reason"] == "df"
    assert "too few degrees of freedom" in run(*asked, "--format", "markdown").out


def test_two_p_values_of_one_difference_are_explained(run: Run, tmp_path: Path) -> None:
    asked = ("compare", people(tmp_path), "y", "--kind", "y=number", "--stat", "mean", "--by", "b", "--format", "json")
    made = run(*asked).json
    by_name = {test["test"]: test for test in made["tests"]}
    assert by_name["t"]["df2"] == by_name["difference"]["df2"] - 1
    assert any("one degree of freedom less" in note for note in made["tables"][0]["notes"])


def test_chose_none_and_no_answer_are_told_apart(run: Run, tmp_path: Path) -> None:
    rows = [{"q": "ab"[i % 2], "n_1": "" if i < 5 else int(i % 4 == 0), "n_2": "" if i < 5 else int(i % 3 == 0)}
            for i in range(60)]  # fmt: skip
    write(tmp_path / "m.csv", rows)
    study = tmp_path / "m.toml"
    study.write_text(
        '[data]\npath = "m.csv"\n[[recodes]]\nname = "n"\ntype = "multiple"\ncolumns = ["n_1", "n_2"]\ncounted = 1\n',
        encoding="utf-8",
    )
    ran = run("summarize", study, "q", "--by", "n", "--format", "json")
    assert ran.status == 0, ran.err
    none = sum(i >= 5 and i % 4 != 0 and i % 3 != 0 for i in range(60))
    notes = " ".join(ran.json["tables"][0]["notes"])
    assert "5 respondents without an answer to n" in notes
    assert f"{none} respondents chose none of n" in notes


@pytest.mark.parametrize("quality", ["nchs", "cepal-2020", "cepal-2023", "ine-chile", "statcan", "min-n:50"])
def test_a_group_in_one_psu_is_withheld_by_every_scheme(run: Run, tmp_path: Path, quality: str) -> None:
    dice = np.random.default_rng(2)
    rows = [{"psu": psu, "district": "Border" if psu == 0 else "North" if psu < 13 else "South",
             "q": "Yes" if dice.random() < 0.4 else "No"} for psu in range(25) for _ in range(12)]  # fmt: skip
    file = write(tmp_path / "d.csv", rows)
    asked = ("summarize", file, "q", "--by", "district", "--psu", "psu", "--quality", quality, "--format", "json")
    found = [row for row in run(*asked).json["rows"] if row["by"].get("district") == "Border"]
    assert found and all(row["estimate"] is None and row["se"] is None and row["n"] == 12 for row in found)


def test_the_error_of_a_domain_in_one_psu_is_no_floating_noise(run: Run, tmp_path: Path) -> None:
    rows = [{"psu": psu, "dom": "in" if psu == 0 else "out", "y": 0.1 * i + psu / 3, "w": 1.7} for psu in range(8)
            for i in range(7)]  # fmt: skip
    asked = ("summarize", write(tmp_path / "z.csv", rows), "y", "--kind", "y=number", "--psu", "psu", "-w", "w", "--by",
             "dom", "--format", "json")  # fmt: skip
    (row,) = [row for row in run(*asked).json["rows"] if row["by"] == {"dom": "in"}]
    assert row["se"] == 0 and row["df"] == 0 and row["cv"] is None and row["ci_low"] is None
    assert row["flag"] == "no_df"


def test_an_order_that_leaves_a_word_out_is_none(run: Run, tmp_path: Path) -> None:
    """The word that is left out would stand at the end, as if it were the highest step."""
    without_scale(people(tmp_path))
    study = tmp_path / "part.toml"
    head = '[data]\npath = "people.csv"\n[variables.edu]\n'
    study.write_text(head + 'order = ["Otter", "Bison", "Lynx"]\n', encoding="utf-8")
    asked = ("compare", study, "y", "--by", "edu", "--kind", "y=number", "--stat", "mean")
    ran = run(*asked, "--test", "trend")
    assert ran.status == 2 and "order of all of them" in ran.err
    assert run(*asked, "--test", "wald").status == 0


def test_a_test_that_is_not_for_the_question_is_named_and_both_of_two_groups_stand(run: Run, tmp_path: Path) -> None:
    file = without_scale(people(tmp_path))
    asked = ("compare", file, "y", "--kind", "y=number", "--stat", "mean", "--format", "json")
    tests = run(*asked, "--by", "band", "--test", "t", "--test", "wald", "--test", "rao-scott-f").json["tests"]
    told = {test["test"]: test.get("reason") for test in tests}
    assert told == {"wald": None, "t": "groups", "rao-scott-f": "numbers"}
    two = run(*asked, "--by", "band", "--where", "band != '5-9'", "--test", "t", "--test", "wald").json["tests"]
    t, wald = (next(test for test in two if test["test"] == name) for name in ("t", "wald"))
    assert wald["statistic"] == pytest.approx(t["statistic"] ** 2)
    ran = run("compare", file, "band", "--by", "edu", "--test", "rank", "--test", "wald", "--lang", "fr")
    assert "compare des nombres" in " ".join(ran.out.split())
