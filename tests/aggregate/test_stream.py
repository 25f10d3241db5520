"""The pass over a stream gives what rows in memory give, whatever is asked and however the sample was drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from aggregate.respondents import DESIGNS, REQUESTS, differences, results
from golden import parity
from golden.scoreboard import agrees

import surveytool as st
from surveytool.aggregate import collect, cube_plan, stream_pass
from surveytool.reading import columnar
from surveytool.stream import Stream, TableSource
from surveytool.stream import stream as stream_module


@pytest.fixture
def forced(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Small data go by as large ones; the list holds how many cubes each pass filled."""
    filled: list[int] = []
    fill = stream_pass.fill

    def counted(stream: Any, design: Any, specs: Any, *more: Any) -> Any:
        filled.append(len(specs))
        return fill(stream, design, specs, *more)

    monkeypatch.setattr(collect, "LARGE", 0)
    monkeypatch.setattr(stream_pass, "fill", counted)
    yield filled


@pytest.mark.parametrize("statistic", parity.STATISTICS)
def test_r_agrees(statistic: str, forced: list[int]) -> None:
    wrong = [pair for pair in parity.pairs(statistic) if not pair.explained and not pair.agrees()]
    assert wrong == []
    assert sum(forced) >= 5


def test_r_agrees_on_intervals(forced: list[int]) -> None:
    assert [case for case, method, theirs, ours in parity.intervals() if not agrees(method, theirs, ours)] == []
    assert forced


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("joint", [True, False], ids=["crossed", "apart"])
def test_a_stream_is_rows_in_memory(
    table: pa.Table, design: str, joint: bool, forced: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    survey = st.read(table, design=DESIGNS[design])
    mine_first = results(survey)
    monkeypatch.setattr(collect, "LARGE", 10**9)
    theirs = results(survey)
    monkeypatch.setattr(collect, "LARGE", 0)
    monkeypatch.setattr(cube_plan, "JOINT", 10**7 if joint else 0)
    monkeypatch.setattr(cube_plan, "AT_ONCE", 10**9)
    monkeypatch.setattr(stream_module, "BLOCK", 200)
    mine = results(survey)
    assert differences(mine, theirs) == []
    assert differences(mine_first, theirs) == []
    assert forced[-1] >= (10 if joint else 16)


def test_a_file_is_read_once_where_its_codes_are_small_and_twice_where_not(
    table: pa.Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "people.parquet"
    pq.write_table(table, file, row_group_size=400)
    plain = st.read(file, design=DESIGNS["strata and psu"])
    assert isinstance(plain.frame, pa.Table)
    monkeypatch.setattr(columnar, "LARGE", 0)
    monkeypatch.setattr(stream_module, "BLOCK", 300)
    once = st.read(file, design=DESIGNS["strata and psu"], stream=True)
    assert isinstance(once.frame, Stream) and once.frame.kept
    asked = [replace(each) for each in REQUESTS if each.variable != "income" or each.statistic != "median"]
    first = results(once, asked)
    assert once.frame.passes == 1
    assert differences(first, results(plain, asked)) == []
    options = {name for each in plain.codebook.values() if each.kind == "multiple" for name in each.columns}
    assert list(once.codebook) == list(plain.codebook)
    assert {name: each for name, each in once.codebook.items() if name not in options} == {
        name: each for name, each in plain.codebook.items() if name not in options
    }  # single options: see respondents.told

    names = list(table.column_names)
    twice = Stream(columnar.ParquetSource([file]), names, once.design, keep=1000)
    assert not twice.kept
    second = results(replace(once, frame=twice), asked)
    assert twice.passes == 2
    assert differences(second, first, relative=0.0) == []


def test_folders_and_patterns_are_one_file(run: Any, table: pa.Table, tmp_path: Path) -> None:
    pq.write_table(table, tmp_path / "whole.parquet")
    folder = tmp_path / "waves"
    folder.mkdir()
    for place in range(3):
        pq.write_table(table.slice(place * 500, 500), folder / f"part-{place}.parquet")
    options = ("work", "--by", "sex", "-w", "w", "--format", "csv")
    whole = run("summarize", tmp_path / "whole.parquet", *options)
    assert whole.status == 0, whole.err
    for source in (folder, folder / "part-*.parquet"):
        parts = run("summarize", source, *options)
        assert parts.status == 0, parts.err
        assert parts.out == whole.out


def test_other_columns_in_one_of_the_files_are_an_error(run: Any, table: pa.Table, tmp_path: Path) -> None:
    pq.write_table(table, tmp_path / "a.parquet")
    pq.write_table(table.drop_columns(["income"]), tmp_path / "b.parquet")
    done = run("summarize", tmp_path, "work")
    assert done.status == 3
    assert "other columns" in done.err and "income" in done.err


def test_bad_weights_and_blank_units_name_their_rows(table: pa.Table) -> None:
    weights = table.column("w").to_pylist()
    weights[7], weights[900] = None, None
    bad = table.set_column(0, "w", pa.array(weights))
    stream = Stream(TableSource(bad), ["w", "sex"], DESIGNS["weights"])
    survey = replace(st.read(bad, design=DESIGNS["weights"]), frame=stream)
    with pytest.raises(st.SurveytoolError, match=r"weights are missing in 2 rows \(data row 8, 901\)"):
        results(survey, [st.Request(variable="sex")])
    psu = table.column("psu").to_pylist()
    psu[41] = None
    lost = table.set_column(2, "psu", pa.array(psu))
    stream = Stream(TableSource(lost), ["w", "sex", "psu"], DESIGNS["psu"])
    survey = replace(st.read(lost, design=DESIGNS["psu"]), frame=stream)
    with pytest.raises(st.SurveytoolError, match=r"PSU is missing in 1 row \(data row 42\)"):
        results(survey, [st.Request(variable="sex")])


def without_options(tables: Any) -> Any:
    """Tables without the note that single options of people who were not asked are no answer: memory only."""
    return [
        {**each, "notes": [note for note in each["notes"] if "An option that says no" not in note]} for each in tables
    ]


def test_csv_in_batches_is_csv_in_one_piece(
    run: Any, table: pa.Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyarrow.csv as pc

    from surveytool.reading import delimited, delimited_stream

    file = tmp_path / "people.csv"
    pc.write_csv(table, file)
    text = file.read_text(encoding="utf-8").split("\n")
    text[5] = text[5].replace('"M"', '"NA"')
    file.write_text("\n".join(text), encoding="utf-8")
    asked = ("work", "trust", "age", "income", "media", "--by", "sex", "--by", "age_group", "-w", "w")
    options = (*asked, "--strata", "stratum", "--psu", "psu", "--format", "json")
    whole = run("summarize", file, *options)
    assert whole.status == 0, whole.err
    monkeypatch.setattr(delimited, "MANY", 0)
    monkeypatch.setattr(delimited, "PARALLEL", 0)
    coded = run("summarize", file, *options)
    monkeypatch.setattr(delimited, "LARGE", 0)
    monkeypatch.setattr(delimited_stream, "BYTES", 30_000)
    monkeypatch.setattr(delimited_stream, "MOST_TEXTS", 900)
    batches = run("summarize", file, *options)
    for found in (coded, batches):
        assert found.status == 0, found.err
        assert without_options(found.json["tables"]) == without_options(whole.json["tables"])
        for mine, theirs in zip(found.json["rows"], whole.json["rows"], strict=True):
            assert mine.keys() == theirs.keys()
            for name, value in theirs.items():
                assert mine[name] == (pytest.approx(value, rel=1e-9) if isinstance(value, float) else value)


@pytest.mark.parametrize(
    "texts",
    [
        ["1", "2", None, "1"],
        ["1", "1.0", " 1", "2.5"],
        ["3", "NA", ".", None],
        ["007", "12"],
        ["0.5", "-3.25", "12", None],
        ["1234567890123456", "1"],
        ["123456789012345", "-0"],
        ["1e3", "2"],
        ["2020-01-31", "2021-02-28"],
        ["yes", "no", "yes", None],
        [None, None],
    ],
    ids=str,
)
def test_codes_of_texts_are_what_the_texts_are(texts: list[str | None]) -> None:
    from surveytool.reading.number_marks import decided
    from surveytool.reading.typed_text import examined, typed

    column = pa.chunked_array([pa.array(texts, pa.string())])
    looked = [examined(column), examined(column, coded=True)]
    styles = [decided({"q": each.written}, ",").chosen.get("q") for each in looked]
    plain, coded = typed(looked[0], styles[0]), typed(looked[1], styles[1], coded=True)
    opened = coded.column.dictionary_decode() if isinstance(coded.column, pa.DictionaryArray) else coded.column
    if isinstance(opened, pa.ChunkedArray) and pa.types.is_dictionary(opened.type):
        opened = opened.combine_chunks().dictionary_decode()
    assert opened.type == plain.column.type
    assert opened.to_pylist() == plain.column.to_pylist()
    assert (coded.tags is None) == (plain.tags is None)


def test_a_named_table_of_a_csv_with_many_rows_is_a_stream_of_codes(
    table: pa.Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyarrow.csv as pc

    from surveytool.reading import delimited

    file = tmp_path / "people.csv"
    pc.write_csv(table, file)
    monkeypatch.setattr(delimited, "MANY", 0)
    found = st.read(file, columns=["work", "sex", "w"], stream=True)
    assert isinstance(found.frame, Stream) and found.frame.passes == 1 and found.frame.kept
    assert isinstance(st.read(file, stream=True).frame, pa.Table)
    (tmp_path / "lines.csv").write_text("a,b\n" + '"1\n2",x\n' * 50 + '"3",y\n', encoding="utf-8")
    monkeypatch.setattr(delimited, "PARALLEL", 0)
    lines = st.read(tmp_path / "lines.csv").frame.column("a").to_pylist()
    assert lines == ["1\n2"] * 50 + ["3"]
    (tmp_path / "bad.csv").write_text("a,b\n1,x\n2,y,z\n", encoding="utf-8")
    with pytest.raises(st.SurveytoolError, match="data row 2 has 3 fields"):
        st.read(tmp_path / "bad.csv")


def test_a_table_of_a_database(run: Any, table: pa.Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    duckdb = pytest.importorskip("duckdb")
    from surveytool.reading import database

    pq.write_table(table, tmp_path / "people.parquet")
    file = tmp_path / "all.duckdb"
    with duckdb.connect(str(file)) as made:
        made.execute(f"create table people as select * from '{tmp_path / 'people.parquet'}'")
        made.execute('create table "odd ""name" as select 1 as a')
    options = ("work", "income", "--by", "sex", "-w", "w", "--psu", "psu", "--format", "csv")
    whole = run("summarize", tmp_path / "people.parquet", *options)
    for large in (database.LARGE, 0):
        monkeypatch.setattr(database, "LARGE", large)
        found = run("summarize", f"{file}::people", *options)
        assert found.status == 0, found.err
        assert _close(found.out, whole.out)
    several = run("summarize", file, "work")
    assert several.status == 3 and "2 tables" in several.err
    wrong = run("summarize", f"{file}::peopel", "work")
    assert wrong.status == 3 and "people" in wrong.err


def _close(mine: str, theirs: str) -> bool:
    """The same csv but for the last digits."""
    pairs = zip(mine.replace("\n", ",").split(","), theirs.replace("\n", ",").split(","), strict=True)
    return all(a == b or abs(float(a) - float(b)) <= 1e-9 * abs(float(b)) for a, b in pairs)


@pytest.mark.parametrize(
    "design", [("--psu", "psu"), ("--replicate-weights", "rw*", "--replicate-method", "bootstrap")], ids=["psu", "rw"]
)
def test_a_large_table_needs_neither_pandas_nor_scipy(table: pa.Table, tmp_path: Path, design: tuple[str, ...]) -> None:
    import subprocess
    import sys

    file = tmp_path / "large.parquet"
    pq.write_table(pa.concat_tables([table] * 40), file)
    asked = ["summarize", str(file), "work", "age", "--by", "sex", "-w", "w", *design, "--format", "csv"]
    program = (
        f"import sys; from surveytool.cli.app import main; main({asked!r}); "
        "print(sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.count("\n") > 10
    loaded = set(done.stderr.strip().splitlines()[-1].strip("[]").replace("'", "").split(", "))
    assert {"numpy", "pyarrow"} <= loaded
    assert not loaded & {"pandas", "scipy", "narwhals", "rich", "duckdb", "polars", "pyspark"}
