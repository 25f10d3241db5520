"""Questions with several answers in large data are what they are in memory: lists, zeros of those not asked, forms."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq
import pytest
from aggregate.respondents import BY, DESIGNS, differences, people, results
from conftest import Ran

import surveytool as st
from surveytool.reading import Given, _survey, dummies
from surveytool.reading.columnar import LARGE
from surveytool.reading.loaded import Loaded
from surveytool.reading.profile import profile_there
from surveytool.stream import Pushed, Stream
from surveytool.survey import Provenance

ASKED = ("media", "media/wa", "likes", "likes/TV", "ona", "ona/o1", "q", "q[SQ1]", "phones", "phones/own")
REQUESTS = [st.Request(variable=name, by=BY[:1]) for name in ASKED]
DESIGN = DESIGNS["strata and psu"]


@pytest.fixture(scope="module")
def several() -> pa.Table:
    """Zeros where nobody was asked and a typing error (Kobo), a list alone, Ona, LimeSurvey, n/a in a list."""
    rng, table = np.random.default_rng(4), people(LARGE + 200, 4)
    rows = table.num_rows
    asked = np.array([cell is not None for cell in table.column("media").to_pylist()])
    media = [text if place % 3000 or text is None else f"{text} zz"
             for place, text in enumerate(table.column("media").to_pylist())]  # fmt: skip
    picks = rng.random((rows, 3)) < 0.4
    picks[~picks.any(axis=1), 0] = True
    words = np.array(["Radio", "TV", "Net"])
    made = {
        "likes": ["; ".join(words[row]) or None for row in rng.random((rows, 3)) < 0.5],
        **{f"ona/o{place}": np.where(asked, picks[:, place], False) for place in range(3)},
        **{f"q[SQ{place}]": np.where(asked, np.where(picks[:, place], "Y", "N"), None) for place in range(2)},
        "q[other]": [f"said {place % 70}" if yes and place % 5 == 0 else None
                     for place, yes in enumerate(asked & picks[:, 2])],
        "phones": np.where(asked, np.where(picks[:, 0], "own", "lent"), "n/a"),
        "phones/own": np.where(asked & picks[:, 0], 1, 0), "phones/lent": np.where(asked & ~picks[:, 0], 1, 0),
    }  # fmt: skip
    for name, values in made.items():
        table = table.append_column(name, pa.array(values))
    return table.set_column(table.column_names.index("media"), "media", pa.array(media))


def said(survey: st.Survey) -> Any:
    """What a codebook knows of each question, and the notes."""
    book = {name: (each.kind, each.n, each.n_missing, sorted((str(level.code), level.count) for level in each.levels))
            for name, each in survey.codebook.items()}  # fmt: skip
    return book, sorted(map(str, survey.notes))


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_a_stream_has_the_questions_of_memory(several: pa.Table, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"people{suffix}"
    (pq.write_table if suffix == ".parquet" else pc.write_csv)(several, path)
    columns = None if suffix == ".parquet" else [*several.column_names]
    whole = st.read(path, design=DESIGN)
    stream = st.read(path, design=DESIGN, stream=True, columns=columns)
    assert isinstance(stream.frame, Stream)
    assert said(stream) == said(whole)
    assert whole.codebook["likes"].kind == "multiple"
    assert differences(results(stream, REQUESTS), results(whole, REQUESTS)) == []


def test_the_base_is_who_was_asked(several: pa.Table, tmp_path: Path) -> None:
    """By hand: zeros, FALSE and n/a of those who were not asked are in no base."""
    pq.write_table(several, tmp_path / "people.parquet")
    stream = st.read(tmp_path / "people.parquet", stream=True)
    asked = sum(cell != "n/a" for cell in several.column("phones").to_pylist())
    assert 0 < asked < several.num_rows
    for name in ("ona", "ona/o1", "phones", "phones/own"):
        (estimates,) = results(stream, [st.Request(variable=name)]).estimates
        assert {row.n for row in estimates.rows} == {asked}, name


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_a_cluster_has_the_questions_of_memory(several: pa.Table, engine: str) -> None:
    library = pytest.importorskip(engine)
    frame = library.from_arrow(several)
    there = Pushed(frame.lazy() if engine == "polars" else frame, several.column_names, DESIGN)
    profile = profile_there(there)
    loaded = Loaded(table=profile, names=tuple(there.names), sets=dummies.sets(profile, {}), frame=there)
    pushed = _survey(loaded, DESIGN, Given(), Provenance(rows=there.rows))
    whole = st.read(several, design=DESIGN)
    assert said(pushed) == said(whole)
    assert differences(results(pushed, REQUESTS), results(whole, REQUESTS)) == []


@pytest.mark.parametrize("library", ["pandas", "polars", "duckdb"])
def test_a_frame_has_the_questions_of_a_table(several: pa.Table, library: str) -> None:
    some = several.slice(0, 3000)
    frame = some.to_pandas() if library == "pandas" else pytest.importorskip(library).from_arrow(some)
    assert differences(results(st.read(frame), REQUESTS), results(st.read(some), REQUESTS)) == []


def test_a_stream_is_written_with_the_columns_that_reading_made(
    several: pa.Table, tmp_path: Path, run: Callable[..., Ran]
) -> None:
    pq.write_table(several, tmp_path / "people.parquet")
    written = run("convert", tmp_path / "people.parquet", tmp_path / "out.csv")
    assert written.status == 0, written.err
    again, before = st.read(tmp_path / "out.csv"), st.read(tmp_path / "people.parquet")
    for name in ("likes", "media"):
        mine, theirs = again.codebook[name], before.codebook[name]
        assert [level.count for level in mine.levels] == [level.count for level in theirs.levels], name


@pytest.mark.parametrize("source", ["frame", ".parquet", ".sav", ".xlsx", ".csv"])
def test_what_is_nobody_s_answer_is_none_wherever_it_stands(tmp_path: Path, source: str) -> None:
    """n/a and NULL in a column of texts, whatever the data come in; a label makes an answer of them."""
    import pandas as pd
    import pyreadstat

    frame = pd.DataFrame({"q": ["Yes", "No", "n/a", "Yes", "NULL", "No", "No", "Yes"] * 5, "w": [1.5, 2.5] * 20})
    path = tmp_path / f"data{source}"
    if source == ".parquet":
        frame.to_parquet(path)
    elif source == ".sav":
        pyreadstat.write_sav(frame, str(path))
    elif source == ".xlsx":
        frame.to_excel(path, index=False)
    elif source == ".csv":
        frame.to_csv(path, index=False)
    survey = st.read(frame if source == "frame" else path)
    assert (survey.codebook["q"].n, survey.codebook["q"].n_missing) == (30, 10)
    assert {row.level: row.n for row in st.summarize(survey, "q").rows} == {"Yes": 30, "No": 30}
    assert any(each.code == "missing_marks" for each in survey.notes)


def test_what_a_spreadsheet_writes_for_no_value_is_no_answer_of_a_table(tmp_path: Path) -> None:
    """#NULL! among the answers of a text column, in memory and in blocks: not printed, not in the base."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    import surveytool as st
    from surveytool.reading import read

    values = ["1", "2", "#NULL!", "#N/A"] * 50
    pq.write_table(pa.table({"sex": values, "q": ["yes", "no"] * 100}), tmp_path / "d.parquet")
    for stream in (False, True):
        rows = st.summarize(read(str(tmp_path / "d.parquet"), stream=stream), "sex").rows
        assert {row.level: row.n for row in rows} == {"1": 100, "2": 100}, stream
