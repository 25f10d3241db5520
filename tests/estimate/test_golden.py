"""R's survey package answered these requests; ours must give the same numbers."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from golden import inference, parity
from golden.scoreboard import agrees

FULL = parity.folder() == parity.SHARED


@pytest.mark.parametrize("statistic", parity.STATISTICS)
def test_estimates_and_errors(statistic: str) -> None:
    found = list(parity.pairs(statistic))
    assert found
    wrong = [pair for pair in found if not pair.explained and not pair.agrees()]
    assert wrong == []


@pytest.mark.parametrize("statistic", ["mean", "total", "ratio"])
def test_t_intervals(statistic: str) -> None:
    checked = 0
    for pair in parity.pairs(statistic):
        if pair.explained:
            continue
        assert pair.ours.df == pair.theirs["df"]
        for ours, theirs in (
            (pair.ours.ci_low, pair.theirs["ci_low_t"]),
            (pair.ours.ci_high, pair.theirs["ci_high_t"]),
        ):
            assert ours == pytest.approx(theirs, rel=1e-8, abs=1e-8 * max(1, abs(pair.theirs["estimate"]))), pair
            checked += 1
    assert checked > 20


def test_wald_intervals_of_proportions() -> None:
    for pair in parity.pairs("proportion"):
        if pair.explained or pair.theirs["estimate"] in (0, 1) or pair.theirs["se"] < 1e-12:
            continue
        assert pair.ours.ci_low == pytest.approx(max(0, pair.theirs["ci_low_t"]), abs=1e-8), pair
        assert pair.ours.ci_high == pytest.approx(min(1, pair.theirs["ci_high_t"]), abs=1e-8), pair


def test_intervals_of_proportions() -> None:
    found = list(parity.intervals())
    assert found
    wrong = [(case, method) for case, method, theirs, ours in found if not agrees(method, theirs, ours)]
    assert wrong == []


@pytest.mark.parametrize("kind", inference.KINDS)
def test_intervals_quantiles_tests_and_models(kind: str) -> None:
    """Each number to 1e-9, intervals and p values to 1e-7, but for those that R itself has wrong."""
    found = inference.numbers(kind)
    assert len(found) >= 15
    assert [each for each in found if not inference.reason(each) and not each.agrees()] == []


def test_what_r_has_wrong_is_exactly_this_and_not_far() -> None:
    found = [each for kind in inference.KINDS for each in inference.numbers(kind) if inference.reason(each)]
    tied = [each for each in found if inference.reason(each) == inference.TIES]
    assert len([each for each in tied if not each.agrees()]) < len(tied) / 4  # test_options asks R of sorted files
    found = [each for each in found if inference.reason(each) != inference.TIES]
    assert all(each.apart() < 1e-2 for each in found)
    wrong = {each.case for each in found if not each.agrees()}
    here = {case["id"] for case in parity.cases()}
    models = {f"{d}{f}/glm/{m}" for d in ("srs", "strat", "clus1", "clus2") for f in ("", "_nofpc")
              for m in ("quasibinomial", "quasipoisson")}  # fmt: skip
    assert wrong == (models | set(inference.LOWEST)) & here
    assert wrong


def test_models_agree_with_r_run_to_the_end() -> None:
    found = list(inference.exact_models())
    assert len(found) >= 64
    assert [each for each in found if not each.agrees()] == []


def test_what_is_explained_is_exactly_this() -> None:
    if not FULL:
        pytest.skip("the full reference answers (../shared/golden_api) are not beside the project")
    explained = Counter(pair.case for pair in parity.pairs("proportion") if pair.explained)
    assert set(explained) == {
        f"{design}/prop/yr.rnd/by/{by}" for design in ("srs", "srs_nofpc") for by in ("stype", "stype+sch.wide")
    }
    assert not any(pair.explained for stat in ("mean", "total", "ratio") for pair in parity.pairs(stat))


def test_degrees_of_freedom_are_those_of_the_domain() -> None:
    """Without given df: PSUs minus strata with respondents in the row's domain, counted here by hand."""
    import surveytool as st

    path = parity.folder() / "apiclus2.csv"
    with path.open(encoding="utf-8", newline="") as file:
        people = list(csv.DictReader(file))
    design = st.Design(weights="pw", psu=("dnum", "snum"), fpc=("fpc1", "fpc2"))
    found = st.summarize(path, "awards", by=["stype", "stype:sch.wide"], where="api00 > 600", design=design)
    for row in found.rows:
        inside = [
            person["dnum"]
            for person in people
            if float(person["api00"]) > 600 and person["awards"] and all(person[k] == v for k, v in row.by.items())
        ]
        assert row.n == len(inside)
        assert row.df == (len(set(inside)) - 1 if inside else None)


CLI = [
    ("apistrat", ["--strata", "stype", "--fpc", "fpc"], "strat", ["api00", "enroll"], ["stype", "sch.wide"]),
    ("apistrat", ["--strata", "stype"], "strat_nofpc", ["awards", "sch.wide", "api00"], ["stype"]),
    ("apiclus1", ["--psu", "dnum", "--fpc", "fpc"], "clus1", ["stype", "awards", "api00"], ["sch.wide"]),
    ("apiclus2", ["--psu", "dnum", "--psu", "snum", "--fpc", "fpc1", "--fpc", "fpc2"], "clus2",
     ["stype", "enroll", "api00"], ["stype"]),
]  # fmt: skip


@pytest.mark.parametrize(("dataset", "options", "design", "variables", "by"), CLI)
def test_the_same_through_the_command_line(
    run: Any, dataset: str, options: list[str], design: str, variables: list[str], by: list[str]
) -> None:
    breakdowns = [part for name in by for part in ("--by", name)]
    path = parity.folder() / f"{dataset}.csv"
    ran = run("summarize", path, *variables, *breakdowns, "-w", "pw", *options, "--format", "json")
    assert ran.status == 0, ran.err
    rows = {(r["variable"], r["level"], tuple(r["by"].items())): r for r in ran.json["rows"]}
    checked = 0
    for case in parity.cases():
        asked = case["request"]
        group = parity.names(asked.get("by"))
        if not case["id"].startswith(f"{design}/") or asked["stat"] not in ("mean", "proportion") or "domain" in asked:
            continue
        if asked["variable"] not in variables or len(group) > 1 or (group and group[0] not in by):
            continue
        for row in case["rows"]:
            level = row["level"].removeprefix(asked["variable"]) or None
            ours = rows[asked["variable"], level, tuple((name, row[name]) for name in group)]
            assert ours["estimate"] == pytest.approx(row["estimate"], rel=1e-9)
            assert ours["se"] == pytest.approx(row["se"], rel=1e-9)
            checked += 1
    assert checked >= 10


@pytest.mark.parametrize("method", ["JK1", "JKn", "bootstrap"])
def test_replicates_through_the_command_line(run: Any, method: str) -> None:
    if not FULL:
        pytest.skip("the full reference answers (../shared/golden_api) are not beside the project")
    path = parity.SHARED / f"api_rep_{method}.csv"
    options = ["--replicate-weights", "rw*", "--replicate-method", method.lower()]
    ran = run(
        "summarize", path, "api00", "enroll", "stype", "--by", "sch.wide", "-w", "pw", *options, "--format", "json"
    )
    assert ran.status == 0, ran.err
    rows = {(r["variable"], r["level"], tuple(r["by"].items())): r for r in ran.json["rows"]}
    for variable, kind in (("api00", "mean"), ("enroll", "mean"), ("stype", "prop")):
        for case in (f"rep_{method}/{kind}/{variable}", f"rep_{method}/{kind}/{variable}/by/sch.wide"):
            found = next(each for each in parity.cases() if each["id"] == case)
            for row in found["rows"]:
                level = row["level"].removeprefix(variable) or None
                by = (("sch.wide", row["sch.wide"]),) if "sch.wide" in row else ()
                ours = rows[variable, level, by]
                assert ours["estimate"] == pytest.approx(row["estimate"], rel=1e-9)
                assert ours["se"] == pytest.approx(row["se"], rel=1e-9)


@pytest.mark.parametrize("policy", ["remove", "certainty", "adjust", "average"])
def test_lonely_psu_through_the_command_line(run: Any, policy: str) -> None:
    path = parity.folder() / "apistrat_lonely.csv"
    ran = run("summarize", path, "api00", "-w", "pw", "--strata", "stype", "--lonely-psu", policy, "--format", "json")
    case = next(each for each in parity.cases() if each["id"] == f"lonely/{policy}/mean/api00")
    assert ran.json["rows"][0]["se"] == pytest.approx(case["rows"][0]["se"], rel=1e-9)
    assert any("H" in note for note in ran.json["tables"][0]["notes"])


def test_the_part_in_the_project_is_a_part_of_the_whole() -> None:
    if not FULL:
        pytest.skip("the full reference answers (../shared/golden_api) are not beside the project")
    whole = {
        case["id"]: case for case in json.loads((parity.SHARED / "golden.json").read_text(encoding="utf-8"))["cases"]
    }
    part = json.loads((Path(parity.HERE) / "golden.json").read_text(encoding="utf-8"))["cases"]
    assert len(part) > 60
    assert all(whole[case["id"]] == case for case in part)
