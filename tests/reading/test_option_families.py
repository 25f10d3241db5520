"""Several answers as platforms write them: put together where the columns prove it, told where they leave a doubt."""

from __future__ import annotations

from pathlib import Path

import pytest

import surveytool as st

CHOSEN = ["10", "11", "01", "00"]  # radio, tv of four respondents, ten times over


def written(folder: Path, head: str, marks: tuple[str, str], second: tuple[str, str] | None = None) -> Path:
    """Forty respondents: sex, then two options by the marks of chosen and not chosen."""
    rows = [head]
    for place in range(40):
        radio, tv = CHOSEN[place % 4]
        own = (marks, second or marks)
        cells = [own[index][0 if chosen == "1" else 1] for index, chosen in enumerate((radio, tv))]
        rows.append(",".join(["fm"[place % 2], *cells]))
    path = folder / "export.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("head, marks, base", [
    ("sex,src[SQ001],src[SQ002]", ("Y", ""), 30),
    ("sex,src[SQ001],src[SQ002]", ("Yes", "No"), 40),
    ("sex,src___1,src___2", ("1", "0"), 40),
    ("sex,src_1,src_2", ("1", ""), 30),
])  # fmt: skip
def test_options_of_one_question_are_put_together(tmp_path: Path, head: str, marks: tuple[str, str], base: int) -> None:
    found = st.summarize(written(tmp_path, head, marks), "src")
    assert [(row.count, row.n) for row in found.rows] == [(20, base), (20, base)]
    assert "no_parent" in {each.code for one in found.estimates for each in one.notes}


def test_an_option_stands_in_its_own_column_as_its_text(tmp_path: Path) -> None:
    path = written(tmp_path, "sex,src/Radio,src/TV", ("Radio", ""), ("TV", ""))
    assert [row.level for row in st.summarize(path, "src").rows] == ["Radio", "TV"]


def test_not_applicable_beside_yes_and_no_is_not_asked(tmp_path: Path) -> None:
    path = written(tmp_path, "sex,src[A1],src[A2]", ("Yes", "N/A"), ("No", "N/A"))
    rows = st.summarize(path, "src").rows
    assert [row.n for row in rows] == [30, 30] and [row.count for row in rows] == [20, 0]


@pytest.mark.parametrize("head, marks", [
    ("sex,src_1,src_2", ("1", "0")), ("sex,phone_a,radio_b", ("1", "")), ("sex,src,src_1", ("1", "")),
])  # fmt: skip
def test_a_name_alone_proves_nothing(tmp_path: Path, head: str, marks: tuple[str, str]) -> None:
    book = st.read(written(tmp_path, head, marks)).codebook
    assert not any(each.kind == "multiple" for each in book.values())


def codes(path: Path, variable: str) -> set[str]:
    """The notes under a table."""
    found = st.summarize(path, variable)
    return {each.code for each in (*found.results.notes, *(note for one in found.estimates for note in one.notes))}


def test_a_column_of_ticks_never_prints_a_bare_hundred_per_cent(tmp_path: Path) -> None:
    path = written(tmp_path, "sex,radio,tv", ("1", ""))
    assert "one_answer" in codes(path, "radio")
    assert "one_answer" not in codes(path, "sex")


def test_zeros_may_be_of_people_who_were_not_asked(tmp_path: Path) -> None:
    path = written(tmp_path, "sex,apps/radio,apps/tv", ("1", "0"))
    assert "option_base" in codes(path, "apps/radio")
    assert "option_base" not in codes(path, "sex")


@pytest.mark.parametrize("sign, end", [(";", ";"), (", ", ""), (" ", "")])
def test_several_answers_in_one_cell_are_taken_apart(tmp_path: Path, sign: str, end: str) -> None:
    lists = [["radio"], ["tv"], ["web"], ["radio", "tv"], ["radio", "web"], ["tv", "web"], ["radio", "tv", "web"]]
    cells = [sign.join(each) + end for each in lists] * 6
    path = tmp_path / "forms.csv"
    path.write_text("media,place\n" + "".join(f'"{each}","River; lake"\n"{each}",Well\n' for each in cells))
    assert "lists_taken_apart" in codes(path, "media")
    assert "list_in_cell" not in codes(path, "place")


def test_one_typing_error_does_not_unmake_a_list(tmp_path: Path) -> None:
    rows = [("radio", 1, 0), ("radio tv", 1, 1), ("tv", 0, 1)] * 20
    rows[0] = ("radio wbe", 1, 0)
    path = tmp_path / "kobo.csv"
    path.write_text("src,src/radio,src/tv\n" + "".join(f"{text},{one},{two}\n" for text, one, two in rows))
    found = st.summarize(path, "src")
    assert [row.count for row in found.rows] == [40, 40]
    (told,) = (dict(each.values) for each in found.results.notes if each.code == "list_differs")
    assert told["n"] == 1


def test_a_list_of_labels_belongs_to_its_columns(tmp_path: Path) -> None:
    rows = [("WhatsApp", 1, 0), ("WhatsApp SMS, calls", 1, 1), ("SMS, calls", 0, 1), ("", "", "")] * 10
    path = tmp_path / "labels.csv"
    lines = ['"apps";"apps/WhatsApp";"apps/SMS, calls"', *(f'"{text}";{one};{two}' for text, one, two in rows)]
    path.write_text("\n".join(lines) + "\n")
    assert [(row.count, row.n) for row in st.summarize(path, "apps").rows] == [(20, 30), (20, 30)]


def test_redcap_s_labels_as_names_are_one_question(tmp_path: Path) -> None:
    marks = ("Checked", "Unchecked")
    path = written(tmp_path, 'sex,"Race (choice=White)","Race (choice=Black, African American)"', marks)
    found = st.summarize(path, "Race")
    assert [(row.level, row.count, row.n) for row in found.rows] == [
        ("White", 20, 40), ("Black, African American", 20, 40)
    ]  # fmt: skip


@pytest.mark.parametrize("mark", ["1", "2"])
def test_codes_of_several_answers_that_stand_alone_are_no_numbers(tmp_path: Path, mark: str) -> None:
    """Excel keeps a list of one code as a number: the columns of the options still make the question."""
    path = tmp_path / "single.csv"
    rows = [f"{code},{int(code == '1')},{int(code == '2')}" for code in ["1", "2", mark] * 10]
    path.write_text("q,q/1,q/2\n" + "\n".join([*rows, ",0,0", ",0,0"]) + "\n")
    found = st.summarize(path, "q")
    assert {row.n for row in found.rows} == {30}
    assert not any(each.code == "integers_as_categories" for each in st.read(path).notes)


def test_labels_in_a_row_are_told_and_regions_are_not(tmp_path: Path) -> None:
    """Kobo's labels joined by blanks, of which an option has a comma; North, East and North East are answers."""
    lists = ["WhatsApp", "SMS, calls", "Facebook", "WhatsApp SMS, calls", "WhatsApp Facebook", "SMS, calls Facebook",
             "WhatsApp SMS, calls Facebook", ""]  # fmt: skip
    regions = ["North", "South", "East", "West", "North East", "South East", "South West", "North West"]
    path = tmp_path / "kobo.csv"
    lines = [f'"{one}";"{other}"' for one, other in zip(lists, regions, strict=True)] * 8
    path.write_text("\n".join(["apps;region", *lines]) + "\n")
    told = [dict(each.values)["variables"] for each in st.read(path).notes if each.code == "list_in_cell"]
    assert told == [("apps",)] or "lists_taken_apart" in codes(path, "apps")
    assert st.read(path).codebook["region"].kind == "single"
    assert not any("region" in each for each in told)
