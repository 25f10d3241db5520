"""Whatever a command does with a stream, its numbers and what it withholds are those of rows in memory."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from aggregate.respondents import DESIGNS, differences, results
from stream.streaming import Forced, apart

import surveytool as st
from surveytool.reading import sidecar
from surveytool.recoding import recode
from surveytool.recoding.recode_types import Bands
from surveytool.stream import Stream, TableSource, coded_column, derived_columns
from surveytool.study.study_survey import open_study

ROOT = Path(__file__).resolve().parents[2]
STUDY = ROOT / "configs" / "iom_2023.toml"
DATA = ROOT / "examples" / "iom_2023" / "transit.sav"
ROUTE = "trip: origin > route_* > destination"
DESIGN = ("-w", "weight", "--strata", "country_interview", "--psu", "site")
BY = ("--by", "sex:age_group", "--by", "smartphone_internet")
QUESTIONS = ("education", "age", "sex")
BY_PLACE = ("-w", "weight", "--site", "site", "--dominance", "0.5")
ROUNDED = (*DESIGN, "--protect", "--protect-method", "rounding")
COMMANDS = {
    "tables of a study": ("summarize", STUDY, "--no-protect"),
    "a recode of a study": ("summarize", STUDY, "schooling", "--by", "age_band", "--no-protect"),
    "protected tables of a study": ("summarize", STUDY, "--protect"),
    "protected claims of a study": ("reproduce", STUDY, "--protect"),
    "claims of a study": ("reproduce", STUDY, "--no-protect"),
    "codebook of a study": ("codebook", STUDY),
    "check of a study": ("check", STUDY),
    "check": ("check", DATA, *DESIGN, "--by", "sex:age_group"),
    "check without a design": ("check", ROOT / "examples" / "iom_2023" / "transit.csv"),
    "risk": ("check", DATA, "--risk"),
    "codebook": ("codebook", DATA),
    "tables": ("summarize", DATA, *DESIGN),
    "protected, of several answers": ("summarize", DATA, "platforms", "--by", "platforms", *DESIGN, "--protect"),
    "protected, without a design": ("summarize", DATA, *QUESTIONS, *BY, "--protect"),
    "protected, with a site": ("summarize", DATA, *QUESTIONS, *BY, *BY_PLACE),
    "protected, in a domain": ("summarize", DATA, *QUESTIONS, *BY, *DESIGN, "--where", "age >= 30", "--protect"),
    "protected, rounded": ("summarize", DATA, "sex", "--by", "age_group", *ROUNDED),
    "protected, attacked": ("summarize", DATA, *QUESTIONS, "--by", "route", *DESIGN, "--audit"),
    "protected comparison": ("compare", DATA, "social_media", "age", "--by", "sex", *DESIGN, "--protect"),
    "comparison": ("compare", DATA, "social_media", "age", "--by", "sex", *DESIGN),
    "rank test": ("compare", DATA, "age", "--by", "sex", "--test", "rank", *DESIGN),
    "route": ("summarize", DATA, "trip.stops", "trip.length", "--by", "trip.origin", "--route", ROUTE, *DESIGN),
}


@pytest.fixture
def forced(monkeypatch: pytest.MonkeyPatch) -> Forced:
    return Forced(monkeypatch)


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_stream_gives_what_rows_in_memory_give(command: tuple[Any, ...], run: Any, forced: Forced) -> None:
    whole = run(*command, "--format", "json")
    forced.on()
    streamed = run(*command, "--format", "json")
    assert streamed.status == whole.status, streamed.err
    assert forced.streams
    assert apart(streamed.json, whole.json) == []


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".parquet"])
def test_a_stream_is_converted_block_by_block(suffix: str, run: Any, forced: Forced, tmp_path: Path) -> None:
    for place in ("whole", "streamed"):
        assert run("convert", DATA, tmp_path / f"{place}{suffix}").status == 0
        forced.on(block=77)
    assert len(forced.streams) == 1
    whole, streamed = tmp_path / f"whole{suffix}", tmp_path / f"streamed{suffix}"
    if suffix == ".parquet":
        assert pq.ParquetFile(streamed).num_row_groups > 5
        assert pq.read_table(streamed).equals(pq.read_table(whole), check_metadata=True)
    else:
        assert streamed.read_bytes() == whole.read_bytes()
        assert sidecar.place(streamed).read_bytes() == sidecar.place(whole).read_bytes()


RECODES = """
[variables.sm_use]
order = ["No", "Yes"]
[variables.platforms]
asked_when = "sm_use == 'Yes'"
[variables.education]
asked_when = "age >= 30"
[[recodes]]
name = "band"
type = "bands"
from = "age"
bands = ["18-25", "26-35", "36-44"]
[[recodes]]
name = "gone"
type = "collapse"
from = "platforms"
groups = [{label = "Talk", levels = ["WhatsApp", "Telegram"]}, {label = "Else", rest = true}]
[[recodes]]
type = "missing"
variables = ["education", "country_*", "age"]
missing = {refused = [40]}
[[recodes]]
name = "young"
type = "derived"
any = ["age < 20", "band == '18-25' and sex == 'Male'"]
[[recodes]]
name = "again"
type = "bands"
from = "age"
bands = ["<30", "30+"]
"""


@pytest.fixture
def recoded(tmp_path: Path) -> Path:
    """A study with a recode of every kind."""
    path = tmp_path / "study.toml"
    path.write_text(f'[data]\npath = "{DATA}"\n[design]\nweights = "weight"\n{RECODES}', encoding="utf-8")
    return path


@pytest.mark.parametrize("most", [0, derived_columns.MOST], ids=["rows", "combinations"])
def test_recodes_of_a_stream_are_those_of_rows(
    most: int, recoded: Path, run: Any, forced: Forced, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made of combinations of answers, or, where these are too many, of the columns themselves."""
    asked = ("summarize", recoded, "young", "gone", "education", "platforms", "--base", "all", "--no-protect")
    commands = [(*asked, "--by", "band", "--by", "again"), ("codebook", recoded)]
    whole = [run(*each, "--format", "json").json for each in commands]
    forced.on()
    monkeypatch.setattr(derived_columns, "MOST", most)
    for each, there in zip(commands, whole, strict=True):
        here = run(*each, "--format", "json")
        assert here.status == 0, here.err
        assert apart(here.json, there) == []


def test_no_recode_takes_the_respondents_out_of_the_stream(recoded: Path, forced: Forced) -> None:
    whole = st.open_study(st.load_study(recoded))
    forced.on()
    survey = open_study(st.load_study(recoded), stream=True)
    assert isinstance(survey.frame, Stream)
    assert list(survey.codebook) == list(whole.codebook)
    for name, each in whole.codebook.items():
        assert survey.codebook[name] == each


def test_a_text_with_very_many_values_is_told_from_the_source(forced: Forced, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream holds no code for such a text, and none for whole numbers beyond what a float can tell apart."""
    monkeypatch.setattr(coded_column, "MOST_TEXTS", 20)
    monkeypatch.setattr(coded_column, "MOST_NUMBERS", 20)
    names = [f"person {place}" for place in range(300)]
    numbers = [2**60 + place for place in range(300)]
    table = pa.table({"who": names, "number": numbers, "age": [20 + place % 9 for place in range(300)]})
    stream = Stream(TableSource(table), table.column_names, st.Design())
    assert stream.columns["who"].lost and stream.columns["number"].lost and not stream.columns["age"].lost
    assert stream.table(["age", "who", "number"]).to_pydict() == table.select(["age", "who", "number"]).to_pydict()
    forced.on()
    survey = replace(st.read(table), frame=stream)
    found = st.summarize(survey, "age", stat="mean", where="who == 'person 7'").rows[0]
    assert (found.n, found.estimate) == (1, 27.0)


def passes(run: Any, forced: Forced, *arguments: Any, keep: int = 0) -> int:
    """How often the data of a command were read."""
    forced.on(block=100, keep=keep)
    done = run(*arguments)
    assert done.status == 0, done.err
    return forced.streams[-1].passes


def test_how_often_the_data_are_read(run: Any, forced: Forced, tmp_path: Path) -> None:
    """Once for the codes, once for the sums; recodes of one column add no reading of their own."""
    asked = ("sex", "--by", "age_group", "--by", "smartphone_internet", "-w", "weight", "--psu", "site")
    assert passes(run, forced, "summarize", DATA, *asked) == 2
    assert passes(run, forced, "summarize", DATA, *asked, keep=10**9) == 1
    assert passes(run, forced, "compare", DATA, *asked) == 2
    assert passes(run, forced, "summarize", DATA, *asked, "--protect") == 3  # the gate looks for itself
    assert passes(run, forced, "summarize", DATA, *asked, "--protect", keep=10**9) == 1
    assert passes(run, forced, "codebook", DATA) == 2  # and once for a first look at the numbers
    study = tmp_path / "bands.toml"
    bands = '[[recodes]]\nname = "band"\ntype = "bands"\nfrom = "age"\nbands = ["18-25", "26-35", "36-45", "46+"]\n'
    study.write_text(f'[data]\npath = "{DATA}"\n[design]\nweights = "weight"\n{bands}', encoding="utf-8")
    assert passes(run, forced, "summarize", study, "sex", "--by", "band") == 2
    nested = ("summarize", study, "sex", "--by", "band", "--by", "age_group", "--protect")
    assert passes(run, forced, *nested) == 4  # and once more at groups that may be nested


@pytest.mark.parametrize("keep", [0, 10**9], ids=["read again", "kept"])
def test_replicate_weights_go_beside_a_recode(keep: int, table: pa.Table) -> None:
    design = DESIGNS["replicates"]
    bands = Bands(name="band", type="bands", source="age", bands=("18-40", "41+"))
    asked = [st.Request(variable="work", by=(("band",), ("sex",))), st.Request(variable="band", statistic="total")]
    names = [f"rw{place}" for place in range(8)]
    stream = Stream(TableSource(table), table.column_names, design, names, keep=keep)
    whole = st.read(table, design=design)
    mine, theirs = (results(recode(each, [bands]), asked) for each in (replace(whole, frame=stream), whole))
    assert differences(mine, theirs) == []
