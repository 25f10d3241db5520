"""Options at their bounds, defaults, messages at their length, and the words for what cannot be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from golden import parity

import surveytool as st
from surveytool.cli import options, screen
from surveytool.cli.chart import _format, _kinds, _places
from surveytool.cli.completion import _delimited
from surveytool.cli.convert import refuse_identifiers
from surveytool.cli.other_words import COMMANDS
from surveytool.errors import UsageError
from surveytool.survey import Design

Run = Callable[..., Any]
USUAL: dict[str, Any] = {"weights": None, "strata": None, "psu": None, "fpc": None, "nest": True, "replicates": None,
                         "lonely_psu": "fail", "sample": "probability", "df": None}  # fmt: skip


@pytest.mark.parametrize("df", [0.5, 1.0, 30.0, None])
def test_degrees_of_freedom_above_zero_are_taken(df: float | None) -> None:
    assert options.design(**{**USUAL, "df": df}).df == df


@pytest.mark.parametrize("df", [0.0, -1.0, float("nan")])
def test_others_are_refused(df: float) -> None:
    with pytest.raises(UsageError, match="degrees of freedom must be above 0"):
        options.design(**{**USUAL, "df": df})


def test_margins_and_base_weights_belong_together() -> None:
    assert options.design(**USUAL) == Design()
    tied = options.design(**USUAL, calibrated_to=["sex"], base_weights="w").calibrated
    assert tied is not None and (tied.margins, tied.base_weights) == (("sex",), "w")
    alone = options.design(**USUAL, calibrated_to=["sex"]).calibrated
    assert alone is not None and alone.base_weights is None
    for margins in (None, []):
        with pytest.raises(UsageError, match="--base-weights: needs the margins too"):
            options.design(**USUAL, calibrated_to=margins, base_weights="w")


@pytest.mark.parametrize(("text", "numbers"), [("0.5,0,2", (0.5, 0.0, 2.0)), ("3", (3.0,)), (None, None)])
def test_a_list_of_numbers(text: str | None, numbers: Any) -> None:
    assert options._numbers(text, "--x") == numbers


@pytest.mark.parametrize("text", ["", "a", "1,a", "-1", "1,-0.5", "inf", "1,nan"])
def test_what_is_no_list_of_numbers(text: str) -> None:
    with pytest.raises(UsageError, match="is no list of numbers of 0 or more"):
        options._numbers(text, "--x")


@pytest.mark.parametrize(("line", "names"), [
    ("a,b;c,d\n", ["a", "b;c", "d"]), ("a;b;c,d\n", ["a", "b", "c,d"]), ("a\tb\tc;d\n", ["a", "b", "c;d"]), ("one\n",
    ["one"]),
    ('"a,b",c\n', ["a,b", "c"]),
])  # fmt: skip
def test_the_sign_that_comes_most_often_parts_the_names(line: str, names: list[str], tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(line, encoding="utf-8")
    assert list(_delimited(tmp_path / "d.csv")) == names


@pytest.mark.parametrize("extra", [-1, 0, 1, 50])
def test_a_message_is_cut_at_its_length(extra: int, capsys: pytest.CaptureFixture[str]) -> None:
    screen.error("x" * (screen.LONGEST + extra), name=False)
    said = capsys.readouterr().err.rstrip("\n")
    assert len(said) == min(screen.LONGEST + extra, screen.LONGEST)
    assert said.endswith(" ...") == (extra > 0)


def test_signs_that_steer_a_screen_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    screen.error("a\x1b[1mb\n\u00a0c\u202fd")
    assert capsys.readouterr().err == "surveytool: a\\x1b[1mb\\n\u00a0c\u202fd\n"
    screen.remark("x")
    assert capsys.readouterr().err == "note: x\n"


def test_charts_have_one_kind_and_a_file(tmp_path: Path) -> None:
    assert _kinds(["dots", "age=number"]) == ("dots", ["age=number"]) and _kinds([]) == ("auto", [])
    with pytest.raises(UsageError, match="was given more than one chart"):
        _kinds(["dots", "bars"])
    assert _format(None, None, "sex") == "terminal"
    assert [_format(tmp_path / name, None, "x") for name in ("a.svg", "folder", "a.PDF")] == ["svg", "png", "pdf"]
    with pytest.raises(UsageError, match=r"no chart format has the suffix '\.xyz'"):
        _format(tmp_path / "a.xyz", None, "x")


class Place:
    """Where charts go: a folder or one file."""

    def __init__(self, folder: bool, format: str) -> None:
        self.format, self.folder, self.output, self.checked = format, folder, None, []

    def check(self, name: str) -> None:
        self.checked.append(name)


def test_several_charts_go_into_a_folder() -> None:
    for names, folder, title in ((["a"], False, "T"), (["a", "b"], True, None), (["a"], True, None), ([], False, "T")):
        _places(Place(folder, "png"), names, title)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="2 charts do not go into one file"):
        _places(Place(False, "png"), ["a", "b"], None)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="--title: is for one chart"):
        _places(Place(True, "png"), ["a", "b"], "T")  # type: ignore[arg-type]


def test_a_folder_that_is_there_and_a_name_without_a_suffix_take_charts(run: Run, tmp_path: Path) -> None:
    (tmp_path / "with.dot").mkdir()
    for folder in (tmp_path / "with.dot", tmp_path / "new"):
        ran = run("chart", parity.HERE / "apistrat.csv", "awards", "stype", "-w", "pw", "-o", folder)
        assert ran.status == 0, ran.err
        assert sorted(each.name for each in folder.iterdir()) == ["awards.png", "stype.png"]


def personal(count: int) -> Any:
    import pandas as pd

    columns = {f"phone_{at}": [f"+5021234{at}{row}678" for row in range(9)] for at in range(count)}
    return st.read(pd.DataFrame(columns))


@pytest.mark.parametrize(("count", "more"), [(8, False), (9, True)])
def test_eight_personal_columns_are_named(count: int, more: bool) -> None:
    from surveytool.writing.sheet import sheet_of

    survey = personal(count)
    with pytest.raises(UsageError) as refused:
        refuse_identifiers(survey, sheet_of(survey, []))
    said = str(refused.value)
    assert ("phone_7 and 1 more. Nothing was written." in said) is more and ("phone_7. Nothing" in said) is not more


def test_what_is_usual_where_nothing_is_typed(run: Run) -> None:
    source = (parity.HERE / "apistrat.csv", "-w", "pw", "--format", "json")
    for command, name in (("model", "api00 ~ ell"), ("summarize", "awards")):
        ran = run(command, source[0], name, *source[1:])
        shown = ran.json["model"] if command == "model" else ran.json["tables"][0]
        assert shown["level"] == 0.95
    doubted = run("doubt", source[0], "awards", *source[1:], "--draws", "10")
    assert doubted.json["simulation"]["seed"] == 1


def test_only_failures_are_shown_where_that_is_asked(run: Run, tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(
        "id,published,variable,level\na,57%,awards,Yes\nb,1%,awards,Yes\n", encoding="utf-8"
    )
    asked = ("reproduce", parity.HERE / "apistrat.csv", "--claims", tmp_path / "c.csv")
    whole, failed = run(*asked), run(*asked, "--failures")
    assert whole.out.count("57%") > failed.out.count("57%") and "1%" in failed.out


def test_an_explanation_needs_a_format_that_holds_it(run: Run) -> None:
    ran = run("summarize", parity.HERE / "apistrat.csv", "awards", "-w", "pw", "--explain", "--format", "csv")
    assert ran.status == 2 and "--explain: needs one of the formats terminal" in ran.err


def test_a_codebook_of_a_study_lists_what_is_named(run: Run, example: Path) -> None:
    study = example.parents[1] / "configs" / "iom_2023.toml"
    named = run("codebook", study, "sex", "--format", "json").json["variables"]
    assert [each["name"] for each in named] == ["sex"]
    assert len(run("codebook", study, "--format", "json").json["variables"]) > 5
    plain = run("codebook", parity.HERE / "apistrat.csv", "stype", "--format", "json").json["variables"]
    assert "stype" in [each["name"] for each in plain]


def test_words_of_other_programs_and_help(run: Run) -> None:
    assert "replicate" in COMMANDS["reproduce"].split()
    ran = run("weight", "--help")
    assert "parquet" in " ".join(ran.out.split())


def test_a_chart_takes_a_headline(run: Run) -> None:
    assert "A headline; the question goes below." in " ".join(run("chart", "--help").out.replace("│", " ").split())
    written = " ".join(run("weight", "--help").out.replace("│", " ").split())
    from surveytool.writing import FORMATS

    assert f"new column: {', '.join(suffix[1:] for suffix in ('.sav', *list(FORMATS)[1:]))}." in written
