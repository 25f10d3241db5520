"""Counting where the respondents are gives what counting here gives: on DuckDB and polars, and on Spark where it is."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from engines.conftest import DESIGNS, REQUESTS, differences, results
from golden import parity

import surveytool as st
from surveytool.stream import Pushed


def lazy(table: pa.Table, engine: str) -> Any:
    if engine == "polars":
        return pytest.importorskip("polars").from_arrow(table).lazy()
    return pytest.importorskip("duckdb").from_arrow(table)


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("design", DESIGNS)
def test_a_lazy_frame_is_rows_in_memory(table: pa.Table, design: str, engine: str) -> None:
    survey = st.read(table, design=DESIGNS[design])
    there = replace(survey, frame=Pushed(lazy(table, engine), table.column_names, survey.design))
    assert differences(results(there, REQUESTS), results(survey, REQUESTS)) == []


def test_what_needs_respondents_says_so(table: pa.Table) -> None:
    survey = st.read(table, design=DESIGNS["weights"])
    there = replace(survey, frame=Pushed(lazy(table, "polars"), table.column_names, survey.design))
    with pytest.raises(st.SurveytoolError, match="needs every respondent in memory"):
        results(there, [st.Request(variable="age", statistic="median", quantile_rule="hf7")])


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One local Spark for all tests of this file."""
    pytest.importorskip("pyspark")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java, which is not installed")
    from surveytool.reading.cluster import session

    made = session("local[1]")
    yield made
    made.stop()


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning", "ignore::FutureWarning")
def test_spark_is_rows_in_memory(table: pa.Table, spark: Any, tmp_path: Path, run: Any) -> None:
    file = tmp_path / "people.parquet"
    pq.write_table(table, file)
    columns = ["work", "income", "sex", "age_group", "media"]
    for design, places in (("strata and psu", (0, 5, 11)), ("strata", (5,))):
        here = st.read(file, design=DESIGNS[design], columns=columns)
        there = st.read(file, design=DESIGNS[design], columns=columns, engine="spark")
        assert isinstance(there.frame, Pushed)
        assert there.codebook == here.codebook
        asked = [REQUESTS[place] for place in places]
        assert differences(results(there, asked), results(here, asked)) == []
    options = ("work", "--by", "sex", "-w", "w", "--psu", "psu", "--format", "json")
    mine, theirs = run("summarize", file, *options, "--engine", "spark"), run("summarize", file, *options)
    assert mine.status == 0, mine.err
    assert [row["se"] for row in mine.json["rows"]] == pytest.approx([row["se"] for row in theirs.json["rows"]])
    refused = run("summarize", file, "age", "--stat", "median", "--quantile-rule", "hf7", "--engine", "spark")
    assert refused.status == 2 and "respondent in memory" in refused.err


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning", "ignore::FutureWarning")
def test_r_agrees_with_spark(spark: Any, tmp_path: Path) -> None:
    """Means and totals of two-stage and stratified samples, as R's survey package has them."""
    checked = 0
    for dataset in ("apiclus1", "apistrat"):
        cases = [each for each in parity.cases() if each["dataset"] == dataset and wanted(each)][:2]
        file = tmp_path / f"{dataset}.parquet"
        pq.write_table(st.read(parity.folder() / f"{dataset}.csv").frame, file)
        for case in cases:
            design = parity.design_of(case["design"], case["rows"][0]["df"])
            request = st.Request(variable=case["request"]["variable"], statistic=case["request"]["stat"])
            survey = st.read(file, design=design, columns=[request.variable], engine="spark")
            for ours, theirs in zip(results(survey, [request]).estimates[0].rows, case["rows"], strict=True):
                assert ours.estimate == pytest.approx(theirs["estimate"], rel=1e-9)
                assert ours.se == pytest.approx(theirs["se"], rel=1e-9)
                checked += 1
    assert checked >= 3


def wanted(case: dict[str, Any]) -> bool:
    asked, design = case["request"], case["design"]
    plain = asked["stat"] in ("mean", "total") and not asked.get("by") and not asked.get("domain")
    return plain and asked.get("variable") in ("api00", "enroll") and "replicate_weights" not in design


def test_spark_reads_parquet_only(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("a\n1\n2\n", encoding="utf-8")
    done = run("summarize", file, "a", "--engine", "spark")
    assert done.status == 2 and "Parquet" in done.err
