"""Lines of tight TOML, names of places, and what is refused in which words: cases by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from surveytool.errors import UsageError
from surveytool.notes import note
from surveytool.study import StudyError, load_study, open_study
from surveytool.study.problem_words import setting_of
from surveytool.study.survey_recodes import recode
from surveytool.study.toml_lines import lines_of
from surveytool.text import words

TIGHT = '''a=1
[b]
c=[1,[2,3],{e=1,f="x]"}]
[[d]]
x.y=1
"q.z"='#'
[[d]]
x={u=1,v=[4]}
[[d.k]]
m="""
[no]
"""
n=\'\'\'a''\'\'\'
[d.w]
o="\\\\"
p='\\'
[r]# end
s=true'''


def test_every_line_of_a_tight_file() -> None:
    assert lines_of(TIGHT) == {
        ("a",): 1, ("b",): 2, ("b", "c"): 3, ("b", "c", 0): 3, ("b", "c", 1): 3, ("b", "c", 1, 0): 3,
        ("b", "c", 1, 1): 3,
        ("b", "c", 2): 3, ("b", "c", 2, "e"): 3, ("b", "c", 2, "f"): 3, ("d",): 4, ("d", 0): 4, ("d", 0, "x"): 5,
        ("d", 0, "x", "y"): 5, ("d", 0, "q.z"): 6, ("d", 1): 7, ("d", 1, "x"): 8, ("d", 1, "x", "u"): 8,
        ("d", 1, "x", "v"): 8, ("d", 1, "x", "v", 0): 8, ("d", 1, "k"): 9, ("d", 1, "k", 0): 9,
        ("d", 1, "k", 0, "m"): 10,
        ("d", 1, "k", 0, "n"): 13, ("d", 1, "w"): 14, ("d", 1, "w", "o"): 15, ("d", 1, "w", "p"): 16, ("r",): 17,
        ("r", "s"): 18,
    }  # fmt: skip


@pytest.mark.parametrize(("text", "place", "line"), [
    ("a = [\n1,\n2 ]\nb = 2", ("b",), 4), ("a = [ # one\n 1 ]\nb = 2", ("b",), 3), ("a = ''\nb = 1", ("b",), 2),
    ('a = ""\nb = 1', ("b",), 2), ("a = 1.5\nb = 1", ("b",), 2), ("a = [[1],[2]]\nb = 1", ("b",), 2),
    ('a = """x\ny"""\nb = 1', ("b",), 3), ("a = []\nb = 1", ("b",), 2), ("a = {}\nb = 1", ("b",), 2), ("a.b.c = 1",
    ("a", "b"), 1),
    ("[a.b]\nc = 1", ("a", "b", "c"), 2), ("\r\n[a]\r\nb = 1", ("a", "b"), 3), ("[ a . b ]\nc=1", ("a", "b", "c"), 2),
])  # fmt: skip
def test_a_line(text: str, place: tuple[str | int, ...], line: int) -> None:
    assert lines_of(text)[place] == line


@pytest.mark.parametrize(("place", "said"), [
    (("tables", 0, "by"), "[[tables]] 1, by"), (("tables", 1, "by", 2), "[[tables]] 2, by, 3"),
    (("design", "weights"), "[design], weights"),
    (("design", "psu", 0), "[design], psu, 1"), (("variables", "sex"), "[variables.sex]"), (("design",), "[design]"),
    (("variables", "sex", "label"), "[variables.sex], label"), (("sets", "a", "url"), "[sets.a], url"),
])  # fmt: skip
def test_a_place_as_people_say_it(place: tuple[str | int, ...], said: str) -> None:
    assert setting_of(place) == said


DATA = "q,w,sex\n" + "yes,1.5,F\nno,0.5,M\n" * 20


def problems(folder: Path, text: str) -> list[tuple[str, str, int | None, str]]:
    """Message, cure, line and setting of what is wrong with a study of small data, its data read too."""
    (folder / "d.csv").write_text(DATA, encoding="utf-8")
    (folder / "s.toml").write_text(f'[data]\npath = "d.csv"\n{text}', encoding="utf-8")
    try:
        open_study(load_study(folder / "s.toml"))
    except StudyError as error:
        return [(each.message, each.cure, each.line, each.setting) for each in error.problems]
    return []


@pytest.mark.parametrize(("text", "line", "words", "setting"), [
    ('[[tables]]\nvariable = "q"\nlevel = 1.0', 5, "the level 1 is not between 0.5 and 1.", "[[tables]] 1"),
    ('[[tables]]\nvariable = "q"\nlevel = 0.49', 5, "the level 0.49 is not between 0.5 and 1.", "[[tables]] 1"),
    ('[[charts]]\nvariable = "w"\nstatistic = ["mean", "median"]', 5, "a chart has one statistic.", "[[charts]] 1"),
    ('[[tables]]\nvariable = "q"\ntotal = "yes"', 5, "total", "[[tables]] 1"),
    ('[[tables]]\nvariable = "q"\nlevel = "0.9"', 5, "level", "[[tables]] 1"),
    ("design = 3", 3, "", "[data]"),
    ('[[tables]]\nvariable = "q"\nby = ["zzz"]', 5, "no variable named 'zzz'", "[[tables]] 1"),
    ('[design]\nweights = "zzz"', 4, "no variable named 'zzz'", "[design]"),
    ('[variables.q]\nasked_when = "zzz == 1"', 4, "zzz", "[variables.q]"),
    ('[[recodes]]\nname = "r"\ntype = "bandz"', 3, "there is no type 'bandz'.", "[[recodes]] 1"),
])  # fmt: skip
def test_what_is_wrong_has_its_line_and_setting(text: str, line: int, words: str, setting: str, tmp_path: Path) -> None:
    told = problems(tmp_path, text)
    assert told and any(words in message and at == line and where == setting for message, _, at, where in told), told


def test_levels_at_their_ends_are_right(tmp_path: Path) -> None:
    assert (
        problems(tmp_path, '[[tables]]\nvariable = "q"\nlevel = 0.5\n[[charts]]\nvariable = "w"\nstatistic = "mean"')
        == []
    )


def test_a_condition_that_a_recode_makes_possible_waits_for_it(tmp_path: Path) -> None:
    recoded = '[[recodes]]\nname = "grown"\ntype = "derived"\nany = ["w > 1"]\n'
    assert problems(tmp_path, f"[variables.q]\nasked_when = \"grown == 'yes'\"\n{recoded}") == []


def test_cures_are_whole_sentences(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        load_study(tmp_path / "none" / "s.toml")
    assert refused.value.cure == "Check the name."
    told = problems(tmp_path, '[[recodes]]\nname = "r"\ntype = "zzzzz"\n')
    assert any(cure.startswith("Write one of ") and "bands" in cure for _, cure, _, _ in told)
    claims = (
        '[sets.a]\ntitle = "A"\n[[claims]]\nid = "c"\npublished = "47%"\nvariable = "q"\nlevel = "yes"\nset = "b"\n'
    )
    assert any(message == "there is no set 'b'." for message, *_ in problems(tmp_path, claims))
    with pytest.raises(UsageError) as refused:
        recode(3)  # type: ignore[arg-type]
    assert "must be a Survey, and is a int." in str(refused.value)


def test_a_study_shows_no_lines_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(DATA, encoding="utf-8")
    (tmp_path / "s.toml").write_text('[data]\npath = "d.csv"\n[[tables]]\nvariable = "q"\n', encoding="utf-8")
    study: Any = load_study(tmp_path / "s.toml")
    assert "numbers=" not in repr(study) and "tables=" in repr(study)


@pytest.mark.parametrize("text", ['[output]\ndecimals = "2"', "[output]\ndecimals = 2.0", "[output]\ndecimals = true",
                                  "[[tables]]\nvariable = 3"])  # fmt: skip
def test_a_setting_of_another_kind_is_refused_where_it_stands(text: str, tmp_path: Path) -> None:
    told = problems(tmp_path, text)
    assert len(told) == 1 and text.split()[0].strip("[]") in told[0][3]


@pytest.mark.parametrize("text", ["output = 3", 'design = "w"', "tables = 1"])
def test_a_table_that_is_a_value_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(DATA, encoding="utf-8")
    (tmp_path / "s.toml").write_text(f'{text}\n[data]\npath = "d.csv"\n', encoding="utf-8")
    with pytest.raises(StudyError) as refused:
        load_study(tmp_path / "s.toml")
    assert [each.line for each in refused.value.problems] == [1]


def test_means_of_codes_in_words() -> None:
    assert words("en").say(note("coded_mean", variable="q")) == "The mean of q is a mean of the codes of a category."
