"""Counting where the respondents are gives what counting here gives: on DuckDB and polars, and on Spark where it is."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from aggregate.respondents import DESIGNS, REQUESTS, differences, results
from golden import parity

import surveytool as st
from surveytool.reading import cluster
from surveytool.reading.sidecar import KEY
from surveytool.recoding import declare
from surveytool.recoding.recode_types import Declared
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
    pushed = results(there, REQUESTS)
    told = [note.code for each in pushed.estimates for note in each.notes]
    assert ("df_bounded" in told) == (
        design in ("replicates", "factors")
    )  # who has which replicate weights is not counted there
    bare = [replace(each, notes=tuple(note for note in each.notes if note.code != "df_bounded"))
            for each in pushed.estimates]  # fmt: skip
    assert differences(replace(pushed, estimates=tuple(bare)), results(survey, REQUESTS)) == []


def test_what_needs_respondents_says_so(table: pa.Table) -> None:
    survey = st.read(table, design=DESIGNS["weights"])
    there = replace(survey, frame=Pushed(lazy(table, "polars"), table.column_names, survey.design))
    with pytest.raises(st.SurveytoolError, match="needs every respondent in memory"):
        results(there, [st.Request(variable="age", statistic="median", quantile_rule="hf7")])


def test_a_study_s_words_need_counts_only(table: pa.Table) -> None:
    """Labels, missing codes and order of answers, declared where no respondent is seen."""
    here = st.read(table, design=DESIGNS["weights"])
    there = replace(here, frame=Pushed(lazy(table, "polars"), table.column_names, here.design))
    for name, declared in (
        ("trust", Declared(label="Trust", missing={"refused": (5,)}, levels={"1": "None", "2": "Little"})),
        ("work", Declared(order=("other", "none"), levels={"formal": "With a contract"})),
        ("media", Declared(label="Media", levels={"wa": "WhatsApp"})),
    ):
        here, there = declare(here, name, declared), declare(there, name, declared)
    assert isinstance(there.frame, Pushed)
    assert there.codebook == here.codebook
    asked = [st.Request(variable=name, by=(("sex",),)) for name in ("trust", "work", "media")]
    assert differences(results(there, asked), results(here, asked)) == []


@pytest.mark.parametrize(("named", "table"), [
    ("survey.people", True), ("hive.survey.people", True), ("delta.`s3a://lake/people`", True),
    ("people.parquet", False), ("people.csv", False), ("waves/people", False), ("s3a://lake/people", False),
])  # fmt: skip
def test_a_table_is_known_by_its_name(named: str, table: bool) -> None:
    from surveytool.reading.cluster import is_table

    assert is_table(named) is table


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One local Spark for all tests of this file."""
    pytest.importorskip("pyspark")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java, which is not installed")
    from surveytool.reading.session import session

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
def test_spark_reads_tables_and_partitions(table: pa.Table, spark: Any, tmp_path: Path, run: Any) -> None:
    """A table by its name, a folder by partitions, and one of parts: what the whole file gives."""
    file, parted, parts = tmp_path / "people.parquet", tmp_path / "parted", tmp_path / "parts"
    pq.write_table(table, file)
    pq.write_to_dataset(table, parted, partition_cols=["stratum"])
    parts.mkdir()
    for place in range(3):
        pq.write_table(table.slice(place * 500, 500), parts / f"part-{place}.parquet")
    spark.read.parquet(str(file)).createOrReplaceTempView("respondents")
    asked = ("work", "--by", "sex", "-w", "w", "--strata", "stratum", "--psu", "psu", "--format", "json")
    theirs = [(row["estimate"], row["se"]) for row in run("summarize", file, *asked).json["rows"]]
    for source in ("respondents", str(parts), str(tmp_path / "par*s"), str(parted)):
        mine = run("summarize", source, *asked, "--engine", "spark")
        assert mine.status == 0, mine.err
        rows = [(row["estimate"], row["se"]) for row in mine.json["rows"]]
        assert [list(each) for each in rows] == [pytest.approx(list(each)) for each in theirs]
    study = tmp_path / "study.toml"
    study.write_text('[data]\npath = "respondents"\n[design]\nweights = "w"\nstrata = "stratum"\npsu = ["psu"]\n')
    mine = run("summarize", study, "work", "--by", "sex", "--format", "json", "--engine", "spark")
    assert mine.status == 0, mine.err
    assert [row["se"] for row in mine.json["rows"]] == pytest.approx([se for _, se in theirs])
    lost = run("summarize", "respondentes_2", *asked, "--engine", "spark")
    assert lost.status == 3 and "no table that Spark knows" in lost.err and lost.err.count("\n") == 1


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning", "ignore::FutureWarning")
def test_spark_keeps_what_a_file_says_of_itself(spark: Any, tmp_path: Path, run: Any) -> None:
    """Labels and missing kinds inside Parquet: without them a code that is no answer would be counted as one."""
    levels = [
        {"code": 1, "label": "Yes"}, {"code": 2, "label": "No"}, {"code": 9, "label": "Refused", "missing": "refused"}
    ]  # fmt: skip
    book = {"variables": [{"name": "q", "kind": "single", "label": "Asked", "levels": levels}], "sets": []}
    table = pa.table({"q": [1, 2, 9, 1, 2, 1] * 20, "w": [1.0, 2.0, 3.0, 1.5, 1.0, 2.0] * 20})
    file = tmp_path / "answers.parquet"
    pq.write_table(table.replace_schema_metadata({KEY: json.dumps(book).encode()}), file)
    here = run("summarize", file, "q", "-w", "w", "--format", "json")
    there = run("summarize", file, "q", "-w", "w", "--format", "json", "--engine", "spark")
    assert there.status == 0, there.err
    assert [(row["level"], row["n"]) for row in there.json["rows"]] == [("Yes", 100), ("No", 100)]
    assert [row["se"] for row in there.json["rows"]] == pytest.approx([row["se"] for row in here.json["rows"]])


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


def test_decimals_are_numbers_there_too() -> None:
    """Tables of databases and clusters hold decimals; their values are floats here."""
    cells = {"q": [1, 2, 3, 2, 1, 3] * 30, "price": ["1.10", "2.25", None, "3.30", "1.10", "2.25"] * 30}
    whole = pa.table({**cells, "w": [1.0, 2.0, 0.5] * 60})
    table = whole.set_column(1, "price", whole["price"].cast(pa.decimal128(9, 2)))
    here = st.read(table, design=DESIGNS["weights"])
    there = replace(here, frame=Pushed(lazy(table, "duckdb"), table.column_names, here.design))
    asked = [
        st.Request(variable="price", by=(("q",),), statistic="mean"),
        st.Request(variable="q", where="price > 1.1"),
        st.Request(variable="price", statistic="median"),
    ]
    assert differences(results(there, asked), results(here, asked)) == []


@pytest.mark.parametrize(("module", "uri", "unseen"), [
    ("pyspark.sql.connect.session", "s3a://lake/part.parquet", True),
    ("pyspark.sql.session", "s3a://lake/part.parquet", False),
    ("pyspark.sql.connect.session", f"file://{__file__}", False),
])  # fmt: skip
def test_a_codebook_that_cannot_be_looked_for_is_told(module: str, uri: str, unseen: bool) -> None:
    """Over Spark Connect missing codes inside the files would count as answers, and nobody would know."""
    session = type("SparkSession", (), {"__module__": module})()
    frame = SimpleNamespace(inputFiles=lambda: [uri], sparkSession=session)
    assert cluster._unseen(frame) is unseen
