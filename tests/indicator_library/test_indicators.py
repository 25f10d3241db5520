"""Every indicator of the registry: its own rows come out, its words are there, its faults are told."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import surveytool as st
from surveytool.indicator_library import INDICATORS, IndicatorUse, indicator, recodes_of
from surveytool.study import StudyError

LANGUAGES = {"en", "es", "fr"}


def study_of(folder: Path, entry: str, table: pa.Table, more: str = "") -> st.Survey:
    pq.write_table(table, folder / "data.parquet")
    file = folder / "study.toml"
    file.write_text(
        f'[study]\nlanguages = ["en", "es", "fr"]\n[data]\npath = "data.parquet"\n{entry}\n{more}', encoding="utf-8"
    )
    return st.open_study(st.load_study(file))


@pytest.mark.parametrize("id", INDICATORS)
def test_its_own_rows_come_out(id: str, tmp_path: Path) -> None:
    chosen = indicator(id)
    assert len(chosen.golden) >= 3
    names = list(dict.fromkeys(name for row in chosen.golden for name in row["values"]))
    columns = {name: [row["values"].get(name) for row in chosen.golden] for name in names}
    survey = study_of(tmp_path, f'[[indicators]]\nuse = "{id}"\n', pa.table(columns))
    for name in {name for row in chosen.golden for name in row["makes"]}:
        made = survey.frame.column(name).to_pylist()
        for value, row in zip(made, chosen.golden, strict=True):
            right = row["makes"][name]
            assert value == (pytest.approx(right, abs=1e-12) if isinstance(right, float) else right), (name, row)


@pytest.mark.parametrize("id", INDICATORS)
def test_its_words_and_source_are_there(id: str) -> None:
    chosen = indicator(id)
    assert chosen.id == id
    assert chosen.stem in chosen.makes
    assert all((chosen.source, chosen.licence, chosen.version, chosen.formula))
    labels: list[Any] = [chosen.title, *(item.label for item in chosen.items)]
    for entry in chosen.recodes:
        labels += [entry["label"]] if "label" in entry else []
        labels += [case["label"] for case in entry.get("case", ()) if "label" in case]
    assert all(set(label) == LANGUAGES and all(label.values()) for label in labels)


@pytest.mark.parametrize("id", INDICATORS)
def test_renamed_columns_and_a_name_change_nothing(id: str, tmp_path: Path) -> None:
    """Items may have any name, also one that a condition must quote."""
    chosen = indicator(id)
    if any(item.many for item in chosen.items):
        pytest.skip("its items are patterns of names")
    renamed = {item.name: f"q {place}.x" for place, item in enumerate(chosen.items)}
    values = {new: [row["values"].get(old) for row in chosen.golden] for old, new in renamed.items()}
    listed = ", ".join(f"{old} = '{new}'" for old, new in renamed.items())
    entry = f"[[indicators]]\nuse = '{id}'\nname = 'mine'\ncolumns = {{{listed}}}\n"
    survey = study_of(tmp_path, entry, pa.table(values))
    for row, value in zip(chosen.golden, survey.frame.column("mine").to_pylist(), strict=True):
        right = row["makes"][chosen.stem]
        assert value == (pytest.approx(right, abs=1e-12) if isinstance(right, float) else right)


def test_other_thresholds_and_another_rule(tmp_path: Path) -> None:
    items = [item.name for item in indicator("wfp/fcs").items]
    table = pa.table({name: [7, 7, None] if name in ("FCSStap", "FCSPulse") else [0, 1, 1] for name in items})
    survey = study_of(tmp_path, '[[indicators]]\nuse = "wfp/fcs"\nthresholds = "28/42"\n', table)
    assert survey.frame.column("fcs").to_pylist() == [35.0, 35 + 4 + 4 + 1 + 1 + 1.0, None]
    assert survey.frame.column("fcs_group").to_pylist() == ["borderline", "acceptable", None]
    told = {note.code: dict(note.values) for note in survey.notes}
    assert told["score_refuse"] == {"name": "fcs", "n": 1}
    zero = study_of(tmp_path, '[[indicators]]\nuse = "wfp/fcs"\nmissing = "zero"\n', table)
    assert zero.frame.column("fcs").to_pylist()[2] == 11.0


def test_disability_is_told_apart_from_not_knowing(tmp_path: Path) -> None:
    """Who has one grave difficulty is with disability whatever else is blank; who has none and a blank is unknown."""
    rows = [[3, None, 1, 1, 1, 1], [1, None, 1, 1, 1, 1], [1, 9, 1, 1, 1, 1], [1, 1, 1, 1, 1, 2]]
    names = [item.name for item in indicator("wg/ss").items]
    table = pa.table({name: [row[place] for row in rows] for place, name in enumerate(names)})
    survey = study_of(tmp_path, '[[indicators]]\nuse = "wg/ss"\n', table)
    assert survey.frame.column("ss_group").to_pylist() == ["with", None, None, "without"]


def test_recodes_may_build_on_an_indicator(tmp_path: Path) -> None:
    table = pa.table({"phq_interest": [0, 3, 2], "phq_down": [0, 3, 1]})
    more = '[[recodes]]\nname = "double"\ntype = "score"\nsum = {phq2 = 2}\n'
    survey = study_of(tmp_path, '[[indicators]]\nuse = "phq/phq2"\n', table, more)
    assert survey.frame.column("double").to_pylist() == [0.0, 12.0, 6.0]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ('use = "wfp/fsc"', "no indicator is called 'wfp/fsc'. Did you mean wfp/fcs or"),
        ('use = "wfp/fcs"\ncolumns = {FCSStaple = "x"}', "there is no item 'FCSStaple'"),
        ('use = "wfp/fcs"\nthresholds = "20/30"', "there is no pair of thresholds '20/30'. Did you mean 21/35?"),
        ('use = "wfp/fcs"\ncolumns = {FCSStap = "nope"}', "no variable named 'nope'"),
        ('use = "wfp/fcs"\ncodes = {yes = 1}', "there is no code 'yes'. It has none."),
        ('use = "wfp/fcs"\ncolumns = {FCSStap = "town"}', "town holds text, no numbers"),
    ],
)
def test_what_is_not_there_is_told_in_a_line(entry: str, message: str, tmp_path: Path) -> None:
    columns = {item.name: [1, 2, 3] for item in indicator("wfp/fcs").items}
    with pytest.raises(StudyError) as told:
        study_of(tmp_path, f"[[indicators]]\n{entry}\n", pa.table({**columns, "town": ["a", "b", "c"]}))
    said = [problem for problem in told.value.problems if message.replace("'", "") in str(problem).replace("'", "")]
    assert said, told.value.problems
    assert said[0].line is not None


def test_the_sample_files_of_the_food_indicators(shared: Path) -> None:
    folder = shared / "golden_methods" / "wfp"
    if not folder.is_dir():
        pytest.skip("the reference numbers of indicators are not beside the project")
    for id, sample, answer, group in (
        ("wfp/fcs", "FCS_Sample_Survey.csv", "fcs_out.csv", {"21/35": "FCSCat21", "28/42": "FCSCat28"}),
        ("wfp/rcsi", "RCSI_Sample_Survey.csv", "rcsi_out.csv", {}),
    ):
        with (folder / answer).open(encoding="utf-8") as file:
            right = list(csv.DictReader(file))
        from surveytool.recoding import recode
        from surveytool.study.study_file import indicator_recodes

        name = "FCS" if id == "wfp/fcs" else "rCSI"
        for thresholds in group or {None: ""}:
            use = IndicatorUse(use=id, thresholds=thresholds)
            made = recode(st.read(folder / sample), indicator_recodes(use))
            values = made.frame.column(indicator(id).stem).to_pylist()
            assert all(math.isclose(x, float(row[name])) for x, row in zip(values, right, strict=True))
            if thresholds is not None:
                classes = [str(each).capitalize() for each in made.frame.column("fcs_group").to_pylist()]
                assert classes == [row[group[thresholds]] for row in right]
    assert round(sum(float(row["rCSI"]) for row in right) / len(right), 4) == 10.5161


def test_recodes_are_those_that_a_study_would_write() -> None:
    entries = recodes_of(IndicatorUse(use="wfp/rcsi", name="coping"))
    assert [entry["name"] for entry in entries] == ["coping", "coping_group"]
    assert entries[1]["case"][0]["when"] == "`coping` <= 3"


def test_the_command_lists_and_explains(run: Any) -> None:
    listed = run("indicators", "--format", "json").json["indicators"]
    assert [each["id"] for each in listed] == list(INDICATORS)
    shown = run("indicators", "wfp/fcs").out
    assert all(text in shown for text in ("FCSStap", "fcs_group", "28/42", "World Food Programme"))
    rows = list(csv.reader(run("indicators", "k6/k6", "--format", "csv").out.splitlines()))
    assert len(rows) == 7
    wrong = run("indicators", "wfp/nope")
    assert wrong.status == 2


def test_new_proposes_what_its_columns_speak_for(run: Any, tmp_path: Path) -> None:
    names = [item.name for item in indicator("wfp/rcsi").items]
    data = tmp_path / "food.csv"
    data.write_text(
        ",".join(names).lower() + "\n" + "\n".join(",".join("12345"[n % 5] for n in range(5)) for _ in "ab")
    )
    study = tmp_path / "study.toml"
    assert run("new", data, "-o", study).status == 0
    text = study.read_text(encoding="utf-8")
    assert '# use = "wfp/rcsi"' in text
    assert 'rCSIBorrow = "rcsiborrow"' in text
    assert "wfp/fcs" not in text
